//! Periods, what rises, templates: pure.

pub mod period;
pub mod template;

use std::sync::OnceLock;

use kit_base::{Error, Result};

/// When a kind rises: so many more than in the period before, in percent, and at least so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rising {
    pub percent: i64,
    pub least: i64,
}

/// data/statistics/rising.csv
pub fn rising() -> Result<Rising> {
    static ROW: OnceLock<Option<Rising>> = OnceLock::new();
    let read = || {
        let line = include_str!("../../../../data/statistics/rising.csv").lines().nth(1)?;
        let mut cells = line.split(',').skip(1).map(|c| c.parse::<i64>().ok());
        Some(Rising { percent: cells.next()??, least: cells.next()?? })
    };
    ROW.get_or_init(read).ok_or_else(|| Error::internal("data/statistics/rising.csv has no row"))
}

impl Rising {
    /// Whether so many are so many more than before.
    pub fn holds(self, now: i64, before: i64) -> bool {
        now - before >= self.least && now * 100 >= before * (100 + self.percent)
    }

    /// The rule in words, beside what it marks.
    pub fn words(self) -> String {
        format!("比上期多 {}% 以上，且至少多 {} 件", self.percent, self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_and_three_more() {
        let rule = rising().unwrap();
        let table = [
            (3, 0, true),
            (2, 0, false),
            (12, 10, false),
            (13, 10, true),
            (117, 100, false),
            (120, 100, true),
        ];
        for (now, before, expected) in table {
            assert_eq!(rule.holds(now, before), expected, "{now} {before}");
        }
    }
}
