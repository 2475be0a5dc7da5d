//! Call-backs and those who follow a batch.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use trace::model::LotNo;

use crate::model::{Check, CheckDraw, CheckResult, Follower, Reached};

kit_db::statements! {
    ADD_DRAW = "INSERT INTO recall_draws (recall, round, seed, pool, pool_hash, size, at, user_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DRAWS = "SELECT round, seed, pool, pool_hash, size, at, user_name FROM recall_draws WHERE recall = $1 ORDER BY round";
    ADD_CHECK = "INSERT INTO recall_checks (recall, round, party, place, note, user_name) VALUES ($1, $2, $3, $4, '', '')";
    CHECKS = "SELECT c.round, c.party, c.place, c.reached, c.informed, c.stopped, c.note, c.user_name, c.at, t.name, t.division
        FROM recall_checks c JOIN recall_tasks t ON t.recall = c.recall AND t.party = c.party
        WHERE c.recall = $1 ORDER BY c.round, c.place";
    RESULT = "UPDATE recall_checks SET reached = $4, informed = $5, stopped = $6, note = $7, user_name = $8, at = $9
        WHERE recall = $1 AND round = $2 AND party = $3 AND reached IS NULL";
    REACHED = "SELECT count(*), count(reached), CAST(coalesce(sum(reached), 0) AS BIGINT),
            CAST(coalesce(sum(informed), 0) AS BIGINT), CAST(coalesce(sum(stopped), 0) AS BIGINT)
        FROM recall_checks WHERE recall = $1";
    FOLLOW = "INSERT INTO recall_follows (token, lot, code, phone, at) VALUES ($1, $2, $3, $4, $5)";
    FOLLOWED = "SELECT lot, code, at FROM recall_follows WHERE token = $1";
    FOLLOWERS = "SELECT count(*), CAST(coalesce(sum(CASE WHEN phone <> '' THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM recall_follows WHERE lot = $1";
    PHONES = "SELECT token, phone, at FROM recall_follows WHERE lot = $1 AND phone <> '' ORDER BY at, token LIMIT 500";
    PHONE = "SELECT phone FROM recall_follows WHERE lot = $1 AND token = $2";
    WIPE = "UPDATE recall_follows SET phone = '' WHERE lot = $1";
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

impl FromRow for Follower {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { token: r.get(0)?, phone: r.get(1)?, at: r.get(2)? })
    }
}

pub fn add_draw(tx: &mut Tx, recall: &str, d: &CheckDraw, drawn: &[String]) -> Result<()> {
    let row = params![recall, d.round, &d.seed, d.pool, &d.pool_hash, d.size, d.at, &d.user_name];
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

pub fn follow(tx: &mut Tx, token: &str, lot: LotNo, code: &str, phone: &str, at: Millis) -> Result<()> {
    tx.exec(FOLLOW, params![token, lot, code, phone, at]).map(drop)
}

/// Lot, code and since when.
pub fn followed(tx: &mut Tx, token: &str) -> Result<Option<(LotNo, String, Millis)>> {
    tx.one(FOLLOWED, params![token])
}

/// How many follow a batch, and how many of them gave a number.
pub fn followers(tx: &mut Tx, lot: LotNo) -> Result<(i64, i64)> {
    Ok(tx.one(FOLLOWERS, params![lot])?.unwrap_or((0, 0)))
}

pub fn phones(tx: &mut Tx, lot: LotNo) -> Result<Vec<Follower>> {
    tx.all(PHONES, params![lot])
}

pub fn phone(tx: &mut Tx, lot: LotNo, token: &str) -> Result<Option<String>> {
    tx.one(PHONE, params![lot, token])
}

pub fn wipe(tx: &mut Tx, lot: LotNo) -> Result<u64> {
    tx.exec(WIPE, params![lot])
}
