//! Platforms and deliveries to them.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Scope;

use crate::model::platforms::Delivery;

kit_db::statements! {
    ADD = "INSERT INTO credit_platforms (id, name, dest, token, division, state, note, cursor, seq, pending, failures, due_at, delivered_at,
            created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, 'active', '', 0, 0, NULL, 0, $6, NULL, $6, $7)";
    BY_ID = "SELECT id, name, dest, token, division, state, note, cursor, seq, pending, failures, due_at, delivered_at, created_at, created_by
        FROM credit_platforms WHERE id = $1";
    NAMED = "SELECT count(*) FROM credit_platforms WHERE division = $1 AND name = $2";
    COUNT = "SELECT count(*) FROM credit_platforms";
    DROP = "DELETE FROM credit_platforms WHERE id = $1";
    DROP_DELIVERIES = "DELETE FROM credit_deliveries WHERE platform = $1";
    DUE = "SELECT id FROM credit_platforms WHERE state = 'active' AND due_at <= $1 ORDER BY due_at, id LIMIT 200";
    SWITCH = "UPDATE credit_platforms SET state = $2, failures = 0, note = '', due_at = $3 WHERE id = $1";
    /// Nothing for it up to here.
    SKIP = "UPDATE credit_platforms SET cursor = $3 WHERE id = $1 AND seq = $2 AND pending IS NULL";
    BEGIN = "UPDATE credit_platforms SET pending = $3 WHERE id = $1 AND seq = $2 AND pending IS NULL AND state = 'active'";
    ATTEMPT = "INSERT INTO credit_deliveries (platform, seq, after_no, upto, lines, attempts, first_at, last_at, error, acknowledged_at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7, $8)
        ON CONFLICT (platform, seq) DO UPDATE SET attempts = credit_deliveries.attempts + 1, last_at = excluded.last_at, error = excluded.error,
            acknowledged_at = excluded.acknowledged_at";
    ACKNOWLEDGE = "UPDATE credit_platforms SET cursor = pending, seq = seq + 1, pending = NULL, failures = 0, note = '', delivered_at = $3
        WHERE id = $1 AND seq = $2 AND pending IS NOT NULL";
    FAIL = "UPDATE credit_platforms SET failures = failures + 1, note = $3, due_at = $4, state = $5
        WHERE id = $1 AND seq = $2 AND state = 'active'";
    DELIVERIES = "SELECT seq, after_no, upto, lines, attempts, first_at, last_at, error, acknowledged_at
        FROM credit_deliveries WHERE platform = $1 ORDER BY seq DESC LIMIT $2";
    WAITING = "SELECT count(*) FROM credit_feed WHERE no > $1 AND division >= $2 AND division < $3";
    PART = "SELECT no, line FROM credit_feed WHERE no > $1 AND no <= $2 AND division >= $3 AND division < $4 ORDER BY no LIMIT $5";
}

/// A platform as the database has it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: String,
    pub name: String,
    pub dest: String,
    /// Sealed; empty for none.
    pub token: String,
    pub division: String,
    pub active: bool,
    pub note: String,
    pub cursor: i64,
    pub seq: i64,
    pub pending: Option<i64>,
    pub failures: i64,
    pub due_at: Millis,
    pub delivered_at: Option<Millis>,
    pub created_at: Millis,
    pub created_by: String,
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            name: r.get(1)?,
            dest: r.get(2)?,
            token: r.get(3)?,
            division: r.get(4)?,
            active: r.get::<String>(5)? == "active",
            note: r.get(6)?,
            cursor: r.get(7)?,
            seq: r.get(8)?,
            pending: r.get(9)?,
            failures: r.get(10)?,
            due_at: r.get(11)?,
            delivered_at: r.get(12)?,
            created_at: r.get(13)?,
            created_by: r.get(14)?,
        })
    }
}

pub fn add(tx: &mut Tx, p: &Kept) -> Result<()> {
    let row = params![&p.id, &p.name, &p.dest, &p.token, &p.division, p.created_at, &p.created_by];
    tx.exec(ADD, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Kept>> {
    tx.one(BY_ID, params![id])
}

pub fn named(tx: &mut Tx, division: &str, name: &str) -> Result<bool> {
    Ok(tx.one::<i64>(NAMED, params![division, name])?.unwrap_or(0) > 0)
}

pub fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one(COUNT, &[])?.unwrap_or(0))
}

/// Platforms within a scope, by name.
pub fn list(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<Kept>> {
    let rows = Filter::new(
        "SELECT p.id, p.name, p.dest, p.token, p.division, p.state, p.note, p.cursor, p.seq, p.pending, p.failures, p.due_at,
            p.delivered_at, p.created_at, p.created_by FROM credit_platforms p",
    );
    let rows = scope.restrict(rows, "p.division >= ? AND p.division < ?", "1 = 0 AND p.id = ?");
    tx.list(&rows.then("ORDER BY p.name, p.id LIMIT ?", &[Param::Int(most)]))
}

pub fn drop_one(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(DROP_DELIVERIES, params![id])?;
    tx.exec(DROP, params![id]).map(drop)
}

pub fn due(tx: &mut Tx, now: Millis) -> Result<Vec<String>> {
    tx.all(DUE, params![now])
}

pub fn switch(tx: &mut Tx, id: &str, active: bool, now: Millis) -> Result<()> {
    tx.exec(SWITCH, params![id, if active { "active" } else { "paused" }, now]).map(drop)
}

pub fn skip(tx: &mut Tx, p: &Kept, upto: i64) -> Result<()> {
    tx.exec(SKIP, params![&p.id, p.seq, upto]).map(drop)
}

/// Writes down where the next delivery ends; `false` where somebody else did.
pub fn begin(tx: &mut Tx, p: &Kept, upto: i64) -> Result<bool> {
    Ok(tx.exec(BEGIN, params![&p.id, p.seq, upto])? == 1)
}

/// One attempt at the delivery after the last acknowledged one.
pub fn attempt(tx: &mut Tx, p: &Kept, upto: i64, lines: i64, at: Millis, error: &str) -> Result<()> {
    let acknowledged = error.is_empty().then_some(at);
    let row = params![&p.id, p.seq + 1, p.cursor, upto, lines, at, error, acknowledged];
    tx.exec(ATTEMPT, row).map(drop)
}

/// `false` where the platform was taken out meanwhile.
pub fn acknowledge(tx: &mut Tx, p: &Kept, at: Millis) -> Result<bool> {
    Ok(tx.exec(ACKNOWLEDGE, params![&p.id, p.seq, at])? == 1)
}

pub fn fail(tx: &mut Tx, p: &Kept, note: &str, due_at: Millis, pause: bool) -> Result<()> {
    let state = if pause { "paused" } else { "active" };
    tx.exec(FAIL, params![&p.id, p.seq, note, due_at, state]).map(drop)
}

pub fn deliveries(tx: &mut Tx, id: &str, most: i64) -> Result<Vec<Delivery>> {
    tx.all(DELIVERIES, params![id, most])
}

/// Lines of the feed after a number that lie below a division.
pub fn waiting(tx: &mut Tx, after: i64, division: &str) -> Result<i64> {
    let [from, to] = kit_db::prefix_range(division);
    Ok(tx.one(WAITING, params![after, &from, &to])?.unwrap_or(0))
}

/// Lines of the feed after one number up to another that lie below a division, in order.
pub fn part(tx: &mut Tx, after: i64, upto: i64, division: &str, most: i64) -> Result<Vec<(i64, String)>> {
    let [from, to] = kit_db::prefix_range(division);
    tx.all(PART, params![after, upto, &from, &to, most])
}
