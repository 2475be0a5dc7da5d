//! Findings: keep, look up, list, count.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Days, Narrow as _};

use crate::model::{By, Finding, FindingQuery, Rate};

kit_db::statements! {
    INSERT = "INSERT INTO findings (id, code, source, source_ref, party, party_kind, site, division, what, rule, severity, found_at,
            number, status, phase, level, simulated, reopened, outcome)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, '')";
    BY_ID = "SELECT f.id, f.number, f.code, f.source, f.source_ref, f.party, f.party_kind, f.site, f.division, f.what, f.rule,
            f.severity, f.found_at, f.due_at, f.mended_at, f.in_time, f.overdue_at, f.reopened, f.closed_at, f.outcome, f.status,
            f.phase, f.level, f.simulated
        FROM findings f WHERE f.id = $1";
    ID_OF_CODE = "SELECT id FROM findings WHERE code = $1";
    AGAINST = "SELECT party, id, what, severity, found_at, overdue_at, reopened, number FROM findings
        WHERE party >= $1 AND party <= $2 AND found_at >= $3 AND outcome NOT IN ('void', 'dismissed') ORDER BY party, found_at";
    COUNTED = "SELECT COALESCE(sum(CASE WHEN found_at >= $3 AND found_at < $4 THEN 1 ELSE 0 END), 0),
            COALESCE(sum(CASE WHEN found_at >= $3 AND found_at < $4 AND severity = 'serious' THEN 1 ELSE 0 END), 0),
            COALESCE(sum(CASE WHEN mended_at >= $3 AND mended_at < $4 THEN 1 ELSE 0 END), 0),
            COALESCE(sum(CASE WHEN mended_at >= $3 AND mended_at < $4 AND in_time = 1 THEN 1 ELSE 0 END), 0)
        FROM findings WHERE division >= $1 AND division < $2 AND outcome <> 'void'";
    COURSE = "SELECT due_at, mended_at, in_time, overdue_at, reopened, closed_at, outcome, status, phase, level FROM findings WHERE id = $1";
    SET_COURSE = "UPDATE findings SET due_at = $2, mended_at = $3, in_time = $4, overdue_at = $5, reopened = $6, closed_at = $7,
            outcome = $8, status = $9, phase = $10, level = $11
        WHERE id = $1";
}

/// A finding on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub code: &'a str,
    pub source: &'a str,
    pub source_ref: &'a str,
    pub party: &'a str,
    pub party_kind: &'a str,
    pub site: &'a str,
    pub division: &'a str,
    pub what: &'a str,
    pub rule: &'a str,
    pub severity: &'a str,
    pub found_at: Millis,
    pub number: &'a str,
    pub status: &'a str,
    pub phase: &'a str,
    pub level: i64,
    pub simulated: bool,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.id,
        r.code,
        r.source,
        r.source_ref,
        r.party,
        r.party_kind,
        r.site,
        r.division,
        r.what,
        r.rule,
        r.severity,
        r.found_at,
        r.number,
        r.status,
        r.phase,
        r.level,
        r.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Finding>> {
    tx.one(BY_ID, params![id])
}

pub fn id_of_code(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    tx.one(ID_OF_CODE, params![code])
}

/// The columns that follow the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub due_at: Option<Millis>,
    pub mended_at: Option<Millis>,
    pub in_time: Option<bool>,
    pub overdue_at: Option<Millis>,
    pub reopened: i64,
    pub closed_at: Option<Millis>,
    pub outcome: String,
    pub status: String,
    pub phase: String,
    pub level: i64,
}

impl FromRow for Course {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            due_at: r.get(0)?,
            mended_at: r.get(1)?,
            in_time: r.get::<Option<i64>>(2)?.map(|n| n == 1),
            overdue_at: r.get(3)?,
            reopened: r.get(4)?,
            closed_at: r.get(5)?,
            outcome: r.get(6)?,
            status: r.get(7)?,
            phase: r.get(8)?,
            level: r.get(9)?,
        })
    }
}

