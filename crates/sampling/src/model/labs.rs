//! Laboratories and what they are accredited for.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A laboratory with what it is accredited for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLab {
    /// The business that it is.
    pub party: String,
    /// Number of its CMA certificate.
    pub cma: String,
    /// Last day of that certificate.
    pub cma_until: String,
    /// In the published list of those that recheck.
    pub recheck: bool,
    pub items: Vec<LabItem>,
}

/// 检验能力
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabItem {
    pub item: String,
    pub method: String,
    /// Decimal; empty for none.
    #[serde(default)]
    pub lod: String,
    #[serde(default)]
    pub loq: String,
    #[serde(default)]
    pub unit: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Lab {
    pub id: String,
    pub name: String,
    pub division: String,
    pub cma: String,
    pub cma_until: String,
    pub recheck: bool,
    /// active, withdrawn
    pub state: String,
    /// When that was last set, why, and by whom; `null` and empty: never since it was registered.
    pub state_at: Option<Millis>,
    pub state_why: String,
    pub state_by: String,
    pub items: Vec<LabItem>,
}

/// A laboratory is given no more samples, or samples again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewLabState")]
pub struct NewState {
    /// active, withdrawn
    pub state: String,
    pub reason: String,
}

impl FromRow for Lab {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            name: r.get(1)?,
            division: r.get(2)?,
            cma: r.get(3)?,
            cma_until: r.get(4)?,
            recheck: r.get::<i64>(5)? == 1,
            state: r.get(6)?,
            state_at: r.get(7)?,
            state_why: r.get(8)?,
            state_by: r.get(9)?,
            items: Vec::new(),
        })
    }
}
