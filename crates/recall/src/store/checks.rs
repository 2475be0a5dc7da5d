//! Call-backs.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Check, CheckDraw, CheckResult, Reached};

kit_db::statements! {
    ADD_DRAW = "INSERT INTO recall_draws (recall, round, seed, pool, pool_hash, size, at, user_name, draw)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DRAWS = "SELECT round, seed, pool, pool_hash, size, at, user_name, draw FROM recall_draws WHERE recall = $1 ORDER BY round";
    ADD_CHECK = "INSERT INTO recall_checks (recall, round, party, place, note, user_name) VALUES ($1, $2, $3, $4, '', '')";
    CHECKS = "SELECT c.round, c.party, c.place, c.reached, c.informed, c.stopped, c.note, c.user_name, c.at, t.name, t.division
        FROM recall_checks c JOIN recall_tasks t ON t.recall = c.recall AND t.party = c.party
        WHERE c.recall = $1 ORDER BY c.round, c.place";
    RESULT = "UPDATE recall_checks SET reached = $4, informed = $5, stopped = $6, note = $7, user_name = $8, at = $9
        WHERE recall = $1 AND round = $2 AND party = $3 AND reached IS NULL";
    REACHED = "SELECT count(*), count(reached), CAST(coalesce(sum(reached), 0) AS BIGINT),
            CAST(coalesce(sum(informed), 0) AS BIGINT), CAST(coalesce(sum(stopped), 0) AS BIGINT)
        FROM recall_checks WHERE recall = $1";
}

impl FromRow for Reached {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            drawn: r.get(0)?,
            called: r.get(1)?,
            reached: r.get(2)?,
            informed: r.get(3)?,
            stopped: r.get(4)?,
        })
    }
}

pub fn add_draw(tx: &mut Tx, recall: &str, d: &CheckDraw, drawn: &[String]) -> Result<()> {
    let row = params![recall, d.round, &d.seed, d.pool, &d.pool_hash, d.size, d.at, &d.user_name, &d.draw];
    tx.exec(ADD_DRAW, row)?;
    for (place, party) in (1_i64..).zip(drawn) {
        tx.exec(ADD_CHECK, params![recall, d.round, party, place])?;
    }
    Ok(())
}

pub fn draws(tx: &mut Tx, recall: &str) -> Result<Vec<CheckDraw>> {
    tx.all(DRAWS, params![recall])
}

pub fn checks(tx: &mut Tx, recall: &str) -> Result<Vec<Check>> {
    tx.all(CHECKS, params![recall])
}

/// Whether it was drawn and not answered yet.
pub fn result(tx: &mut Tx, recall: &str, r: &CheckResult, by: &str, at: Millis) -> Result<bool> {
    let row = params![recall, r.round, &r.party, r.reached, r.informed, r.stopped, r.note.trim(), by, at];
    Ok(tx.exec(RESULT, row)? == 1)
}

pub fn reached(tx: &mut Tx, recall: &str) -> Result<Reached> {
    Ok(tx.one(REACHED, params![recall])?.unwrap_or_default())
}
