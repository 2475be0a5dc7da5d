//! Values of the law and of this platform with their days, rows of data/sampling/settings.csv.

use std::sync::OnceLock;

use kit_base::{Error, Result};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
struct Row {
    code: String,
    value: String,
    valid_from: String,
    /// Empty: still valid.
    valid_to: String,
    certainty: String,
    source: String,
}

/// A value with where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Cited {
    pub value: &'static String,
    pub certainty: &'static String,
    pub source: &'static String,
}

fn rows() -> Result<&'static [Row]> {
    static READ: OnceLock<std::result::Result<Vec<Row>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let text = include_str!("../../../../data/sampling/settings.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().collect::<std::result::Result<Vec<Row>, _>>().map_err(|e| e.to_string())
    });
    read.as_deref().map_err(Error::internal)
}

/// The row that holds on a day (`2026-03-01`); before the first row of a code that first row.
fn row(code: &str, day: &str) -> Result<&'static Row> {
    let of = rows()?.iter().filter(|r| r.code == code);
    let ended = |r: &&Row| !r.valid_to.is_empty() && r.valid_to.as_str() < day;
    let found = of.clone().rfind(|r| r.valid_from.as_str() <= day && !ended(r));
    let found = found.or_else(|| of.min_by_key(|r| r.valid_from.as_str()));
    let missing = || Error::internal(format!("no {code} in data/sampling/settings.csv"));
    found.ok_or_else(missing)
}

fn on(code: &str, day: &str) -> Result<&'static str> {
    Ok(row(code, day)?.value.as_str())
}

/// With the statute and how sure it is. Errors: as [`number`].
pub fn cited(code: &str, day: &str) -> Result<Cited> {
    let row = row(code, day)?;
    Ok(Cited { value: &row.value, certainty: &row.certainty, source: &row.source })
}

/// A number. Errors: a fault of the file that this program was built with.
pub fn number(code: &str, day: &str) -> Result<i64> {
    on(code, day)?.parse().map_err(Error::internal)
}

/// Words apart by bars. Errors: as [`number`].
pub fn words(code: &str, day: &str) -> Result<Vec<&'static str>> {
    Ok(on(code, day)?.split('|').filter(|w| !w.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_there_on_any_day() {
        for day in ["2015-10-01", "2026-03-01"] {
            assert_eq!(number("apply_days", day).unwrap(), 7);
            assert_eq!(number("farm_apply_days", day).unwrap(), 5);
            assert_eq!(number("farm_recheck_days", day).unwrap(), 7);
            assert_eq!(cited("tell_pass_days", day).unwrap().certainty, "M");
            for code in ["keep_pass_months", "keep_fail_months", "tell_recheck_days"] {
                assert!(number(code, day).unwrap() > 0, "{code}");
            }
            assert_eq!(number("team", day).unwrap(), 2);
            assert_eq!(words("apart_modes", day).unwrap(), ["outer", "quality"]);
        }
        assert!(number("nothing", "2026-03-01").is_err());
    }
}
