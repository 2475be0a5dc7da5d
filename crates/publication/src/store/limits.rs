//! Limits that a city has set.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

kit_db::statements! {
    ALL = "SELECT name, value, changed_by, changed_at FROM scan_limits";
    SET = "INSERT INTO scan_limits (name, value, changed_by, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at";
    CLEAR = "DELETE FROM scan_limits WHERE name = $1";
}

/// What was set: name, value, by whom, when.
pub fn all(tx: &mut Tx) -> Result<Vec<(String, i64, String, Millis)>> {
    tx.all(ALL, &[])
}

pub fn set(tx: &mut Tx, name: &str, value: i64, by: &str, now: Millis) -> Result<()> {
    tx.exec(SET, params![name, value, by, now]).map(drop)
}

/// The default holds again.
pub fn clear(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec(CLEAR, params![name]).map(drop)
}
