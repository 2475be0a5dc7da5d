//! Yearly plans and how far they have come.

use std::collections::{BTreeMap, HashMap};

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params, prefix_range};
use kit_web::{Page, Scope};
use parties::narrow::{self, Narrow as _};

use crate::model::{Plan, PlanCount, PlanItem, PlanItemQuery};
use crate::rules::plan::next_due;

kit_db::statements! {
    INSERT = "INSERT INTO plans (id, year, division, name, state, businesses, by_name, begun_at) VALUES ($1, $2, $3, $4, 'computing', 0, $5, $6)";
    BY_ID = "SELECT id, year, division, name, state, businesses, by_name, begun_at, ready_at FROM plans WHERE id = $1";
    OF_YEAR = "SELECT id, year, division, name, state, businesses, by_name, begun_at, ready_at FROM plans WHERE year = $1 AND division = $2";
    ALL = "SELECT id, year, division, name, state, businesses, by_name, begun_at, ready_at FROM plans
        ORDER BY year DESC, division LIMIT 5000";
    AGAIN = "UPDATE plans SET state = 'computing', begun_at = $2, ready_at = NULL WHERE id = $1";
    READY = "UPDATE plans SET state = 'ready', businesses = $2, ready_at = $3 WHERE id = $1";
    CLEAR_ITEMS = "DELETE FROM plan_items WHERE plan = $1 AND division >= $2 AND division < $3";
    CLEAR_COUNTS = "DELETE FROM plan_counts WHERE plan = $1 AND county = $2";
    SUMS = "SELECT county, grade, businesses, needed, done FROM plan_counts WHERE plan = $1 ORDER BY county, grade";
    BUSINESSES = "SELECT CAST(COALESCE(sum(businesses), 0) AS BIGINT) FROM plan_counts WHERE plan = $1";
    /// The plans of a year that cover a place, the nearest first.
    COVERING = "SELECT id FROM plans WHERE year = $1 AND substr($2, 1, length(division)) = division ORDER BY length(division) DESC";
    ITEM = "SELECT needed, done, grade FROM plan_items WHERE plan = $1 AND party = $2";
    LACKING = "SELECT i.plan, i.party, p.year, i.needed, i.done FROM plan_items i JOIN plans p ON p.id = i.plan
        WHERE i.code = '' AND (i.plan > $1 OR i.plan = $1 AND i.party > $2) ORDER BY i.plan, i.party LIMIT $3";
    FILL = "UPDATE plan_items SET name = $3, code = $4, next_due = $5, last_at = $6 WHERE plan = $1 AND party = $2";
    SET_DONE = "UPDATE plan_items SET done = $3, next_due = $4, last_at = $5 WHERE plan = $1 AND party = $2";
    LAST = "SELECT max(recorded_at) FROM visits WHERE party = $1 AND id <> $2 AND recorded_at IS NOT NULL AND phase <> 'void' AND counts = 1";
    COUNT_DONE = "UPDATE plan_counts SET done = done + $4 WHERE plan = $1 AND county = $2 AND grade = $3";
    /// Recorded visits of a county since a moment, by business: how many, and the last of those before another moment.
    RECORDED = "SELECT party, recorded_at FROM visits
        WHERE recorded_at >= $1 AND division >= $2 AND division < $3 AND phase <> 'void' AND counts = 1";
}

impl FromRow for Plan {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            year: r.get(1)?,
            division: r.get(2)?,
            name: r.get(3)?,
            state: r.get(4)?,
            businesses: r.get(5)?,
            by_name: r.get(6)?,
            begun_at: r.get(7)?,
            ready_at: r.get(8)?,
        })
    }
}

