//! Dates as records give them: a year, a year and month, or a full day. What is missing stays unknown, never zero.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// `2012`, `2012-11` or `2012-11-23`; text sorts as the dates do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    pub year: i16,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

impl PartialDate {
    pub fn full(date: jiff::civil::Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// The civil day, where it is complete.
    pub fn day(self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month?, self.day?).ok()
    }

    /// Whether `self` is surely later than `other`: compares year, then month, then day; a part that either lacks
    /// counts as possible, so the answer is then no.
    pub fn surely_after(self, other: Self) -> bool {
        if self.year != other.year {
            return self.year > other.year;
        }
        let (Some(a), Some(b)) = (self.month, other.month) else { return false };
        if a != b {
            return a > b;
        }
        matches!((self.day, other.day), (Some(a), Some(b)) if a > b)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = Error;

    /// Errors: `date_syntax` (form), `date_impossible` (2026-02-30), `date_range` (outside 1900 to 2200).
    fn from_str(text: &str) -> Result<Self, Error> {
        let syntax = || {
            Error::new(crate::Kind::Invalid, "date_syntax", format!("“{text}”不是日期，请写成 2026-03-01"))
        };
        let mut parts = text.split('-');
        let mut part = |width: usize| -> Result<Option<i16>, Error> {
            let Some(part) = parts.next() else { return Ok(None) };
            if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(syntax());
            }
            part.parse().map(Some).map_err(|_| syntax())
        };
        let (year, month, day) = (part(4)?.ok_or_else(syntax)?, part(2)?, part(2)?);
        if parts.next().is_some() {
            return Err(syntax());
        }
        if !(1900..=2200).contains(&year) {
            return Err(Error::new(
                crate::Kind::Invalid,
                "date_range",
                format!("日期“{text}”的年份超出 1900—2200"),
            ));
        }
        let real = jiff::civil::Date::new(year, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8).is_ok();
        if !real {
            return Err(Error::new(crate::Kind::Invalid, "date_impossible", format!("日期“{text}”不存在")));
        }
        Ok(Self { year, month: month.map(|m| m as i8), day: day.map(|d| d as i8) })
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for PartialDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "description": "a year, a year and month, or a day: 2012, 2012-11, 2012-11-23"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_known_and_refuses_the_impossible() {
        for text in ["2012", "2012-11", "2012-11-23", "2024-02-29"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        let bad = [
            ("2026-02-30", "date_impossible"),
            ("2026-13", "date_impossible"),
            ("26-1-1", "date_syntax"),
            ("2026-01-01-01", "date_syntax"),
            ("", "date_syntax"),
            ("0001", "date_range"),
        ];
        for (text, code) in bad {
            assert_eq!(text.parse::<PartialDate>().unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn a_missing_part_counts_as_possible() {
        let date = |t: &str| t.parse::<PartialDate>().unwrap();
        assert!(date("2012-11-24").surely_after(date("2012-11-23")));
        assert!(date("2013").surely_after(date("2012-11-23")));
        assert!(!date("2012").surely_after(date("2012-11-23")));
        assert!(!date("2012-11").surely_after(date("2012-11-23")));
        assert!(!date("2012-11-23").surely_after(date("2012-11-23")));
    }
}
