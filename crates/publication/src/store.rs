//! All SQL of the room.

pub mod limits;
pub mod marks;
pub mod scans;
pub mod schedule;

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope};
use trace::model::LotNo;

use crate::model::{Notice, NoticeKind};

kit_db::statements! {
    STANDING = "SELECT id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until, author,
            lifted_at, lifted_by, lift_reason
        FROM withdrawals WHERE lifted_at IS NULL AND since <= $1 AND (until IS NULL OR until > $1) ORDER BY since DESC";
    STANDING_OF_PRODUCT = "SELECT id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until,
            author, lifted_at, lifted_by, lift_reason
        FROM withdrawals
        WHERE product = $2 AND lifted_at IS NULL AND since <= $1 AND (until IS NULL OR until > $1) ORDER BY since DESC";
    BY_ID = "SELECT id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until, author,
            lifted_at, lifted_by, lift_reason
        FROM withdrawals WHERE id = $1";
    INSERT = "INSERT INTO withdrawals (id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since,
            until, author, lifted_at, lifted_by, lift_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, '', '')";
    LIFT = "UPDATE withdrawals SET lifted_at = $2, lifted_by = $3, lift_reason = $4 WHERE id = $1 AND lifted_at IS NULL";
    STOPS = "SELECT version FROM publication_stops WHERE id = 1";
    CHANGED = "UPDATE publication_stops SET version = version + 1 WHERE id = 1";
}

const SELECT: &str =
    "SELECT id, kind, product, batch, lot, party, division, grade, reason, advice, issuer, since, until,
    author, lifted_at, lifted_by, lift_reason FROM withdrawals";

impl FromRow for Notice {
    fn from_row(r: &Row) -> Result<Self> {
        let kind: String = r.get(1)?;
        Ok(Self {
            id: r.get(0)?,
            kind: NoticeKind::parse(&kind)
                .ok_or_else(|| Error::internal(format!("notice of kind {kind}")))?,
            product: r.get(2)?,
            batch: r.get(3)?,
            lot: r.get(4)?,
            party: r.get(5)?,
            division: r.get(6)?,
            grade: r.get(7)?,
            reason: r.get(8)?,
            advice: r.get(9)?,
            issuer: r.get(10)?,
            since: r.get(11)?,
            until: r.get(12)?,
            author: r.get(13)?,
            lifted_at: r.get(14)?,
            lifted_by: r.get(15)?,
            lift_reason: r.get(16)?,
        })
    }
}

/// All notices that stand now, newest first.
pub fn standing(tx: &mut Tx, now: Millis) -> Result<Vec<Notice>> {
    tx.all(STANDING, params![now])
}

/// Those of one product.
pub fn standing_of_product(tx: &mut Tx, now: Millis, product: &str) -> Result<Vec<Notice>> {
    tx.all(STANDING_OF_PRODUCT, params![now, product])
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Notice>> {
    tx.one(BY_ID, params![id])
}

/// How often notices were set or lifted. Read before the page that is kept with it, a page is never newer than its number.
pub fn stops(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one(STOPS, params![])?.unwrap_or_default())
}

pub fn insert(tx: &mut Tx, n: &Notice) -> Result<()> {
    tx.exec(CHANGED, params![])?;
    tx.exec(
        INSERT,
        params![
            &n.id,
            n.kind.as_str(),
            &n.product,
            &n.batch,
            n.lot,
            &n.party,
            &n.division,
            n.grade,
            &n.reason,
            &n.advice,
            &n.issuer,
            n.since,
            n.until,
            &n.author
        ],
    )
    .map(drop)
}

/// Whether there was a standing notice to lift.
pub fn lift(tx: &mut Tx, id: &str, now: Millis, user: &str, reason: &str) -> Result<bool> {
    tx.exec(CHANGED, params![])?;
    Ok(tx.exec(LIFT, params![id, now, user, reason])? == 1)
}

/// What a list of notices is asked for.
#[derive(Debug, Clone, Default)]
pub struct NoticeFilter {
    pub product: Option<String>,
    pub lot: Option<LotNo>,
    pub kind: Option<NoticeKind>,
    /// Only those that stand at this moment.
    pub standing: Option<Millis>,
}

/// Notices within a jurisdiction, newest first.
pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    f: &NoticeFilter,
    page: Option<i64>,
    size: Option<i64>,
) -> Result<Page<Notice>> {
    let (page, size) = kit_web::answer::paging(page, size);
    let conditions = |select: &'static str| {
        let filter = scope.restrict(Filter::new(select), "division >= ? AND division < ?", "party = ?");
        let filter = filter
            .and_some("product = ?", f.product.as_deref())
            .and_some("lot = ?", f.lot)
            .and_some("kind = ?", f.kind.map(NoticeKind::as_str));
        match f.standing {
            Some(now) => filter.and(
                "lifted_at IS NULL AND since <= ? AND (until IS NULL OR until > ?)",
                &[Param::Int(now), Param::Int(now)],
            ),
            None => filter,
        }
    };
    let total = tx.count(&conditions("SELECT count(*) FROM withdrawals"))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let items =
        tx.list(&conditions(SELECT).then("ORDER BY since DESC, id DESC LIMIT ? OFFSET ?", &bounds))?;
    Ok(Page { items, total, page, size })
}
