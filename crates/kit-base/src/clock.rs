//! Time comes in as an argument; this is what comes in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// China has one civil time: UTC+8, no summer time since 1991.
pub const CHINA_OFFSET_MS: i64 = 8 * 3_600_000;

/// Where the time comes from: the machine, or a test that turns it.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now` until it is turned.
    pub fn fixed(now: Millis) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(now)))
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)),
            Self::Fixed(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Turns a fixed clock forward; the machine's clock is left alone.
    pub fn advance(&self, by: Millis) {
        if let Self::Fixed(at) = self {
            at.fetch_add(by, Ordering::SeqCst);
        }
    }
}

/// The civil day in China of a moment.
pub fn china_day(at: Millis) -> jiff::civil::Date {
    let days = (at + CHINA_OFFSET_MS).div_euclid(86_400_000);
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().days(days)).unwrap_or(epoch)
}

/// `2026-03-01 08:30:05`, in China's time.
pub fn china_text(at: Millis) -> String {
    let within = (at + CHINA_OFFSET_MS).rem_euclid(86_400_000) / 1000;
    format!("{} {:02}:{:02}:{:02}", china_day(at), within / 3600, within / 60 % 60, within % 60)
}

/// The first millisecond of a civil day in China.
pub fn day_start(day: jiff::civil::Date) -> Millis {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = epoch.until(day).map_or(0, |s| i64::from(s.get_days()));
    days * 86_400_000 - CHINA_OFFSET_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_begins_eight_hours_before_utc() {
        let day = jiff::civil::date(2026, 3, 1);
        assert_eq!(china_day(day_start(day)), day);
        assert_eq!(china_day(day_start(day) - 1), jiff::civil::date(2026, 2, 28));
        assert_eq!(china_text(day_start(day) + 3_723_000), "2026-03-01 01:02:03");
    }
}
