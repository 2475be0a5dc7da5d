//! Working days in China: weekends, statutory holidays and the make-up working days (调休) of each year's announcement.
//!
//! A working day is not a formula: the State Council announces each year's calendar in the autumn before. A deadline that
//! runs through a year that is not announced yet is *provisional*.
//!
//! How deadlines run (regulations 0.1): working days and calendar days begin on the day after the event; a period of
//! calendar days that would end on a rest day ends on the next working day; hours run on the wall clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, china_day, day_start};
use crate::error::{Error, Kind, Result};

/// What the announcement says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// 放假
    Holiday,
    /// 调休上班
    MakeupWorkday,
}

/// The announced days of all years that are known.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    days: BTreeMap<Date, Announced>,
    years: BTreeSet<i16>,
}

/// A period as statutes write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "unit", content = "count", rename_all = "snake_case")]
pub enum Period {
    /// 工作日
    WorkingDays(u16),
    /// 日
    Days(u16),
    /// 小时
    Hours(u16),
}

/// When a period is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The first millisecond at which it is too late.
    pub late_from: Millis,
    /// The last day on which it is in time, in China.
    pub last_day: Date,
    /// A year it runs through is not announced yet; the day may still move.
    pub provisional: bool,
}

impl Calendar {
    pub fn new(days: impl IntoIterator<Item = (Date, Announced)>) -> Self {
        let days: BTreeMap<_, _> = days.into_iter().collect();
        let years = days.keys().map(|d| d.year()).collect();
        Self { days, years }
    }

    /// Reads `data/holidays.csv`: `date,kind,name,source` with kind `holiday` or `makeup_workday`.
    pub fn read(csv: &str) -> Result<Self> {
        let mut days = Vec::new();
        for (i, line) in csv.lines().enumerate().skip(1).filter(|(_, l)| !l.is_empty()) {
            let bad =
                || Error::new(Kind::Invalid, "holiday_row", format!("节假日表第 {} 行不正确：{line}", i + 1));
            let mut cells = line.split(',');
            let date = cells.next().and_then(|c| c.parse().ok()).ok_or_else(bad)?;
            let kind = match cells.next() {
                Some("holiday") => Announced::Holiday,
                Some("makeup_workday") => Announced::MakeupWorkday,
                _ => return Err(bad()),
            };
            days.push((date, kind));
        }
        Ok(Self::new(days))
    }

