//! How many cases there are, by place and kind.

use kit_base::{Millis, Result};
use kit_db::{Either, Filter, FromRow, Param, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kit_db::statements! {
    /// Kinds and parts of a division. The length of the part is whole and small on both databases.
    BY_PLACE = "SELECT substr(division, 1, CAST(CAST($3 AS BIGINT) AS INTEGER)), kind,
            sum(CASE WHEN opened_at >= $4 AND opened_at < $5 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $6 AND opened_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $9 AND opened_at < $10 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at >= $4 AND ended_at < $5 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at < $5 AND (ended_at IS NULL OR ended_at >= $5) THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND level = 0 AND next_due > $8 AND next_due <= $7 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND (level > 0 OR next_due <= $8) THEN 1 ELSE 0 END),
            min(opened_at)
        FROM flow_cases WHERE division >= $1 AND division < $2 AND phase <> 'void' GROUP BY 1, 2 ORDER BY 1, 2";
    BY_BUSINESS = "SELECT business, kind,
            sum(CASE WHEN opened_at >= $3 AND opened_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $5 AND opened_at < $3 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $8 AND opened_at < $9 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at >= $3 AND ended_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at < $4 AND (ended_at IS NULL OR ended_at >= $4) THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND level = 0 AND next_due > $7 AND next_due <= $6 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND (level > 0 OR next_due <= $7) THEN 1 ELSE 0 END),
            min(opened_at)
        FROM flow_cases WHERE division >= $1 AND division < $2 AND phase <> 'void' AND business <> ''
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1000";
    CLOCKS = "SELECT k.case_id, k.code, k.late_from FROM flow_clocks k JOIN flow_cases c ON c.id = k.case_id
        WHERE c.kind = $1 AND k.case_id >= $2 AND k.case_id <= $3 ORDER BY k.case_id, k.code";
    FIRST = "SELECT opened_at FROM flow_cases ORDER BY opened_at LIMIT 1";
}

/// A period, the one before it, and the moments from which something is due or late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Of the period before.
    pub before: Millis,
    pub from: Millis,
    pub until: Millis,
    /// Beginning and end of the same days a year before (去年同期).
    pub year_from: Millis,
    pub year_until: Millis,
    /// A clock that ends no later is due soon.
    pub due: Millis,
    pub now: Millis,
}

/// Cases of one kind at one place, or about one business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Part of the division, or the business.
    pub of: String,
    pub kind: String,
    /// Begun in the period, in the one before, and a year before.
    pub opened: i64,
    pub before: i64,
    pub year_before: i64,
    /// Ended in the period.
    pub ended: i64,
    /// Open at the end of the period, or now where it goes on.
    pub open: i64,
    /// Of those open now: due soon and not late, and late or gone up a level for being late.
    pub due: i64,
    pub late: i64,
    /// When the first of them was begun: what was before is not known, which is not none.
    pub first: Millis,
}

impl FromRow for Tally {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            of: r.get(0)?,
            kind: r.get(1)?,
            opened: r.get(2)?,
            before: r.get(3)?,
            year_before: r.get(4)?,
            ended: r.get(5)?,
            open: r.get(6)?,
            due: r.get(7)?,
            late: r.get(8)?,
            first: r.get(9)?,
        })
    }
}

/// Cases below a division by the parts of it that have so many digits.
pub fn by_place(tx: &mut Tx, range: &[String; 2], digits: i64, s: Span) -> Result<Vec<Tally>> {
    let row = params![
        &range[0],
        &range[1],
        digits,
        s.from,
        s.until,
        s.before,
        s.due,
        s.now,
        s.year_from,
        s.year_until
    ];
    tx.all(BY_PLACE, row)
}

/// Cases below a division by business; at most a thousand rows, those with most cases first.
pub fn by_business(tx: &mut Tx, range: &[String; 2], s: Span) -> Result<Vec<Tally>> {
    let row =
        params![&range[0], &range[1], s.from, s.until, s.before, s.due, s.now, s.year_from, s.year_until];
    tx.all(BY_BUSINESS, row)
}

/// When the first case of all was begun. Looks through all of them.
pub fn first(tx: &mut Tx) -> Result<Option<Millis>> {
    let found: Option<(i64,)> = tx.one(FIRST, &[])?;
    Ok(found.map(|(at,)| at))
}

/// When a clock of a case runs out, or would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub case: String,
    pub code: String,
    /// The first moment too late.
    pub late_from: Millis,
}

impl FromRow for Limit {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { case: r.get(0)?, code: r.get(1)?, late_from: r.get(2)? })
    }
}

