//! Adjustments by hand: proposed by one, decided by another.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::Adjustment;

kit_db::statements! {
    INSERT = "INSERT INTO risk_adjustments (id, party, division, year, from_grade, to_grade, reason, proposer, proposer_name,
            proposed_at, decider, decider_name, decided_at, accepted, answer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', NULL, NULL, '')";
    BY_ID = "SELECT id, party, division, year, from_grade, to_grade, reason, proposer, proposer_name, proposed_at, decider_name,
            decided_at, accepted, answer
        FROM risk_adjustments WHERE id = $1";
    OF_PARTY = "SELECT id, party, division, year, from_grade, to_grade, reason, proposer, proposer_name, proposed_at, decider_name,
            decided_at, accepted, answer
        FROM risk_adjustments WHERE party = $1 ORDER BY proposed_at DESC LIMIT 50";
    OPEN = "SELECT count(*) FROM risk_adjustments WHERE party = $1 AND decided_at IS NULL";
    DECIDE = "UPDATE risk_adjustments SET decider = $2, decider_name = $3, decided_at = $4, accepted = $5, answer = $6
        WHERE id = $1 AND decided_at IS NULL";
    HOLDING = "SELECT party, from_grade, to_grade FROM risk_adjustments
        WHERE party >= $1 AND party <= $2 AND year = $3 AND accepted = 1 ORDER BY party, decided_at";
}

impl FromRow for Adjustment {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            party_name: String::new(),
            division: r.get(2)?,
            year: r.get(3)?,
            from_grade: r.get(4)?,
            to_grade: r.get(5)?,
            reason: r.get(6)?,
            proposer: r.get(7)?,
            proposer_name: r.get(8)?,
            proposed_at: r.get(9)?,
            decider_name: r.get(10)?,
            decided_at: r.get(11)?,
            accepted: r.get::<Option<i64>>(12)?.map(|n| n == 1),
            answer: r.get(13)?,
        })
    }
}

pub fn insert(tx: &mut Tx, a: &Adjustment) -> Result<()> {
    let row = params![
        &a.id,
        &a.party,
        &a.division,
        a.year,
        &a.from_grade,
        &a.to_grade,
        &a.reason,
        &a.proposer,
        &a.proposer_name,
        a.proposed_at
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Adjustment>> {
    tx.one(BY_ID, params![id])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Adjustment>> {
    tx.all(OF_PARTY, params![party])
}

pub fn open(tx: &mut Tx, party: &str) -> Result<i64> {
    Ok(tx.one(OPEN, params![party])?.unwrap_or(0))
}

/// Who decides, and what.
pub struct Decision<'a> {
    pub user: &'a str,
    pub name: &'a str,
    pub at: Millis,
    pub accepted: bool,
    pub answer: &'a str,
}

/// Decides one; answers whether it was open.
pub fn decide(tx: &mut Tx, id: &str, d: &Decision) -> Result<bool> {
    Ok(tx.exec(DECIDE, params![id, d.user, d.name, d.at, d.accepted, d.answer])? > 0)
}

/// (business, from, to) of those that hold in a year, of businesses between two ids; the last decided last.
pub fn holding(tx: &mut Tx, first: &str, last: &str, year: i64) -> Result<Vec<(String, String, String)>> {
    let mut out = Vec::new();
    tx.scan(HOLDING, params![first, last, year], &mut |r| {
        out.push((r.get(0)?, r.get(1)?, r.get(2)?));
        Ok(true)
    })?;
    Ok(out)
}

/// Those that wait for a second person, the oldest first.
pub fn waiting(tx: &mut Tx, scope: &Scope, page: Option<i64>, size: Option<i64>) -> Result<Page<Adjustment>> {
    let (page, size) = paging(page, size);
    let open = |select: &'static str| {
        let filter = scope.restrict(Filter::new(select), "a.division >= ? AND a.division < ?", "a.party = ?");
        filter.and("a.decided_at IS NULL", &[])
    };
    let total = tx.count(&open("SELECT 1 FROM risk_adjustments a").counted_to(kit_web::answer::COUNTED))?;
    let rows = open(
        "SELECT a.id, a.party, a.division, a.year, a.from_grade, a.to_grade, a.reason, a.proposer, a.proposer_name, a.proposed_at,
            a.decider_name, a.decided_at, a.accepted, a.answer
        FROM risk_adjustments a",
    );
    let bounds = &[Param::Int(size), Param::Int((page - 1) * size)];
    let items = tx.list(&rows.then("ORDER BY a.proposed_at, a.id LIMIT ? OFFSET ?", bounds))?;
    Ok(Page { items, total, page, size })
}