pub fn insert(tx: &mut Tx, p: &Plan) -> Result<()> {
    tx.exec(INSERT, params![&p.id, p.year, &p.division, &p.name, &p.by_name, p.begun_at]).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Plan>> {
    tx.one(BY_ID, params![id])
}

pub fn of_year(tx: &mut Tx, year: i64, division: &str) -> Result<Option<Plan>> {
    tx.one(OF_YEAR, params![year, division])
}

/// It is computed anew.
pub fn again(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(AGAIN, params![id, now]).map(drop)
}

/// Computing has come to its end.
pub fn ready(tx: &mut Tx, id: &str, now: Millis) -> Result<i64> {
    let businesses: i64 = tx.one(BUSINESSES, params![id])?.unwrap_or(0);
    tx.exec(READY, params![id, businesses, now])?;
    Ok(businesses)
}

/// All plans, the latest year first: a few a year and bureau.
pub fn all(tx: &mut Tx) -> Result<Vec<Plan>> {
    tx.all(ALL, &[])
}

/// Puts the items of a county in the place of those that were there.
pub fn put_county(tx: &mut Tx, plan: &str, county: &str, items: &[PlanItem]) -> Result<()> {
    let [low, high] = prefix_range(county);
    tx.exec(CLEAR_ITEMS, params![plan, &low, &high])?;
    tx.exec(CLEAR_COUNTS, params![plan, county])?;
    const ITEMS: &[&str] = &[
        "plan", "party", "division", "kind", "grade", "priority", "needed", "done", "reason", "name", "code",
        "next_due", "last_at",
    ];
    tx.insert_many("plan_items", ITEMS, items.iter().map(|i| cells(plan, i).to_vec()))?;
    let mut counts: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for i in items {
        let of = counts.entry(&i.grade).or_default();
        *of = [of[0] + 1, of[1] + i.needed, of[2] + i.done.min(i.needed)];
    }
    const COUNTS: &[&str] = &["plan", "county", "grade", "businesses", "needed", "done"];
    let rows = counts.iter().map(|(grade, [businesses, needed, done])| {
        let text = |t| Param::Text(t);
        vec![
            text(plan),
            text(county),
            text(grade),
            Param::Int(*businesses),
            Param::Int(*needed),
            Param::Int(*done),
        ]
    });
    tx.insert_many("plan_counts", COUNTS, rows).map(drop)
}

fn cells<'p>(plan: &'p str, i: &'p PlanItem) -> [Param<'p>; 13] {
    [
        Param::Text(plan),
        Param::Text(&i.party),
        Param::Text(&i.division),
        Param::Text(&i.kind),
        Param::Text(&i.grade),
        Param::Int(i64::from(i.priority)),
        Param::Int(i.needed),
        Param::Int(i.done),
        Param::Text(&i.reason),
        Param::Text(&i.name),
        Param::Text(&i.code),
        Param::from(i.next_due),
        Param::from(i.last_at),
    ]
}

impl FromRow for PlanCount {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            county: r.get(0)?,
            grade: r.get(1)?,
            businesses: r.get(2)?,
            needed: r.get(3)?,
            done: r.get(4)?,
        })
    }
}

/// By county and grade.
pub fn counts(tx: &mut Tx, plan: &str) -> Result<Vec<PlanCount>> {
    tx.all(SUMS, params![plan])
}

/// Recorded visits of a place since a moment: the business and when.
pub fn recorded(tx: &mut Tx, since: Millis, division: &str) -> Result<HashMap<String, Vec<Millis>>> {
    let [low, high] = prefix_range(division);
    let mut out: HashMap<String, Vec<Millis>> = HashMap::new();
    tx.scan(RECORDED, params![since, &low, &high], &mut |r| {
        out.entry(r.get(0)?).or_default().push(r.get(1)?);
        Ok(true)
    })?;
    Ok(out)
}

/// The plans of a year that cover a place, the nearest first.
pub fn covering(tx: &mut Tx, year: i64, division: &str) -> Result<Vec<String>> {
    tx.all(COVERING, params![year, division])
}

/// The last recorded visit of a business that counts, without one.
pub fn last_recorded(tx: &mut Tx, party: &str, except: &str) -> Result<Option<Millis>> {
    Ok(tx.one::<Option<Millis>>(LAST, params![party, except])?.flatten())
}

/// What a visit changes in a plan.
pub struct Counted<'a> {
    pub party: &'a str,
    pub county: &'a str,
    pub year: i64,
    /// 1: a visit more; -1: one is void.
    pub by: i64,
    /// The last recorded visit of the business.
    pub last: Option<Millis>,
}

/// A visit more or, void, one less counts in a plan.
pub fn count(tx: &mut Tx, plan: &str, c: &Counted) -> Result<()> {
    let Some((needed, done, grade)) = tx.one::<(i64, i64, String)>(ITEM, params![plan, c.party])? else {
        return Ok(());
    };
    let after = (done + c.by).max(0);
    tx.exec(SET_DONE, params![plan, c.party, after, next_due(c.year, needed, after), c.last])?;
    let counts = after.min(needed) - done.min(needed);
    tx.exec(COUNT_DONE, params![plan, c.county, &grade, counts]).map(drop)
}

impl FromRow for PlanItem {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            name: r.get(8)?,
            code: r.get(9)?,
            division: r.get(1)?,
            kind: r.get(2)?,
            grade: r.get(3)?,
            priority: r.get::<i64>(4)? == 1,
            needed: r.get(5)?,
            done: r.get(6)?,
            reason: r.get(7)?,
            next_due: r.get(10)?,
            last_at: r.get(11)?,
        })
    }
}

const ITEMS: &str = "SELECT i.party, i.division, i.kind, i.grade, i.priority, i.needed, i.done, i.reason, i.name, i.code, i.next_due,
    i.last_at FROM plan_items i";

