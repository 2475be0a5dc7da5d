//! What rooms tell of a business to whoever looks after it (a market, a chain, a platform): results of samples that stand, and what
//! touches it. The server puts the rooms that know together; rooms never name one another.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A result of supervision sampling that stands: conforming once its report is issued, failing once nobody can object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tested {
    pub id: String,
    /// 抽样单编号
    pub sample_no: String,
    pub party: String,
    /// A place of the business; empty: the business itself.
    pub site: String,
    pub food: String,
    /// Place in the tree of foods: `14.1`.
    pub category: String,
    pub taken_at: Option<Millis>,
    /// When the result stood: issued, or confirmed.
    pub stood_at: Millis,
    pub fails: bool,
    /// It failed, and a recheck, an objection or a correction overturned that.
    pub overturned: bool,
    /// 核查处置 goes on.
    pub open: bool,
    /// What fails, with result, limit and standard; empty of what conforms.
    pub failing: String,
    /// Items that were tested and decided, and whether each fails.
    pub items: Vec<(String, bool)>,
    pub simulated: bool,
}

/// Something that a business has to do with now: a recall that it holds food of, food that may not move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Touching {
    /// recall 召回, hold 暂停流转
    pub kind: String,
    pub number: String,
    pub party: String,
    pub food: String,
    pub batch: String,
    /// What is asked of it, or why.
    pub what: String,
    pub since: Millis,
    /// First moment at which it is late; `None` without a clock.
    pub due: Option<Millis>,
}
