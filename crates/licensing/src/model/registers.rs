//! Mandates with what was done under them, and the lists that applications are checked against.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that an agent did under a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MandateAct {
    /// Application; empty for a paper or photo.
    pub permit: String,
    pub number: String,
    /// 提交申请, 上传照片：门头与招牌
    pub what: String,
    pub user_name: String,
    pub at: Millis,
}

/// Who may act for whom.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Mandate {
    pub id: String,
    pub principal: String,
    pub principal_name: String,
    pub agent: String,
    pub agent_name: String,
    /// Codes of matters; empty: all.
    pub matters: Vec<String>,
    pub from_day: String,
    pub until_day: String,
    pub given_at: Millis,
    pub revoked_at: Option<Millis>,
}

impl FromRow for Mandate {
    fn from_row(r: &Row) -> Result<Self> {
        let matters: String = r.get(3)?;
        Ok(Self {
            id: r.get(0)?,
            principal: r.get(1)?,
            principal_name: String::new(),
            agent: r.get(2)?,
            agent_name: String::new(),
            matters: matters.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect(),
            from_day: r.get(4)?,
            until_day: r.get(5)?,
            given_at: r.get(6)?,
            revoked_at: r.get(7)?,
        })
    }
}

/// A business licence as the registration office has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub uscc: String,
    pub name: String,
    pub legal: String,
    pub address: String,
    /// active, revoked, cancelled, moved
    pub state: String,
    /// Last day; empty without end.
    pub until_day: String,
    pub source: String,
}

impl FromRow for Registered {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            uscc: r.get(0)?,
            name: r.get(1)?,
            legal: r.get(2)?,
            address: r.get(3)?,
            state: r.get(4)?,
            until_day: r.get(5)?,
            source: r.get(6)?,
        })
    }
}

/// Somebody who may not apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ban {
    pub id: String,
    /// person, business
    pub kind: String,
    /// Masked number, or credit code.
    pub shown: String,
    pub name: String,
    pub since: String,
    /// Last day; empty for life.
    pub until_day: String,
    pub basis: String,
}

impl FromRow for Ban {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            shown: r.get(2)?,
            name: r.get(3)?,
            since: r.get(4)?,
            until_day: r.get(5)?,
            basis: r.get(6)?,
        })
    }
}
