//! When a licence may be renewed, and when it ends.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kit_base::workdays::{Calendar, Period};

use crate::model::matters::Window;

/// The day so far before another: of working days as many as the period has lie from it up to that day.
pub fn before(calendar: &Calendar, end: Date, period: Period) -> Date {
    let back = |day: Date, n: i64| day.checked_sub(n.days()).unwrap_or(day);
    match period {
        Period::Days(n) => back(end, i64::from(n)),
        Period::Hours(n) => back(end, i64::from(n) / 24),
        Period::WorkingDays(n) => {
            let (mut day, mut left) = (end, n);
            while left > 0 && day > Date::MIN {
                day = back(day, 1);
                if calendar.is_working_day(day) {
                    left -= 1;
                }
            }
            day
        }
    }
}

/// The days of a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day; `None` at any time.
    pub open: Option<Date>,
    /// Last day in time.
    pub shut: Date,
    /// The business is reminded from this day.
    pub remind: Date,
}

/// The window of a licence that ends on a day.
pub fn days(calendar: &Calendar, window: &Window, end: Date) -> Days {
    Days {
        open: window.open.map(|p| before(calendar, end, p)),
        shut: before(calendar, end, window.shut),
        remind: before(calendar, end, window.remind),
    }
}

/// How an application for renewal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The window is not open yet.
    Early,
    InTime,
    /// Too late to be in time, but before the end.
    Late,
    /// The licence has ended.
    Over,
}

pub fn timing(days: Days, end: Date, today: Date) -> Timing {
    if today > end {
        Timing::Over
    } else if today > days.shut {
        Timing::Late
    } else if days.open.is_some_and(|open| today < open) {
        Timing::Early
    } else {
        Timing::InTime
    }
}

/// The last day of a licence granted on a day: years later, the day before. `None` without end.
pub fn last_day(granted: Date, years: i64) -> Option<Date> {
    if years == 0 {
        return None;
    }
    granted.checked_add(years.years()).and_then(|d| d.checked_sub(1.day())).ok()
}
