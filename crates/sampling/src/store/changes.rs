//! Versions of plans.

use kit_base::{Error, Millis, Result};
use kit_db::{Tx, params};

use crate::model::targets::{CellChanged, CellShape, PlanVersion};

kit_db::statements! {
    LAST = "SELECT max(no) FROM sample_plan_versions WHERE plan = $1";
    ADD = "INSERT INTO sample_plan_versions (plan, no, reason, target, user_id, user_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ADD_LINE = "INSERT INTO sample_plan_changes (plan, no, line, cell, action, before_cell, after_cell) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT no, reason, target, user_name, at FROM sample_plan_versions WHERE plan = $1 ORDER BY no DESC";
    LINES = "SELECT no, cell, action, before_cell, after_cell FROM sample_plan_changes WHERE plan = $1 ORDER BY no, line";
    SET_CELL = "UPDATE sample_quotas SET quota = $2, items = $3 WHERE id = $1";
    DROP_CELL = "DELETE FROM sample_quotas WHERE id = $1";
    /// Of any kind and outcome: a cell that a task names stays.
    USED = "SELECT count(*) FROM samples WHERE quota = $1";
}

/// Number of the newest version; 0: as it was made.
pub fn last(tx: &mut Tx, plan: &str) -> Result<i64> {
    Ok(tx.one::<Option<i64>>(LAST, params![plan])?.flatten().unwrap_or(0))
}

/// Keeps a version with what it changed.
pub fn add(tx: &mut Tx, plan: &str, user: &str, v: &PlanVersion) -> Result<()> {
    tx.exec(ADD, params![plan, v.no, &v.reason, &v.target, user, &v.user_name, v.at])?;
    for (i, c) in v.cells.iter().enumerate() {
        let text = |shape: &Option<CellShape>| match shape {
            Some(shape) => serde_json::to_string(shape).map_err(Error::internal),
            None => Ok(String::new()),
        };
        let (before, after) = (text(&c.before)?, text(&c.after)?);
        tx.exec(ADD_LINE, params![plan, v.no, i as i64 + 1, &c.cell, &c.action, &before, &after])?;
    }
    Ok(())
}

/// All versions, the newest first.
pub fn versions(tx: &mut Tx, plan: &str) -> Result<Vec<PlanVersion>> {
    let rows: Vec<(i64, String, String, String, Millis)> = tx.all(VERSIONS, params![plan])?;
    let version = |(no, reason, target, user_name, at)| PlanVersion {
        no,
        reason,
        target,
        user_name,
        at,
        cells: Vec::new(),
    };
    let mut out: Vec<PlanVersion> = rows.into_iter().map(version).collect();
    let lines: Vec<(i64, String, String, String, String)> = tx.all(LINES, params![plan])?;
    for (no, cell, action, before, after) in lines {
        let shape = |text: &str| match text {
            "" => Ok(None),
            text => serde_json::from_str(text).map(Some).map_err(Error::internal),
        };
        if let Some(v) = out.iter_mut().find(|v| v.no == no) {
            v.cells.push(CellChanged { cell, action, before: shape(&before)?, after: shape(&after)? });
        }
    }
    Ok(out)
}

pub fn set_cell(tx: &mut Tx, cell: &str, shape: &CellShape) -> Result<()> {
    tx.exec(SET_CELL, params![cell, shape.quota, shape.items.join(";").as_str()]).map(drop)
}

pub fn drop_cell(tx: &mut Tx, cell: &str) -> Result<()> {
    tx.exec(DROP_CELL, params![cell]).map(drop)
}

/// Tasks that name a cell, also those that ended.
pub fn used(tx: &mut Tx, cell: &str) -> Result<i64> {
    Ok(tx.one(USED, params![cell])?.unwrap_or(0))
}
