//! Who belongs to whom.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds of relation: what the member is to its manager.
pub const RELATIONS: [(&str, &str); 3] =
    [("market", "市场入场销售者"), ("chain", "连锁门店"), ("platform", "平台入驻商户")];

/// Where a relation comes from.
pub const SOURCES: [(&str, &str); 3] =
    [("officer", "监管人员登记"), ("import", "表格导入"), ("manager", "开办者申报")];

/// How a relation stands on a day.
pub const STATES: [(&str, &str); 4] =
    [("current", "有效"), ("declared", "待确认"), ("coming", "未到起始日"), ("ended", "已结束")];

/// A member of a market, a chain or a platform.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    pub id: String,
    /// 市场开办者, 连锁总部, 平台
    pub manager: String,
    pub manager_name: String,
    #[serde(skip)]
    pub manager_division: String,
    pub member: String,
    pub member_name: String,
    /// 主体码
    pub member_code: String,
    pub member_division: String,
    pub division_name: String,
    /// Only this place of the member belongs there; empty: all of it.
    pub site: String,
    pub site_name: String,
    /// market, chain, platform
    pub relation: String,
    /// 摊位号, 门店号, 店铺; empty: not said
    pub place: String,
    /// First day, `2026-03-01`.
    pub from: String,
    /// First day on which it holds no longer; empty: it holds.
    pub until: String,
    /// current, declared (waits for an officer, or for the manager), coming, ended
    pub state: String,
    /// It waits for the asker to confirm it.
    pub may_confirm: bool,
    /// officer, import, manager
    pub source: String,
    pub note: String,
    pub added_at: Millis,
    pub added_by: String,
    pub confirmed_at: Option<Millis>,
    pub confirmed_by: String,
    pub end_reason: String,
    pub ended_by: String,
    pub simulated: bool,
}

impl Member {
    /// How it stands on a day.
    pub fn state_on(&self, day: &str) -> &'static str {
        match () {
            () if !self.until.is_empty() && self.until.as_str() <= day => "ended",
            () if self.confirmed_at.is_none() => "declared",
            () if self.from.as_str() > day => "coming",
            () => "current",
        }
    }
}

/// A relation that somebody enters.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Id of the manager; empty where its code is said.
    #[serde(default)]
    pub manager: String,
    /// 主体码 or 统一社会信用代码 of the manager, which may lie in any county.
    #[serde(default)]
    pub manager_code: String,
    /// Id of the member.
    pub member: String,
    /// Id of a place of the member; empty: all of it.
    #[serde(default)]
    pub site: String,
    /// market, chain, platform
    pub relation: String,
    #[serde(default)]
    pub place: String,
    /// First day; today where it is not said.
    #[serde(default)]
    pub from: String,
    /// First day on which it holds no longer; empty: it holds.
    #[serde(default)]
    pub until: String,
    #[serde(default)]
    pub note: String,
}

/// How a relation ends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndMember {
    /// First day on which it holds no longer; today where it is not said.
    #[serde(default)]
    pub until: String,
    pub reason: String,
}

/// How a list is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MemberQuery {
    pub manager: Option<String>,
    pub member: Option<String>,
    /// market, chain, platform
    pub relation: Option<String>,
    /// current, declared, coming, ended
    pub state: Option<String>,
    /// Name or code of the member, name of the manager, place.
    pub q: Option<String>,
    /// manager, member, place, from; `-` before it turns it round. The latest first day first where it is not said.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A relation as other rooms ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub member: String,
    /// Only this place of the member; empty: all of it.
    pub site: String,
    pub relation: String,
    pub place: String,
    /// First day.
    pub from: String,
}
