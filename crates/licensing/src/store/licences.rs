//! Licences, their numbers, checks after the grant.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Check, Licence};

kit_db::statements! {
    INSERT = "INSERT INTO licences (id, permit, party, party_name, matter, kind, number, division, issuer, issued, expires, face, status,
            status_at, reason, code, note, remind_on, shut_on, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'valid', $13, '', $14, $15, $16, $17, $18)";
    BY_ID = "SELECT id, permit, party, party_name, matter, kind, number, division, issuer, issued, expires, face, status, status_at,
            reason, code, note, remind_on, shut_on, reminded_at, simulated
        FROM licences WHERE id = $1";
    BY_CODE = "SELECT id, permit, party, party_name, matter, kind, number, division, issuer, issued, expires, face, status, status_at,
            reason, code, note, remind_on, shut_on, reminded_at, simulated
        FROM licences WHERE code = $1";
    LAST = "SELECT id, permit, party, party_name, matter, kind, number, division, issuer, issued, expires, face, status, status_at,
            reason, code, note, remind_on, shut_on, reminded_at, simulated
        FROM licences WHERE number = $1 ORDER BY status = 'valid' DESC, status_at DESC, id DESC LIMIT 1";
    /// Bounded: a business has few.
    OF_PARTY = "SELECT id, permit, party, party_name, matter, kind, number, division, issuer, issued, expires, face, status, status_at,
            reason, code, note, remind_on, shut_on, reminded_at, simulated
        FROM licences WHERE party = $1 ORDER BY issued DESC, id DESC LIMIT 200";
    END = "UPDATE licences SET status = $2, status_at = $3, reason = $4 WHERE id = $1 AND status IN ('valid', 'expired')";
    /// A renewal that is under way keeps it: what was applied for in time and is not decided ends by its own clock.
    EXPIRE = "UPDATE licences SET status = 'expired', status_at = $2, reason = '有效期届满' WHERE status = 'valid' AND expires <> '' AND expires < $1";
    REMIND = "UPDATE licences SET reminded_at = $2 WHERE status = 'valid' AND remind_on <> '' AND remind_on <= $1 AND reminded_at IS NULL";
    NEXT = "UPDATE licence_series SET last = last + 1 WHERE prefix = $1 AND county = $2 RETURNING last";
    BEGIN = "INSERT INTO licence_series (prefix, county, last) VALUES ($1, $2, $3) ON CONFLICT (prefix, county) DO NOTHING";
    ADD_CHECK = "INSERT INTO licence_checks (id, licence, party, why, what, opened_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, '')";
    CHECK = "SELECT id, licence, party, why, what, opened_at, outcome FROM licence_checks WHERE id = $1";
    OPEN_CHECK = "SELECT id FROM licence_checks WHERE licence = $1 AND outcome = '' ORDER BY opened_at LIMIT 1";
    LAST_CHECK = "SELECT id FROM licence_checks WHERE licence = $1 ORDER BY opened_at DESC LIMIT 1";
    SET_CHECK = "UPDATE licence_checks SET outcome = $2 WHERE id = $1";
}

