//! Stock of records of a business that were made one.

use kit_base::Result;
use kit_db::{Tx, params};

use crate::model::EventNo;

kit_db::statements! {
    JOIN_STOCK = "UPDATE stock SET holder = $2, division = $3 WHERE holder = $1";
    PART_STOCK = "UPDATE stock SET holder = $1, division = $3
        WHERE holder = $2 AND lot IN (SELECT no FROM lots WHERE holder = $1)";
    MOVE_STOCK = "UPDATE stock SET division = $2 WHERE holder = $1 AND on_hand > 0";
    KEEP = "INSERT INTO trace_merges (merge_id, event) VALUES ($1, $2)";
    REACHED = "SELECT event FROM trace_merges WHERE merge_id = $1";
    SINCE = "SELECT count(*) FROM events WHERE no > $1 AND (party IN ($2, $3) OR counterpart IN ($2, $3))";
    RECORDED = "SELECT (SELECT count(*) FROM products WHERE party = $1), (SELECT count(*) FROM events WHERE party = $1),
        (SELECT count(*) FROM stock WHERE holder = $1 AND on_hand > 0)";
}

/// The stock of `from` is held by `to`, which lies in `division`.
pub fn join_stock(tx: &mut Tx, from: &str, to: &str, division: &str) -> Result<()> {
    tx.exec(JOIN_STOCK, params![from, to, division]).map(drop)
}

/// Lots that came to be at `back` are its own again; it lies in `division`.
pub fn part_stock(tx: &mut Tx, back: &str, from: &str, division: &str) -> Result<()> {
    tx.exec(PART_STOCK, params![back, from, division]).map(drop)
}

/// What a business has on hand lies where it lies.
pub fn move_stock(tx: &mut Tx, holder: &str, division: &str) -> Result<()> {
    tx.exec(MOVE_STOCK, params![holder, division]).map(drop)
}

pub fn keep(tx: &mut Tx, merge: &str, event: EventNo) -> Result<()> {
    tx.exec(KEEP, params![merge, event]).map(drop)
}

/// The last event number at a merge.
pub fn reached(tx: &mut Tx, merge: &str) -> Result<Option<EventNo>> {
    tx.one(REACHED, params![merge])
}

/// Events of either business after a number.
pub fn since(tx: &mut Tx, event: EventNo, a: &str, b: &str) -> Result<i64> {
    tx.one(SINCE, params![event, a, b]).map(|n| n.unwrap_or(0))
}

/// Products, events, lots on hand of a record.
pub fn recorded(tx: &mut Tx, party: &str) -> Result<(i64, i64, i64)> {
    Ok(tx.one(RECORDED, params![party])?.unwrap_or_default())
}
