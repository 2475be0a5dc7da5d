//! The monthly cut of events, lots and inputs into partitions (PostgreSQL).

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::store::events;

kit_db::statements! {
    LAST_CUT = "SELECT month, event, lot FROM trace_cuts ORDER BY month DESC LIMIT 1";
    CUTS = "SELECT event, lot FROM trace_cuts ORDER BY month";
    CUT = "INSERT INTO trace_cuts (month, event, lot, at) VALUES ($1, $2, $3, $4)";
}

/// Closes the open partitions once a month: `month` (`2026-03`) is the one that ended. A month that was cut before is
/// left alone. Answers whether it cut.
pub fn cut(tx: &mut Tx, month: &str, now: Millis) -> Result<bool> {
    let last: Option<(String, i64, i64)> = tx.one(LAST_CUT, &[])?;
    if last.as_ref().is_some_and(|(done, ..)| done.as_str() >= month) {
        return Ok(false);
    }
    let (event_from, lot_from) = last.map_or((0, 0), |(_, event, lot)| (event, lot));
    let (event, lot) = events::numbers(tx)?;
    tx.cut_partition("events", event_from, event + 1)?;
    tx.cut_partition("inputs", event_from, event + 1)?;
    tx.cut_partition("lots", lot_from, lot + 1)?;
    tx.exec(CUT, params![month, event + 1, lot + 1, now])?;
    Ok(true)
}

/// Where the months were cut, oldest first: the first event and lot number after each.
pub fn cuts(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    tx.all(CUTS, &[])
}

/// Makes the same partitions on empty tables, before their rows come in from another database.
pub fn repeat(tx: &mut Tx, cuts: &[(i64, i64)]) -> Result<()> {
    let (mut event_from, mut lot_from) = (0, 0);
    for &(event, lot) in cuts {
        tx.cut_partition("events", event_from, event)?;
        tx.cut_partition("inputs", event_from, event)?;
        tx.cut_partition("lots", lot_from, lot)?;
        (event_from, lot_from) = (event, lot);
    }
    Ok(())
}
