//! Whether what is stored agrees with itself: the questions of `shian check`. Each answers nothing where all is well.

use kit_base::Result;
use kit_db::{Tx, params};

use crate::model::{EventNo, LotNo};

kit_db::statements! {
    EVENT_NUMBERS = "SELECT count(*), COALESCE(min(no), 1), COALESCE(max(no), 0) FROM events";
    LOT_NUMBERS = "SELECT count(*), COALESCE(min(no), 1), COALESCE(max(no), 0) FROM lots";
    MADE_LOTS = "SELECT COALESCE(CAST(sum(lots) AS BIGINT), 0) FROM events";
    /// Lots that are not among those of their event.
    STRAY_LOTS = "SELECT l.no, l.event FROM lots l LEFT JOIN events e ON e.no = l.event
        WHERE e.no IS NULL OR l.no < e.first_lot OR l.no >= e.first_lot + e.lots ORDER BY l.no LIMIT 20";
    /// Inputs of events that are not there, or of lots that are not there.
    STRAY_INPUTS = "SELECT i.event, i.lot FROM inputs i LEFT JOIN events e ON e.no = i.event LEFT JOIN lots l ON l.no = i.lot
        WHERE e.no IS NULL OR l.no IS NULL ORDER BY i.event LIMIT 20";
    /// Stock that is not the fold of lots, inputs and corrections; declared history takes no part in stock.
    WRONG_STOCK = "SELECT folded.lot, folded.on_hand, folded.expected FROM (
            SELECT l.no AS lot, s.on_hand AS on_hand, CASE WHEN c.event IS NOT NULL THEN 0 ELSE l.amount - COALESCE(used.amount, 0) END AS expected
            FROM lots l
            JOIN events e ON e.no = l.event
            LEFT JOIN stock s ON s.lot = l.no
            LEFT JOIN corrections c ON c.event = l.event
            LEFT JOIN (
                SELECT i.lot AS lot, CAST(sum(i.amount) AS BIGINT) AS amount FROM inputs i
                JOIN events t ON t.no = i.event
                LEFT JOIN corrections w ON w.event = i.event
                WHERE t.declared = 0 AND w.event IS NULL GROUP BY i.lot
            ) used ON used.lot = l.no
            WHERE e.declared = 0 AND l.amount IS NOT NULL
        ) folded WHERE folded.on_hand IS NULL OR folded.on_hand <> folded.expected ORDER BY folded.lot LIMIT 20";
    STRAY_STOCK = "SELECT s.lot FROM stock s LEFT JOIN lots l ON l.no = s.lot WHERE l.no IS NULL ORDER BY s.lot LIMIT 20";
    /// Events that say they were recorded before the one before them. Simulated days are loaded as they would have been
    /// recorded, business by business.
    BACK_IN_TIME = "SELECT ordered.no FROM (
            SELECT no, recorded_at, lag(recorded_at) OVER (ORDER BY no) AS earlier FROM events
            WHERE simulated = 0
        ) ordered WHERE ordered.earlier > ordered.recorded_at ORDER BY ordered.no LIMIT 20";
    /// Codes, corrections and keys that stand for what is not there.
    STRAY_CODES = "SELECT c.code FROM trace_codes c LEFT JOIN lots l ON l.no = c.lot WHERE l.no IS NULL ORDER BY c.code LIMIT 20";
    STRAY_KEYS = "SELECT k.event FROM capture_keys k LEFT JOIN events e ON e.no = k.event WHERE e.no IS NULL ORDER BY k.event LIMIT 20";
    NEWEST_RECORD = "SELECT recorded_at FROM events WHERE no = $1";
    FILES = "SELECT hash FROM trace_files UNION SELECT file FROM network_imports ORDER BY 1";
}

/// What was counted of a dense series of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dense {
    pub count: i64,
    pub first: i64,
    pub last: i64,
}

impl Dense {
    /// From 1 to `upto` without a hole.
    pub fn is_whole(self, upto: i64) -> bool {
        (self.first, self.last, self.count) == (1, upto, upto)
    }
}

pub fn event_numbers(tx: &mut Tx) -> Result<Dense> {
    dense(tx, EVENT_NUMBERS)
}

pub fn lot_numbers(tx: &mut Tx) -> Result<Dense> {
    dense(tx, LOT_NUMBERS)
}

fn dense(tx: &mut Tx, sql: kit_db::Sql) -> Result<Dense> {
    let (count, first, last) = tx.one(sql, &[])?.unwrap_or((0, 1, 0));
    Ok(Dense { count, first, last })
}

/// Lots that events say they made.
pub fn made_lots(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one(MADE_LOTS, &[])?.unwrap_or(0))
}

/// Lot and its event.
pub fn stray_lots(tx: &mut Tx) -> Result<Vec<(LotNo, EventNo)>> {
    tx.all(STRAY_LOTS, &[])
}

/// Event and input.
pub fn stray_inputs(tx: &mut Tx) -> Result<Vec<(EventNo, LotNo)>> {
    tx.all(STRAY_INPUTS, &[])
}

/// Lot, what the stock says, what the fold says.
pub fn wrong_stock(tx: &mut Tx) -> Result<Vec<(LotNo, Option<i64>, i64)>> {
    tx.all(WRONG_STOCK, &[])
}

pub fn stray_stock(tx: &mut Tx) -> Result<Vec<LotNo>> {
    tx.all(STRAY_STOCK, &[])
}

pub fn back_in_time(tx: &mut Tx) -> Result<Vec<EventNo>> {
    tx.all(BACK_IN_TIME, &[])
}

pub fn stray_codes(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(STRAY_CODES, &[])
}

pub fn stray_keys(tx: &mut Tx) -> Result<Vec<EventNo>> {
    tx.all(STRAY_KEYS, &[])
}

/// When the last event was recorded; ms UTC.
pub fn newest_record(tx: &mut Tx, no: EventNo) -> Result<Option<i64>> {
    tx.one(NEWEST_RECORD, params![no])
}

/// Hashes of the files that rows refer to.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
