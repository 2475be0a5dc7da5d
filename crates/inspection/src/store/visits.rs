//! Visits: keep, look up, list, follow the case.

use std::collections::HashMap;

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Days, Narrow as _};

use crate::model::{Officer, PackVisit, Visit, VisitQuery};

kit_db::statements! {
    INSERT = "INSERT INTO visits (id, number, code, kind, party, party_kind, site, division, checklist, due, due_at, reason, draw, plan,
            planned_at, record_no, conclusion, handling, bad, device, status, phase, level, simulated, reach, about, counts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', '', '', 0, '', $16, $17, 0, $18, $19, $20, $21)";
    BY_ID = "SELECT v.id, v.number, v.code, v.kind, v.party, v.party_kind, v.site, v.division, v.checklist, v.due, v.due_at, v.reason,
            v.draw, v.plan, v.planned_at, v.recorded_at, v.record_no, v.conclusion, v.handling, v.bad, v.publish_by, v.published_at,
            v.status, v.phase, v.level, v.simulated, v.about
        FROM visits v WHERE v.id = $1";
    COUNTED = "SELECT count(*), COALESCE(sum(CASE WHEN conclusion = 'issue_found' THEN 1 ELSE 0 END), 0), count(DISTINCT party)
        FROM visits WHERE division >= $1 AND division < $2 AND recorded_at >= $3 AND recorded_at < $4 AND phase <> 'void'";
    ID_OF_CODE = "SELECT id FROM visits WHERE code = $1 AND recorded_at IS NOT NULL";
    ADD_OFFICER = "INSERT INTO visit_officers (visit, user_id, name) VALUES ($1, $2, $3)";
    CLEAR_OFFICERS = "DELETE FROM visit_officers WHERE visit = $1";
    OFFICERS = "SELECT user_id, name FROM visit_officers WHERE visit = $1 ORDER BY name, user_id";
    MINE = "SELECT v.id, v.number, v.code, v.kind, v.party, v.party_kind, v.site, v.division, v.checklist, v.due, v.due_at, v.reason,
            v.draw, v.plan, v.planned_at, v.recorded_at, v.record_no, v.conclusion, v.handling, v.bad, v.publish_by, v.published_at,
            v.status, v.phase, v.level, v.simulated, v.about
        FROM visit_officers o JOIN visits v ON v.id = o.visit
        WHERE o.user_id = $1 AND v.phase = 'open' AND (v.status = 'on_site' OR (v.status = 'planned' AND v.due_at <= $2))
        ORDER BY v.due_at, v.id LIMIT 500";
    LAST = "SELECT v.id, v.number, v.kind, v.recorded_at, v.conclusion, v.bad FROM visits v
        WHERE v.party = $1 AND v.recorded_at IS NOT NULL AND v.id <> $2 AND v.phase <> 'void'
        ORDER BY v.recorded_at DESC LIMIT 10";
    DEVICE = "SELECT device FROM visits WHERE id = $1";
    SET_DEVICE = "UPDATE visits SET device = $2 WHERE id = $1";
    SET_COURSE = "UPDATE visits SET due = $2, due_at = $3, recorded_at = $4, record_no = $5, conclusion = $6, publish_by = $7,
            published_at = $8, status = $9, phase = $10, level = $11
        WHERE id = $1";
    SET_FOUND = "UPDATE visits SET handling = $2, bad = $3 WHERE id = $1";
}

/// A visit on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub number: &'a str,
    pub code: &'a str,
    pub kind: &'a str,
    pub party: &'a str,
    pub party_kind: &'a str,
    pub site: &'a str,
    pub division: &'a str,
    pub checklist: &'a str,
    pub due: &'a str,
    pub due_at: Millis,
    pub reason: &'a str,
    pub draw: &'a str,
    pub plan: &'a str,
    pub planned_at: Millis,
    pub status: &'a str,
    pub phase: &'a str,
    pub simulated: bool,
    /// Digits of the jurisdiction of who planned it.
    pub reach: i64,
    /// The case that asked for it; empty none.
    pub about: &'a str,
    /// It is a supervision visit, and counts as one.
    pub counts: bool,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.id,
        r.number,
        r.code,
        r.kind,
        r.party,
        r.party_kind,
        r.site,
        r.division,
        r.checklist,
        r.due,
        r.due_at,
        r.reason,
        r.draw,
        r.plan,
        r.planned_at,
        r.status,
        r.phase,
        r.simulated,
        r.reach,
        r.about,
        r.counts
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Visit>> {
    tx.one(BY_ID, params![id])
}

/// Only of visits with a record: the code stands on it.
pub fn id_of_code(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    tx.one(ID_OF_CODE, params![code])
}

pub fn set_officers(tx: &mut Tx, visit: &str, officers: &[Officer]) -> Result<()> {
    tx.exec(CLEAR_OFFICERS, params![visit])?;
    officers.iter().try_for_each(|o| tx.exec(ADD_OFFICER, params![visit, &o.user, &o.name]).map(drop))
}

pub fn officers(tx: &mut Tx, visit: &str) -> Result<Vec<Officer>> {
    tx.all(OFFICERS, params![visit])
}

