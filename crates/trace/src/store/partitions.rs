//! Partitions of events, lots and inputs (PostgreSQL): by their dense number, made ahead of the numbers that come.
//!
//! A partition holds about a month: as many numbers as the busiest of the last months took, in whole steps. There are always
//! [`AHEAD`] that nothing is in yet, so no write ever waits for one to be made, and none is looked through under a lock. The
//! default partition stands behind them: whatever comes goes in, and the next look takes what it holds into a partition of
//! its own. What day an event is dated plays no part. docs/decisions/0003-trace-model.md

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::store::events;

kit_db::statements! {
    LAST_CUTS = "SELECT month, event, lot FROM trace_cuts ORDER BY month DESC LIMIT 13";
    CUTS = "SELECT event, lot FROM trace_cuts ORDER BY month";
    CUT = "INSERT INTO trace_cuts (month, event, lot, at) VALUES ($1, $2, $3, $4)";
}

/// Partitions that are kept ready.
pub const AHEAD: i64 = 3;
/// Numbers of the smallest partition.
pub const LEAST: i64 = 1_000_000;

/// Notes what number the records had reached when a month ended: `month` (`2026-03`). A month that was noted before is left
/// alone. Answers whether it noted.
pub fn note_month(tx: &mut Tx, month: &str, now: Millis) -> Result<bool> {
    let last: Option<(String, i64, i64)> = tx.one(LAST_CUTS, &[])?;
    if last.is_some_and(|(done, ..)| done.as_str() >= month) {
        return Ok(false);
    }
    let (event, lot) = events::numbers(tx)?;
    tx.exec(CUT, params![month, event + 1, lot + 1, now])?;
    Ok(true)
}

/// Makes partitions until [`AHEAD`] are ready beyond the last number; answers how many it made. `least` is [`LEAST`] outside
/// of tests. SQLite has none.
pub fn ahead(tx: &mut Tx, least: i64) -> Result<u64> {
    let (event, lot) = events::numbers(tx)?;
    let months: Vec<(String, i64, i64)> = tx.all(LAST_CUTS, &[])?;
    let size = |numbers: Vec<i64>| {
        let busiest = numbers.windows(2).map(|pair| pair[0] - pair[1]).max().unwrap_or(0);
        (busiest.max(1).div_euclid(least) + i64::from(busiest.max(1).rem_euclid(least) > 0)) * least
    };
    let taken = |now: i64, at: fn(&(String, i64, i64)) -> i64| {
        let before = months.iter().map(at).chain(months.is_empty().then_some(1));
        size(std::iter::once(now + 1).chain(before).collect())
    };
    let (events_size, lots_size) = (taken(event, |m| m.1), taken(lot, |m| m.2));
    let mut made = 0;
    for (table, number, size) in
        [("events", event, events_size), ("inputs", event, events_size), ("lots", lot, lots_size)]
    {
        let Some(mut end) = tx.partitions_end(table)? else { return Ok(0) };
        if number >= end {
            // the default partition has taken some: they become one of their own
            tx.cut_partition(table, end, number + 1)?;
            end = number + 1;
        }
        while end - number <= AHEAD * size {
            tx.make_partition(table, end, end + size)?;
            end += size;
            made += 1;
        }
    }
    Ok(made)
}

/// What number the records had reached at the end of each month, oldest first: the first event and lot after it.
pub fn months(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    tx.all(CUTS, &[])
}

/// Makes a partition for each month on empty tables, before their rows come in from another database.
pub fn repeat(tx: &mut Tx, months: &[(i64, i64)]) -> Result<()> {
    let (mut event_from, mut lot_from) = (0, 0);
    for &(event, lot) in months {
        tx.make_partition("events", event_from, event)?;
        tx.make_partition("inputs", event_from, event)?;
        tx.make_partition("lots", lot_from, lot)?;
        (event_from, lot_from) = (event, lot);
    }
    Ok(())
}
