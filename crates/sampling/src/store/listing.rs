//! Lists of samples for offices and laboratories, and the clock that each list shows.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow as _, Param, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Days, Narrow as _};

use crate::model::{AssayQuery, ListQuery, SampleRow};

kit_db::statements! {
    SET_DUE = "UPDATE samples SET due_at = $2, due_clock = $3, late = $4 WHERE id = $1";
    ASSIGN = "INSERT INTO sample_assignments (sample, analyst, analyst_name, by_name, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (sample) DO UPDATE SET analyst = $2, analyst_name = $3, by_name = $4, at = $5";
    ANALYST = "SELECT analyst, analyst_name FROM sample_assignments WHERE sample = $1";
    SET_NAME = "UPDATE samples SET party_name = $2 WHERE id = $1";
}

/// The running clock nearest its end; `late` stays once it was said.
pub fn set_due(tx: &mut Tx, id: &str, due: Option<(Millis, &str)>, late: bool) -> Result<()> {
    let (at, clock) = due.map_or((None, ""), |(at, clock)| (Some(at), clock));
    tx.exec(SET_DUE, params![id, at, clock, late]).map(drop)
}

pub fn set_name(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    tx.exec(SET_NAME, params![id, name]).map(drop)
}

/// A colleague is to test it.
pub fn assign(tx: &mut Tx, sample: &str, analyst: (&str, &str), by: &str, now: Millis) -> Result<()> {
    tx.exec(ASSIGN, params![sample, analyst.0, analyst.1, by, now]).map(drop)
}

/// Who is to test it, id and name; empty for nobody.
pub fn analyst(tx: &mut Tx, sample: &str) -> Result<(String, String)> {
    Ok(tx.one(ANALYST, params![sample])?.unwrap_or_default())
}

const SELECT: &str = "SELECT s.id, s.number, s.sample_no, s.quota, s.mode, s.kind, s.stage, s.category, s.food, s.party, s.party_name, s.division,
        s.lab, l.name, s.taken_at, s.issued_at, CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END, s.grave, s.status, s.flags, s.opened_at, s.closed_at, s.due_at, s.due_clock, s.late,
        s.simulated
    FROM samples s LEFT JOIN labs l ON l.id = s.lab";

/// Samples within a reach. Errors: `sort_unknown`, those of days.
pub fn list(tx: &mut Tx, scope: &Scope, q: &ListQuery, now: Millis) -> Result<Page<SampleRow>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM samples s"), scope, q, now)?;
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q, now)?, q)?;
    narrow::page(tx, (q.page, q.size), counted, rows)
}

/// The whole list, row by row; stops where `each` answers `false`.
pub fn whole(
    tx: &mut Tx,
    scope: &Scope,
    q: &ListQuery,
    now: Millis,
    each: &mut dyn FnMut(SampleRow) -> Result<bool>,
) -> Result<()> {
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q, now)?, q)?;
    tx.scan_list(&rows, &mut |row| each(SampleRow::from_row(row)?))
}

