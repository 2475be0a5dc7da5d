//! Recalls themselves.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::answer::paging;
use kit_web::{Page, Scope};
use trace::model::LotNo;

use crate::model::{Recall, RecallQuery};

kit_db::statements! {
    INSERT = "INSERT INTO recalls (id, number, code, mode, grade, cause, reason, source, source_ref, party, division, product, food, spec,
            batch, made, unit, lot, status, phase, late, opened_at, outcome, notice, scope_hash, lots_certain, lots_possible, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, $21, '', '', '', 0, 0, $22)";
    BY_ID = "SELECT id, number, code, mode, grade, cause, reason, source, source_ref, party, division, product, food, spec, batch, made,
            unit, lot, status, phase, late, opened_at, ordered_at, planned_at, announced_at, finished_at, closed_at, outcome, notice,
            wanted_at, event, scoped_at, scope_micros, scope_hash, lots_certain, lots_possible, issued_at, simulated
        FROM recalls WHERE id = $1";
    BY_CODE = "SELECT id, number, code, mode, grade, cause, reason, source, source_ref, party, division, product, food, spec, batch, made,
            unit, lot, status, phase, late, opened_at, ordered_at, planned_at, announced_at, finished_at, closed_at, outcome, notice,
            wanted_at, event, scoped_at, scope_micros, scope_hash, lots_certain, lots_possible, issued_at, simulated
        FROM recalls WHERE code = $1";
    OPEN_OF_LOT = "SELECT id FROM recalls WHERE lot = $1 AND closed_at IS NULL ORDER BY opened_at LIMIT 1";
    OPEN_OF_SOURCE = "SELECT id FROM recalls WHERE source = $1 AND source_ref = $2 AND closed_at IS NULL ORDER BY opened_at";
    FOLLOW = "UPDATE recalls SET status = $2, phase = $3, late = $4, ordered_at = $5, planned_at = $6, announced_at = $7,
            finished_at = $8, closed_at = $9, outcome = $10, notice = $11, wanted_at = $12, mode = $13,
            grade = $14, cause = $15
        WHERE id = $1";
    SCOPED = "UPDATE recalls SET event = $2, scoped_at = $3, scope_micros = $4, scope_hash = $5, lots_certain = $6,
            lots_possible = $7 WHERE id = $1";
    ISSUED = "UPDATE recalls SET issued_at = $2 WHERE id = $1";
    /// Announced to the public, the latest first.
    PUBLIC = "SELECT id, number, code, mode, grade, cause, reason, source, source_ref, party, division, product, food, spec, batch, made,
            unit, lot, status, phase, late, opened_at, ordered_at, planned_at, announced_at, finished_at, closed_at, outcome, notice,
            wanted_at, event, scoped_at, scope_micros, scope_hash, lots_certain, lots_possible, issued_at, simulated
        FROM recalls WHERE announced_at IS NOT NULL AND outcome <> 'void' ORDER BY announced_at DESC, id DESC LIMIT 100";
    /// In which the business has a part, as a producer or as a holder.
    OF_PARTY = "SELECT id, number, code, mode, grade, cause, reason, source, source_ref, party, division, product, food, spec, batch, made,
            unit, lot, status, phase, late, opened_at, ordered_at, planned_at, announced_at, finished_at, closed_at, outcome, notice,
            wanted_at, event, scoped_at, scope_micros, scope_hash, lots_certain, lots_possible, issued_at, simulated
        FROM recalls r WHERE r.party = $1 OR EXISTS (SELECT 1 FROM recall_tasks t WHERE t.party = $1 AND t.recall = r.id)
        ORDER BY opened_at DESC, id DESC LIMIT 200";
}

const COLUMNS: &str = "SELECT r.id, r.number, r.code, r.mode, r.grade, r.cause, r.reason, r.source, r.source_ref, r.party, r.division,
        r.product, r.food, r.spec, r.batch, r.made, r.unit, r.lot, r.status, r.phase, r.late, r.opened_at, r.ordered_at, r.planned_at,
        r.announced_at, r.finished_at, r.closed_at, r.outcome, r.notice, r.wanted_at, r.event, r.scoped_at, r.scope_micros,
        r.scope_hash, r.lots_certain, r.lots_possible, r.issued_at, r.simulated
    FROM recalls r";

