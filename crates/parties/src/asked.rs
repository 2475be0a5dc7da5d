//! Which place and period somebody asks for, where rooms count something by divisions.

use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, PartialDate, Result};
use kit_web::Scope;

const DAY: Millis = 86_400_000;
/// Longest period, days.
const LONGEST: i64 = 3_660;

/// A day as people write it. Errors: `date_form`.
pub fn day(field: &'static str, text: &str) -> Result<Date> {
    let date = text.parse::<PartialDate>().ok().and_then(PartialDate::day);
    date.ok_or_else(|| Error::invalid(field, "date_form", "日期应写成 2026-03-01 的形式"))
}

/// First and last day that are asked for: to today, and so many days long, where nothing is said.
///
/// Errors: `date_form`, `period_order`, `period_long`.
pub fn days(from: Option<&str>, to: Option<&str>, now: Millis, long: i64) -> Result<(Date, Date)> {
    let given = |field, text: Option<&str>| text.filter(|t| !t.is_empty()).map(|t| day(field, t)).transpose();
    let last = given("to", to)?.unwrap_or_else(|| china_day(now));
    let until = day_start(last) + DAY;
    let first = given("from", from)?.unwrap_or_else(|| china_day(until - long * DAY));
    if first > last {
        return Err(Error::invalid("from", "period_order", "开始日期不能晚于结束日期"));
    }
    if until - day_start(first) > LONGEST * DAY {
        return Err(Error::invalid("from", "period_long", "统计期间不超过十年"));
    }
    Ok((first, last))
}

/// The division that is asked for, or the first of the asker's own. Errors: not found beyond their own.
pub fn division(asked: Option<&str>, scope: &Scope) -> Result<String> {
    let unknown = || Error::not_found("没有这个区划，或不在您的辖区内");
    let Scope::Divisions(own) = scope else { return Err(unknown()) };
    match asked.filter(|d| !d.is_empty()) {
        Some(d) if d.len() <= 12 && d.bytes().all(|b| b.is_ascii_digit()) && scope.covers(d, None) => {
            Ok(d.to_owned())
        }
        Some(_) => Err(unknown()),
        None => own.first().cloned().ok_or_else(unknown),
    }
}

/// Digits of the parts of a division; `None` below streets, where businesses come.
pub fn digits(division: &str) -> Option<usize> {
    match division.len() {
        0 => Some(2),
        2 => Some(4),
        4 => Some(6),
        6 => Some(9),
        _ => None,
    }
}

/// `[from, until)` of what lies at a division itself, in none of its parts.
pub fn direct_range(division: &str) -> [String; 2] {
    [division.to_owned(), format!("{division}0")]
}

/// The division above; empty at the top.
pub fn above(division: &str) -> &str {
    let end = match division.len() {
        12 => 9,
        9 => 6,
        6 => 4,
        4 => 2,
        _ => 0,
    };
    division.get(..end).unwrap_or("")
}
