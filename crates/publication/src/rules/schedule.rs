//! When something is shown, and what the public may read of it.

use jiff::ToSpan;
use kit_base::clock::{china_day, day_start};
use kit_base::text::{mask_id, mask_phone};
use kit_base::workdays::{Calendar, Period};
use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// data/publication/terms.csv
const TERMS: &str = include_str!("../../../../data/publication/terms.csv");
/// data/publication/clocks.csv
const CLOCKS: &str = include_str!("../../../../data/publication/clocks.csv");
const DAY: Millis = 86_400_000;

/// How long something of a kind is shown, and by when it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Term {
    pub kind: &'static str,
    pub name: &'static str,
    /// Counted from the day the result was formed.
    pub after: Period,
    /// 0: as long as it stands
    pub months: i32,
    /// statute, unconfirmed, setting
    pub certainty: &'static str,
    pub source: &'static str,
    pub article: &'static str,
}

/// Every kind with its term on a day (`2026-03-01`).
pub fn terms(day: &str) -> Vec<Term> {
    TERMS.lines().skip(1).filter_map(|line| term(line, day)).collect()
}

fn term(line: &'static str, day: &str) -> Option<Term> {
    let mut cells = line.split(',');
    let mut cell = || cells.next().unwrap_or("");
    let (kind, name, unit, count, months) = (cell(), cell(), cell(), cell(), cell());
    let (certainty, source, article, from, to) = (cell(), cell(), cell(), cell(), cell());
    let after = period(unit, count)?;
    let in_force = from <= day && (to.is_empty() || day < to);
    in_force.then_some(Term { kind, name, after, months: months.parse().ok()?, certainty, source, article })
}

/// The times of something that was decided at a time: (shown from, late from, until).
///
/// What is not asked for earlier appears on the last day on which it is in time.
pub fn times(
    calendar: &Calendar,
    term: &Term,
    decided: Millis,
    from: Option<Millis>,
    until: Option<Millis>,
) -> Result<(Millis, Millis, Option<Millis>)> {
    let late = calendar.deadline(decided, term.after)?.late_from;
    let from = from.unwrap_or(late - DAY).max(decided.min(late - DAY));
    let until = match (until, term.months) {
        (Some(until), _) => Some(until),
        (None, 0) => None,
        (None, months) => {
            let first = china_day(from.max(decided));
            Some(day_start(first.checked_add(months.months()).map_err(Error::internal)?))
        }
    };
    Ok((from, late, until))
}

fn period(unit: &str, count: &str) -> Option<Period> {
    let count = count.parse().ok()?;
    Some(if unit == "days" { Period::Days(count) } else { Period::WorkingDays(count) })
}

/// A clock of publication on a day (`2026-03-01`): the first of its rows; `None` where none was in force.
fn clock(code: &str, day: &str) -> Option<Period> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [of, _, unit, count, _, _, _, from, to] = cells[..] else { return None };
        let in_force = of == code && from <= day && (to.is_empty() || day < to);
        if in_force { period(unit, count) } else { None }
    };
    CLOCKS.lines().skip(1).find_map(row)
}

/// First moment at which withdrawing what was revoked at a time is late.
///
/// Errors: `internal` where no rule was in force then.
pub fn withdraw_by(calendar: &Calendar, revoked: Millis) -> Result<Millis> {
    let day = china_day(revoked).to_string();
    let period = clock("withdraw", &day).ok_or_else(|| Error::internal("no clock of withdrawal that day"))?;
    Ok(calendar.deadline(revoked, period)?.late_from)
}

/// Masks telephone and id numbers in all texts: what rooms hand in names no persons, and this is the last gate.
pub fn scrub(value: &mut Value) {
    match value {
        Value::String(text) => *text = scrubbed(text),
        Value::Array(list) => list.iter_mut().for_each(scrub),
        Value::Object(map) => map.iter_mut().for_each(|(_, v)| scrub(v)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text with the telephone numbers of mobiles and the id numbers in it masked.
pub fn scrubbed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() {
            run.push(c);
            continue;
        }
        out.push_str(&masked(&run));
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn masked(run: &str) -> String {
    let digits = run.bytes().take_while(u8::is_ascii_digit).count();
    let id = run.len() == 18 && digits >= 17 && kit_base::codes::person::check_id(run).is_good();
    match run.len() {
        11 if digits == 11 && run.starts_with('1') => mask_phone(run),
        18 if id => mask_id(run),
        _ => run.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Millis {
        day_start(day.parse().unwrap())
    }

    #[test]
    fn things_appear_in_time_and_leave() {
        let calendar = Calendar::read(include_str!("../../../../data/holidays.csv")).unwrap();
        let terms = terms("2026-03-03");
        let of = |kind: &str| terms.iter().find(|t| t.kind == kind).unwrap();
        // decided on Tuesday 2026-03-03: twenty working days end on 2026-03-31
        for (kind, shown, until) in [
            ("inspection", "2026-03-31", Some("2028-03-31")),
            ("penalty", "2026-03-31", Some("2029-03-31")),
            ("penalty_light", "2026-03-31", Some("2026-06-30")),
            ("licence", "2026-03-31", None),
            ("serious", "2026-03-03", Some("2029-03-03")),
        ] {
            let (from, late, end) = times(&calendar, of(kind), at("2026-03-03"), None, None).unwrap();
            assert_eq!((from, end), (at(shown), until.map(at)), "{kind}");
            assert_eq!(late, at(shown) + DAY, "{kind}");
        }
        let asked = times(&calendar, of("penalty"), at("2026-03-03"), Some(at("2026-03-05")), None).unwrap();
        assert_eq!(asked.0, at("2026-03-05"));
        assert_eq!(withdraw_by(&calendar, at("2026-03-05")).unwrap(), at("2026-03-11"));
        assert!(super::terms("2010-01-01").is_empty());
        assert_eq!(clock("withdraw", "2026-03-05"), Some(Period::WorkingDays(3)));
        assert_eq!((clock("withdraw", "2010-01-01"), clock("nothing", "2026-03-05")), (None, None));
    }

    #[test]
    fn persons_are_masked_wherever_they_stand() {
        for (text, expected) in [
            ("联系电话13812345678。", "联系电话138****5678。"),
            ("身份证11010519491231002X", "身份证110105********002X"),
            ("许可证JY14109020000011", "许可证JY14109020000011"),
            ("罚款50000元", "罚款50000元"),
            ("91410900MA3X12345K", "91410900MA3X12345K"),
            ("", ""),
        ] {
            assert_eq!(scrubbed(text), expected);
        }
        let mut value = serde_json::json!({ "事由": ["电话 13812345678"], "n": 13812345678_i64 });
        scrub(&mut value);
        assert_eq!(value["事由"][0], "电话 138****5678");
    }
}