/// Items of a plan as they are asked for. Errors: `sort_unknown`.
pub fn items(
    tx: &mut Tx,
    scope: &Scope,
    plan: &str,
    q: &PlanItemQuery,
    now: Millis,
) -> Result<Page<PlanItem>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM plan_items i"), scope, plan, q, now);
    let rows = narrowed(Filter::new(ITEMS), scope, plan, q, now).then(order(q)?, &[]);
    narrow::page(tx, (q.page, q.size), counted, rows)
}

/// All of them, one after the other. Errors: as [`items`].
pub fn whole(
    tx: &mut Tx,
    scope: &Scope,
    plan: &str,
    q: &PlanItemQuery,
    now: Millis,
    each: &mut dyn FnMut(PlanItem) -> Result<bool>,
) -> Result<()> {
    let rows = narrowed(Filter::new(ITEMS), scope, plan, q, now).then(order(q)?, &[]);
    tx.scan_list(&rows, &mut |row| each(PlanItem::from_row(row)?))
}

/// Refuses what cannot be answered before a job begins. Errors: `sort_unknown`.
pub fn checked(q: &PlanItemQuery) -> Result<()> {
    order(q).map(drop)
}

/// The party makes the order whole, so that pages do not overlap. Who is asked for nothing more comes last, late first.
fn order(q: &PlanItemQuery) -> Result<&'static str> {
    Ok(match q.sort.as_deref().unwrap_or("") {
        "" => "ORDER BY i.priority DESC, i.division, i.party",
        "due" => "ORDER BY COALESCE(i.next_due, 9000000000000), i.party",
        "-due" => "ORDER BY COALESCE(i.next_due, 9000000000000) DESC, i.party DESC",
        "name" => "ORDER BY i.name, i.party",
        "-name" => "ORDER BY i.name DESC, i.party",
        "grade" => "ORDER BY CASE WHEN i.grade = '' THEN 1 ELSE 0 END, i.grade, i.party",
        "-grade" => "ORDER BY i.grade DESC, i.party",
        "needed" => "ORDER BY i.needed, i.party",
        "-needed" => "ORDER BY i.needed DESC, i.party",
        "done" => "ORDER BY i.done, i.party",
        "-done" => "ORDER BY i.done DESC, i.party",
        "last" => "ORDER BY COALESCE(i.last_at, 0), i.party",
        "-last" => "ORDER BY COALESCE(i.last_at, 0) DESC, i.party",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    })
}

fn narrowed(filter: Filter, scope: &Scope, plan: &str, q: &PlanItemQuery, now: Millis) -> Filter {
    let filter = filter.and("i.plan = ?", &[Param::Text(plan)]);
    let filter = scope
        .restrict(filter, "i.division >= ? AND i.division < ?", "i.party = ?")
        .below("i.division >= ? AND i.division < ?", q.division.as_deref())
        .said("i.grade = ?", q.grade.as_deref())
        .said("i.kind = ?", q.kind.as_deref());
    let filter = if q.priority == Some(1) { filter.and("i.priority = 1", &[]) } else { filter };
    let filter = match q.state.as_deref() {
        Some("due") => filter.and("i.done < i.needed", &[]),
        Some("late") => filter.and("i.next_due <= ?", &[Param::Int(now)]),
        Some("done") => filter.and("i.needed > 0 AND i.done >= i.needed", &[]),
        _ => filter,
    };
    let text = q.q.as_deref().map(|t| t.trim().replace(['%', '_'], "")).filter(|t| !t.is_empty());
    match text {
        Some(t) => {
            let (name, code) = (format!("%{t}%"), format!("{}%", t.to_uppercase()));
            filter.and("(i.name LIKE ? OR i.code LIKE ?)", &[Param::Text(&name), Param::Text(&code)])
        }
        None => filter,
    }
}

/// An item of a plan computed before its list could be searched.
pub struct Lacking {
    pub plan: String,
    pub party: String,
    pub year: i64,
    pub needed: i64,
    pub done: i64,
}

impl FromRow for Lacking {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { plan: r.get(0)?, party: r.get(1)?, year: r.get(2)?, needed: r.get(3)?, done: r.get(4)? })
    }
}

/// The next of them after one of a plan and business.
pub fn lacking(tx: &mut Tx, after: &(String, String), most: i64) -> Result<Vec<Lacking>> {
    tx.all(LACKING, params![&after.0, &after.1, most])
}

/// Name and code, when the next visit is late, when the last was.
pub fn fill(
    tx: &mut Tx,
    i: &Lacking,
    (name, code): (&str, &str),
    next_due: Option<Millis>,
    last: Option<Millis>,
) -> Result<()> {
    tx.exec(FILL, params![&i.plan, &i.party, name, code, next_due, last]).map(drop)
}
