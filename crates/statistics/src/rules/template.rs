//! Templates of reports: `data/reports/*.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use kit_base::clock::day_start;
use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::period::{Period, Unit};

const TEXTS: &[&str] = &[
    include_str!("../../../../data/reports/weekly.json"),
    include_str!("../../../../data/reports/monthly.json"),
    include_str!("../../../../data/reports/yearly.json"),
];
const HOUR: Millis = 3_600_000;

/// For whom a template is made by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// For every bureau of the level.
    Always,
    /// Where somebody subscribed to it.
    Subscribed,
}

/// A section of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case", deny_unknown_fields)]
pub enum Section {
    /// Every kind of case, with the period before and the same days of last year.
    Kinds { title: String },
    /// Kinds that rise.
    Rising { title: String },
    /// Counted by rooms: findings by severity, conclusions of visits, samples that fail, fines.
    Counts { title: String },
    /// Parts of the place, or its businesses, with figures of some kinds.
    Parts { title: String, kinds: Vec<String>, figures: Vec<Figure> },
    /// Risk grades by part.
    Grades { title: String },
    /// Cases that are late.
    Late { title: String, most: i64 },
}

/// A figure of a kind of case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Opened,
    Before,
    YearBefore,
    Ended,
    Open,
    Due,
    Late,
}

impl Figure {
    /// As tables head it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "新增",
            Self::Before => "上期",
            Self::YearBefore => "去年同期",
            Self::Ended => "办结",
            Self::Open => "期末在办",
            Self::Due => "七天内到期",
            Self::Late => "逾期",
        }
    }
}

/// A template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub code: String,
    pub name: String,
    pub period: Unit,
    /// Hour of the day after the period at which it is made, in China.
    pub hour: i64,
    /// province, city, county, station; a level that is not named is made by hand only.
    pub levels: BTreeMap<String, When>,
    pub certainty: String,
    pub source: String,
    pub sections: Vec<Section>,
}

impl Template {
    /// When the report of a period is to be made.
    pub fn due(&self, period: Period) -> Result<Millis> {
        Ok(day_start(period.next()?) + self.hour * HOUR)
    }

    /// For whom it is made at the level of a division.
    pub fn when(&self, division: &str) -> Option<When> {
        self.levels.get(level(division)).copied()
    }
}

/// province, city, county, station
pub fn level(division: &str) -> &'static str {
    match division.len() {
        0..=2 => "province",
        3..=4 => "city",
        5..=6 => "county",
        _ => "station",
    }
}

/// Every template with the hash of its text.
pub fn templates() -> Result<&'static [(String, Template)]> {
    static READ: OnceLock<std::result::Result<Vec<(String, Template)>, String>> = OnceLock::new();
    let read = || {
        let one = |text: &&str| {
            let template: Template = serde_json::from_str(text).map_err(|e| format!("data/reports: {e}"))?;
            Ok((hex::encode(Sha256::digest(text.as_bytes())), template))
        };
        TEXTS.iter().map(one).collect()
    };
    READ.get_or_init(read).as_deref().map_err(Error::internal)
}

/// A template by its code. Errors: `template_unknown`.
pub fn template(code: &str) -> Result<&'static (String, Template)> {
    let found = templates()?.iter().find(|(_, t)| t.code == code);
    found.ok_or_else(|| Error::invalid("template", "template_unknown", "没有这种报表"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_read_and_named_once() {
        let all = templates().unwrap();
        assert_eq!(
            all.iter().map(|(_, t)| t.code.as_str()).collect::<Vec<_>>(),
            ["weekly", "monthly", "yearly"]
        );
        let (_, weekly) = template("weekly").unwrap();
        let period = Unit::Week.around("2026-03-03".parse().unwrap()).unwrap();
        // Monday 2026-03-09 07:00 in China
        assert_eq!(weekly.due(period).unwrap(), 1_773_010_800_000);
        assert_eq!(weekly.when("410902"), Some(When::Always));
        assert_eq!(weekly.when("410902001"), Some(When::Subscribed));
    }
}