pub fn insert(tx: &mut Tx, r: &Recall) -> Result<()> {
    let row = params![
        &r.id,
        &r.number,
        &r.code,
        &r.mode,
        r.grade,
        &r.cause,
        &r.reason,
        &r.source,
        &r.source_ref,
        &r.party,
        &r.division,
        &r.product,
        &r.food,
        &r.spec,
        &r.batch,
        &r.made,
        &r.unit,
        r.lot,
        &r.status,
        &r.phase,
        r.opened_at,
        r.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Recall>> {
    tx.one(BY_ID, params![id])
}

pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Recall>> {
    tx.one(BY_CODE, params![code])
}

/// A recall of the batch that goes on.
pub fn open_of_lot(tx: &mut Tx, lot: LotNo) -> Result<Option<String>> {
    tx.one(OPEN_OF_LOT, params![lot])
}

/// Recalls of a source that go on.
pub fn open_of_source(tx: &mut Tx, source: &str, reference: &str) -> Result<Vec<String>> {
    tx.all(OPEN_OF_SOURCE, params![source, reference])
}

/// Writes the columns that follow the case.
pub fn follow(tx: &mut Tx, r: &Recall) -> Result<()> {
    let row = params![
        &r.id,
        &r.status,
        &r.phase,
        r.late,
        r.ordered_at,
        r.planned_at,
        r.announced_at,
        r.finished_at,
        r.closed_at,
        &r.outcome,
        &r.notice,
        r.wanted_at,
        &r.mode,
        r.grade,
        &r.cause
    ];
    tx.exec(FOLLOW, row).map(drop)
}

/// What finding the scope came to.
pub struct Scoped<'a> {
    pub event: i64,
    pub at: Millis,
    pub micros: i64,
    pub hash: &'a str,
    pub certain: i64,
    pub possible: i64,
}

pub fn scoped(tx: &mut Tx, id: &str, s: &Scoped) -> Result<()> {
    tx.exec(SCOPED, params![id, s.event, s.at, s.micros, s.hash, s.certain, s.possible]).map(drop)
}

pub fn issued(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(ISSUED, params![id, at]).map(drop)
}

pub fn public(tx: &mut Tx) -> Result<Vec<Recall>> {
    tx.all(PUBLIC, &[])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Recall>> {
    tx.all(OF_PARTY, params![party])
}

/// Recalls within a scope, the latest first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &RecallQuery) -> Result<Page<Recall>> {
    let (page, size) = paging(q.page, q.size);
    let counted = Filter::new("SELECT 1 FROM recalls r");
    let total = tx.count(&narrowed(counted, scope, q).counted_to(kit_web::answer::COUNTED))?;
    let rows = narrowed(Filter::new(COLUMNS), scope, q).then(
        "ORDER BY r.opened_at DESC, r.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrowed(filter: Filter, scope: &Scope, q: &RecallQuery) -> Filter {
    let mut filter = scope.restrict(filter, "r.division >= ? AND r.division < ?", "r.party = ?");
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("r.division >= ? AND r.division < ?", std::slice::from_ref(division));
    }
    filter = filter
        .and_some("r.party = ?", q.party.as_deref())
        .and_some("r.status = ?", q.status.as_deref())
        .and_some("r.mode = ?", q.mode.as_deref())
        .and_some("r.source = ?", q.source.as_deref())
        .and_some("r.grade = ?", q.grade)
        .and_some("r.lot = ?", q.lot);
    filter = match q.state.as_deref() {
        Some("open") => filter.and("r.closed_at IS NULL", &[]),
        Some("late") => filter.and("r.late = 1", &[]),
        Some("ended") => filter.and("r.closed_at IS NOT NULL", &[]),
        _ => filter,
    };
    let text = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text.map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => {
            let like = Param::Text(&like);
            filter.and(
                "r.food LIKE ? OR r.number LIKE ? OR r.batch LIKE ? OR r.reason LIKE ?",
                &[like, like, like, like],
            )
        }
        None => filter,
    }
}
