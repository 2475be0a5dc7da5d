//! Yearly plans and how far they have come.

use std::collections::{BTreeMap, HashMap};

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params, prefix_range};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Plan, PlanCount, PlanItem, PlanItemQuery};

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
    SET_DONE = "UPDATE plan_items SET done = $3 WHERE plan = $1 AND party = $2";
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
    const ITEMS: &[&str] =
        &["plan", "party", "division", "kind", "grade", "priority", "needed", "done", "reason"];
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

fn cells<'p>(plan: &'p str, i: &'p PlanItem) -> [Param<'p>; 9] {
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

/// A visit more (`by` 1) or, void, one less (-1) counts in a plan.
pub fn count(tx: &mut Tx, plan: &str, party: &str, county: &str, by: i64) -> Result<()> {
    let Some((needed, done, grade)) = tx.one::<(i64, i64, String)>(ITEM, params![plan, party])? else {
        return Ok(());
    };
    let after = (done + by).max(0);
    tx.exec(SET_DONE, params![plan, party, after])?;
    let counts = after.min(needed) - done.min(needed);
    tx.exec(COUNT_DONE, params![plan, county, &grade, counts]).map(drop)
}

impl FromRow for PlanItem {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            name: String::new(),
            division: r.get(1)?,
            kind: r.get(2)?,
            grade: r.get(3)?,
            priority: r.get::<i64>(4)? == 1,
            needed: r.get(5)?,
            done: r.get(6)?,
            reason: r.get(7)?,
        })
    }
}

/// Items of a plan, those of priority first.
pub fn items(tx: &mut Tx, scope: &Scope, plan: &str, q: &PlanItemQuery) -> Result<Page<PlanItem>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM plan_items i"), scope, plan, q);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT i.party, i.division, i.kind, i.grade, i.priority, i.needed, i.done, i.reason FROM plan_items i",
    );
    let rows = narrowed(rows, scope, plan, q).then(
        "ORDER BY i.priority DESC, i.division, i.party LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrowed(filter: Filter, scope: &Scope, plan: &str, q: &PlanItemQuery) -> Filter {
    let filter = filter.and("i.plan = ?", &[Param::Text(plan)]);
    let mut filter = scope.restrict(filter, "i.division >= ? AND i.division < ?", "i.party = ?");
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("i.division >= ? AND i.division < ?", std::slice::from_ref(division));
    }
    let filter = filter.and_some("i.grade = ?", q.grade.as_deref()).and_some("i.kind = ?", q.kind.as_deref());
    match q.state.as_deref() {
        Some("due") => filter.and("i.done < i.needed", &[]),
        Some("done") => filter.and("i.needed > 0 AND i.done >= i.needed", &[]),
        _ => filter,
    }
}
