//! Definitions, the log, numbers.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::log::Entry;

kit_db::statements! {
    DEFINITIONS = "SELECT hash, kind, version, content FROM flow_definitions ORDER BY kind, version";
    ADD_DEFINITION = "INSERT INTO flow_definitions (hash, kind, version, content, added_at) VALUES ($1, $2, $3, $4, $5)";
    /// Holds the case until the end of the transaction: two who act at once come one after the other.
    HOLD = "UPDATE flow_cases SET seq = seq WHERE id = $1";
    ENTRIES = "SELECT case_id, seq, at, occurred_at, user_id, user_name, action, note, body, client_key, before_hash, hash
        FROM flow_log WHERE case_id = $1 ORDER BY seq";
    BY_CLIENT_KEY = "SELECT case_id, seq, at, occurred_at, user_id, user_name, action, note, body, client_key, before_hash, hash
        FROM flow_log WHERE case_id = $1 AND client_key = $2";
    ADD_ENTRY = "INSERT INTO flow_log (case_id, seq, at, occurred_at, user_id, user_name, action, note, body, client_key,
            before_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    NEXT_NUMBER = "INSERT INTO flow_numbers (division, series, year, last) VALUES ($1, $2, $3, 1)
        ON CONFLICT (division, series, year) DO UPDATE SET last = flow_numbers.last + 1 RETURNING last";
    CASES_AFTER = "SELECT id FROM flow_cases WHERE id > $1 ORDER BY id LIMIT $2";
}

impl FromRow for Entry {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            case: r.get(0)?,
            seq: r.get(1)?,
            at: r.get(2)?,
            occurred_at: r.get(3)?,
            user: r.get(4)?,
            user_name: r.get(5)?,
            action: r.get(6)?,
            note: r.get(7)?,
            body: r.get(8)?,
            client_key: r.get(9)?,
            before: r.get(10)?,
            hash: r.get(11)?,
        })
    }
}

/// A pinned definition: hash, kind, version, text.
pub fn definitions(tx: &mut Tx) -> Result<Vec<(String, String, i64, String)>> {
    tx.all(DEFINITIONS, &[])
}

pub fn add_definition(
    tx: &mut Tx,
    hash: &str,
    kind: &str,
    version: i64,
    text: &str,
    now: Millis,
) -> Result<()> {
    tx.exec(ADD_DEFINITION, params![hash, kind, version, text, now]).map(drop)
}

/// Whether there is such a case; it is held until the transaction ends.
pub fn hold(tx: &mut Tx, case: &str) -> Result<bool> {
    Ok(tx.exec(HOLD, params![case])? == 1)
}

pub fn entries(tx: &mut Tx, case: &str) -> Result<Vec<Entry>> {
    tx.all(ENTRIES, params![case])
}

pub fn by_client_key(tx: &mut Tx, case: &str, client_key: &str) -> Result<Option<Entry>> {
    tx.one(BY_CLIENT_KEY, params![case, client_key])
}

/// Adds an entry, and makes it a fact of the ledger.
pub fn add(tx: &mut Tx, e: &Entry) -> Result<()> {
    let row = params![
        &e.case,
        e.seq,
        e.at,
        e.occurred_at,
        &e.user,
        &e.user_name,
        &e.action,
        &e.note,
        &e.body,
        &e.client_key,
        &e.before,
        &e.hash
    ];
    tx.exec(ADD_ENTRY, row)?;
    tx.fact("flow", format!("{}#{}", e.case, e.seq), e.right_hash());
    Ok(())
}

/// Takes the next number of a series within the transaction: no gaps, for whoever fails gives it back.
pub fn next_number(tx: &mut Tx, division: &str, series: &str, year: i64) -> Result<i64> {
    tx.one(NEXT_NUMBER, params![division, series, year])?.ok_or_else(|| Error::internal("no number given"))
}

/// Ids of cases after one, in their order.
pub fn cases_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<String>> {
    tx.all(CASES_AFTER, params![after, most])
}