pub fn course(tx: &mut Tx, id: &str) -> Result<Option<Course>> {
    tx.one(COURSE, params![id])
}

pub fn set_course(tx: &mut Tx, id: &str, c: &Course) -> Result<()> {
    let row = params![
        id,
        c.due_at,
        c.mended_at,
        c.in_time,
        c.overdue_at,
        c.reopened,
        c.closed_at,
        &c.outcome,
        &c.status,
        &c.phase,
        c.level
    ];
    tx.exec(SET_COURSE, row).map(drop)
}

/// A finding as grading looks at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    pub party: String,
    pub id: String,
    pub what: String,
    /// minor, general, serious
    pub severity: String,
    pub found_at: Millis,
    pub overdue_at: Option<Millis>,
    pub reopened: i64,
    pub number: String,
}

impl FromRow for Against {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            id: r.get(1)?,
            what: r.get(2)?,
            severity: r.get(3)?,
            found_at: r.get(4)?,
            overdue_at: r.get(5)?,
            reopened: r.get(6)?,
            number: r.get(7)?,
        })
    }
}

/// Findings since a time about businesses whose ids lie between two, by business; none that were void or not true.
pub fn against(tx: &mut Tx, first: &str, last: &str, since: Millis) -> Result<Vec<Against>> {
    tx.all(AGAINST, params![first, last, since])
}

const SELECT: &str = "SELECT f.id, f.number, f.code, f.source, f.source_ref, f.party, f.party_kind, f.site, f.division, f.what, f.rule,
            f.severity, f.found_at, f.due_at, f.mended_at, f.in_time, f.overdue_at, f.reopened, f.closed_at, f.outcome, f.status,
            f.phase, f.level, f.simulated
        FROM findings f";

/// Findings within a scope, as they are asked for.
///
/// Errors: `date_form`, `measure_unknown`, `sort_unknown`.
pub fn list(tx: &mut Tx, scope: &Scope, q: &FindingQuery, now: Millis) -> Result<Page<Finding>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM findings f"), scope, q, now)?;
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q, now)?, q)?;
    narrow::page(tx, (q.page, q.size), counted, rows)
}

/// A whole list, row by row, for an export; stops where `each` answers `false`.
pub fn whole(
    tx: &mut Tx,
    scope: &Scope,
    q: &FindingQuery,
    now: Millis,
    each: &mut dyn FnMut(Finding) -> Result<bool>,
) -> Result<()> {
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q, now)?, q)?;
    tx.scan_list(&rows, &mut |row| each(Finding::from_row(row)?))
}

