//! What a business sees of its own samples, and what it says to them.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::NotRechecked;
use crate::rules::judge::Judged;

/// A sample as the business sees it: that it was taken, and what came of it once it was served.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OwnSample {
    pub id: String,
    pub sample_no: String,
    pub food: String,
    pub taken_at: Option<Millis>,
    pub status: String,
    /// conforms, fails; empty before it was served or closed.
    pub verdict: String,
    pub served_at: Option<Millis>,
    /// What failed, once it was served.
    pub failing: Vec<Judged>,
    /// The failure was overturned by a recheck, an objection or a correction.
    pub overturned: bool,
    /// Declared corrections of the report, the first first; none before it was told.
    pub corrections: Vec<OwnCorrection>,
    /// It is the producer named on it, not the place where it was sampled.
    pub as_producer: bool,
    /// What it was given on the spot: `/api/own-samples/{id}/papers/{code}`; none before it was sealed.
    pub papers: Vec<OwnPaper>,
    /// Reports and notices that it was given, the latest first.
    pub documents: Vec<OwnDocument>,
    /// `null`: nobody applied.
    pub recheck: Option<OwnRecheck>,
    /// What the asker may say now.
    pub may: Vec<OwnAct>,
    /// What was said against it, the first first.
    pub objections: Vec<Objected>,
}

/// Something that the business may say now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSampleAct")]
pub struct OwnAct {
    /// accept_result, apply, object, object_sampling
    pub action: String,
    pub name: String,
    /// `2026-03-12`; empty where no term runs for it.
    pub last_day: String,
}

/// 异议, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleObjected")]
pub struct Objected {
    /// sampling 抽样过程, truth 样品真实性, method 检验方法, standard 标准适用
    pub about: String,
    pub said: String,
    pub at: Millis,
    /// raised 待受理, accepted 审核中, refused 不予受理, holds 成立, fails 不成立; ended where the case ended before
    pub state: String,
    pub state_at: Millis,
    /// Why, as whoever decided wrote it; empty before.
    pub decision: String,
    /// The last day of the next decision; empty where none is awaited.
    pub last_day: String,
}

/// A paper that was given on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSamplePaper")]
pub struct OwnPaper {
    /// sheet, informed
    pub code: String,
    pub name: String,
}

/// A declared correction, as the business sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSampleCorrection")]
pub struct OwnCorrection {
    pub item: String,
    pub before: String,
    pub after: String,
    pub unit: String,
    /// What the whole report comes to now: conforms, fails, undecided, monitored.
    pub outcome: String,
    pub reason: String,
    pub at: Millis,
}

/// A document that the business was given: `/api/cases/{id}/documents/{number}.pdf`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSampleDocument")]
pub struct OwnDocument {
    pub name: String,
    pub number: String,
    pub at: Millis,
    /// 作废
    pub void: bool,
    /// Code of its page of verification.
    pub verify: String,
}

/// 复检, as the one who applied sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSampleRecheck")]
pub struct OwnRecheck {
    pub asked: Vec<String>,
    pub refused: Vec<NotRechecked>,
    /// Empty before it is drawn.
    pub lab_name: String,
    /// The file to do the draw again; empty before it.
    pub file_url: String,
    pub at: Option<Millis>,
    /// upheld, overturned; empty for none yet.
    pub verdict: String,
}

/// What a business says to a result that was served.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleObjection")]
pub struct Objection {
    /// accept_result, apply, object, object_sampling
    pub action: String,
    pub form: Value,
}
