//! Statistics of a place, and reports.

use std::collections::BTreeMap;

use kit_base::Millis;
use kit_flow::store::tally::{Behind, What};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which place and period.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Query {
    /// Division; that of the asker where it is not said.
    pub division: Option<String>,
    /// First day, `2026-01-01`; thirty days back where it is not said.
    pub from: Option<String>,
    /// Last day; today where it is not said.
    pub to: Option<String>,
}

/// A kind of case.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KindName {
    pub kind: String,
    pub name: String,
    /// The asker may see cases of this kind.
    pub readable: bool,
}

/// Cases of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    /// Begun in the period.
    pub opened: i64,
    /// Begun in the period before; `null` where the records begin later.
    pub before: Option<i64>,
    /// Begun in the same days of last year; `null` where the records begin later.
    pub year_before: Option<i64>,
    /// Ended in the period.
    pub ended: i64,
    /// Open at the end of the period, or now where it goes on.
    pub open: i64,
    /// Open now and due within seven days, not late.
    pub due: i64,
    /// Open now and late.
    pub late: i64,
}

/// A place or a business.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Line {
    /// Division, or id of the business.
    pub of: String,
    pub name: String,
    /// It can be looked into: a division with parts.
    pub deeper: bool,
    /// What lies at the division itself, in none of its parts.
    pub direct: bool,
    /// Businesses that are active; `null` for a business.
    pub businesses: Option<i64>,
    /// Businesses by risk grade, now.
    pub grades: BTreeMap<String, i64>,
    pub cases: BTreeMap<String, Figures>,
}

/// A figure that a room counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub now: i64,
    /// In the period before; `null` where the records begin later.
    pub before: Option<i64>,
}

/// The statistics of a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statistics {
    pub division: String,
    pub name: String,
    /// The division above that the asker may see; empty at the top.
    pub above: String,
    /// First and last day.
    pub from: String,
    pub to: String,
    /// The period it is compared with.
    pub before_from: String,
    pub before_to: String,
    pub year_from: String,
    pub year_to: String,
    /// Day of the first record there is of this place; empty where there is none.
    pub since: String,
    pub kinds: Vec<KindName>,
    pub total: Line,
    /// Parts of the division, or its businesses with cases at the lowest level.
    pub rows: Vec<Line>,
    /// Kinds that have more than in the period before, by the rule beside.
    pub rising: Vec<String>,
    pub rising_rule: String,
    pub counts: Vec<Counted>,
}

/// Which cases behind a figure.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct BehindQuery {
    pub division: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// A kind; all that the asker may see where it is not said.
    pub kind: Option<String>,
    /// Of one business only.
    pub business: Option<String>,
    /// Only what lies at the division itself, in none of its parts.
    pub direct: Option<bool>,
    /// opened, before, year_before, ended, open, due, late
    pub what: Option<What>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A case behind a figure, with its business and place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BehindRow {
    #[serde(flatten)]
    pub case: Behind,
    pub business_name: String,
    pub division_name: String,
}

/// A cell of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    Whole(i64),
    Text(String),
    /// Not known; what is missing says why.
    Unknown(()),
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Whole(n)
    }
}
impl From<Option<i64>> for Cell {
    fn from(n: Option<i64>) -> Self {
        n.map_or(Self::Unknown(()), Self::Whole)
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A column of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    pub name: String,
    /// Figures, set to the right.
    pub num: bool,
}

/// A section as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    pub title: String,
    /// How it is counted, what is left out.
    pub note: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Said where there is no row.
    pub empty: String,
}

/// Everything that a report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// 食品安全监管周报
    pub name: String,
    /// Who makes it: the bureau of the place, else the place.
    pub organ: String,
    pub division: String,
    pub place: String,
    pub first: String,
    pub last: String,
    /// In words: `2026年第10周（3月2日至3月8日）`
    pub period: String,
    pub before: String,
    pub year_before: String,
    /// When it was counted, in China: `2026-03-09 07:00`
    pub as_of: String,
    /// The most important in sentences.
    pub summary: Vec<String>,
    pub sections: Vec<Table>,
    /// What is missing, and why.
    pub missing: Vec<String>,
    pub source: String,
    pub simulated: bool,
}

/// A report in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    pub id: String,
    /// weekly, monthly, yearly
    pub template: String,
    pub name: String,
    pub division: String,
    pub place: String,
    pub first: String,
    pub last: String,
    pub period: String,
    pub edition: i64,
    /// schedule, missed, asked
    pub cause: String,
    /// waiting, done, partial, failed
    pub state: String,
    /// What is missing and why; empty nothing.
    pub fault: String,
    /// SHA-256 of its content and of its files; empty where there is none.
    pub hash: String,
    pub xlsx: String,
    pub pdf: String,
    pub asked_name: String,
    pub due_at: Millis,
    pub made_at: Option<Millis>,
    pub simulated: bool,
}

/// A report with what it says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportView {
    #[serde(flatten)]
    pub report: Report,
    /// `null`: not made yet.
    pub content: Option<Content>,
    /// Other editions of the same period, the latest first.
    pub editions: Vec<Report>,
    /// The asker is told of reports of this kind and place.
    pub subscribed: bool,
}

/// Which reports.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ReportQuery {
    pub template: Option<String>,
    pub division: Option<String>,
    /// waiting, done, partial, failed
    pub state: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A report of any past period.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// weekly, monthly, yearly
    pub template: String,
    pub division: String,
    /// Any day of the period, `2026-03-01`.
    pub day: String,
}

/// What there is to be made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TemplateView {
    pub code: String,
    pub name: String,
    /// week, month, year
    pub period: super::rules::period::Unit,
    /// In words: when it is made, and for whom.
    pub schedule: String,
    pub source: String,
    pub sections: Vec<String>,
    /// First and last day of the last period that is over.
    pub last_first: String,
    pub last_last: String,
    /// Places that the asker is told of.
    pub subscribed: Vec<Place>,
}

/// A place with its name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub division: String,
    pub name: String,
}

/// To be told of reports of a place, or no more.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    pub template: String,
    pub division: String,
    pub on: bool,
}

/// Whether one is told.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Subscribed {
    pub on: bool,
}
