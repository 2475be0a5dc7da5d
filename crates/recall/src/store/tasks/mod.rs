//! Tasks of holders; their lines, batches, sums and lists in the files beside.

pub mod batches;
pub mod lines;
mod list;
pub mod sums;

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

pub use batches::{add_batches, back, batch, batches, batches_count, set_batch};
pub use lines::{accept, add_lines, confirmed, each_line, line, lines_of, returns, set_book, set_told};
pub use list::{each, list, near, near_counts};
pub use sums::{accounts, counties};

use crate::model::{Counts, Place, Task};

kit_db::statements! {
    TASK = "SELECT recall, party, no, name, code, kind, division, lon, lat, certain, number, issued_at, due_at, seen_at, reported_at,
            changed_at, state
        FROM recall_tasks WHERE recall = $1 AND party = $2";
    OF_PARTY = "SELECT recall, party, no, name, code, kind, division, lon, lat, certain, number, issued_at, due_at, seen_at, reported_at,
            changed_at, state
        FROM recall_tasks WHERE party = $1 ORDER BY issued_at DESC LIMIT 200";
    OPEN_IN = "SELECT party FROM recall_tasks WHERE recall = $1 AND division >= $2 AND division < $3 AND state = 'open' ORDER BY no";
    PLACES = "SELECT t.party, t.name, t.division, t.lon, t.lat, CASE WHEN t.state = 'open' AND t.due_at <= $2 THEN 'late' ELSE t.state END,
            t.certain, CAST(coalesce(sum(l.due), 0) AS BIGINT),
            CAST(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned) AS BIGINT)
        FROM recalls r JOIN recall_tasks t ON t.recall = r.id
        LEFT JOIN recall_lines l ON l.recall = t.recall AND l.party = t.party AND l.unit = r.unit
        WHERE r.id = $1
        GROUP BY t.party, t.name, t.division, t.lon, t.lat, t.state, t.due_at, t.certain, t.no ORDER BY t.no LIMIT 30000";
    PARTIES = "SELECT party FROM recall_tasks WHERE recall = $1 ORDER BY party";
    LAST_NO = "SELECT coalesce(max(no), 0) FROM recall_tasks WHERE recall = $1";
    PAPER = "SELECT paper, paper_hash FROM recall_tasks WHERE recall = $1 AND party = $2";
    SEEN = "UPDATE recall_tasks SET seen_at = $3 WHERE recall = $1 AND party = $2 AND seen_at IS NULL";
    CHANGED = "UPDATE recall_tasks SET reported_at = coalesce(reported_at, $3), changed_at = $3, state = $4
        WHERE recall = $1 AND party = $2";
    SET_STATE = "UPDATE recall_tasks SET state = $3 WHERE recall = $1 AND party = $2";
    REOPEN = "UPDATE recall_tasks SET state = 'open', due_at = $3 WHERE recall = $1 AND party = $2";
    /// Of those that reported, with what a new look at the ledger may have changed.
    ANSWERED = "SELECT party FROM recall_tasks WHERE recall = $1 AND state <> 'open' ORDER BY party";
    COUNTS = "SELECT count(*), CAST(coalesce(sum(certain), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state <> 'open' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state = 'settled' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state = 'open' AND due_at <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN seen_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM recall_lines l WHERE l.recall = recall_tasks.recall
                AND l.party = recall_tasks.party AND l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned > 0
                AND coalesce(l.accepted, 0) <> l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned)
                THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM recall_tasks WHERE recall = $1";
}

/// A task with its notice, on its way into the database.
pub struct NewTask {
    pub task: Task,
    pub paper: String,
    pub hash: String,
}

const TASK_COLUMNS: &[&str] = &[
    "recall",
    "party",
    "no",
    "name",
    "code",
    "kind",
    "division",
    "lon",
    "lat",
    "certain",
    "number",
    "paper",
    "paper_hash",
    "issued_at",
    "due_at",
    "state",
];

pub fn add_tasks(tx: &mut Tx, list: &[NewTask]) -> Result<()> {
    let rows = list.iter().map(|n| {
        let t = &n.task;
        params![
            &t.recall,
            &t.party,
            t.no,
            &t.name,
            &t.code,
            &t.kind,
            &t.division,
            t.lon,
            t.lat,
            t.certain,
            &t.number,
            &n.paper,
            &n.hash,
            t.issued_at,
            t.due_at,
            &t.state
        ]
        .to_vec()
    });
    tx.insert_many("recall_tasks", TASK_COLUMNS, rows).map(drop)
}

pub fn task(tx: &mut Tx, recall: &str, party: &str) -> Result<Option<Task>> {
    tx.one(TASK, params![recall, party])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Task>> {
    tx.all(OF_PARTY, params![party])
}

/// Of a county: who has not reported yet.
pub fn open_in(tx: &mut Tx, recall: &str, county: &str) -> Result<Vec<String>> {
    let end = format!("{county}~");
    tx.all(OPEN_IN, params![recall, county, &end])
}

/// Every holder with where it is, at most thirty thousand.
pub fn places(tx: &mut Tx, recall: &str, now: Millis) -> Result<Vec<Place>> {
    tx.all(PLACES, params![recall, now])
}

impl FromRow for Place {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            name: r.get(1)?,
            division: r.get(2)?,
            lon: r.get(3)?,
            lat: r.get(4)?,
            state: r.get(5)?,
            certain: r.get::<i64>(6)? == 1,
            due: r.get(7)?,
            open: r.get(8)?,
        })
    }
}

/// Who has a task, by id.
pub fn parties(tx: &mut Tx, recall: &str) -> Result<Vec<String>> {
    tx.all(PARTIES, params![recall])
}

pub fn last_no(tx: &mut Tx, recall: &str) -> Result<i64> {
    Ok(tx.one(LAST_NO, params![recall])?.unwrap_or(0))
}

/// Text of a notice and its hash.
pub fn paper(tx: &mut Tx, recall: &str, party: &str) -> Result<Option<(String, String)>> {
    tx.one(PAPER, params![recall, party])
}

pub fn seen(tx: &mut Tx, recall: &str, party: &str, at: Millis) -> Result<()> {
    tx.exec(SEEN, params![recall, party, at]).map(drop)
}

pub fn changed(tx: &mut Tx, recall: &str, party: &str, at: Millis, state: &str) -> Result<()> {
    tx.exec(CHANGED, params![recall, party, at, state]).map(drop)
}

/// Where a task stands, without a report.
pub fn set_state(tx: &mut Tx, recall: &str, party: &str, state: &str) -> Result<()> {
    tx.exec(SET_STATE, params![recall, party, state]).map(drop)
}

/// It answers for something more than it reported, until then.
pub fn reopen(tx: &mut Tx, recall: &str, party: &str, due_at: Millis) -> Result<()> {
    tx.exec(REOPEN, params![recall, party, due_at]).map(drop)
}

/// Who has reported, by id.
pub fn answered(tx: &mut Tx, recall: &str) -> Result<Vec<String>> {
    tx.all(ANSWERED, params![recall])
}

pub fn counts(tx: &mut Tx, recall: &str, now: Millis) -> Result<Counts> {
    Ok(tx.one(COUNTS, params![recall, now])?.unwrap_or_default())
}
