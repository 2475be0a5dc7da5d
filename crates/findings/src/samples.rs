//! What a room asks of the room of sampling: a sample to be taken, and how far it is. The server puts the two together
//! ([`Sampling`] is held in the house); rooms never name one another.

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sample to be taken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Where it is sampled.
    pub party: String,
    /// national, province, city, county
    pub source: String,
    /// inner, outer, quality
    pub mode: String,
    /// produce, trade, catering
    pub stage: String,
    /// Place in the tree of foods: `14.1`.
    pub category: String,
    pub food: String,
    pub lab: String,
    /// Two people.
    pub samplers: Vec<String>,
}

/// How far a sample is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Course {
    pub id: String,
    /// 抽样单编号
    pub sample_no: String,
    pub food: String,
    pub party: String,
    pub taken_at: Option<Millis>,
    pub received_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    /// conforms, fails (confirmed), monitored, none (refused, not found, rejected), overturned; empty: open
    pub result: String,
    pub closed_at: Option<Millis>,
}

/// What the room of sampling offers to others.
pub struct Sampling {
    /// Begins a sample as the one who asks. Errors: those of the room of sampling.
    pub begin: fn(&mut Act, &Order) -> Result<Course>,
    /// How far it is; `None` where there is no such sample.
    pub look: fn(&mut Tx, &str) -> Result<Option<Course>>,
}