/// Clocks of cases of a kind from one id to another, both included: stopped, run out and running ones.
pub fn clocks(tx: &mut Tx, kind: &str, (first, last): (&str, &str)) -> Result<Vec<Limit>> {
    tx.all(CLOCKS, params![kind, first, last])
}

/// Which cases of a [`Tally`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    #[default]
    Opened,
    Before,
    YearBefore,
    Ended,
    Open,
    Due,
    Late,
}

/// A case behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Behind {
    pub id: String,
    pub kind: String,
    /// Put in by the caller from the definition.
    pub kind_name: String,
    pub number: String,
    pub title: String,
    pub division: String,
    /// '' none
    pub business: String,
    pub status: String,
    pub status_name: String,
    /// open, suspended, done, terminated
    pub phase: String,
    pub opened_at: Millis,
    pub ended_at: Option<Millis>,
    /// When the first running clock is over.
    pub next_due: Option<Millis>,
    /// Escalations so far: above 0 it was late before.
    pub level: i64,
    pub simulated: bool,
}

impl FromRow for Behind {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            kind_name: String::new(),
            number: r.get(2)?,
            title: r.get(3)?,
            division: r.get(4)?,
            business: r.get(5)?,
            status: r.get(6)?,
            status_name: String::new(),
            phase: r.get(7)?,
            opened_at: r.get(8)?,
            ended_at: r.get(9)?,
            next_due: r.get(10)?,
            level: r.get(11)?,
            simulated: r.get::<i64>(12)? == 1,
        })
    }
}

/// Whose cases a figure counts.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// `[from, until)` of division codes.
    pub range: &'a [String; 2],
    pub kinds: &'a [&'a str],
    /// Of one business only.
    pub business: Option<&'a str>,
}

/// The cases behind a figure, what is late or begun first at the top.
pub fn behind(
    tx: &mut Tx,
    of: Of,
    what: What,
    s: Span,
    (page, size): (i64, i64),
) -> Result<(Vec<Behind>, i64)> {
    let count = Filter::new("SELECT count(*) FROM flow_cases c");
    let total = tx.count(&narrowed(count, of, what, s))?;
    let rows = Filter::new(
        "SELECT c.id, c.kind, c.number, c.title, c.division, c.business, c.status, c.phase, c.opened_at, c.ended_at, c.next_due,
            c.level, c.simulated
        FROM flow_cases c",
    );
    let order = match what {
        What::Open | What::Due | What::Late => {
            "ORDER BY CASE WHEN c.next_due IS NULL THEN 1 ELSE 0 END, c.next_due, c.id LIMIT ? OFFSET ?"
        }
        What::Ended => "ORDER BY c.ended_at DESC, c.id LIMIT ? OFFSET ?",
        _ => "ORDER BY c.opened_at DESC, c.id LIMIT ? OFFSET ?",
    };
    let rows = narrowed(rows, of, what, s).then(order, &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok((tx.list(&rows)?, total))
}

/// The same conditions as those that are counted.
fn narrowed(rows: Filter, of: Of, what: What, s: Span) -> Filter {
    let int = Param::Int;
    let rows = rows
        .and("c.division >= ? AND c.division < ?", &[Param::Text(&of.range[0]), Param::Text(&of.range[1])])
        .and("c.phase <> 'void'", &[])
        .and_some("c.business = ?", of.business)
        .and_either(&[Either::list("c.kind IN (", of.kinds.iter().map(|k| Param::Text(k)).collect(), ")")]);
    let opened = "c.opened_at >= ? AND c.opened_at < ?";
    match what {
        What::Opened => rows.and(opened, &[int(s.from), int(s.until)]),
        What::Before => rows.and(opened, &[int(s.before), int(s.from)]),
        What::YearBefore => rows.and(opened, &[int(s.year_from), int(s.year_until)]),
        What::Ended => rows.and("c.ended_at >= ? AND c.ended_at < ?", &[int(s.from), int(s.until)]),
        What::Open => rows.and(
            "c.opened_at < ? AND (c.ended_at IS NULL OR c.ended_at >= ?)",
            &[int(s.until), int(s.until)],
        ),
        What::Due => rows.and(
            "c.ended_at IS NULL AND c.level = 0 AND c.next_due > ? AND c.next_due <= ?",
            &[int(s.now), int(s.due)],
        ),
        What::Late => rows.and("c.ended_at IS NULL AND (c.level > 0 OR c.next_due <= ?)", &[int(s.now)]),
    }
}
