//! Who may write next: writes wait in front of the database's queue, each business (or bureau user) in a line of its own, so
//! that the flood of one leaves room for the others, and what waits is bounded.
//!
//! A write takes as many places as its body has pieces of 128 KiB. One asker holds at most [`OWN`] places at a time and may
//! have [`WAITING`] more writes waiting; beyond that the answer is 429 with `Retry-After`. All together hold [`ALL`] places,
//! which bounds the memory of bodies, and stay below what the database's own queue takes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit_base::{Error, Kind, Result};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places that one asker may hold.
pub const OWN: u32 = 32;
/// Writes of one asker that may wait for a place.
pub const WAITING: usize = 256;
/// Places of all together: bodies of 64 MiB.
pub const ALL: u32 = 512;
/// Bytes of a body to a place.
const PLACE: u64 = 128 * 1024;

/// The lines in front of the database.
pub struct Fair {
    all: Arc<Semaphore>,
    lines: Mutex<HashMap<String, Arc<Line>>>,
}

struct Line {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Default for Fair {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(ALL as usize)), lines: Mutex::default() }
    }
}

/// Leave to write; its places are free again when it is dropped.
pub struct Leave {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

/// Counts who waits, also where the asker goes away.
struct Counted<'l>(&'l AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Fair {
    /// Waits in the line of `key` for leave to write a body of so many bytes.
    ///
    /// Errors: `too_many_writes` (429) where too many of the same asker wait already.
    pub async fn enter(&self, key: &str, bytes: u64) -> Result<Leave> {
        let places = u32::try_from(1 + bytes / PLACE).unwrap_or(OWN).min(OWN);
        let line = self.line(key);
        let before = line.waiting.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(&line.waiting);
        if before >= WAITING {
            return Err(
                Error::new(Kind::TooMany, "too_many_writes", "提交过于频繁，请稍后重试").retry_after(1)
            );
        }
        let own = line.places.clone().acquire_many_owned(places).await.map_err(Error::internal)?;
        let all = self.all.clone().acquire_many_owned(places).await.map_err(Error::internal)?;
        drop(counted);
        Ok(Leave { _own: own, _all: all })
    }

    /// How many writes wait in the line of `key`.
    pub fn waiting(&self, key: &str) -> usize {
        self.line(key).waiting.load(Ordering::Relaxed)
    }

    fn line(&self, key: &str) -> Arc<Line> {
        let mut lines = self.lines.lock();
        // lines that nobody stands in are forgotten now and then
        if lines.len() > 4_096 {
            lines.retain(|_, line| {
                Arc::strong_count(line) > 1 || line.places.available_permits() < OWN as usize
            });
        }
        let new = || {
            Arc::new(Line { places: Arc::new(Semaphore::new(OWN as usize)), waiting: AtomicUsize::new(0) })
        };
        lines.entry(key.to_owned()).or_insert_with(new).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        futures_util::FutureExt::now_or_never(future)
    }

    #[test]
    fn a_flood_of_one_leaves_room_for_another() {
        let fair = Fair::default();
        let held: Vec<_> = (0..OWN).map(|_| now(fair.enter("a", 10)).unwrap().unwrap()).collect();
        assert!(now(fair.enter("a", 10)).is_none(), "the next of the same asker waits");
        assert!(now(fair.enter("b", 10)).is_some_and(|l| l.is_ok()), "another does not");
        drop(held);
        assert!(now(fair.enter("a", 10)).is_some());
    }

    #[test]
    fn what_waits_is_bounded_and_told_to_come_back() {
        let fair = Fair::default();
        let _held = now(fair.enter("a", u64::MAX)).unwrap().unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(fair.enter("a", 10))).collect();
        for one in &mut waiting {
            assert!(now(one.as_mut()).is_none());
        }
        let refused = now(fair.enter("a", 10)).unwrap().err().unwrap();
        assert_eq!((refused.kind, refused.retry_after), (Kind::TooMany, Some(1)));
        // who goes away makes room
        drop(waiting);
        assert!(now(fair.enter("a", 10)).is_none());
    }

    #[test]
    fn bodies_of_all_together_are_bounded() {
        let fair = Fair::default();
        let names: Vec<String> = (0..ALL / OWN).map(|i| format!("n{i}")).collect();
        let held: Vec<_> = names.iter().map(|n| now(fair.enter(n, 100 << 20)).unwrap().unwrap()).collect();
        assert!(now(fair.enter("one more", 10)).is_none());
        drop(held);
        assert!(now(fair.enter("one more", 10)).is_some());
    }
}
