//! Draws and yearly plans.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use kit_draw::{DrawFile, Picked};

/// A draw to be committed to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraw {
    pub name: String,
    /// Where the subjects lie: prefix of divisions, from two digits.
    pub division: String,
    /// Kinds of business (业态); none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Subjects to be drawn, 1 to 500.
    pub count: i64,
    /// Officers a subject, 2 to 6.
    pub team: i64,
    /// User ids; none: everybody who may inspect there.
    #[serde(default)]
    pub officers: Vec<String>,
}

/// A draw as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draw {
    pub id: String,
    pub name: String,
    pub division: String,
    pub count: i64,
    pub team: i64,
    /// Subjects in the pool.
    pub subjects: i64,
    /// Officers in the pool.
    pub officers: i64,
    pub by_name: String,
    pub committed_at: Millis,
    /// `null`: not drawn yet.
    pub drawn_at: Option<Millis>,
    /// When visits were planned from it.
    pub visits_at: Option<Millis>,
    pub seed_hash: String,
    pub pool_hash: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct DrawQuery {
    /// In the name.
    pub q: Option<String>,
    /// committed, drawn, planned
    pub state: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A subject that was drawn, with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PickedView {
    /// Platform code of the business.
    pub code: String,
    pub party: String,
    pub name: String,
    pub address: String,
    /// Names; none: nobody is free to go.
    pub officers: Vec<String>,
    /// The rotation of areas was set aside.
    pub waived: bool,
}

/// A draw with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawView {
    pub draw: Draw,
    /// Leaf of the ledger that has the commitment; `null` before the ledger took it.
    pub leaf: Option<i64>,
    /// Leaves of the ledger's latest checkpoint: from `leaf` on it can be drawn.
    pub ledger_size: i64,
    /// The signed checkpoint that was mixed in; empty before.
    pub checkpoint: String,
    /// Subjects left out before, and why: `above` visited by a level above within three months.
    pub excluded: i64,
    pub picked: Vec<PickedView>,
    /// Where anybody gets the file to do it again.
    pub file_url: String,
}

/// What was planned from a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawVisits {
    pub planned: i64,
    /// Drawn, but nobody is free to go, or the business is no more.
    pub left: i64,
}

/// A yearly plan to be computed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    pub year: i64,
    /// Prefix of divisions, from two digits.
    pub division: String,
}

/// A yearly plan (年度监督检查计划).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    pub id: String,
    pub year: i64,
    pub division: String,
    pub name: String,
    /// computing, ready
    pub state: String,
    pub businesses: i64,
    pub by_name: String,
    pub begun_at: Millis,
    pub ready_at: Option<Millis>,
}

/// How far a plan has come in a county, by grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanCount {
    /// 6 digits.
    pub county: String,
    /// A to D; empty: not graded.
    pub grade: String,
    pub businesses: i64,
    /// Visits that the year asks for.
    pub needed: i64,
    /// Recorded, no more of a business than it needs.
    pub done: i64,
}

/// A plan with how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanView {
    pub plan: Plan,
    pub counts: Vec<PlanCount>,
}

/// One business of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanItem {
    pub party: String,
    pub name: String,
    /// Platform code.
    pub code: String,
    pub division: String,
    pub kind: String,
    /// A to D; empty: not graded.
    pub grade: String,
    /// 重点检查对象
    pub priority: bool,
    pub needed: i64,
    pub done: i64,
    /// grade, floor, none
    pub reason: String,
    /// First moment at which the next visit is late, the year's visits spread evenly; `null`: nothing more is asked.
    pub next_due: Option<Millis>,
    /// Last recorded visit, of any year.
    pub last_at: Option<Millis>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PlanItemQuery {
    /// Text in the name, or the beginning of the platform code.
    pub q: Option<String>,
    /// due, late, done
    pub state: Option<String>,
    /// 1: 重点检查对象 only.
    pub priority: Option<i64>,
    /// due, -due, name, -name, grade, -grade, needed, -needed, done, -done, last, -last; those of priority first where it is not said.
    pub sort: Option<String>,
    pub grade: Option<String>,
    /// 业态
    pub kind: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What the computing of a plan answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanBegun {
    pub plan: String,
    /// Follow it at `/api/jobs/{id}`.
    pub job: String,
}
