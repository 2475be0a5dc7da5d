//! Plans, their cells, and how far they are.

use kit_base::{Millis, Result};
use kit_db::{Filter, Tx, params};
use kit_web::Scope;

use crate::model::{Cell, NewPlan, NewQuota, Plan};

kit_db::statements! {
    INSERT = "INSERT INTO sample_plans (id, name, year, division, source, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ADD_QUOTA = "INSERT INTO sample_quotas (id, plan, category, category_name, stage, division, items, quota) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = "SELECT p.id, p.name, p.year, p.division, p.source, p.created_at,
            (SELECT CAST(sum(quota) AS BIGINT) FROM sample_quotas WHERE plan = p.id),
            (SELECT count(*) FROM samples s JOIN sample_quotas q ON q.id = s.quota WHERE q.plan = p.id AND s.taken_at IS NOT NULL)
        FROM sample_plans p WHERE p.id = $1";
    CELLS = "SELECT q.id, q.category, q.category_name, q.stage, q.division, q.items, q.quota,
            (SELECT count(*) FROM samples s WHERE s.quota = q.id AND (s.closed_at IS NULL OR s.taken_at IS NOT NULL)),
            (SELECT count(*) FROM samples s WHERE s.quota = q.id AND s.taken_at IS NOT NULL),
            (SELECT count(*) FROM samples s WHERE s.quota = q.id AND s.issued_at IS NOT NULL),
            (SELECT count(*) FROM samples s WHERE s.quota = q.id AND s.verdict = 'fails')
        FROM sample_quotas q WHERE q.plan = $1 ORDER BY q.category, q.stage, q.division";
    CELL = "SELECT q.id, q.category, q.category_name, q.stage, q.division, q.items, q.quota, CAST(0 AS BIGINT), CAST(0 AS BIGINT),
            CAST(0 AS BIGINT), CAST(0 AS BIGINT)
        FROM sample_quotas q WHERE q.id = $1";
    ASK = "INSERT INTO sample_asked (sample, no, item) VALUES ($1, $2, $3)";
    ASKED = "SELECT item FROM sample_asked WHERE sample = $1 ORDER BY no";
    SOURCE_OF = "SELECT p.source FROM sample_quotas q JOIN sample_plans p ON p.id = q.plan WHERE q.id = $1";
}

pub fn insert(tx: &mut Tx, id: &str, p: &NewPlan, user: &str, now: Millis) -> Result<()> {
    tx.exec(INSERT, params![id, &p.name, p.year, &p.division, &p.source, now, user]).map(drop)
}

pub fn add_quota(tx: &mut Tx, id: &str, plan: &str, q: &NewQuota) -> Result<()> {
    let items = q.items.join(";");
    let row = params![id, plan, &q.category, &q.category_name, &q.stage, &q.division, &items, q.quota];
    tx.exec(ADD_QUOTA, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Plan>> {
    tx.one(BY_ID, params![id])
}

pub fn cells(tx: &mut Tx, plan: &str) -> Result<Vec<Cell>> {
    tx.all(CELLS, params![plan])
}

pub fn cell(tx: &mut Tx, id: &str) -> Result<Option<Cell>> {
    tx.one(CELL, params![id])
}

pub fn source_of(tx: &mut Tx, quota: &str) -> Result<Option<String>> {
    tx.one(SOURCE_OF, params![quota])
}

/// Plans within a reach, and those that have a cell there, the newest first.
pub fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Plan>> {
    let rows = Filter::new(
        "SELECT p.id, p.name, p.year, p.division, p.source, p.created_at,
            (SELECT CAST(sum(quota) AS BIGINT) FROM sample_quotas WHERE plan = p.id),
            (SELECT count(*) FROM samples s JOIN sample_quotas q ON q.id = s.quota WHERE q.plan = p.id AND s.taken_at IS NOT NULL)
        FROM sample_plans p",
    );
    // a plan of a city or a province is a county's too, where it asks something of the county
    let reached = "EXISTS (SELECT 1 FROM (SELECT p.division AS place UNION ALL SELECT q.division FROM sample_quotas q WHERE q.plan = p.id) d
            WHERE d.place >= ? AND d.place < ?)";
    let rows = scope.restrict(rows, reached, "p.id = ? AND 1 = 0");
    tx.list(&rows.then("ORDER BY p.year DESC, p.created_at DESC LIMIT 500", &[]))
}

/// Items that whoever orders a sample wants tested.
pub fn ask(tx: &mut Tx, sample: &str, items: &[String]) -> Result<()> {
    for (no, item) in items.iter().enumerate() {
        tx.exec(ASK, params![sample, no as i64, item.trim()])?;
    }
    Ok(())
}

pub fn asked(tx: &mut Tx, sample: &str) -> Result<Vec<String>> {
    tx.all(ASKED, params![sample])
}
