//! Scans counted without a write on the way of a page: in memory by code, hour and coarse place, written every few seconds in
//! one transaction and when the server stops. A server that is killed loses the scans of those seconds and nothing else.

pub mod limits;
pub mod rules;

use std::collections::HashMap;

use kit_base::codes::{self, gtin, platform};
use kit_base::{Millis, Result};
use kit_db::Db;
use parking_lot::Mutex;

/// Counters kept at once; scans of further codes are dropped, and how many is told.
const MOST: usize = 100_000;
/// Characters of a counted code.
const LONGEST: usize = 80;
const HOUR: Millis = 3_600_000;

/// Code, hour, place.
pub type Key = (String, i64, String);

/// The counters of the running house.
#[derive(Default)]
pub struct Scans(Mutex<Counters>);

#[derive(Default)]
struct Counters {
    counts: HashMap<Key, i64>,
    dropped: u64,
}

impl Scans {
    /// Counts one scan. Takes a moment of a lock; never waits for the database.
    pub fn note(&self, code: &str, place: &str, now: Millis) {
        let key = (code.to_owned(), now.div_euclid(HOUR), place.to_owned());
        let mut counters = self.0.lock();
        if counters.counts.len() >= MOST && !counters.counts.contains_key(&key) {
            counters.dropped += 1;
            return;
        }
        *counters.counts.entry(key).or_default() += 1;
    }

    /// Writes what was counted since the last time. What cannot be written is kept for the next time.
    pub fn flush(&self, db: &Db) -> Result<()> {
        let Counters { counts, dropped } = std::mem::take(&mut *self.0.lock());
        if dropped > 0 {
            tracing::warn!(dropped, "more codes were scanned at once than are counted");
        }
        if counts.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<(Key, i64)> = counts.into_iter().collect();
        rows.sort();
        let written = rows.clone();
        let done = db.write_blocking(move |tx| crate::store::scans::add(tx, &written));
        if done.is_err() {
            let mut counters = self.0.lock();
            for (key, n) in rows {
                if counters.counts.len() < MOST || counters.counts.contains_key(&key) {
                    *counters.counts.entry(key).or_default() += n;
                }
            }
        }
        done
    }
}

/// The code of a platform page as it is counted; `None` for what is no code of ours, so that noise fills nothing.
pub fn of_code(text: &str) -> Option<String> {
    platform::read(text).ok().map(|(_, code)| code)
}

/// The code of a Digital Link as it is counted.
pub fn of_gtin(code: &str, batch: Option<&str>, serial: Option<&str>) -> Option<String> {
    let code = codes::tidy(code);
    let known = matches!(code.len(), 8 | 12 | 13 | 14) && gtin::check(&code).is_good();
    let mut out = known.then(|| gtin::padded(&code))?;
    if let Some(batch) = batch {
        out = format!("{out}/{batch}");
    }
    if let Some(serial) = serial {
        out = format!("{out}/{}/{serial}", if batch.is_none() { "/21" } else { "21" });
    }
    (out.len() <= LONGEST).then_some(out)
}

/// A place that a page reports: a division of 4 or 6 digits that exists; anything else counts as not told.
pub fn place_of(text: Option<&str>) -> &str {
    let text = text.unwrap_or_default();
    let known = matches!(text.len(), 4 | 6) && text.bytes().all(|b| b.is_ascii_digit());
    if known && parties::reference::get().division(text).is_some() { text } else { "" }
}