    /// Whether the year's calendar is announced.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    pub fn is_working_day(&self, day: Date) -> bool {
        match self.days.get(&day) {
            Some(Announced::Holiday) => false,
            Some(Announced::MakeupWorkday) => true,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// When a period that began with an event at `start` is over. Error: `date_range` past the year 9999.
    pub fn deadline(&self, start: Millis, period: Period) -> Result<Deadline> {
        let first = china_day(start);
        let last_day = match period {
            Period::Hours(hours) => {
                let late_from = start + i64::from(hours) * 3_600_000;
                return Ok(Deadline { late_from, last_day: china_day(late_from - 1), provisional: false });
            }
            Period::Days(days) => self.working_day_from(plus(first, i64::from(days))?)?,
            Period::WorkingDays(days) => {
                let mut day = first;
                for _ in 0..days {
                    day = self.working_day_from(plus(day, 1)?)?;
                }
                day
            }
        };
        let provisional = (first.year()..=last_day.year()).any(|y| !self.knows(y));
        Ok(Deadline { late_from: day_start(plus(last_day, 1)?), last_day, provisional })
    }

    /// Working days after the day of `from` up to and with the day of `to`; negative when `to` lies before.
    pub fn working_days_between(&self, from: Millis, to: Millis) -> i64 {
        let (a, b) = (china_day(from), china_day(to));
        let (early, late, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        let count =
            early.series(1.day()).skip(1).take_while(|d| *d <= late).filter(|d| self.is_working_day(*d));
        sign * count.count() as i64
    }

    /// The day itself or the first working day after it.
    fn working_day_from(&self, mut day: Date) -> Result<Date> {
        while !self.is_working_day(day) {
            day = plus(day, 1)?;
        }
        Ok(day)
    }
}

fn plus(day: Date, days: i64) -> Result<Date> {
    day.checked_add(days.days())
        .map_err(|e| Error::new(Kind::Invalid, "date_range", "期限超出可计算的日期").because(e))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const HOLIDAYS: &str = include_str!("../../../data/holidays.csv");

    fn calendar() -> Calendar {
        Calendar::read(HOLIDAYS).unwrap()
    }

    /// 2025: 国庆中秋 10-01 to 10-08 rest, 09-28 (Sunday) and 10-11 (Saturday) work.
    /// 2026: 国庆 10-01 to 10-07 rest, 09-20 (Sunday) and 10-10 (Saturday) work.
    #[test]
    fn deadlines_across_the_national_day() {
        let calendar = calendar();
        let table = [
            (date(2025, 9, 26), Period::WorkingDays(1), date(2025, 9, 28)),
            (date(2025, 9, 26), Period::WorkingDays(7), date(2025, 10, 13)),
            (date(2025, 9, 30), Period::WorkingDays(3), date(2025, 10, 11)),
            (date(2025, 9, 30), Period::WorkingDays(4), date(2025, 10, 13)),
            (date(2025, 9, 24), Period::Days(7), date(2025, 10, 9)),
            (date(2025, 9, 23), Period::Days(5), date(2025, 9, 28)),
            (date(2026, 9, 28), Period::WorkingDays(7), date(2026, 10, 13)),
            (date(2026, 9, 30), Period::WorkingDays(1), date(2026, 10, 8)),
            (date(2026, 9, 30), Period::WorkingDays(3), date(2026, 10, 10)),
            (date(2026, 3, 2), Period::WorkingDays(0), date(2026, 3, 2)),
        ];
        for (start, period, last) in table {
            let deadline = calendar.deadline(day_start(start) + 9 * 3_600_000, period).unwrap();
            assert_eq!(deadline.last_day, last, "{start} {period:?}");
            assert_eq!(deadline.late_from, day_start(last) + 86_400_000);
            assert!(!deadline.provisional);
        }
    }

    #[test]
    fn hours_run_through_holidays() {
        let start = day_start(date(2025, 10, 1)) + 3_600_000;
        let deadline = calendar().deadline(start, Period::Hours(24)).unwrap();
        assert_eq!(deadline.late_from, start + 86_400_000);
        assert_eq!(deadline.last_day, date(2025, 10, 2));
    }

    #[test]
    fn an_unannounced_year_makes_a_deadline_provisional() {
        let calendar = calendar();
        assert!(calendar.knows(2026) && !calendar.knows(2099));
        let start = day_start(date(2099, 9, 28));
        assert!(calendar.deadline(start, Period::WorkingDays(7)).unwrap().provisional);
        assert!(!calendar.deadline(start, Period::Hours(48)).unwrap().provisional);
    }

    #[test]
    fn a_wrong_table_names_its_line() {
        let error = Calendar::read("date,kind,name,source\n2026-02-30,holiday,x,y\n").unwrap_err();
        assert_eq!(error.code, "holiday_row");
        assert!(error.message.contains("第 2 行"));
    }

    proptest! {
        #[test]
        fn counting_and_running_agree(start in 0i64..7_000, days in 0u16..60) {
            let calendar = calendar();
            let start = day_start(date(2006, 1, 1)) + start * 86_400_000;
            let deadline = calendar.deadline(start, Period::WorkingDays(days)).unwrap();
            let counted = calendar.working_days_between(start, deadline.late_from - 1);
            prop_assert_eq!(counted, i64::from(days));
            prop_assert!(days == 0 || calendar.is_working_day(deadline.last_day));
        }
    }
}
