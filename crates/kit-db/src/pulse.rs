//! What the database is doing, for the metrics: counters that cost a few nanoseconds a commit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Upper bounds of the buckets of commit times, in seconds.
pub const COMMIT_SECONDS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
/// Upper bounds of the buckets of group sizes, in units of work.
pub const GROUP_UNITS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// Counters since the start of the process.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Units of work that wait for the writer (SQLite) or run (PostgreSQL) now.
    pub(crate) waiting: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) full: AtomicU64,
    pub(crate) commits: Histogram<{ COMMIT_SECONDS.len() }>,
    pub(crate) groups: Histogram<{ GROUP_UNITS.len() }>,
}

/// A reading of [`Pulse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Units of work that wait for the writer, or run.
    pub waiting: u64,
    /// Units that may wait; more are refused.
    pub room: u64,
    /// Units refused because the queue was full.
    pub refused: u64,
    /// Commits that found no room on the disk.
    pub full: u64,
    /// Seconds from the begin of a group to its end on the disk.
    pub commits: Buckets,
    /// Units of work a commit carried.
    pub groups: Buckets,
}

/// A histogram as it stands: each count is of its own bucket, the last of what lies beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    pub bounds: &'static [f64],
    pub counts: Vec<u64>,
    pub sum: f64,
}

/// Counts by bucket; the sum is kept in millionths.
#[derive(Debug)]
pub(crate) struct Histogram<const N: usize> {
    counts: [AtomicU64; N],
    beyond: AtomicU64,
    millionths: AtomicU64,
}

impl<const N: usize> Default for Histogram<N> {
    fn default() -> Self {
        Self {
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
            beyond: AtomicU64::new(0),
            millionths: AtomicU64::new(0),
        }
    }
}

impl<const N: usize> Histogram<N> {
    fn add(&self, bounds: &[f64; N], value: f64) {
        let place = bounds.iter().position(|bound| value <= *bound);
        let bucket = place.and_then(|i| self.counts.get(i)).unwrap_or(&self.beyond);
        bucket.fetch_add(1, Ordering::Relaxed);
        self.millionths.fetch_add((value * 1e6) as u64, Ordering::Relaxed);
    }

    fn read(&self, bounds: &'static [f64; N]) -> Buckets {
        let counts = self.counts.iter().chain([&self.beyond]);
        Buckets {
            bounds,
            counts: counts.map(|c| c.load(Ordering::Relaxed)).collect(),
            sum: self.millionths.load(Ordering::Relaxed) as f64 / 1e6,
        }
    }
}

impl Pulse {
    pub(crate) fn read(&self, room: u64) -> Reading {
        Reading {
            waiting: self.waiting.load(Ordering::Relaxed),
            room,
            refused: self.refused.load(Ordering::Relaxed),
            full: self.full.load(Ordering::Relaxed),
            commits: self.commits.read(&COMMIT_SECONDS),
            groups: self.groups.read(&GROUP_UNITS),
        }
    }

    /// A group of so many units was committed in this time.
    pub(crate) fn committed(&self, units: usize, time: Duration) {
        self.commits.add(&COMMIT_SECONDS, time.as_secs_f64());
        self.groups.add(&GROUP_UNITS, units as f64);
    }
}

#[allow(clippy::disallowed_methods, reason = "measures")]
pub(crate) fn stopwatch() -> Instant {
    Instant::now()
}
