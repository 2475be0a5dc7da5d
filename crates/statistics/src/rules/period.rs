//! Periods by the calendar of China, and what they are compared with.

use jiff::ToSpan;
use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};
use kit_flow::store::tally::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DAY: Millis = 86_400_000;
/// A clock that ends within so many days is due soon.
const SOON: Millis = 7 * DAY;

/// How long the period of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Week,
    Month,
    Year,
}

/// First and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: Date,
    pub last: Date,
}

fn moved(day: Date, span: jiff::Span) -> Result<Date> {
    day.checked_add(span).map_err(|_| Error::invalid("from", "date_range", "日期超出可统计的范围"))
}

impl Unit {
    /// The whole period in which a day lies; weeks begin on Monday.
    pub fn around(self, day: Date) -> Result<Period> {
        let first = match self {
            Self::Week => moved(day, (-i64::from(day.weekday().to_monday_zero_offset())).days())?,
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        };
        let last = match self {
            Self::Week => moved(first, 6.days())?,
            Self::Month => first.last_of_month(),
            Self::Year => first.last_of_year(),
        };
        Ok(Period { first, last })
    }

    /// The last one that was over before a day.
    pub fn ended_before(self, day: Date) -> Result<Period> {
        self.around(moved(self.around(day)?.first, (-1).days())?)
    }
}

impl Period {
    /// The day after it.
    pub fn next(self) -> Result<Date> {
        moved(self.last, 1.day())
    }

    fn is(self, unit: Unit) -> bool {
        unit.around(self.first).is_ok_and(|whole| whole == self)
    }

    /// The period that it is compared with (上期): of a whole month or year the one before it, else as many days before.
    pub fn before(self) -> Result<Self> {
        for unit in [Unit::Month, Unit::Year] {
            if self.is(unit) {
                return unit.ended_before(self.first);
            }
        }
        let days = i64::from((self.last - self.first).get_days()) + 1;
        Ok(Self { first: moved(self.first, (-days).days())?, last: moved(self.first, (-1).days())? })
    }

    /// The same days a year before (去年同期); of a whole week the same weekdays, 52 weeks before.
    pub fn year_before(self) -> Result<Self> {
        let back = if self.is(Unit::Week) { (-364).days() } else { (-1).year() };
        let first = moved(self.first, back)?;
        let last = if self.is(Unit::Month) { first.last_of_month() } else { moved(self.last, back)? };
        Ok(Self { first, last })
    }

    /// The moments of all of it.
    pub fn span(self, now: Millis) -> Result<Span> {
        let (before, year) = (self.before()?, self.year_before()?);
        Ok(Span {
            before: day_start(before.first),
            from: day_start(self.first),
            until: day_start(self.last) + DAY,
            year_from: day_start(year.first),
            year_until: day_start(year.last) + DAY,
            due: now + SOON,
            now,
        })
    }

    /// Whether a day lies after it.
    pub fn over(self, now: Millis) -> bool {
        china_day(now) > self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(first: &str, last: &str) -> Period {
        Period { first: first.parse().unwrap(), last: last.parse().unwrap() }
    }

    #[test]
    fn periods_and_what_they_are_compared_with() {
        let table = [
            // a whole week: the week before; 52 weeks before
            (
                period("2026-03-02", "2026-03-08"),
                period("2026-02-23", "2026-03-01"),
                period("2025-03-03", "2025-03-09"),
            ),
            // a whole month, also where its length differs
            (
                period("2026-03-01", "2026-03-31"),
                period("2026-02-01", "2026-02-28"),
                period("2025-03-01", "2025-03-31"),
            ),
            (
                period("2025-02-01", "2025-02-28"),
                period("2025-01-01", "2025-01-31"),
                period("2024-02-01", "2024-02-29"),
            ),
            (
                period("2026-01-01", "2026-12-31"),
                period("2025-01-01", "2025-12-31"),
                period("2025-01-01", "2025-12-31"),
            ),
            // any other: as many days before
            (
                period("2026-03-03", "2026-03-12"),
                period("2026-02-21", "2026-03-02"),
                period("2025-03-03", "2025-03-12"),
            ),
            (
                period("2024-02-29", "2024-02-29"),
                period("2024-02-28", "2024-02-28"),
                period("2023-02-28", "2023-02-28"),
            ),
        ];
        for (one, before, year) in table {
            assert_eq!(one.before().unwrap(), before, "before {one:?}");
            assert_eq!(one.year_before().unwrap(), year, "year before {one:?}");
        }
    }

    #[test]
    fn the_last_that_is_over() {
        let ended = |unit: Unit, day: &str| unit.ended_before(day.parse().unwrap()).unwrap();
        assert_eq!(ended(Unit::Week, "2026-03-03"), period("2026-02-23", "2026-03-01"));
        assert_eq!(ended(Unit::Week, "2026-03-02"), period("2026-02-23", "2026-03-01"));
        assert_eq!(ended(Unit::Week, "2026-03-01"), period("2026-02-16", "2026-02-22"));
        assert_eq!(ended(Unit::Month, "2026-01-01"), period("2025-12-01", "2025-12-31"));
        assert_eq!(ended(Unit::Year, "2026-01-01"), period("2025-01-01", "2025-12-31"));
    }
}
