//! Grades, the grade that stands, the rules they are pinned to, and how far grading has come.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{CountyRow, RiskQuery, RiskRow};

kit_db::statements! {
    PIN = "INSERT INTO risk_rules (hash, variant, content, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
    PINNED = "SELECT content FROM risk_rules WHERE hash = $1";
    LATEST = "SELECT s.party, s.no, s.year, s.rules, s.grade, s.credit_score, g.points, s.division FROM risk_standing s
        JOIN risk_grades g ON g.party = s.party AND g.no = s.no WHERE s.party >= $1 AND s.party <= $2 ORDER BY s.party";
    LAST_NO = "SELECT COALESCE(max(no), 0) FROM risk_grades WHERE party = $1";
    PUT_STANDING = "INSERT INTO risk_standing (party, division, kind, no, year, rules, total, grade, before_grade, least, most,
            credit_score, credit_grade, at, simulated, county)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, substr($2, 1, 6))
        ON CONFLICT (party) DO UPDATE SET division = excluded.division, county = excluded.county, kind = excluded.kind, no = excluded.no,
            year = excluded.year, rules = excluded.rules, total = excluded.total, grade = excluded.grade,
            before_grade = excluded.before_grade, least = excluded.least, most = excluded.most,
            credit_score = excluded.credit_score, credit_grade = excluded.credit_grade, at = excluded.at";
    MOVED = "UPDATE risk_standing SET division = $2, county = substr($2, 1, 6), kind = $3, credit_score = $4, credit_grade = $5
        WHERE party = $1";
    LEAVE = "DELETE FROM risk_standing WHERE party = $1";
    STANDING = "SELECT party, division, kind, year, total, grade, before_grade, least, most, credit_score, credit_grade, at,
            simulated, no FROM risk_standing WHERE party = $1";
    GRADES = "SELECT party, no, year, rules, facts, points, total, computed, grade, cause, at FROM risk_grades
        WHERE party = $1 ORDER BY no DESC LIMIT $2";
    GRADES_AFTER = "SELECT party, no, year, rules, facts, points, total, computed, grade, cause, at FROM risk_grades
        WHERE party > $1 OR (party = $1 AND no > $2) ORDER BY party, no LIMIT $3";
    STANDING_OFF = "SELECT s.party FROM risk_standing s LEFT JOIN risk_grades g ON g.party = s.party AND g.no = s.no
        WHERE g.party IS NULL OR g.grade <> s.grade OR g.total <> s.total LIMIT 20";
    DUE_ADD = "INSERT INTO risk_due (party, since) VALUES ($1, $2) ON CONFLICT (party) DO NOTHING";
    DUE = "SELECT party FROM risk_due ORDER BY party LIMIT $1";
    DUE_DONE = "DELETE FROM risk_due WHERE party = $1";
    COURSE = "SELECT seq, run, after_party, done_at FROM risk_course WHERE id = 1";
    RUN = "SELECT run, after_party, done_at FROM risk_runs WHERE variant = $1";
    SET_RUN = "INSERT INTO risk_runs (variant, run, after_party, done_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (variant) DO UPDATE SET run = excluded.run, after_party = excluded.after_party, done_at = excluded.done_at";
    SET_COURSE = "UPDATE risk_course SET seq = $1, run = $2, after_party = $3, done_at = $4 WHERE id = 1";
    /// The length of the part is whole and small on both databases.
    PARTS = "SELECT substr(division, 1, CAST(CAST($3 AS BIGINT) AS INTEGER)), grade, count(*) FROM risk_standing
        WHERE division >= $1 AND division < $2 GROUP BY 1, 2 ORDER BY 1, 2";
    PLAN = "SELECT party, division, kind, grade, least, most FROM risk_standing WHERE division >= $1 AND division < $2
        ORDER BY party";
}

/// What is needed of the grade that stands, to know whether a new one differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Latest {
    pub party: String,
    pub no: i64,
    pub year: i64,
    pub rules: String,
    pub grade: String,
    pub credit_score: i64,
    pub points: String,
    pub division: String,
}

impl FromRow for Latest {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            no: r.get(1)?,
            year: r.get(2)?,
            rules: r.get(3)?,
            grade: r.get(4)?,
            credit_score: r.get(5)?,
            points: r.get(6)?,
            division: r.get(7)?,
        })
    }
}

/// A grade as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeRow {
    pub party: String,
    pub no: i64,
    pub year: i64,
    pub rules: String,
    pub facts: String,
    pub points: String,
    pub parts: [i64; 3],
    pub total: i64,
    pub computed: String,
    pub grade: String,
    pub cause: &'static str,
    pub at: Millis,
}

