//! Changes of plans, and proposals of targeted sampling.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NewSample;

/// One cell of a plan that is to be otherwise.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleCellChange")]
pub struct CellChange {
    /// The cell; empty: a new one.
    #[serde(default)]
    pub cell: String,
    /// The cell goes: only where no task was made of it.
    #[serde(default)]
    pub remove: bool,
    /// Of a new cell; a cell that is there keeps its food, stage and place.
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub category_name: String,
    #[serde(default)]
    pub stage: String,
    #[serde(default)]
    pub division: String,
    /// Left out: as they were.
    pub items: Option<Vec<String>>,
    /// Never fewer than the tasks that were made.
    pub quota: Option<i64>,
}

/// A change of a plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SamplePlanChange")]
pub struct PlanChange {
    pub reason: String,
    pub cells: Vec<CellChange>,
}

/// A cell before or after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleCellShape")]
pub struct CellShape {
    pub category: String,
    pub category_name: String,
    pub stage: String,
    pub division: String,
    pub items: Vec<String>,
    pub quota: i64,
}

/// What a version changed of one cell.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleCellChanged")]
pub struct CellChanged {
    pub cell: String,
    /// add, change, remove
    pub action: String,
    pub before: Option<CellShape>,
    pub after: Option<CellShape>,
}

/// A version of a plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SamplePlanVersion")]
pub struct PlanVersion {
    /// From 1; the plan as it was made is 0.
    pub no: i64,
    pub reason: String,
    /// The proposal that it came from; empty: none.
    pub target: String,
    pub user_name: String,
    pub at: Millis,
    pub cells: Vec<CellChanged>,
}

/// A point of a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleTargetPoint")]
pub struct Point {
    /// Row of data/sampling/target-rules.csv.
    pub code: String,
    pub name: String,
    /// What is known, in words: `一年内 3 批次不合格`.
    pub fact: String,
    pub points: i64,
    /// confirmed, setting: `setting` is this platform's own value, no law.
    pub certainty: String,
    pub source: String,
    pub note: String,
}

/// A business to begin with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleTargetSite")]
pub struct TargetSite {
    pub party: String,
    pub name: String,
    pub points: i64,
    pub why: Vec<Point>,
}

/// A proposal.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleTarget")]
pub struct Target {
    pub id: String,
    /// County.
    pub place: String,
    pub place_name: String,
    pub category: String,
    pub category_name: String,
    /// produce, trade, catering
    pub stage: String,
    pub item: String,
    pub points: i64,
    /// Batches that are proposed.
    pub batches: i64,
    pub why: Vec<Point>,
    pub sites: Vec<TargetSite>,
    /// SHA-256 of the rules.
    pub rules: String,
    /// open, taken, declined, lapsed
    pub state: String,
    pub made_at: Millis,
    pub computed_at: Millis,
    pub decided_at: Option<Millis>,
    pub decided_by: String,
    pub reason: String,
    /// Taken into this plan; empty: not.
    pub plan: String,
    pub cell: String,
    /// Taken as this task; empty: not.
    pub sample: String,
    pub simulated: bool,
}

/// How a list is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "SampleTargetQuery")]
pub struct TargetQuery {
    /// Prefix of divisions.
    pub division: Option<String>,
    /// open (by default), taken, declined, lapsed, all
    pub state: Option<String>,
    /// Place in the tree of foods, and below.
    pub category: Option<String>,
    pub stage: Option<String>,
    /// Item, or name of a business that is listed.
    pub q: Option<String>,
    /// points, category, item, place, made; `-` before it turns it round. The most points first where it is not said.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A proposal is taken: into a plan, or as a task; one of the two.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TakeSampleTarget")]
pub struct TakeTarget {
    pub reason: String,
    /// The plan whose cell takes it; the cell is made where there is none.
    pub plan: String,
    /// Batches; those that are proposed where it is not said.
    pub batches: Option<i64>,
    /// The task; its food stands in the tree where the proposal says, or below.
    pub task: Option<NewSample>,
}

/// Why a proposal is declined.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DeclineSampleTarget")]
pub struct DeclineTarget {
    pub reason: String,
}
