//! How long the spare is kept (令15号第二十五条): months from the conclusion, or until the food is past its day where that comes first.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use kit_base::{Error, Result};

/// The days of a spare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The last day on which it must be there.
    pub last: Date,
    /// The first on which it may be disposed of.
    pub free: Date,
    /// The food is past its day before the months are over.
    pub by_date: bool,
}

/// Errors: a day that no calendar has.
pub fn until(concluded: Date, months: i64, expires: Option<Date>) -> Result<Kept> {
    let whole = concluded.checked_add(Span::new().months(months)).map_err(Error::internal)?;
    let last = expires.map_or(whole, |day| day.min(whole));
    // what was past its day before the conclusion is kept until then
    let last = last.max(concluded);
    let free = last.checked_add(1.day()).map_err(Error::internal)?;
    Ok(Kept { last, free, by_date: last < whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_end_with_the_same_day_or_the_last_of_the_month() {
        let day = |y, m, d| Some(date(y, m, d));
        let table = [
            (date(2026, 3, 3), 3, None, date(2026, 6, 3), false),
            (date(2026, 11, 30), 3, None, date(2027, 2, 28), false),
            (date(2026, 3, 3), 6, day(2026, 12, 31), date(2026, 9, 3), false),
            (date(2026, 3, 3), 6, day(2026, 5, 1), date(2026, 5, 1), true),
            (date(2026, 3, 3), 6, day(2026, 2, 1), date(2026, 3, 3), true),
        ];
        for (concluded, months, expires, last, by_date) in table {
            let kept = until(concluded, months, expires).unwrap();
            assert_eq!((kept.last, kept.by_date), (last, by_date), "{concluded} {months} {expires:?}");
            assert_eq!(kept.free, last.tomorrow().unwrap());
        }
    }
}
