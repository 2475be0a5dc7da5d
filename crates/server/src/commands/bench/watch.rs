//! The stopwatch, and what is made of many times.

use std::time::{Duration, Instant};

/// Runs from its making.
pub struct Watch(Instant);

impl Watch {
    #[allow(clippy::disallowed_methods, reason = "the one place that measures")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// How long something takes, and what it answers.
pub fn timed<T>(f: impl FnOnce() -> T) -> (T, Duration) {
    let watch = Watch::start();
    let value = f();
    (value, watch.elapsed())
}

/// Durations of the same work done again and again.
#[derive(Default)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// Seconds that this share of the rounds (0 to 1) did not exceed; 0 for none.
    pub fn share(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
    }

    pub fn best(&self) -> f64 {
        self.share(0.0)
    }

    pub fn median(&self) -> f64 {
        self.share(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_rounds() {
        let mut times = Times::default();
        assert_eq!((times.best(), times.median()), (0.0, 0.0));
        for ms in [30, 10, 20, 50, 40] {
            times.add(Duration::from_millis(ms));
        }
        assert_eq!((times.best(), times.median(), times.share(1.0)), (0.010, 0.030, 0.050));
    }
}
