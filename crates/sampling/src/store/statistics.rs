//! Samples as they are counted: supervision samples whose report was issued in a period.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::answer::paging;

use crate::model::{StatQuery, StatSample};
use crate::rules::statistics::{Fact, within};

kit_db::statements! {
    /// What a plan calls its places in the tree of foods, the latest plan last.
    FOODS = "SELECT q.category, q.category_name FROM sample_quotas q JOIN sample_plans p ON p.id = q.plan ORDER BY p.created_at, q.id";
    UNDECIDED = "SELECT count(*) FROM samples WHERE kind = 'supervision' AND phase <> 'void' AND verdict = 'undecided'
        AND division >= $1 AND division < $2 AND issued_at >= $3 AND issued_at < $4";
    OVERTURNED = "SELECT count(*) FROM samples WHERE kind = 'supervision' AND phase <> 'void' AND flags LIKE '%,overturned,%'
        AND verdict = 'fails' AND division >= $1 AND division < $2 AND issued_at >= $3 AND issued_at < $4";
    FAILING = "SELECT item FROM sample_verdicts WHERE sample = $1 AND outcome = 'fails' ORDER BY no";
    STEPS = "SELECT id, opened_at, taken_at, received_at, issued_at, served_at, closed_at, verdict, late FROM samples
        WHERE phase <> 'void' AND division >= $1 AND division < $2 AND id > $3
            AND (closed_at IS NULL OR opened_at >= $4 OR taken_at >= $4 OR received_at >= $4 OR issued_at >= $4 OR served_at >= $4
                OR closed_at >= $4)
        ORDER BY id LIMIT $5";
}

/// Which samples, besides what the query says.
pub struct Which<'a> {
    pub range: &'a [String; 2],
    pub from: Millis,
    pub until: Millis,
    pub query: &'a StatQuery,
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|t| !t.is_empty())
}

fn narrowed(filter: Filter, which: &Which) -> Filter {
    let (q, int) = (which.query, Param::Int);
    let filter = filter
        .and("s.kind = 'supervision' AND s.phase <> 'void' AND CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END IN ('conforms', 'fails')", &[])
        .and(
            "s.division >= ? AND s.division < ?",
            &[Param::Text(&which.range[0]), Param::Text(&which.range[1])],
        )
        .and("s.issued_at >= ? AND s.issued_at < ?", &[int(which.from), int(which.until)])
        .and_some("s.stage = ?", given(&q.stage))
        .and_some("s.lab = ?", given(&q.lab));
    match given(&q.category) {
        Some(category) => {
            let below = format!("{}.%", category.replace(['%', '_'], ""));
            filter.and("s.category = ? OR s.category LIKE ?", &[Param::Text(category), Param::Text(&below)])
        }
        None => filter,
    }
}

/// Every sample, or every result of an item, that counts. A failure that was overturned does not fail.
pub fn facts(tx: &mut Tx, which: &Which, of_items: bool, each: &mut dyn FnMut(&Fact)) -> Result<()> {
    let rows = match of_items {
        false => narrowed(
            Filter::new(
                "SELECT s.category, s.stage, s.division, s.lab, COALESCE(s.taken_at, s.opened_at), '',
                    CAST(CASE WHEN CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END = 'fails' AND s.flags NOT LIKE '%,overturned,%' THEN 1 ELSE 0 END AS BIGINT) FROM samples s",
            ),
            which,
        ),
        true => narrowed(
            Filter::new(
                "SELECT s.category, s.stage, s.division, s.lab, COALESCE(s.taken_at, s.opened_at), v.item,
                    CAST(CASE WHEN v.outcome = 'fails' AND s.flags NOT LIKE '%,overturned,%' THEN 1 ELSE 0 END AS BIGINT)
                FROM samples s JOIN sample_verdicts v ON v.sample = s.id",
            ),
            which,
        )
        .and("v.outcome IN ('conforms', 'fails')", &[])
        .and_some("v.item = ?", given(&which.query.item)),
    };
    let above = given(&which.query.category).unwrap_or("").to_owned();
    tx.scan_list(&rows, &mut |r| {
        let fact = Fact {
            category: r.get(0)?,
            stage: r.get(1)?,
            division: r.get(2)?,
            lab: r.get(3)?,
            taken_at: r.get(4)?,
            item: r.get(5)?,
            fails: r.get::<i64>(6)? == 1,
        };
        // a category with signs of LIKE in it would match more
        if within(&fact.category, &above) {
            each(&fact);
        }
        Ok(true)
    })
}

/// Reports that decide nothing, and failures that were overturned.
pub fn beside(tx: &mut Tx, which: &Which) -> Result<(i64, i64)> {
    let row = params![&which.range[0], &which.range[1], which.from, which.until];
    let one = |found: Option<(i64,)>| found.map_or(0, |(n,)| n);
    Ok((one(tx.one(UNDECIDED, row)?), one(tx.one(OVERTURNED, row)?)))
}

