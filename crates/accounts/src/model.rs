//! What accounts are made of, and the shapes that leave the room.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a post or membership makes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 系统管理员
    SystemAdmin,
    /// 安全管理员
    SecurityAdmin,
    /// 审计管理员
    AuditAdmin,
    /// 分管领导
    Leader,
    /// 监管人员
    Officer,
    /// 追溯排查员
    Investigator,
    /// 企业负责人
    BusinessOwner,
    /// 企业录入员
    BusinessClerk,
}

/// Roles that may be held by one person stand in one family; each administrator stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 三员
    Administrator,
    Regulator,
    Business,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
        Self::Leader,
        Self::Officer,
        Self::Investigator,
        Self::BusinessOwner,
        Self::BusinessClerk,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
            Self::Leader => "leader",
            Self::Officer => "officer",
            Self::Investigator => "investigator",
            Self::BusinessOwner => "business_owner",
            Self::BusinessClerk => "business_clerk",
        }
    }

    /// Chinese, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全管理员",
            Self::AuditAdmin => "审计管理员",
            Self::Leader => "分管领导",
            Self::Officer => "监管人员",
            Self::Investigator => "追溯排查员",
            Self::BusinessOwner => "企业负责人",
            Self::BusinessClerk => "企业录入员",
        }
    }

    pub fn family(self) -> Family {
        match self {
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin => Family::Administrator,
            Self::Leader | Self::Officer | Self::Investigator => Family::Regulator,
            Self::BusinessOwner | Self::BusinessClerk => Family::Business,
        }
    }

    /// Errors: `role_unknown` at `field`.
    pub fn parse(field: &str, code: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|r| r.code() == code);
        found.ok_or_else(|| Error::invalid(field, "role_unknown", format!("没有“{code}”这个角色")))
    }

    /// A role as the database keeps it.
    pub(crate) fn stored(code: &str) -> Result<Self> {
        Self::parse("role", code).map_err(|_| Error::internal(format!("unknown role {code} in the database")))
    }
}

/// A code and the words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Area {
    /// Of division codes; empty is the whole country.
    pub prefix: String,
    pub name: String,
}

/// 机构
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Bureau {
    pub id: String,
    /// The bureau above; `null` at a root.
    pub parent: Option<String>,
    /// 1 省, 2 市, 3 县, 4 所
    pub level: i64,
    pub name: String,
    pub division: String,
}

impl FromRow for Bureau {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            parent: row.get(1)?,
            level: row.get(2)?,
            name: row.get(3)?,
            division: row.get(4)?,
        })
    }
}

/// 网格
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Grid {
    pub id: String,
    pub bureau: String,
    pub name: String,
    pub division: String,
}

impl FromRow for Grid {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get(0)?, bureau: row.get(1)?, name: row.get(2)?, division: row.get(3)? })
    }
}

/// A user as this room works with it; never leaves it.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub full_name: String,
    pub phone: Option<String>,
    pub bureau: Option<String>,
    pub party: Option<String>,
    pub division: String,
    pub password: String,
    pub must_change: bool,
    pub totp: Option<String>,
    pub totp_pending: Option<String>,
    pub totp_step: Option<i64>,
    pub active: bool,
    pub seen_at: Option<Millis>,
    pub simulated: bool,
}

impl Account {
    /// Whether this account may be signed in to at all.
    pub fn may_enter(&self, production: bool) -> bool {
        self.active && !(self.simulated && production)
    }
}

impl FromRow for Account {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            full_name: row.get(2)?,
            phone: row.get(3)?,
            bureau: row.get(4)?,
            party: row.get(5)?,
            division: row.get(6)?,
            password: row.get(7)?,
            must_change: row.get(8)?,
            totp: row.get(9)?,
            totp_pending: row.get(10)?,
            totp_step: row.get(11)?,
            active: row.get::<String>(12)? == "active",
            seen_at: row.get(13)?,
            simulated: row.get(14)?,
        })
    }
}

/// A post somebody holds, or a business somebody acts for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Holding {
    /// Of the grant; what is withdrawn.
    pub id: String,
    pub post: String,
    pub title: String,
    pub bureau: String,
    pub roles: Vec<String>,
    pub areas: Vec<Area>,
    pub grids: Vec<Grid>,
    pub from_at: Millis,
    /// First moment after; `null` without end.
    pub until_at: Option<Millis>,
    pub granted_by: String,
}

/// A business somebody acts for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Membership {
    pub id: String,
    pub party: String,
    pub party_name: String,
    pub role: String,
    pub from_at: Millis,
    pub until_at: Option<Millis>,
    pub granted_by: String,
}

/// A post and the one who holds it, by name only.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PostName {
    pub id: String,
    pub title: String,
}

/// A user in a list or by itself. The phone is masked but in the answer to an audited look.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct User {
    pub id: String,
    pub name: String,
    pub full_name: String,
    pub phone: String,
    /// active, locked, disabled
    pub state: String,
    pub locked_until: Option<Millis>,
    /// Has a second factor that shows codes.
    pub totp: bool,
    /// Passkeys that are bound.
    pub passkeys: i64,
    pub must_change: bool,
    /// Last sign-in.
    pub last_seen: Option<Millis>,
    pub bureau: Option<String>,
    pub bureau_name: Option<String>,
    pub party: Option<String>,
    pub party_name: Option<String>,
    pub division: String,
    /// Held now.
    pub posts: Vec<PostName>,
    pub roles: Vec<String>,
    pub simulated: bool,
}

/// 岗位
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Post {
    pub id: String,
    pub title: String,
    pub bureau: String,
    pub bureau_name: String,
    pub roles: Vec<String>,
    pub jurisdiction: Vec<Area>,
    /// Reached beside the areas.
    pub grids: Vec<Grid>,
    pub holders: Vec<Holder>,
}

/// Who holds a post now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Holder {
    pub id: String,
    pub full_name: String,
}

/// A place and time of being signed in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SessionRow {
    pub id: String,
    pub user: String,
    pub user_name: String,
    pub created_at: Millis,
    pub seen_at: Millis,
    /// Ends then at the latest.
    pub until_at: Millis,
    pub address: String,
    pub agent: String,
    /// password, totp, passkey: the strongest that was shown
    pub factor: String,
    /// The one that asks.
    pub current: bool,
}

/// One row of the audit chain.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AuditRow {
    pub no: i64,
    pub at: Millis,
    /// User id; empty for the house itself and the public.
    pub actor: String,
    pub actor_name: String,
    pub bureau: String,
    pub address: String,
    /// `room.verb`
    pub action: String,
    /// `kind:id`
    pub target: String,
    pub division: String,
    /// JSON: what changed, or what was looked at; empty where there is nothing to say.
    pub note: String,
    /// ok, refused
    pub outcome: String,
    pub hash: String,
}

/// A session that a phone may take up again.
#[derive(Debug, Clone)]
pub struct PhoneSession {
    pub session: String,
    pub user: String,
    pub full_name: String,
    /// See the table.
    pub phone_key: String,
    pub phone_no: i64,
    pub until_at: Millis,
}

impl FromRow for PhoneSession {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            session: row.get(0)?,
            user: row.get(1)?,
            full_name: row.get(2)?,
            phone_key: row.get(3)?,
            phone_no: row.get(4)?,
            until_at: row.get(5)?,
        })
    }
}