/// A grade as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub party: String,
    pub no: i64,
    pub year: i64,
    pub rules: String,
    pub facts: String,
    pub points: String,
    pub total: i64,
    pub computed: String,
    pub grade: String,
    pub cause: String,
    pub at: Millis,
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            no: r.get(1)?,
            year: r.get(2)?,
            rules: r.get(3)?,
            facts: r.get(4)?,
            points: r.get(5)?,
            total: r.get(6)?,
            computed: r.get(7)?,
            grade: r.get(8)?,
            cause: r.get(9)?,
            at: r.get(10)?,
        })
    }
}

/// What stands for lists.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingRow<'a> {
    pub party: &'a str,
    pub division: &'a str,
    pub kind: &'a str,
    pub no: i64,
    pub year: i64,
    pub rules: &'a str,
    pub total: i64,
    pub grade: &'a str,
    pub before: &'a str,
    pub least: i64,
    pub most: i64,
    pub credit_score: i64,
    pub credit_grade: &'a str,
    pub at: Millis,
    pub simulated: bool,
}

pub fn pin(tx: &mut Tx, hash: &str, variant: &str, content: &str, now: Millis) -> Result<()> {
    tx.exec(PIN, params![hash, variant, content, now]).map(drop)
}

pub fn pinned(tx: &mut Tx, hash: &str) -> Result<Option<String>> {
    tx.one(PINNED, params![hash])
}

/// Number of the last grade that a business ever had, also before it left the standing; 0 for none.
pub fn last_no(tx: &mut Tx, party: &str) -> Result<i64> {
    Ok(tx.one(LAST_NO, params![party])?.unwrap_or(0))
}

/// Those that stand of businesses between two ids.
pub fn latest(tx: &mut Tx, first: &str, last: &str) -> Result<Vec<Latest>> {
    tx.all(LATEST, params![first, last])
}

const COLUMNS: &[&str] = &[
    "party",
    "no",
    "year",
    "rules",
    "facts",
    "points",
    "static_points",
    "dynamic_points",
    "credit_points",
    "total",
    "computed",
    "grade",
    "cause",
    "at",
];

/// Keeps new grades.
pub fn insert(tx: &mut Tx, rows: &[GradeRow]) -> Result<()> {
    let rows = rows.iter().map(|g| {
        vec![
            Param::Text(&g.party),
            Param::Int(g.no),
            Param::Int(g.year),
            Param::Text(&g.rules),
            Param::Text(&g.facts),
            Param::Text(&g.points),
            Param::Int(g.parts[0]),
            Param::Int(g.parts[1]),
            Param::Int(g.parts[2]),
            Param::Int(g.total),
            Param::Text(&g.computed),
            Param::Text(&g.grade),
            Param::Text(g.cause),
            Param::Int(g.at),
        ]
    });
    tx.insert_many("risk_grades", COLUMNS, rows).map(drop)
}

pub fn put_standing(tx: &mut Tx, s: &StandingRow) -> Result<()> {
    let row = params![
        s.party,
        s.division,
        s.kind,
        s.no,
        s.year,
        s.rules,
        s.total,
        s.grade,
        s.before,
        s.least,
        s.most,
        s.credit_score,
        s.credit_grade,
        s.at,
        s.simulated
    ];
    tx.exec(PUT_STANDING, row).map(drop)
}

/// What changes without a new grade: where it lies, and the credit score, which ages by itself.
pub fn moved(tx: &mut Tx, party: &str, division: &str, kind: &str, score: i64, grade: &str) -> Result<()> {
    tx.exec(MOVED, params![party, division, kind, score, grade]).map(drop)
}

/// Takes a business that is no more out of the lists; its grades are kept.
pub fn leave(tx: &mut Tx, party: &str) -> Result<()> {
    tx.exec(LEAVE, params![party]).map(drop)
}

pub fn standing(tx: &mut Tx, party: &str) -> Result<Option<RiskRow>> {
    tx.one(STANDING, params![party])
}

/// Grades of a business, the latest first.
pub fn grades(tx: &mut Tx, party: &str, most: i64) -> Result<Vec<Kept>> {
    tx.all(GRADES, params![party, most])
}

/// All grades in order, in parts.
pub fn grades_after(tx: &mut Tx, party: &str, no: i64, most: i64) -> Result<Vec<Kept>> {
    tx.all(GRADES_AFTER, params![party, no, most])
}

/// Businesses whose standing is not their last grade.
pub fn standing_off(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(STANDING_OFF, &[])
}

pub fn due_add(tx: &mut Tx, party: &str, now: Millis) -> Result<()> {
    tx.exec(DUE_ADD, params![party, now]).map(drop)
}

pub fn due(tx: &mut Tx, most: i64) -> Result<Vec<String>> {
    tx.all(DUE, params![most])
}

pub fn due_done(tx: &mut Tx, party: &str) -> Result<()> {
    tx.exec(DUE_DONE, params![party]).map(drop)
}