/// (place in the tree, name), a later name stands.
pub fn foods(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.all(FOODS, &[])
}

/// When a sample went on.
pub struct Course {
    pub id: String,
    pub opened: Millis,
    pub taken: Option<Millis>,
    pub received: Option<Millis>,
    pub issued: Option<Millis>,
    pub served: Option<Millis>,
    pub closed: Option<Millis>,
    pub verdict: String,
    /// A clock ran out.
    pub late: bool,
}

impl FromRow for Course {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            opened: r.get(1)?,
            taken: r.get(2)?,
            received: r.get(3)?,
            issued: r.get(4)?,
            served: r.get(5)?,
            closed: r.get(6)?,
            verdict: r.get(7)?,
            late: r.get::<i64>(8)? == 1,
        })
    }
}

/// Samples that are open or went on since a time, in the order of their ids, after one of them.
pub fn courses(
    tx: &mut Tx,
    range: &[String; 2],
    after: &str,
    from: Millis,
    most: i64,
) -> Result<Vec<Course>> {
    tx.all(STEPS, params![&range[0], &range[1], after, from, most])
}

struct Found(StatSample);

impl FromRow for Found {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self(StatSample {
            id: r.get(0)?,
            sample_no: r.get(1)?,
            food: r.get(2)?,
            category: r.get(3)?,
            stage: r.get(4)?,
            party: r.get(5)?,
            party_name: String::new(),
            division: r.get(6)?,
            division_name: String::new(),
            lab: r.get(7)?,
            lab_name: String::new(),
            taken_at: r.get(8)?,
            issued_at: r.get(9)?,
            verdict: r.get(10)?,
            overturned: r.get::<String>(11)?.contains(",overturned,"),
            failing: String::new(),
            simulated: r.get::<i64>(12)? == 1,
        }))
    }
}

/// The samples behind a figure, what failed first and the latest first. Seasons and months are days of sampling (`[from, until)` each).
pub fn behind(
    tx: &mut Tx,
    which: &Which,
    days: Option<&[(Millis, Millis)]>,
) -> Result<(Vec<StatSample>, i64)> {
    let q = which.query;
    let narrow = |filter: Filter| {
        let mut filter = narrowed(filter, which);
        if let Some(item) = given(&q.item) {
            let tested = "EXISTS (SELECT 1 FROM sample_verdicts v WHERE v.sample = s.id AND v.item = ? AND v.outcome IN ('conforms', 'fails'))";
            filter = filter.and(tested, &[Param::Text(item)]);
        }
        if q.fails == Some(true) {
            filter = filter.and("CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END = 'fails' AND s.flags NOT LIKE '%,overturned,%'", &[]);
            if let Some(item) = given(&q.item) {
                let failed = "EXISTS (SELECT 1 FROM sample_verdicts v WHERE v.sample = s.id AND v.item = ? AND v.outcome = 'fails')";
                filter = filter.and(failed, &[Param::Text(item)]);
            }
        }
        match days {
            Some(days) => {
                let text = |at: &Millis| at.to_string();
                let spans: Vec<Vec<String>> = days.iter().map(|(a, b)| vec![text(a), text(b)]).collect();
                filter.and_any(
                    "COALESCE(s.taken_at, s.opened_at) >= CAST(CAST(? AS TEXT) AS BIGINT) AND COALESCE(s.taken_at, s.opened_at) < CAST(CAST(? AS TEXT) AS BIGINT)",
                    &spans,
                )
            }
            None => filter,
        }
    };
    let (page, size) = paging(q.page, q.size);
    let total = tx.count(&narrow(Filter::new("SELECT count(*) FROM samples s")))?;
    let rows = narrow(Filter::new(
        "SELECT s.id, s.sample_no, s.food, s.category, s.stage, s.party, s.division, s.lab, s.taken_at, s.issued_at, CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END, s.flags,
            s.simulated FROM samples s",
    ))
    .then(
        "ORDER BY CASE WHEN CASE WHEN s.corrected = '' THEN s.verdict ELSE s.corrected END = 'fails' THEN 0 ELSE 1 END, s.issued_at DESC, s.id LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    let found: Vec<Found> = tx.list(&rows)?;
    let mut out: Vec<StatSample> = found.into_iter().map(|f| f.0).collect();
    for s in out.iter_mut().filter(|s| s.verdict == "fails") {
        let items: Vec<(String,)> = tx.all(FAILING, params![&s.id])?;
        s.failing = items.into_iter().map(|(item,)| item).collect::<Vec<_>>().join("、");
    }
    Ok((out, total))
}
