//! Limits: added, looked up, never changed.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, answer::paging};

use crate::model::{LimitQuery, LimitRow};
use crate::rules::judge::Limit;

kit_db::statements! {
    INSERT = "INSERT INTO limits (id, standard, item, cas, category, food, except_foods, bound, unit, method, from_day, until_day, source, verified,
            hash, added_at, added_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (hash) DO NOTHING";
    ALL = "SELECT id, standard, item, category, food, except_foods, bound, unit, from_day, until_day, verified, cas, method, source
        FROM limits WHERE from_day <= $1 AND (until_day = '' OR until_day > $1)";
}

impl FromRow for LimitRow {
    fn from_row(r: &Row) -> Result<Self> {
        let except: String = r.get(5)?;
        let bound: String = r.get(6)?;
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
                verified: r.get::<i64>(10)? == 1,
            },
            cas: r.get(11)?,
            method: r.get(12)?,
            source: r.get(13)?,
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

pub fn list(tx: &mut Tx, q: &LimitQuery) -> Result<Page<LimitRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM limits"), q);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT id, standard, item, category, food, except_foods, bound, unit, from_day, until_day, verified, cas, method, source
        FROM limits",
    );
    let rows = narrowed(rows, q).then(
        "ORDER BY item, category, from_day, id LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrowed(filter: Filter, q: &LimitQuery) -> Filter {
    filter.and_some("item = ?", q.item.as_deref()).and_some("category = ?", q.category.as_deref())
}
