//! Deadlines that may stand still for a while, as functions over a calendar and times.
//!
//! A clock is an anchor and what is left from there. A pause counts what has passed and keeps the rest; going on, the
//! rest runs from that moment as a period from its event: the day on which it goes on is not counted, the day on which
//! it was paused is. A pause that ends on the day it began changes nothing. What is left of hours is milliseconds.

use kit_base::clock::{china_day, day_start};
use kit_base::workdays::{Calendar, Deadline, Period};
use kit_base::{Error, Millis, Result};
use serde::{Deserialize, Serialize};

/// What is left of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "unit", content = "count", rename_all = "snake_case")]
pub enum Left {
    /// 工作日
    WorkingDays(u16),
    /// 日
    Days(u16),
    Millis(i64),
}

/// When a running clock is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Due {
    /// The first millisecond at which it is too late.
    pub late_from: Millis,
    /// The last day in time, in China: `2026-03-01`.
    pub last_day: String,
    /// A year it runs through is not announced yet.
    pub provisional: bool,
}

impl From<Deadline> for Due {
    fn from(d: Deadline) -> Self {
        Self { late_from: d.late_from, last_day: d.last_day.to_string(), provisional: d.provisional }
    }
}

impl Left {
    /// Both together; of another unit than this one nothing is added.
    pub fn and(self, more: Self) -> Self {
        match (self, more) {
            (Self::WorkingDays(a), Self::WorkingDays(b)) => Self::WorkingDays(a.saturating_add(b)),
            (Self::Days(a), Self::Days(b)) => Self::Days(a.saturating_add(b)),
            (Self::Millis(a), Self::Millis(b)) => Self::Millis(a.saturating_add(b)),
            (own, _) => own,
        }
    }
}

impl From<Period> for Left {
    fn from(period: Period) -> Self {
        match period {
            Period::WorkingDays(n) => Self::WorkingDays(n),
            Period::Days(n) => Self::Days(n),
            Period::Hours(n) => Self::Millis(i64::from(n) * 3_600_000),
        }
    }
}

/// When what is left, running from `anchor`, is over. Errors: `date_range`.
pub fn due(calendar: &Calendar, anchor: Millis, left: Left) -> Result<Due> {
    match left {
        Left::Millis(ms) => {
            let late_from = anchor.saturating_add(ms.max(0));
            let last_day = china_day(late_from - 1).to_string();
            Ok(Due { late_from, last_day, provisional: false })
        }
        // nothing left: the day itself, or the first working day after it
        Left::WorkingDays(0) => calendar.deadline(anchor, Period::Days(0)).map(Due::from),
        Left::WorkingDays(n) => calendar.deadline(anchor, Period::WorkingDays(n)).map(Due::from),
        Left::Days(n) => calendar.deadline(anchor, Period::Days(n)).map(Due::from),
    }
}

/// What is left at a moment of what was left at the anchor.
pub fn left_at(calendar: &Calendar, anchor: Millis, left: Left, at: Millis) -> Left {
    let at = at.max(anchor);
    let less = |n: u16, used: i64| u16::try_from((i64::from(n) - used).max(0)).unwrap_or(0);
    match left {
        Left::Millis(ms) => Left::Millis((ms - (at - anchor)).max(0)),
        Left::WorkingDays(n) => Left::WorkingDays(less(n, calendar.working_days_between(anchor, at))),
        Left::Days(n) => Left::Days(less(n, days_between(anchor, at))),
    }
}

/// The period from a moment to the end of a named day.
///
/// Errors: `date_past` where the day is over, `date_far` beyond `most`.
pub fn until(calendar: &Calendar, from: Millis, day: &str, most: Option<Period>) -> Result<Left> {
    let bad = |code: &'static str, text: &str| Error::invalid("", code, text);
    let day: jiff::civil::Date = day.parse().map_err(|_| bad("date_form", "日期应写成 2026-03-01 的形式"))?;
    let days = days_between(from, day_start(day));
    if days < 0 {
        return Err(bad("date_past", "期限不能早于今天"));
    }
    let days = u16::try_from(days).map_err(|_| bad("date_far", "期限过远"))?;
    if let Some(most) = most {
        let last = calendar.deadline(from, most)?.last_day;
        if day > last {
            return Err(bad("date_far", &format!("期限最晚为 {last}")));
        }
    }
    Ok(Left::Days(days))
}

