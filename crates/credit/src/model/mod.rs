//! Shapes that leave the room; [`lists`] those of lists, proposals and the feed.

pub mod lists;
pub mod platforms;

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::risk::{Assessment, Point};
use crate::rules::score::Counted;

/// The grade that stands of a business, for lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RiskRow {
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub division_name: String,
    pub kind: String,
    pub year: i64,
    pub total: i64,
    /// A to D.
    pub grade: String,
    /// The grade before; empty for none.
    pub before_grade: String,
    /// Visits a year.
    pub least: i64,
    pub most: i64,
    /// 0 to 100.
    pub credit_score: i64,
    /// A to D.
    pub credit_grade: String,
    pub at: Millis,
    pub simulated: bool,
    /// Number of the grade among those of the business.
    pub no: i64,
}

impl FromRow for RiskRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            party_name: String::new(),
            division: r.get(1)?,
            division_name: String::new(),
            kind: r.get(2)?,
            year: r.get(3)?,
            total: r.get(4)?,
            grade: r.get(5)?,
            before_grade: r.get(6)?,
            least: r.get(7)?,
            most: r.get(8)?,
            credit_score: r.get(9)?,
            credit_grade: r.get(10)?,
            at: r.get(11)?,
            simulated: r.get(12)?,
            no: r.get(13)?,
        })
    }
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct RiskQuery {
    /// Prefix of divisions.
    pub division: Option<String>,
    /// A to D.
    pub grade: Option<String>,
    /// Credit grade, A to D.
    pub credit: Option<String>,
    /// 业态
    pub kind: Option<String>,
    /// 1: only those whose grade is another than the one before.
    pub changed: Option<i64>,
    /// `credit`: the lowest credit score first; else the highest risk first.
    pub by: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Businesses of one risk grade and one credit grade in one county.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountyRow {
    /// Six digits.
    pub division: String,
    pub division_name: String,
    pub grade: String,
    pub credit_grade: String,
    pub count: i64,
}

impl FromRow for CountyRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            division: r.get(0)?,
            division_name: String::new(),
            grade: r.get(1)?,
            credit_grade: r.get(2)?,
            count: r.get(3)?,
        })
    }
}

/// The risk grade of a business, point by point.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RiskView {
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub division_name: String,
    pub kind: String,
    /// Nothing where it was not graded yet, or is no more.
    pub standing: Option<Graded>,
    /// The latest first, at most 20.
    pub history: Vec<GradeChange>,
    pub adjustments: Vec<Adjustment>,
}

/// A grade with its points.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Graded {
    pub no: i64,
    pub year: i64,
    /// SHA-256 of the rules.
    pub rules: String,
    pub variant_name: String,
    pub variant_source: String,
    /// first, yearly, monthly, event, adjust, rules
    pub cause: String,
    pub at: Millis,
    /// As it stands: by the rules, or adjusted.
    pub grade: String,
    #[serde(flatten)]
    pub assessment: Outcome,
}

/// What the rules make of the facts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    pub points: Vec<Point>,
    pub static_points: i64,
    pub dynamic_points: i64,
    pub credit_points: i64,
    pub total: i64,
    /// By points alone.
    pub base_grade: String,
    /// By the rules, steps included.
    pub computed: String,
    pub least: i64,
    pub most: i64,
}

impl From<Assessment> for Outcome {
    fn from(a: Assessment) -> Self {
        Self {
            points: a.points,
            static_points: a.static_points,
            dynamic_points: a.dynamic_points,
            credit_points: a.credit_points,
            total: a.total,
            base_grade: a.base_grade,
            computed: a.grade,
            least: a.least,
            most: a.most,
        }
    }
}

/// What changed with a grade.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GradeChange {
    pub no: i64,
    pub year: i64,
    pub at: Millis,
    pub cause: String,
    pub grade: String,
    pub total: i64,
    /// Factors whose points are other than before; none for the first.
    pub changes: Vec<PointChange>,
}

/// A factor that counts more or less than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PointChange {
    pub code: String,
    pub name: String,
    pub before: i64,
    pub after: i64,
}

/// An adjustment by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Adjustment {
    pub id: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub year: i64,
    pub from_grade: String,
    pub to_grade: String,
    pub reason: String,
    /// User id.
    pub proposer: String,
    pub proposer_name: String,
    pub proposed_at: Millis,
    /// Empty while it waits.
    pub decider_name: String,
    pub decided_at: Option<Millis>,
    pub accepted: Option<bool>,
    pub answer: String,
}

/// A grade as somebody proposes it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdjustment {
    /// A to D.
    pub grade: String,
    /// 10 to 500 characters.
    pub reason: String,
}

/// The decision of the second person.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub accept: bool,
    /// Up to 500 characters; needed where it is refused.
    #[serde(default)]
    pub answer: String,
}

/// Errors: `grade_unknown`, `reason_length`.
pub fn check_adjustment(new: &NewAdjustment) -> Result<()> {
    if !["A", "B", "C", "D"].contains(&new.grade.as_str()) {
        return Err(Error::invalid("grade", "grade_unknown", "风险等级应为 A、B、C 或 D"));
    }
    reason("reason", &new.reason)
}

/// Errors: `reason_length`.
pub fn reason(field: &'static str, text: &str) -> Result<()> {
    match text.trim().chars().count() {
        5..=500 => Ok(()),
        _ => Err(Error::invalid(field, "reason_length", "请写明理由，5 至 500 个字")),
    }
}

/// Something on the credit file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// `event:ID`, `finding:ID`
    pub id: String,
    /// data/credit/events.csv, or `finding`
    pub kind: String,
    /// What it came from.
    pub about: String,
    /// 文号, 证号; empty for none.
    pub number: String,
    pub what: String,
    pub at: Millis,
    pub noted_by: String,
    pub revoked_at: Option<Millis>,
    pub revoke_reason: String,
    #[serde(flatten)]
    pub counted: Counted,
}

/// The credit file of a business (食品安全信用档案).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CreditView {
    pub party: String,
    pub party_name: String,
    pub division: String,
    /// 0 to 100, now.
    pub score: i64,
    /// Score of a business of which nothing is on file.
    pub base: i64,
    /// A to D.
    pub grade: String,
    pub grade_name: String,
    pub grade_source: String,
    /// The latest first.
    pub entries: Vec<Entry>,
    pub licences: Vec<parties::model::Licence>,
    /// Lists that it is or was on.
    pub lists: Vec<lists::Listed>,
    /// Measures that were proposed.
    pub measures: Vec<lists::Proposal>,
    /// What the public sees of it now.
    pub shown: Vec<publication::Item>,
}
