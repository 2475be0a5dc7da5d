//! Draws of places, foods and people for tasks.

use kit_draw::keep::Proof;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A draw to be committed to: the open cells of a plan say which foods, at which stage and where.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSampleDraw")]
pub struct NewSampleDraw {
    pub name: String,
    /// The plan whose open cells are filled.
    pub plan: String,
    /// Where: prefix of divisions, within the asker's reach.
    pub division: String,
    /// Cells; none: all of the plan there that are not full.
    #[serde(default)]
    pub quotas: Vec<String>,
    /// Samples to be drawn, 1 to 500.
    pub count: i64,
    /// Samples from one place, 1 to 20.
    pub most: i64,
    /// Places sampled within so many days are left out, 0 to 365.
    #[serde(default)]
    pub apart_days: i64,
    /// User ids; none: all who may sample there.
    #[serde(default)]
    pub officers: Vec<String>,
}

/// A seat of a draw, with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawnSeat {
    /// From 1, in the order of the result.
    pub no: i64,
    /// Cell of the plan.
    pub quota: String,
    pub category_name: String,
    /// produce, trade, catering
    pub stage: String,
    /// Platform code of the place; empty: none was left for this seat.
    pub code: String,
    pub party: String,
    pub name: String,
    pub address: String,
    /// Names; none: nobody is free to go.
    pub officers: Vec<String>,
    /// The rotation of areas was set aside.
    pub waived: bool,
    /// The task that was made of it; empty for none.
    pub sample: String,
}

/// A draw with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SampleDrawView {
    #[serde(flatten)]
    pub proof: Proof,
    pub plan_name: String,
    pub seats: Vec<DrawnSeat>,
    /// Tasks that are still to be taken: the public file stays closed meanwhile.
    pub waiting: i64,
    /// Where anybody gets the file to do it again.
    pub file_url: String,
}

/// How the tasks of a draw are done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawTasks {
    /// inner, outer, quality
    pub mode: String,
    /// supervision, monitor
    pub kind: String,
    pub lab: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawTasksMade {
    pub made: i64,
    /// No place, nobody to go, or the place is closed since.
    pub left: i64,
}

/// A list of draws as it is filtered.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "SampleDrawList")]
pub struct DrawList {
    /// In the name.
    pub q: Option<String>,
    /// What it is drawn for.
    pub about: Option<String>,
    /// committed, drawn, used
    pub state: Option<String>,
}