/// The id makes the order whole, so that pages do not overlap.
fn sorted(filter: Filter, q: &FindingQuery) -> Result<Filter> {
    let tail = match q.sort.as_deref().unwrap_or("found") {
        "found" | "" => "ORDER BY f.found_at DESC, f.id DESC",
        "found_up" => "ORDER BY f.found_at, f.id",
        "due" => "ORDER BY CASE WHEN f.due_at IS NULL THEN 1 ELSE 0 END, f.due_at, f.id",
        "due_down" => "ORDER BY CASE WHEN f.due_at IS NULL THEN 1 ELSE 0 END, f.due_at DESC, f.id",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    Ok(filter.then(tail, &[]))
}

fn narrowed(filter: Filter, scope: &Scope, q: &FindingQuery, now: Millis) -> Result<Filter> {
    let mut filter = scope
        .restrict(filter, "f.division >= ? AND f.division < ?", "f.party = ?")
        .days("f.found_at >= ?", "f.found_at < ?", Days::of(q.from.as_deref(), q.to.as_deref())?)
        .below("f.division >= ? AND f.division < ?", q.division.as_deref())
        .said("f.party = ?", q.party.as_deref())
        .said("f.party_kind = ?", q.kind.as_deref())
        .said("f.source = ?", q.source.as_deref())
        .said("f.severity = ?", q.severity.as_deref())
        .said("f.status = ?", q.status.as_deref())
        .words("f.what LIKE ? OR f.rule LIKE ? OR f.number LIKE ?", q.q.as_deref());
    filter = match q.state.as_deref() {
        Some("open") => filter.and("f.closed_at IS NULL", &[]),
        Some("late") => {
            filter.and("f.closed_at IS NULL AND f.mended_at IS NULL AND f.due_at <= ?", &[Param::Int(now)])
        }
        Some("ended") => filter.and("f.closed_at IS NOT NULL", &[]),
        _ => filter,
    };
    measured(filter, q.measure.as_deref().unwrap_or(""))
}

/// The findings that one figure of [`rates`] counts, so that the list behind it is as long as it says.
fn measured(filter: Filter, measure: &str) -> Result<Filter> {
    let condition = match measure {
        "" => return Ok(filter),
        "found" => "1 = 1",
        "closed" => "f.outcome = 'closed'",
        "ordered" => "f.due_at IS NOT NULL",
        "in_time" => "f.in_time = 1",
        "overdue" => "f.overdue_at IS NOT NULL",
        "reopened" => "f.reopened > 0",
        _ => return Err(Error::invalid("measure", "measure_unknown", "没有这个指标")),
    };
    Ok(filter.and(NO_FINDING, &[]).and(condition, &[]))
}

/// What was void or not true was no finding.
const NO_FINDING: &str = "f.outcome NOT IN ('void', 'dismissed')";

/// Rates of findings found in a period, by group; the largest first.
pub fn rates(tx: &mut Tx, scope: &Scope, by: By, from: Millis, to: Millis) -> Result<Vec<Rate>> {
    let filter = match by {
        By::County => Filter::new(
            "SELECT substr(f.division, 1, 6), count(*), sum(CASE WHEN f.outcome = 'closed' THEN 1 ELSE 0 END),
                sum(CASE WHEN f.due_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.in_time = 1 THEN 1 ELSE 0 END),
                sum(CASE WHEN f.overdue_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.reopened > 0 THEN 1 ELSE 0 END)
            FROM findings f",
        ),
        By::Kind => Filter::new(
            "SELECT f.party_kind, count(*), sum(CASE WHEN f.outcome = 'closed' THEN 1 ELSE 0 END),
                sum(CASE WHEN f.due_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.in_time = 1 THEN 1 ELSE 0 END),
                sum(CASE WHEN f.overdue_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.reopened > 0 THEN 1 ELSE 0 END)
            FROM findings f",
        ),
        By::Source => Filter::new(
            "SELECT f.source, count(*), sum(CASE WHEN f.outcome = 'closed' THEN 1 ELSE 0 END),
                sum(CASE WHEN f.due_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.in_time = 1 THEN 1 ELSE 0 END),
                sum(CASE WHEN f.overdue_at IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN f.reopened > 0 THEN 1 ELSE 0 END)
            FROM findings f",
        ),
    };
    let filter = scope
        .restrict(filter, "f.division >= ? AND f.division < ?", "f.party = ?")
        .and("f.found_at >= ? AND f.found_at < ?", &[Param::Int(from), Param::Int(to)])
        .and(NO_FINDING, &[])
        .then("GROUP BY 1 ORDER BY 2 DESC, 1", &[]);
    tx.list(&filter)
}

/// Found, of it serious; mended, of it in time; below a division from a time until another.
pub fn counted(tx: &mut Tx, range: &[String; 2], from: Millis, until: Millis) -> Result<Vec<i64>> {
    let found: Option<(i64, i64, i64, i64)> = tx.one(COUNTED, params![&range[0], &range[1], from, until])?;
    Ok(found.map_or_else(Vec::new, |(a, b, c, d)| vec![a, b, c, d]))
}