pub fn insert(tx: &mut Tx, l: &Licence) -> Result<()> {
    let face = serde_json::to_string(&l.face).map_err(Error::internal)?;
    let row = params![
        &l.id,
        &l.permit,
        &l.party,
        &l.party_name,
        &l.matter,
        &l.kind,
        &l.number,
        &l.division,
        &l.issuer,
        &l.issued,
        &l.expires,
        &face,
        l.status_at,
        &l.code,
        &l.note,
        &l.remind_on,
        &l.shut_on,
        l.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Licence>> {
    tx.one(BY_ID, params![id])
}

pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Licence>> {
    tx.one(BY_CODE, params![code])
}

/// The row of a number that stands, or else the latest.
pub fn last(tx: &mut Tx, number: &str) -> Result<Option<Licence>> {
    tx.one(LAST, params![number])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Licence>> {
    tx.all(OF_PARTY, params![party])
}

/// Ends a licence; answers whether it stood.
pub fn end(tx: &mut Tx, id: &str, status: &str, now: Millis, reason: &str) -> Result<bool> {
    Ok(tx.exec(END, params![id, status, now, reason])? == 1)
}

/// Ends every licence whose last day is over; answers how many.
pub fn expire(tx: &mut Tx, today: &str, now: Millis) -> Result<u64> {
    tx.exec(EXPIRE, params![today, now])
}

/// Marks every licence that its business is to be reminded of; answers how many.
pub fn remind(tx: &mut Tx, today: &str, now: Millis) -> Result<u64> {
    tx.exec(REMIND, params![today, now])
}

/// The next serial of a county; `None` where there is no series yet.
pub fn next_serial(tx: &mut Tx, prefix: &str, county: &str) -> Result<Option<i64>> {
    tx.one(NEXT, params![prefix, county])
}

/// Begins a series after the serials that are known already.
pub fn begin_series(tx: &mut Tx, prefix: &str, county: &str, last: i64) -> Result<()> {
    tx.exec(BEGIN, params![prefix, county, last]).map(drop)
}

pub fn add_check(tx: &mut Tx, c: &Check) -> Result<()> {
    tx.exec(ADD_CHECK, params![&c.id, &c.licence, &c.party, &c.why, &c.what, c.opened_at]).map(drop)
}

pub fn check(tx: &mut Tx, id: &str) -> Result<Option<Check>> {
    tx.one(CHECK, params![id])
}

/// The check of a licence that goes on.
pub fn open_check(tx: &mut Tx, licence: &str) -> Result<Option<String>> {
    tx.one(OPEN_CHECK, params![licence])
}

/// The latest check of a licence.
pub fn last_check(tx: &mut Tx, licence: &str) -> Result<Option<String>> {
    tx.one(LAST_CHECK, params![licence])
}

pub fn set_check(tx: &mut Tx, id: &str, outcome: &str) -> Result<()> {
    tx.exec(SET_CHECK, params![id, outcome]).map(drop)
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct LicenceQuery {
    /// Text in the holder's name or the number.
    pub q: Option<String>,
    pub matter: Option<String>,
    /// valid, expired, replaced, cancelled, revoked; `renewable` is to be renewed now
    pub status: Option<String>,
    pub party: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Licences within a scope, the latest first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &LicenceQuery, today: &str) -> Result<Page<Licence>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM licences l"), scope, q, today);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = selected(scope, q, today).then(
        "ORDER BY l.issued DESC, l.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The first of a list, for a sheet.
pub fn first(tx: &mut Tx, scope: &Scope, q: &LicenceQuery, today: &str, most: i64) -> Result<Vec<Licence>> {
    let rows =
        selected(scope, q, today).then("ORDER BY l.issued DESC, l.id DESC LIMIT ?", &[Param::Int(most)]);
    tx.list(&rows)
}

fn selected(scope: &Scope, q: &LicenceQuery, today: &str) -> Filter {
    let rows = Filter::new(
        "SELECT l.id, l.permit, l.party, l.party_name, l.matter, l.kind, l.number, l.division, l.issuer, l.issued, l.expires, l.face,
            l.status, l.status_at, l.reason, l.code, l.note, l.remind_on, l.shut_on, l.reminded_at, l.simulated
        FROM licences l",
    );
    narrowed(rows, scope, q, today)
}

fn narrowed(filter: Filter, scope: &Scope, q: &LicenceQuery, today: &str) -> Filter {
    let mut filter = scope.restrict(filter, "l.division >= ? AND l.division < ?", "l.party = ?");
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("l.division >= ? AND l.division < ?", std::slice::from_ref(division));
    }
    let filter = filter
        .and_some("l.matter = ?", q.matter.as_deref().filter(|t| !t.is_empty()))
        .and_some("l.party = ?", q.party.as_deref().filter(|t| !t.is_empty()));
    let filter = match q.status.as_deref().filter(|t| !t.is_empty()) {
        Some("renewable") => {
            filter.and("l.status = 'valid' AND l.remind_on <> '' AND l.remind_on <= ?", &[Param::Text(today)])
        }
        status => filter.and_some("l.status = ?", status),
    };
    let text = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text.map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => {
            let like = Param::Text(&like);
            filter.and("l.party_name LIKE ? OR l.number LIKE ?", &[like, like])
        }
        None => filter,
    }
}