/// The id makes the order whole, so that pages do not overlap.
fn sorted(filter: Filter, q: &ListQuery) -> Result<Filter> {
    let tail = match q.sort.as_deref().unwrap_or("opened") {
        "opened" | "" => "ORDER BY s.opened_at DESC, s.id DESC",
        "opened_up" => "ORDER BY s.opened_at, s.id",
        "taken" => "ORDER BY CASE WHEN s.taken_at IS NULL THEN 1 ELSE 0 END, s.taken_at DESC, s.id DESC",
        "taken_up" => "ORDER BY CASE WHEN s.taken_at IS NULL THEN 1 ELSE 0 END, s.taken_at, s.id",
        "issued" => "ORDER BY CASE WHEN s.issued_at IS NULL THEN 1 ELSE 0 END, s.issued_at DESC, s.id DESC",
        "issued_up" => "ORDER BY CASE WHEN s.issued_at IS NULL THEN 1 ELSE 0 END, s.issued_at, s.id",
        "due" => "ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at, s.id",
        "due_down" => "ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at DESC, s.id DESC",
        "food" => "ORDER BY s.food, s.id",
        "food_down" => "ORDER BY s.food DESC, s.id DESC",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    Ok(filter.then(tail, &[]))
}

fn narrowed(filter: Filter, scope: &Scope, q: &ListQuery, now: Millis) -> Result<Filter> {
    let mut filter = scope
        .restrict(filter, "s.division >= ? AND s.division < ?", "s.party = ?")
        .days("s.taken_at >= ?", "s.taken_at < ?", Days::of(q.from.as_deref(), q.to.as_deref())?)
        .below("s.division >= ? AND s.division < ?", q.division.as_deref())
        .words(
            "s.food LIKE ? OR s.party_name LIKE ? OR s.sample_no LIKE ? OR s.number LIKE ?",
            q.q.as_deref(),
        );
    for (condition, value) in [
        ("s.party = ?", &q.party),
        ("s.lab = ?", &q.lab),
        ("s.status = ?", &q.status),
        ("CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END = ?", &q.verdict),
        ("s.kind = ?", &q.kind),
        ("s.mode = ?", &q.mode),
        ("s.stage = ?", &q.stage),
        ("s.quota = ?", &q.quota),
        ("s.quota IN (SELECT id FROM sample_quotas WHERE plan = ?)", &q.plan),
    ] {
        filter = filter.said(condition, value.as_deref());
    }
    if let Some(category) = q.category.as_deref().filter(|c| !c.is_empty()) {
        crate::rules::category(category)?;
        let below = format!("{category}.%");
        filter =
            filter.and("s.category = ? OR s.category LIKE ?", &[Param::Text(category), Param::Text(&below)]);
    }
    Ok(match q.state.as_deref() {
        Some("open") => filter.and("s.closed_at IS NULL", &[]),
        Some("ended") => filter.and("s.closed_at IS NOT NULL", &[]),
        Some("late") => {
            filter.and("s.closed_at IS NULL AND (s.late = 1 OR s.due_at <= ?)", &[Param::Int(now)])
        }
        _ => filter,
    })
}

/// What each step waits for, as a condition.
const STEPS: [(&str, &str); 12] = [
    ("accept", "s.status = 'taken'"),
    ("enter", "s.status = 'testing' AND s.flags NOT LIKE '%,entered,%'"),
    ("verify", "s.status = 'testing' AND s.flags LIKE '%,entered,%' AND s.flags NOT LIKE '%,verified,%'"),
    ("check", "s.status = 'testing' AND s.flags LIKE '%,verified,%' AND s.flags LIKE '%,unchecked,%'"),
    ("issue", "s.status = 'testing' AND s.flags LIKE '%,verified,%' AND s.flags NOT LIKE '%,unchecked,%'"),
    ("issued", "s.issued_at IS NOT NULL"),
    ("recheck", "s.status = 'recheck'"),
    (
        "recheck_receive",
        "s.status = 'recheck' AND NOT EXISTS (SELECT 1 FROM sample_hands h WHERE h.sample = s.id AND h.part = 'spare'
            AND h.until_at IS NULL AND h.holder = s.recheck_lab)",
    ),
    (
        "recheck_enter",
        "s.status = 'recheck' AND s.flags NOT LIKE '%,recheck_entered,%' AND s.flags NOT LIKE '%,spare_unfit,%'
            AND EXISTS (SELECT 1 FROM sample_hands h WHERE h.sample = s.id AND h.part = 'spare' AND h.until_at IS NULL
                AND h.holder = s.recheck_lab)",
    ),
    (
        "recheck_verify",
        "s.status = 'recheck' AND s.flags LIKE '%,recheck_entered,%' AND s.flags NOT LIKE '%,recheck_verified,%'",
    ),
    ("recheck_issue", "s.status = 'recheck' AND s.flags LIKE '%,recheck_verified,%'"),
    (
        "hand",
        "s.status = 'recheck' AND s.recheck_lab <> '' AND EXISTS (SELECT 1 FROM sample_hands h WHERE h.sample = s.id
            AND h.part = 'spare' AND h.until_at IS NULL AND h.holder = s.lab)",
    ),
];

/// Blind codes of a laboratory. Errors: `step_unknown`, `sort_unknown`.
pub fn of_labs(tx: &mut Tx, labs: &[String], user: &str, q: &AssayQuery) -> Result<Page<String>> {
    let counted = at_labs(Filter::new("SELECT 1 FROM samples s"), labs, user, q)?;
    let order = match q.sort.as_deref().unwrap_or("new") {
        "new" | "" => "ORDER BY s.taken_at DESC, s.blind",
        "old" => "ORDER BY s.taken_at, s.blind",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    let rows = at_labs(Filter::new("SELECT s.blind FROM samples s"), labs, user, q)?.then(order, &[]);
    narrow::page(tx, (q.page, q.size), counted, rows)
}

/// How many wait for a step. Errors: `step_unknown`.
pub fn waiting(tx: &mut Tx, labs: &[String], step: &str) -> Result<i64> {
    let q = AssayQuery { step: Some(step.to_owned()), ..AssayQuery::default() };
    let counted = at_labs(Filter::new("SELECT 1 FROM samples s"), labs, "", &q)?;
    tx.count(&counted.counted_to(kit_web::answer::COUNTED))
}

fn at_labs(filter: Filter, labs: &[String], user: &str, q: &AssayQuery) -> Result<Filter> {
    let step = q.step.as_deref().filter(|s| !s.is_empty());
    let own: Vec<Vec<String>> = labs.iter().map(|id| vec![id.clone()]).collect();
    let twice: Vec<Vec<String>> = labs.iter().map(|id| vec![id.clone(), id.clone()]).collect();
    let mut filter = filter.and("s.taken_at IS NOT NULL AND s.status <> 'planned'", &[]);
    filter = match step {
        Some(step) if step.starts_with("recheck") => filter.and_any("s.recheck_lab = ?", &own),
        // what waits here is tested here
        Some(_) => filter.and_any("s.lab = ?", &own),
        None => filter.and_any("s.lab = ? OR s.recheck_lab = ?", &twice),
    };
    if let Some(step) = step {
        let found = STEPS.iter().find(|(code, _)| *code == step);
        let (_, condition) = found.ok_or_else(|| Error::invalid("step", "step_unknown", "没有这个环节"))?;
        filter = filter.and(condition, &[]);
    }
    if q.mine == Some(1) {
        let given = "EXISTS (SELECT 1 FROM sample_assignments a WHERE a.sample = s.id AND a.analyst = ?)";
        filter = filter.and(given, &[Param::Text(user)]);
    }
    let filter = filter.said("s.status = ?", q.status.as_deref());
    // what a laboratory does not know it cannot ask for
    Ok(filter.words("upper(s.blind) LIKE upper(?) OR s.food LIKE ?", q.q.as_deref()))
}
