//! The log of marks.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{MarkChange, MarkEntry};

kit_db::statements! {
    LOG = "SELECT no, at, actor_name, change, withdraws FROM investigation_marks WHERE investigation = $1 ORDER BY no";
    APPEND = "INSERT INTO investigation_marks (investigation, no, at, actor, actor_name, change, withdraws)
        SELECT CAST($1 AS TEXT), COALESCE(MAX(no), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT),
            CAST($5 AS TEXT), CAST($6 AS BIGINT) FROM investigation_marks WHERE investigation = $1";
}

impl FromRow for MarkEntry {
    fn from_row(r: &Row) -> Result<Self> {
        let change: String = r.get(3)?;
        let change = serde_json::from_str(&change).map_err(Error::internal)?;
        Ok(Self { no: r.get(0)?, at: r.get(1)?, by: r.get(2)?, change, withdraws: r.get(4)? })
    }
}

/// The whole log of a case, oldest first.
pub fn log(tx: &mut Tx, case: &str) -> Result<Vec<MarkEntry>> {
    tx.all(LOG, params![case])
}

/// Who writes an entry, and when.
pub struct Writer<'a> {
    pub user: &'a str,
    pub name: &'a str,
    pub now: Millis,
}

/// Appends a change, or the withdrawal of an earlier one.
pub fn append(
    tx: &mut Tx,
    case: &str,
    by: &Writer,
    change: &MarkChange,
    withdraws: Option<i64>,
) -> Result<()> {
    let change = serde_json::to_string(change).map_err(Error::internal)?;
    tx.exec(APPEND, params![case, by.now, by.user, by.name, change.as_str(), withdraws]).map(drop)
}
