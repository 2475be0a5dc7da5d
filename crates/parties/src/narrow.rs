//! What the lists of every room are narrowed by beside the reach of the asker ([`kit_web::Scope::restrict`]): a place, what was said,
//! words, days; and their pages. What is empty narrows nothing.

use kit_base::clock::day_start;
use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Tx};
use kit_web::Page;
use kit_web::answer::{COUNTED, paging};

use crate::asked;

const DAY: Millis = 86_400_000;

/// Days of China that were asked for, as moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// First moment of the first day.
    pub from: Option<Millis>,
    /// First moment after the last day.
    pub until: Option<Millis>,
}

impl Days {
    /// First and last day as people write them, both included; empty is not said. Errors: `date_form` at `from` or `to`.
    pub fn of(from: Option<&str>, to: Option<&str>) -> Result<Self> {
        let day = |field, text: Option<&str>| {
            let said = text.map(str::trim).filter(|t| !t.is_empty());
            said.map(|t| asked::day(field, t).map(day_start)).transpose()
        };
        Ok(Self { from: day("from", from)?, until: day("to", to)?.map(|at| at + DAY) })
    }
}

/// Conditions that lists have in common.
pub trait Narrow: Sized {
    /// Below a division; `range` is like `f.division >= ? AND f.division < ?`. What is no code of digits narrows nothing.
    #[must_use]
    fn below(self, range: &'static str, division: Option<&str>) -> Self;
    /// `condition` is like `f.kind = ?`.
    #[must_use]
    fn said(self, condition: &'static str, value: Option<&str>) -> Self;
    /// Words anywhere in one of some columns: `f.what LIKE ? OR f.number LIKE ?`.
    #[must_use]
    fn words(self, columns: &'static str, q: Option<&str>) -> Self;
    /// `from` and `until` are like `f.found_at >= ?` and `f.found_at < ?`.
    #[must_use]
    fn days(self, from: &'static str, until: &'static str, days: Days) -> Self;
}

impl Narrow for Filter {
    fn below(self, range: &'static str, division: Option<&str>) -> Self {
        match division.filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit())) {
            Some(division) => self.within(range, &[division.to_owned()]),
            None => self,
        }
    }

    fn said(self, condition: &'static str, value: Option<&str>) -> Self {
        self.and_some(condition, value.filter(|v| !v.is_empty()))
    }

    fn words(self, columns: &'static str, q: Option<&str>) -> Self {
        match q.map(str::trim).filter(|t| !t.is_empty()) {
            Some(text) => {
                let like = format!("%{}%", text.replace(['%', '_'], ""));
                self.and(columns, &vec![Param::Text(&like); columns.matches('?').count()])
            }
            None => self,
        }
    }

    fn days(self, from: &'static str, until: &'static str, days: Days) -> Self {
        self.and_some(from, days.from).and_some(until, days.until)
    }
}

/// One page of a list. `counted` selects `1` of the rows, `rows` all of each in their order; both narrowed alike. The number is
/// counted no further than anybody pages.
pub fn page<T: FromRow>(
    tx: &mut Tx,
    (page, size): (Option<i64>, Option<i64>),
    counted: Filter,
    rows: Filter,
) -> Result<Page<T>> {
    let (page, size) = paging(page, size);
    let total = tx.count(&counted.counted_to(COUNTED))?;
    let rows = rows.then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_moments_of_china_and_the_last_counts() {
        let at = |day: &str| Some(day_start(day.parse().unwrap()));
        let table = [
            ((None, None), Days { from: None, until: None }),
            ((Some(""), Some(" ")), Days { from: None, until: None }),
            ((Some("2026-03-01"), None), Days { from: at("2026-03-01"), until: None }),
            ((None, Some("2026-03-01")), Days { from: None, until: at("2026-03-02") }),
        ];
        for ((from, to), days) in table {
            assert_eq!(Days::of(from, to).unwrap(), days, "{from:?} {to:?}");
        }
        let wrong = Days::of(None, Some("三月")).unwrap_err();
        assert_eq!((wrong.code.as_ref(), wrong.field.as_deref()), ("date_form", Some("to")));
    }
}
