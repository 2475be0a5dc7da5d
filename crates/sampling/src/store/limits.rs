//! Limits: added, looked up, never changed.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, answer::paging};

use crate::model::{LimitCheck, LimitQuery, LimitRow};
use crate::rules::judge::Limit;

kit_db::statements! {
    INSERT = "INSERT INTO limits (id, standard, item, cas, category, food, except_foods, bound, unit, method, from_day, until_day, source, verified,
            hash, added_at, added_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (hash) DO NOTHING";
    ALL = "SELECT l.id, l.standard, l.item, l.category, l.food, l.except_foods, l.bound, l.unit, l.from_day, l.until_day, l.verified, l.cas,
            l.method, l.source, c.user_name, c.note, c.at
        FROM limits l LEFT JOIN limit_checks c ON c.limit_id = l.id WHERE l.from_day <= $1 AND (l.until_day = '' OR l.until_day > $1)";
    BY_ID = "SELECT l.id, l.standard, l.item, l.category, l.food, l.except_foods, l.bound, l.unit, l.from_day, l.until_day, l.verified, l.cas,
            l.method, l.source, c.user_name, c.note, c.at
        FROM limits l LEFT JOIN limit_checks c ON c.limit_id = l.id WHERE l.id = $1";
    ADDED_BY = "SELECT added_by FROM limits WHERE id = $1";
    CHECK = "INSERT INTO limit_checks (limit_id, user_id, user_name, note, at) VALUES ($1, $2, $3, $4, $5)";
}

impl FromRow for LimitRow {
    fn from_row(r: &Row) -> Result<Self> {
        let except: String = r.get(5)?;
        let bound: String = r.get(6)?;
        let checked = match r.get::<Option<String>>(14)? {
            Some(by_name) => Some(LimitCheck { by_name, note: r.get(15)?, at: r.get(16)? }),
            None => None,
        };
        Ok(Self {
            limit: Limit {
                id: r.get(0)?,
                standard: r.get(1)?,
                item: r.get(2)?,
                category: r.get(3)?,
                food: r.get(4)?,
                except: except.split(';').filter(|e| !e.is_empty()).map(str::to_owned).collect(),
                bound: serde_json::from_str(&bound).map_err(Error::internal)?,
                unit: r.get(7)?,
                from: r.get(8)?,
                until: r.get(9)?,
                verified: r.get::<i64>(10)? == 1 || checked.is_some(),
            },
            cas: r.get(11)?,
            method: r.get(12)?,
            source: r.get(13)?,
            checked,
        })
    }
}

/// Adds a row; answers whether it was not there yet.
pub fn insert(tx: &mut Tx, l: &LimitRow, hash: &str, user: &str, now: Millis) -> Result<bool> {
    let bound = serde_json::to_string(&l.limit.bound).map_err(Error::internal)?;
    let except = l.limit.except.join(";");
    let row = params![
        &l.limit.id,
        &l.limit.standard,
        &l.limit.item,
        &l.cas,
        &l.limit.category,
        &l.limit.food,
        &except,
        &bound,
        &l.limit.unit,
        &l.method,
        &l.limit.from,
        &l.limit.until,
        &l.source,
        l.limit.verified,
        hash,
        now,
        user
    ];
    Ok(tx.exec(INSERT, row)? > 0)
}

/// Every limit that holds on a day and may be for a food of this category.
pub fn on(tx: &mut Tx, day: &str, category: &str) -> Result<Vec<Limit>> {
    let mut out = Vec::new();
    tx.scan(ALL, params![day], &mut |row| {
        let limit = LimitRow::from_row(row)?.limit;
        if crate::rules::judge::within(category, &limit.category) {
            out.push(limit);
        }
        Ok(true)
    })?;
    Ok(out)
}

const SELECT: &str = "SELECT l.id, l.standard, l.item, l.category, l.food, l.except_foods, l.bound, l.unit, l.from_day, l.until_day, l.verified,
        l.cas, l.method, l.source, c.user_name, c.note, c.at
    FROM limits l LEFT JOIN limit_checks c ON c.limit_id = l.id";

/// Errors: `sort_unknown`.
pub fn list(tx: &mut Tx, q: &LimitQuery) -> Result<Page<LimitRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM limits l"), q);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = sorted(narrowed(Filter::new(SELECT), q), q)?
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The whole table, row by row. Errors: `sort_unknown`, those of `each`.
pub fn whole(tx: &mut Tx, q: &LimitQuery, each: &mut dyn FnMut(LimitRow) -> Result<bool>) -> Result<()> {
    let rows = sorted(narrowed(Filter::new(SELECT), q), q)?;
    tx.scan_list(&rows, &mut |row| each(LimitRow::from_row(row)?))
}

/// The id makes the order whole, so that pages do not overlap.
fn sorted(filter: Filter, q: &LimitQuery) -> Result<Filter> {
    let tail = match q.sort.as_deref().unwrap_or("item") {
        "item" | "" => "ORDER BY l.item, l.category, l.from_day, l.id",
        "item_down" => "ORDER BY l.item DESC, l.category, l.from_day, l.id",
        "standard" => "ORDER BY l.standard, l.item, l.id",
        "standard_down" => "ORDER BY l.standard DESC, l.item, l.id",
        "food" => "ORDER BY l.category, l.food, l.item, l.id",
        "food_down" => "ORDER BY l.category DESC, l.food DESC, l.item, l.id",
        "from" => "ORDER BY l.from_day, l.item, l.id",
        "from_down" => "ORDER BY l.from_day DESC, l.item, l.id",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    Ok(filter.then(tail, &[]))
}

fn narrowed(filter: Filter, q: &LimitQuery) -> Filter {
    let said = |v: &'_ Option<String>| v.clone().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let mut filter = filter.and_some("l.item = ?", said(&q.item).as_deref());
    if let Some(category) = said(&q.category) {
        // what holds for a class holds for those below it
        let mut above = vec![vec![String::new()]];
        above.extend(category.match_indices('.').map(|(at, _)| vec![category[..at].to_owned()]));
        above.push(vec![category]);
        filter = filter.and_any("l.category = ?", &above);
    }
    if let Some(day) = said(&q.day) {
        let day = Param::Text(&day);
        filter = filter.and("l.from_day <= ? AND (l.until_day = '' OR l.until_day > ?)", &[day, day]);
    }
    filter = match q.verified {
        Some(1) => {
            filter.and("l.verified = 1 OR EXISTS (SELECT 1 FROM limit_checks k WHERE k.limit_id = l.id)", &[])
        }
        Some(0) => filter
            .and("l.verified = 0 AND NOT EXISTS (SELECT 1 FROM limit_checks k WHERE k.limit_id = l.id)", &[]),
        _ => filter,
    };
    match said(&q.q).map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => {
            let like = Param::Text(&like);
            filter.and("l.item LIKE ? OR l.standard LIKE ? OR l.food LIKE ?", &[like, like, like])
        }
        None => filter,
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<LimitRow>> {
    tx.one(BY_ID, params![id])
}

/// Who took it in.
pub fn added_by(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    tx.one(ADDED_BY, params![id])
}

/// Somebody compared it with the standard.
pub fn check(tx: &mut Tx, id: &str, by: (&str, &str), note: &str, now: Millis) -> Result<()> {
    tx.exec(CHECK, params![id, by.0, by.1, note, now]).map(drop)
}
