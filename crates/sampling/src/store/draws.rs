//! What became of draws, and what their pools are made of.

use kit_base::{Millis, Result};
use kit_db::{Tx, params, prefix_range};

kit_db::statements! {
    INSERT = "INSERT INTO sample_drawn (draw, no, sample) VALUES ($1, $2, $3)";
    OF = "SELECT no, sample FROM sample_drawn WHERE draw = $1 ORDER BY no";
    WAITING = "SELECT count(*) FROM sample_drawn d JOIN samples s ON s.id = d.sample WHERE d.draw = $1 AND s.status = 'planned'
            AND s.closed_at IS NULL";
    /// Places with a task since a moment.
    SAMPLED = "SELECT DISTINCT party FROM samples WHERE opened_at >= $1 AND division >= $2 AND division < $3
        AND (closed_at IS NULL OR taken_at IS NOT NULL)";
}

pub fn insert(tx: &mut Tx, draw: &str, no: i64, sample: &str) -> Result<()> {
    tx.exec(INSERT, params![draw, no, sample]).map(drop)
}

/// Places of the result and their tasks.
pub fn of(tx: &mut Tx, draw: &str) -> Result<Vec<(i64, String)>> {
    tx.all(OF, params![draw])
}

/// Tasks of a draw that are still to be taken.
pub fn waiting(tx: &mut Tx, draw: &str) -> Result<i64> {
    Ok(tx.one(WAITING, params![draw])?.unwrap_or(0))
}

pub fn sampled(tx: &mut Tx, since: Millis, division: &str) -> Result<Vec<String>> {
    let [low, high] = prefix_range(division);
    tx.all(SAMPLED, params![since, &low, &high])
}
