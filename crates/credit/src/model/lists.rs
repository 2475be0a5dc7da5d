//! Lists, proposals, the feed.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A business to be put on the 严重违法失信名单.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSerious {
    pub party: String,
    /// A code of data/credit/grounds.csv.
    pub ground: String,
    /// 处罚决定书文号
    pub penalty: String,
    /// What happened, 10 to 2000 characters, without personal data.
    pub what: String,
}

/// What a case of the list is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Serious {
    /// Also the id of its case.
    pub id: String,
    pub party: String,
    pub ground: String,
    pub penalty: String,
    pub what: String,
    pub listed_at: Option<Millis>,
}

/// A business on a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// That of the case, or of the proposal that put it there.
    pub id: String,
    /// red, serious
    pub list: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub ground: String,
    pub reason: String,
    pub number: String,
    pub since: Millis,
    pub until_at: Millis,
    pub removed_at: Option<Millis>,
    pub removed_why: String,
    pub simulated: bool,
}

/// What is wanted of the lists.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ListedQuery {
    /// red, serious
    pub list: Option<String>,
    /// on, off
    pub state: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A measure that the house proposes and a person confirms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    pub id: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub measure: String,
    pub measure_name: String,
    /// punish, incent
    pub side: String,
    pub source: String,
    /// `listed:CASE`, `credit.D:2026`, `red:ID`
    pub basis: String,
    pub proposed_at: Millis,
    pub decider_name: String,
    pub decided_at: Option<Millis>,
    pub confirmed: Option<bool>,
    pub reason: String,
}

/// A measure of data/credit/measures.csv.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    pub code: String,
    pub name: String,
    /// punish, incent
    pub side: String,
    /// What has it proposed: `listed.serious`, `credit.D`, `credit.A`, `red`
    pub trigger: String,
    pub certainty: String,
    pub source: String,
}

/// A ground of data/credit/grounds.csv.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Ground {
    pub code: String,
    pub name: String,
    pub certainty: String,
    pub source: String,
}

/// A weight of data/credit/ranking.csv, for platforms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Weight {
    pub code: String,
    pub name: String,
    pub weight: i64,
    pub certainty: String,
    pub source: String,
}

/// A part of the feed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Feed {
    pub after: i64,
    /// Ask with this as `after` for the next part.
    pub last: i64,
    /// There is more.
    pub more: bool,
    /// Each a JSON text, as it was hashed: number, time, kind, business.
    pub lines: Vec<String>,
    /// Signed note (C2SP) over origin, after, last and the SHA-256 of the lines, each with a line break.
    pub note: String,
    /// Key to check it with.
    pub key: String,
}

/// How far a platform has read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub upto: i64,
}

/// A platform that reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reader {
    pub name: String,
    pub upto: i64,
    pub at: Millis,
}

/// Answers what waits with whom.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Begun {
    /// Of the case: `/api/cases/{id}`.
    pub id: String,
    pub number: String,
}
