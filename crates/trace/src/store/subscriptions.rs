//! Named queries, their subscriptions, and how far each was delivered.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::EventNo;

kit_db::statements! {
    QUERY = "SELECT params, created_at FROM epcis_queries WHERE owner = $1 AND name = $2";
    QUERIES = "SELECT name, params, created_at FROM epcis_queries WHERE owner = $1 ORDER BY name LIMIT 1000";
    COUNT_QUERIES = "SELECT count(*) FROM epcis_queries WHERE owner = $1";
    ADD_QUERY = "INSERT INTO epcis_queries (owner, name, params, created_at) VALUES ($1, $2, $3, $4)";
    DROP_QUERY = "DELETE FROM epcis_queries WHERE owner = $1 AND name = $2";
    ADD = "INSERT INTO epcis_subscriptions (id, owner, query, division, dest, token, schedule, report_if_empty, initial_at, created_at,
            state, note, cursor, seq, pending, failures, due_at, delivered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', '', $11, 0, NULL, 0, $12, NULL)";
    BY_ID = "SELECT id, owner, query, division, dest, token, schedule, report_if_empty, initial_at, created_at, state, note, cursor, seq,
            pending, failures, due_at, delivered_at FROM epcis_subscriptions WHERE id = $1";
    OF_OWNER = "SELECT id, owner, query, division, dest, token, schedule, report_if_empty, initial_at, created_at, state, note, cursor,
            seq, pending, failures, due_at, delivered_at FROM epcis_subscriptions WHERE owner = $1 ORDER BY created_at DESC, id LIMIT 1000";
    COUNT_OF_OWNER = "SELECT count(*) FROM epcis_subscriptions WHERE owner = $1";
    DROP = "DELETE FROM epcis_subscriptions WHERE id = $1";
    DROP_DELIVERIES = "DELETE FROM epcis_deliveries WHERE subscription = $1";
    DUE = "SELECT id FROM epcis_subscriptions WHERE state = 'active' AND due_at <= $1 ORDER BY due_at, id LIMIT 200";
    ACTIVE = "SELECT count(*) FROM epcis_subscriptions WHERE state = 'active'";
    /// A delivery is begun: where it ends is written down before it is sent.
    BEGIN = "UPDATE epcis_subscriptions SET pending = $3
        WHERE id = $1 AND seq = $2 AND pending IS NULL AND state = 'active'";
    /// Nothing to deliver up to here.
    SKIP = "UPDATE epcis_subscriptions SET cursor = $3, due_at = $4 WHERE id = $1 AND seq = $2 AND pending IS NULL AND state = 'active'";
    ACKNOWLEDGE = "UPDATE epcis_subscriptions SET cursor = pending, seq = seq + 1, pending = NULL, failures = 0, note = '', delivered_at = $3
        WHERE id = $1 AND seq = $2 AND pending IS NOT NULL";
    KEEP_DELIVERY = "INSERT INTO epcis_deliveries (subscription, seq, upto, events, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (subscription, seq) DO UPDATE SET upto = excluded.upto, events = excluded.events, at = excluded.at";
    FAIL = "UPDATE epcis_subscriptions SET failures = failures + 1, note = $3, due_at = $4, state = $5
        WHERE id = $1 AND seq = $2 AND state = 'active'";
    PAUSE = "UPDATE epcis_subscriptions SET state = 'paused', note = $2 WHERE id = $1";
    UPTO = "SELECT upto FROM epcis_deliveries WHERE subscription = $1 AND seq = $2";
    BACK_TO = "UPDATE epcis_subscriptions SET cursor = $2, seq = $3, pending = NULL WHERE id = $1";
    RESUME = "UPDATE epcis_subscriptions SET state = 'active', failures = 0, note = '', due_at = $2 WHERE id = $1";
}

/// A named query: parameters as JSON, when it was made.
pub fn query(tx: &mut Tx, owner: &str, name: &str) -> Result<Option<(String, Millis)>> {
    tx.one(QUERY, params![owner, name])
}

/// Name, parameters, when made.
pub fn queries(tx: &mut Tx, owner: &str) -> Result<Vec<(String, String, Millis)>> {
    tx.all(QUERIES, params![owner])
}

pub fn count_queries(tx: &mut Tx, owner: &str) -> Result<i64> {
    Ok(tx.one(COUNT_QUERIES, params![owner])?.unwrap_or(0))
}

pub fn add_query(tx: &mut Tx, owner: &str, name: &str, query: &str, now: Millis) -> Result<()> {
    tx.exec(ADD_QUERY, params![owner, name, query, now]).map(drop)
}

/// Whether there was one.
pub fn drop_query(tx: &mut Tx, owner: &str, name: &str) -> Result<bool> {
    Ok(tx.exec(DROP_QUERY, params![owner, name])? == 1)
}