/// How far grading has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub seq: i64,
    pub run: String,
    pub after: String,
    pub done_at: Option<Millis>,
}

impl FromRow for Course {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { seq: r.get(0)?, run: r.get(1)?, after: r.get(2)?, done_at: r.get(3)? })
    }
}

pub fn course(tx: &mut Tx) -> Result<Course> {
    tx.one(COURSE, &[])?.ok_or_else(|| kit_base::Error::internal("the course of grading is gone"))
}

/// How far the month's run of a variant has come: which month, after which business, when it was done.
pub fn run(tx: &mut Tx, variant: &str) -> Result<Option<(String, String, Option<Millis>)>> {
    tx.one(RUN, params![variant])
}

pub fn set_run(tx: &mut Tx, variant: &str, run: &str, after: &str, done_at: Option<Millis>) -> Result<()> {
    tx.exec(SET_RUN, params![variant, run, after, done_at]).map(drop)
}

pub fn set_course(tx: &mut Tx, c: &Course) -> Result<()> {
    tx.exec(SET_COURSE, params![c.seq, &c.run, &c.after, c.done_at]).map(drop)
}

/// Hands over what the year's plan needs of each graded business below a division.
pub fn plan(tx: &mut Tx, range: &[String; 2], each: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<()> {
    tx.scan(PLAN, params![&range[0], &range[1]], each)
}

/// By what a place is found.
#[derive(Clone, Copy)]
enum Place {
    /// The index of divisions: for a township, and to count.
    Division,
    /// Whatever order the list has, and the place read beside it: of a county and above most rows are meant anyway.
    Beside,
    /// The six digits of the county, for what is counted by county.
    County,
}

impl Place {
    fn range(self) -> &'static str {
        match self {
            Self::Division => "s.division >= ? AND s.division < ?",
            Self::Beside => "s.division || '' >= ? AND s.division || '' < ?",
            Self::County => "s.county >= ? AND s.county < ?",
        }
    }

    /// `wide` where nothing narrower than so many digits is asked for.
    fn unless_narrower(wide: Self, digits: usize, scope: &Scope, q: &RiskQuery) -> Self {
        let asked = q.division.as_ref().is_some_and(|d| d.len() > digits);
        let narrower = match scope {
            Scope::Divisions(prefixes) => asked || prefixes.iter().any(|p| p.len() > digits),
            Scope::Businesses(_) => true,
        };
        if narrower { Self::Division } else { wide }
    }
}

fn narrowed(filter: Filter, scope: &Scope, q: &RiskQuery, place: Place) -> Filter {
    let mut filter = scope.restrict(filter, place.range(), "s.party = ?");
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within(place.range(), std::slice::from_ref(division));
    }
    filter = filter
        .and_some("s.grade = ?", q.grade.as_deref().filter(|g| !g.is_empty()))
        .and_some("s.credit_grade = ?", q.credit.as_deref().filter(|g| !g.is_empty()))
        .and_some("s.kind = ?", q.kind.as_deref().filter(|g| !g.is_empty()));
    match q.changed {
        Some(1) => filter.and("s.before_grade <> '' AND s.before_grade <> s.grade", &[]),
        _ => filter,
    }
}

/// Grades within a scope: the worst first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &RiskQuery) -> Result<Page<RiskRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM risk_standing s"), scope, q, Place::Division);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT s.party, s.division, s.kind, s.year, s.total, s.grade, s.before_grade, s.least, s.most, s.credit_score,
            s.credit_grade, s.at, s.simulated, s.no
        FROM risk_standing s",
    );
    let bounds = &[Param::Int(size), Param::Int((page - 1) * size)];
    let order = match q.by.as_deref() {
        Some("credit") => "ORDER BY s.credit_score, s.party LIMIT ? OFFSET ?",
        _ => "ORDER BY s.total DESC, s.party DESC LIMIT ? OFFSET ?",
    };
    let place = Place::unless_narrower(Place::Beside, 6, scope, q);
    let items = tx.list(&narrowed(rows, scope, q, place).then(order, bounds))?;
    Ok(Page { items, total, page, size })
}

/// How many of each grade there are, by county.
pub fn counties(tx: &mut Tx, scope: &Scope, q: &RiskQuery) -> Result<Vec<CountyRow>> {
    let rows = Filter::new("SELECT s.county, s.grade, s.credit_grade, count(*) FROM risk_standing s");
    let place = Place::unless_narrower(Place::County, 6, scope, q);
    tx.list(&narrowed(rows, scope, q, place).then("GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", &[]))
}

/// (part of so many digits, risk grade, how many) below a division.
pub fn parts(tx: &mut Tx, range: &[String; 2], digits: i64) -> Result<Vec<(String, String, i64)>> {
    tx.all(PARTS, params![&range[0], &range[1], digits])
}
