//! Cases, and what is counted and published of them.

use kit_base::{Millis, Result};
use kit_db::{Filter, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Narrow as _};

use crate::model::{CaseQuery, EnforcementCase, listed};

kit_db::statements! {
    INSERT = "INSERT INTO enforcement_cases (id, kind, number, source, source_ref, above, party, party_kind, division, what, article,
            goods_value, gain, penalties, fine, confiscated, decision, decided_at, served_at, paid, published_at,
            withdrawn_at, status, phase, outcome, opened_at, closed_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', NULL, NULL, '', NULL, NULL, '', NULL, NULL, 0, NULL, NULL, $11, $12,
            '', $13, NULL, $14)";
    BY_ID = "SELECT id, kind, number, source, source_ref, above, party, party_kind, division, what, article, goods_value, gain, penalties,
            fine, confiscated, decision, decided_at, served_at, paid, published_at, withdrawn_at, status, phase, outcome,
            opened_at, closed_at, simulated
        FROM enforcement_cases WHERE id = $1";
    FOLLOW = "UPDATE enforcement_cases SET article = $2, goods_value = $3, gain = $4, penalties = $5, fine = $6, confiscated = $7,
            decision = $8, decided_at = $9, served_at = $10, paid = $11, published_at = $12, withdrawn_at = $13,
            status = $14, phase = $15, outcome = $16, closed_at = $17
        WHERE id = $1";
    /// Decisions against a business that stand, for the three in a year.
    DECIDED = "SELECT decided_at, penalties FROM enforcement_cases
        WHERE party = $1 AND decided_at >= $2 AND id <> $3 AND penalties <> '' AND withdrawn_at IS NULL ORDER BY decided_at";
    COUNTED = "SELECT count(*), CAST(COALESCE(sum(fine), 0) + COALESCE(sum(confiscated), 0) AS BIGINT)
        FROM enforcement_cases WHERE division >= $1 AND division < $2 AND decided_at >= $3 AND decided_at < $4
            AND penalties <> '' AND withdrawn_at IS NULL AND phase <> 'void'";
    OF_ABOVE = "SELECT id FROM enforcement_cases WHERE above = $1 ORDER BY opened_at";
}

/// A case on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub number: &'a str,
    pub source: &'a str,
    pub source_ref: &'a str,
    pub above: &'a str,
    pub party: &'a str,
    pub party_kind: &'a str,
    pub division: &'a str,
    pub what: &'a str,
    pub status: &'a str,
    pub phase: &'a str,
    pub opened_at: Millis,
    pub simulated: bool,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.id,
        r.kind,
        r.number,
        r.source,
        r.source_ref,
        r.above,
        r.party,
        r.party_kind,
        r.division,
        r.what,
        r.status,
        r.phase,
        r.opened_at,
        r.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<EnforcementCase>> {
    tx.one(BY_ID, params![id])
}

/// Writes the columns that follow the case.
pub fn follow(tx: &mut Tx, c: &EnforcementCase) -> Result<()> {
    let penalties = match c.penalties.is_empty() {
        true => String::new(),
        false => format!(",{},", c.penalties.join(",")),
    };
    let row = params![
        &c.id,
        &c.article,
        c.goods_value,
        c.gain,
        &penalties,
        c.fine,
        c.confiscated,
        &c.decision,
        c.decided_at,
        c.served_at,
        c.paid,
        c.published_at,
        c.withdrawn_at,
        &c.status,
        &c.phase,
        &c.outcome,
        c.closed_at
    ];
    tx.exec(FOLLOW, row).map(drop)
}

/// When a business was punished since, and with what; `but` is left out.
pub fn decided(tx: &mut Tx, party: &str, since: Millis, but: &str) -> Result<Vec<(Millis, Vec<String>)>> {
    let found: Vec<(Millis, String)> = tx.all(DECIDED, params![party, since, but])?;
    Ok(found.into_iter().map(|(at, penalties)| (at, listed(&penalties))).collect())
}

/// Cases that came of a finding or a simple case.
pub fn of_above(tx: &mut Tx, above: &str) -> Result<Vec<String>> {
    tx.all(OF_ABOVE, params![above])
}

const COLUMNS: &str = "SELECT e.id, e.kind, e.number, e.source, e.source_ref, e.above, e.party, e.party_kind, e.division, e.what, e.article,
        e.goods_value, e.gain, e.penalties, e.fine, e.confiscated, e.decision, e.decided_at, e.served_at, e.paid, e.published_at,
        e.withdrawn_at, e.status, e.phase, e.outcome, e.opened_at, e.closed_at, e.simulated
    FROM enforcement_cases e";

/// Cases within a scope, the latest first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &CaseQuery) -> Result<Page<EnforcementCase>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM enforcement_cases e"), scope, q);
    let rows = narrowed(Filter::new(COLUMNS), scope, q).then("ORDER BY e.opened_at DESC, e.id DESC", &[]);
    narrow::page(tx, (q.page, q.size), counted, rows)
}

fn narrowed(filter: Filter, scope: &Scope, q: &CaseQuery) -> Filter {
    let filter = scope
        .restrict(filter, "e.division >= ? AND e.division < ?", "e.party = ?")
        .below("e.division >= ? AND e.division < ?", q.division.as_deref())
        .said("e.party = ?", q.party.as_deref())
        .said("e.kind = ?", q.kind.as_deref())
        .said("e.source = ?", q.source.as_deref())
        .said("e.status = ?", q.status.as_deref())
        .words("e.what LIKE ? OR e.number LIKE ? OR e.decision LIKE ?", q.q.as_deref());
    match q.state.as_deref() {
        Some("open") => filter.and("e.closed_at IS NULL", &[]),
        Some("decided") => filter.and("e.decided_at IS NOT NULL", &[]),
        Some("ended") => filter.and("e.closed_at IS NOT NULL", &[]),
        _ => filter,
    }
}

/// Decisions that stand, and what they take (fen); below a division from a time until another.
pub fn counted(tx: &mut Tx, range: &[String; 2], from: Millis, until: Millis) -> Result<Option<(i64, i64)>> {
    tx.one(COUNTED, params![&range[0], &range[1], from, until])
}