/// A subscription as the database has it.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub id: String,
    pub owner: String,
    pub query: String,
    pub division: String,
    pub dest: String,
    /// Sealed; empty where there is none.
    pub token: String,
    /// JSON; empty: stream.
    pub schedule: String,
    pub report_if_empty: bool,
    pub initial_at: Option<Millis>,
    pub created_at: Millis,
    pub active: bool,
    pub note: String,
    pub cursor: EventNo,
    pub seq: i64,
    pub pending: Option<EventNo>,
    pub failures: i64,
    pub due_at: Millis,
    pub delivered_at: Option<Millis>,
}

impl FromRow for Subscription {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            owner: r.get(1)?,
            query: r.get(2)?,
            division: r.get(3)?,
            dest: r.get(4)?,
            token: r.get(5)?,
            schedule: r.get(6)?,
            report_if_empty: r.get(7)?,
            initial_at: r.get(8)?,
            created_at: r.get(9)?,
            active: r.get::<String>(10)? == "active",
            note: r.get(11)?,
            cursor: r.get(12)?,
            seq: r.get(13)?,
            pending: r.get(14)?,
            failures: r.get(15)?,
            due_at: r.get(16)?,
            delivered_at: r.get(17)?,
        })
    }
}

/// Adds a subscription that stands at its cursor; delivery 0 is its beginning.
pub fn add(tx: &mut Tx, s: &Subscription) -> Result<()> {
    let values = params![
        &s.id,
        &s.owner,
        &s.query,
        &s.division,
        &s.dest,
        &s.token,
        &s.schedule,
        s.report_if_empty,
        s.initial_at,
        s.created_at,
        s.cursor,
        s.due_at
    ];
    tx.exec(ADD, values)?;
    keep_delivery(tx, &s.id, 0, s.cursor, 0, s.created_at)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Subscription>> {
    tx.one(BY_ID, params![id])
}

pub fn of_owner(tx: &mut Tx, owner: &str) -> Result<Vec<Subscription>> {
    tx.all(OF_OWNER, params![owner])
}

pub fn count_of_owner(tx: &mut Tx, owner: &str) -> Result<i64> {
    Ok(tx.one(COUNT_OF_OWNER, params![owner])?.unwrap_or(0))
}

pub fn drop_one(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(DROP_DELIVERIES, params![id])?;
    tx.exec(DROP, params![id]).map(drop)
}

pub fn due(tx: &mut Tx, now: Millis) -> Result<Vec<String>> {
    tx.all(DUE, params![now])
}

pub fn any_active(tx: &mut Tx) -> Result<bool> {
    Ok(tx.one::<i64>(ACTIVE, &[])?.unwrap_or(0) > 0)
}

/// `false` where somebody else moved the subscription meanwhile.
pub fn begin(tx: &mut Tx, s: &Subscription, pending: EventNo) -> Result<bool> {
    Ok(tx.exec(BEGIN, params![&s.id, s.seq, pending])? == 1)
}

pub fn skip(tx: &mut Tx, s: &Subscription, cursor: EventNo, due_at: Millis) -> Result<bool> {
    Ok(tx.exec(SKIP, params![&s.id, s.seq, cursor, due_at])? == 1)
}

/// Moves the cursor over the delivery under way and keeps where it ended.
pub fn acknowledge(
    tx: &mut Tx,
    s: &Subscription,
    pending: EventNo,
    events: i64,
    now: Millis,
) -> Result<bool> {
    if tx.exec(ACKNOWLEDGE, params![&s.id, s.seq, now])? == 0 {
        return Ok(false);
    }
    keep_delivery(tx, &s.id, s.seq + 1, pending, events, now)?;
    Ok(true)
}

fn keep_delivery(tx: &mut Tx, id: &str, seq: i64, upto: EventNo, events: i64, now: Millis) -> Result<()> {
    tx.exec(KEEP_DELIVERY, params![id, seq, upto, events, now]).map(drop)
}

pub fn fail(tx: &mut Tx, s: &Subscription, note: &str, due_at: Millis, pause: bool) -> Result<bool> {
    let state = if pause { "paused" } else { "active" };
    Ok(tx.exec(FAIL, params![&s.id, s.seq, note, due_at, state])? == 1)
}

pub fn pause(tx: &mut Tx, id: &str, note: &str) -> Result<()> {
    tx.exec(PAUSE, params![id, note]).map(drop)
}

/// Where an acknowledged delivery ended; 0 is the beginning.
pub fn upto(tx: &mut Tx, id: &str, seq: i64) -> Result<Option<EventNo>> {
    tx.one(UPTO, params![id, seq])
}

pub fn back_to(tx: &mut Tx, id: &str, cursor: EventNo, seq: i64) -> Result<()> {
    tx.exec(BACK_TO, params![id, cursor, seq]).map(drop)
}

pub fn resume(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(RESUME, params![id, now]).map(drop)
}