/// Officers of many visits.
pub fn officers_of(tx: &mut Tx, visits: &[String]) -> Result<HashMap<String, Vec<Officer>>> {
    const SELECT: &str = "SELECT visit, user_id, name FROM visit_officers";
    let mut rows: Vec<(String, String, String)> = tx.list_any(SELECT, "visit = ?", visits)?;
    rows.sort_by(|a, b| (&a.0, &a.2, &a.1).cmp(&(&b.0, &b.2, &b.1)));
    let mut out: HashMap<String, Vec<Officer>> = HashMap::new();
    for (visit, user, name) in rows {
        out.entry(visit).or_default().push(Officer { user, name });
    }
    Ok(out)
}

/// Visits of an officer that are under way, or due before a moment.
pub fn mine(tx: &mut Tx, user: &str, until: Millis) -> Result<Vec<Visit>> {
    tx.all(MINE, params![user, until])
}

impl FromRow for PackVisit {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            kind: r.get(2)?,
            recorded_at: r.get(3)?,
            conclusion: r.get(4)?,
            bad: r.get(5)?,
        })
    }
}

/// The last recorded visits to a business but one.
pub fn last(tx: &mut Tx, party: &str, but: &str) -> Result<Vec<PackVisit>> {
    tx.all(LAST, params![party, but])
}

pub fn device(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(DEVICE, params![id])?.unwrap_or_default())
}

pub fn set_device(tx: &mut Tx, id: &str, device: &str) -> Result<()> {
    tx.exec(SET_DEVICE, params![id, device]).map(drop)
}

/// The columns that follow the case.
pub fn set_course(tx: &mut Tx, v: &Visit) -> Result<()> {
    let row = params![
        &v.id,
        &v.due,
        v.due_at,
        v.recorded_at,
        &v.record_no,
        &v.conclusion,
        v.publish_by,
        v.published_at,
        &v.status,
        &v.phase,
        v.level
    ];
    tx.exec(SET_COURSE, row).map(drop)
}

/// What the record found: `handling` with commas around.
pub fn set_found(tx: &mut Tx, id: &str, handling: &str, bad: i64) -> Result<()> {
    tx.exec(SET_FOUND, params![id, handling, bad]).map(drop)
}

/// Visits within a scope, the latest first. A business sees only those that are recorded.
pub fn list(tx: &mut Tx, scope: &Scope, q: &VisitQuery, now: Millis) -> Result<Page<Visit>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM visits v"), scope, q, now)?;
    let rows = Filter::new(
        "SELECT v.id, v.number, v.code, v.kind, v.party, v.party_kind, v.site, v.division, v.checklist, v.due, v.due_at, v.reason,
            v.draw, v.plan, v.planned_at, v.recorded_at, v.record_no, v.conclusion, v.handling, v.bad, v.publish_by, v.published_at,
            v.status, v.phase, v.level, v.simulated, v.about
        FROM visits v",
    );
    let rows = narrowed(rows, scope, q, now)?.then("ORDER BY v.planned_at DESC, v.id DESC", &[]);
    narrow::page(tx, (q.page, q.size), counted, rows)
}

fn narrowed(filter: Filter, scope: &Scope, q: &VisitQuery, now: Millis) -> Result<Filter> {
    let mut filter = scope.restrict(filter, "v.division >= ? AND v.division < ?", "v.party = ?");
    if matches!(scope, Scope::Businesses(_)) {
        filter = filter.and("v.recorded_at IS NOT NULL", &[]);
    }
    let filter = filter
        .days("v.planned_at >= ?", "v.planned_at < ?", Days::of(q.from.as_deref(), q.to.as_deref())?)
        .below("v.division >= ? AND v.division < ?", q.division.as_deref())
        .said("v.party = ?", q.party.as_deref())
        .said("v.kind = ?", q.kind.as_deref())
        .said("v.status = ?", q.status.as_deref())
        .said("v.conclusion = ?", q.conclusion.as_deref())
        .said("v.draw = ?", q.draw.as_deref())
        .said("v.plan = ?", q.plan.as_deref())
        .words("v.number LIKE ? OR v.record_no LIKE ? OR v.reason LIKE ?", q.q.as_deref());
    Ok(match q.state.as_deref() {
        Some("open") => filter.and("v.phase IN ('open', 'suspended')", &[]),
        Some("late") => {
            filter.and("v.phase = 'open' AND v.recorded_at IS NULL AND v.due_at <= ?", &[Param::Int(now)])
        }
        Some("done") => filter.and("v.recorded_at IS NOT NULL", &[]),
        _ => filter,
    })
}

/// Visits recorded, of them with problems, and businesses visited; below a division from a time until another.
pub fn counted(tx: &mut Tx, range: &[String; 2], from: Millis, until: Millis) -> Result<Vec<i64>> {
    let found: Option<(i64, i64, i64)> = tx.one(COUNTED, params![&range[0], &range[1], from, until])?;
    Ok(found.map_or_else(Vec::new, |(a, b, c)| vec![a, b, c]))
}