fn days_between(from: Millis, to: Millis) -> i64 {
    (day_start(china_day(to)) - day_start(china_day(from))) / 86_400_000
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        Calendar::read(include_str!("../../../data/holidays.csv")).unwrap()
    }

    /// Walks day after day: a day counts where no pause holds it.
    fn naive(start: Date, left: Left, pauses: &[(Date, Date)], calendar: &Calendar) -> Date {
        let (mut need, working) = match left {
            Left::WorkingDays(n) => (n, true),
            Left::Days(n) => (n, false),
            Left::Millis(_) => unreachable!(),
        };
        let mut day = start;
        while need > 0 {
            day = day.tomorrow().unwrap();
            let held = pauses.iter().any(|(from, to)| *from < day && day <= *to);
            if !held && (!working || calendar.is_working_day(day)) {
                need -= 1;
            }
        }
        // what ran out before the last pause is over on the day it went on
        if let Some((_, to)) = pauses.last() {
            day = day.max(*to);
        }
        while (!working || !pauses.is_empty() || left == Left::WorkingDays(0))
            && !calendar.is_working_day(day)
        {
            day = day.tomorrow().unwrap();
        }
        day
    }

    fn at(day: Date, hour: i64) -> Millis {
        day_start(day) + hour * 3_600_000
    }

    proptest! {
        #[test]
        fn pauses_agree_with_counting_day_by_day(
            first in 0i32..6_500,
            count in 0u16..60,
            working: bool,
            gaps in proptest::collection::vec((0i32..9, 0i32..30, 0i64..24, 0i64..24), 0..4),
        ) {
            let calendar = calendar();
            let left = if working { Left::WorkingDays(count) } else { Left::Days(count) };
            let plus = |d: Date, n: i32| d.checked_add(jiff::Span::new().days(n)).unwrap();
            let start = plus(date(2006, 1, 1), first);
            let (mut anchor, mut rest, mut pauses) = (at(start, 9), left, Vec::new());
            let mut today = start;
            for (run, rests, h1, h2) in gaps {
                let pause = plus(today, run);
                // a clock that is over is not paused any more
                if due(&calendar, anchor, rest).unwrap().late_from <= at(pause, 0) {
                    break;
                }
                let from = at(pause, h1).max(anchor);
                let to = at(plus(pause, rests), h2).max(from);
                rest = left_at(&calendar, anchor, rest, from);
                anchor = to;
                today = china_day(to);
                pauses.push((china_day(from), today));
            }
            let found = due(&calendar, anchor, rest).unwrap();
            let expected = naive(start, left, &pauses, &calendar);
            // a working-day clock that still has days left ends on a working day by itself
            prop_assert_eq!(found.last_day, expected.to_string(), "{:?} {:?}", left, pauses);
        }

        #[test]
        fn hours_stand_still_exactly(ms in 0i64..400_000_000, run in 0i64..400_000_000, rest in 0i64..400_000_000) {
            let calendar = calendar();
            let left = left_at(&calendar, 0, Left::Millis(ms), run);
            let late = due(&calendar, run + rest, left).unwrap().late_from;
            prop_assert_eq!(late, if run <= ms { ms + rest } else { run + rest });
        }
    }

    #[test]
    fn a_named_day_is_within_bounds() {
        let calendar = calendar();
        let now = at(date(2026, 3, 3), 9);
        assert_eq!(until(&calendar, now, "2026-03-13", None).unwrap(), Left::Days(10));
        let code = |day: &str, most| until(&calendar, now, day, most).unwrap_err().code.into_owned();
        assert_eq!(code("2026-03-02", None), "date_past");
        assert_eq!(code("2026-04-30", Some(Period::Days(30))), "date_far");
        assert_eq!(code("soon", None), "date_form");
    }
}
