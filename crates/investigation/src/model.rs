//! What a case is, where it starts, how it is looked at, and what is marked on it.

use std::collections::BTreeMap;

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::{Group, Mark};
use crate::rules::Settings;

/// Where a case starts. Everything named is taken together.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Seeds {
    /// lot numbers
    pub lots: Vec<i64>,
    /// trace codes, business codes, GS1 links, GTINs, batch or lot numbers, one an entry
    pub codes: Vec<String>,
    /// the same as pasted: one or more a line
    pub text: String,
    /// product ids
    pub products: Vec<String>,
    /// business ids
    pub parties: Vec<String>,
    /// networks of an incident that were imported into the ledger, by id: all their deliveries, with the marks of the file
    pub networks: Vec<String>,
    /// cases on the ledger whose starting lots are taken over: to go on after a scope was frozen
    pub cases: Vec<String>,
    /// bounds products and businesses: first day, `2026-03-01`; may be empty
    pub from: String,
    /// last day, that day included; may be empty
    pub to: String,
}

/// A new case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    pub title: String,
    #[serde(default)]
    pub reason: String,
    /// whose case it is; the first division of the person's jurisdiction where it is not said
    pub division: Option<String>,
    pub seeds: Seeds,
}

/// A line of a pasted list that names nothing the person may start from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unresolved {
    /// from 1
    pub line: usize,
    pub text: String,
    /// unknown, out_of_scope, check (a wrong check character), batch_many
    pub code: String,
    pub message: String,
}

/// A case as the database has it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    pub id: String,
    /// 排查〔2026〕0001
    pub no: String,
    pub title: String,
    pub reason: String,
    pub division: String,
    pub division_name: String,
    /// open, frozen, closed
    pub state: String,
    /// ledger, network
    pub source: String,
    #[serde(skip)]
    pub network: Option<String>,
    pub file_name: String,
    /// businesses and deliveries as last counted
    pub stations: i64,
    pub deliveries: i64,
    /// lots it starts from
    pub seeds: i64,
    pub created_by: String,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub simulated: bool,
    /// the latest frozen scope
    pub scope: Option<ScopeBrief>,
}

/// A case with its marks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OpenCase {
    #[serde(flatten)]
    pub case: Case,
    pub marks: Marks,
    /// lines of the pasted list that named nothing; only in the answer to a new case, at most 1,000
    #[serde(default)]
    pub unresolved: Vec<Unresolved>,
    /// how many in all
    #[serde(default)]
    pub unresolved_count: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScopeBrief {
    pub id: String,
    /// 范围〔2026〕0001
    pub no: String,
    pub at: Millis,
    pub by: String,
}

/// A frozen scope without its content.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FrozenScope {
    pub id: String,
    pub investigation: String,
    pub no: String,
    pub division: String,
    pub bureau: String,
    pub note: String,
    /// last event of the ledger that was seen; 0 for a network file
    pub event: i64,
    pub lots: i64,
    pub stations: i64,
    pub deliveries: i64,
    /// filters, totals, counties as they were
    pub summary: serde_json::Value,
    pub marks: Marks,
    /// SHA-256 of the content
    pub hash: String,
    pub by: String,
    pub at: Millis,
}

/// A line of the list of frozen scopes (固定范围).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScopeLine {
    pub id: String,
    pub investigation: String,
    pub no: String,
    pub case_no: String,
    pub title: String,
    /// ledger, network: orders go out from a scope of the ledger only
    pub source: String,
    pub division: String,
    pub division_name: String,
    pub note: String,
    pub lots: i64,
    pub stations: i64,
    pub deliveries: i64,
    /// SHA-256 of the content
    pub hash: String,
    pub by: String,
    pub at: Millis,
    pub simulated: bool,
}

/// Which way the walk goes from where the case starts.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// to the sources and to the followers at once
    #[default]
    Both,
    /// to the sources
    Backward,
    /// to the followers
    Forward,
}

/// How a case is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct View {
    /// a frozen scope of the case instead of the ledger as it is now; its own filters then hold
    pub scope: Option<String>,
    /// lots to start from instead of those of the case
    pub seeds: Option<Vec<i64>>,
    pub direction: Direction,
    /// first and last day of the event that made a lot; an unknown date counts as possible
    pub from: Option<String>,
    pub until: Option<String>,
    /// 业态 of the holders
    pub kinds: Vec<String>,
    /// prefixes of the holders' divisions
    pub divisions: Vec<String>,
    /// most steps from the start
    pub distance: Option<u32>,
}

/// Stations that count as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkGroup {
    pub id: String,
    #[serde(default)]
    pub name: String,
    pub stations: Vec<String>,
}

/// All that is marked on a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Marks {
    /// by station or group id
    pub stations: BTreeMap<String, Mark>,
    /// by delivery id
    pub deliveries: BTreeMap<String, Mark>,
    pub groups: Vec<MarkGroup>,
    pub enforce_temporal_order: bool,
}

impl Marks {
    /// As the scores want it.
    pub fn settings(&self) -> Settings {
        Settings {
            enforce_temporal_order: self.enforce_temporal_order,
            groups: self
                .groups
                .iter()
                .map(|g| Group { id: g.id.clone(), stations: g.stations.clone() })
                .collect(),
            stations: self.stations.clone(),
            deliveries: self.deliveries.clone(),
        }
    }
}

/// What one change of the marks did. `None` as a mark: it was taken away.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MarkChange {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stations: BTreeMap<String, Option<Mark>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub deliveries: BTreeMap<String, Option<Mark>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<MarkGroup>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce_temporal_order: Option<bool>,
}

/// One entry of the log of marks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MarkEntry {
    /// from 1
    pub no: i64,
    pub at: Millis,
    pub by: String,
    pub change: MarkChange,
    /// the entry that this one takes back
    pub withdraws: Option<i64>,
}
