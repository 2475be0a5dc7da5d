//! What laboratories see and say.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Part;
use crate::rules::judge::Judged;

/// What the laboratory sees: no place, no business, no number of the 抽样单.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Assay {
    pub blind: String,
    /// It is tested here, or rechecked.
    pub recheck: bool,
    pub kind: String,
    pub category: String,
    pub food: String,
    pub status: String,
    pub flags: Vec<String>,
    pub received_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    pub verdict: String,
    /// Items that the plan asks for.
    pub items: Vec<String>,
    pub parts: Vec<Part>,
    pub results: Vec<TestResult>,
    /// What the limits make of the results; after the report is issued, what they made then.
    pub judged: Vec<Judged>,
    pub corrections: Vec<Correction>,
    pub simulated: bool,
}

/// A result as it was entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    pub item: String,
    pub method: String,
    /// As written: `0.55`, `<10`, `未检出`, `12;35;8;110;20`.
    pub result: String,
    #[serde(default)]
    pub unit: String,
    /// Decimal; that of the accreditation where it is empty.
    #[serde(default)]
    pub lod: String,
}

impl FromRow for TestResult {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { item: r.get(0)?, method: r.get(1)?, result: r.get(2)?, unit: r.get(3)?, lod: r.get(4)? })
    }
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssayResults")]
pub struct Results {
    pub items: Vec<TestResult>,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReportIssue")]
pub struct Issue {
    /// It may harm gravely: reported within 24 hours.
    #[serde(default)]
    pub grave: bool,
    /// Items that no rule decides, decided by the one who signs.
    #[serde(default)]
    pub decided: Vec<Decided>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DecidedItem")]
pub struct Decided {
    pub item: String,
    pub conforms: bool,
    pub why: String,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewResultCorrection")]
pub struct NewCorrection {
    pub item: String,
    pub result: String,
    #[serde(default)]
    pub unit: String,
    pub reason: String,
}

/// A declared correction; what stood before stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ResultCorrection")]
pub struct Correction {
    pub id: String,
    pub item: String,
    pub before_result: String,
    pub after_result: String,
    pub unit: String,
    pub judged: Vec<Judged>,
    pub outcome: String,
    pub reason: String,
    pub user_name: String,
    pub at: Millis,
}

impl FromRow for Correction {
    fn from_row(r: &Row) -> Result<Self> {
        let judged: String = r.get(5)?;
        Ok(Self {
            id: r.get(0)?,
            item: r.get(1)?,
            before_result: r.get(2)?,
            after_result: r.get(3)?,
            unit: r.get(4)?,
            judged: serde_json::from_str(&judged).map_err(kit_base::Error::internal)?,
            outcome: r.get(6)?,
            reason: r.get(7)?,
            user_name: r.get(8)?,
            at: r.get(9)?,
        })
    }
}
