//! Accounts: bureaus in a tree (省、市、县、所) with their grids, users, the posts they hold, sign-in, sessions, and the
//! reading of the audit.
//!
//! Owns: bureaus, grids, users, posts (with roles and areas), holdings, memberships, sessions, passkeys, keys of programs,
//! sign-in failures.
//!
//! Invariants:
//! - a user belongs to one bureau or to one business, never both; roles of the two kinds do not meet in one person;
//! - 三员分立: whoever is 系统, 安全 or 审计管理员 holds no other role; nobody grants or withdraws his own;
//! - a post's areas lie within what the granting 安全管理员 reaches;
//! - rights are read from the posts on every request: what is withdrawn is gone with the next one;
//! - a permission reaches only as far as the posts whose roles give it (`Actor::scope_for`);
//! - of passwords and tokens only hashes are kept, of the second factor only a sealed secret.

#![forbid(unsafe_code)]

mod actions;
mod api;
pub mod bootstrap;
pub mod demo;
mod gate;
mod jobs;
pub mod model;
mod passkeys;
pub mod rules;
pub mod secret;
mod store;

use std::sync::Arc;

use kit_base::{Millis, Result};
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use gate::AccountsGate;
pub use secret::{Cost, KeyFrom, Passwords, Vault};

pub const SCHEMA: Schema = Schema {
    room: "accounts",
    files: &[
        ("0001_accounts", include_str!("../migrations/0001_accounts.sql")),
        ("0002_grids_checks", include_str!("../migrations/0002_grids_checks.sql")),
        ("0003_keys", include_str!("../migrations/0003_keys.sql")),
        ("0004_passkeys", include_str!("../migrations/0004_passkeys.sql")),
        ("0005_device_keys", include_str!("../migrations/0005_device_keys.sql")),
        ("0006_phones", include_str!("../migrations/0006_phones.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission("accounts.read", "查看机构、用户与岗位", &["system_admin", "security_admin", "audit_admin"]),
    permission("accounts.bureaus", "维护机构与网格", &["system_admin"]),
    permission("accounts.users", "维护用户", &["system_admin"]),
    permission("accounts.grant", "维护岗位、授权与撤销", &["security_admin"]),
    permission("accounts.unlock", "解锁账号、解除第二步验证与通行密钥", &["security_admin"]),
    permission("accounts.sessions", "查看与结束他人的登录", &["security_admin"]),
    // not the 安全管理员: who grants roles and gives passwords could be whoever he makes
    permission("accounts.reset", "重置他人密码", &["system_admin"]),
    permission("accounts.personal", "查看用户的完整电话", &["system_admin", "security_admin"]),
    permission("accounts.clerks", "管理本企业的录入员", &["business_owner"]),
    permission("accounts.keys", "查看与吊销程序密钥", &["system_admin", "security_admin", "business_owner"]),
    permission("accounts.keys_make", "建立程序密钥", &["system_admin", "business_owner"]),
    permission("audit.read", "查看审计日志", &["audit_admin", "leader"]),
    permission("audit.verify", "校验审计链", &["audit_admin"]),
];

pub const ROOM: Room = Room {
    name: "accounts",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: jobs::KINDS,
};

/// A business as this room needs to know it.
#[derive(Debug, Clone)]
pub struct Business {
    pub name: String,
    /// 业态
    pub kind: String,
    pub division: String,
}

/// Names a division by its code.
pub type DivisionName = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What this room asks of those above it in the hall: businesses and the names of divisions belong to parties.
#[derive(Clone)]
pub struct Outside {
    /// A business by id.
    pub business: fn(&mut Tx, &str) -> Result<Option<Business>>,
    /// The full name of a division by prefix; `None` where it is unknown.
    pub division_name: DivisionName,
}

impl Outside {
    /// Knows nothing: for tools and tests without businesses.
    pub fn none() -> Self {
        Self { business: |_, _| Ok(None), division_name: Arc::new(|_| None) }
    }
}

/// The room's own state; its `gate` goes into the house, and the whole is held there at opening.
pub struct Accounts {
    pub gate: Arc<AccountsGate>,
    pub passwords: Passwords,
    pub vault: Vault,
    pub outside: Outside,
}

impl Accounts {
    /// A prefix with its name.
    fn area(&self, prefix: &str) -> model::Area {
        let name =
            if prefix.is_empty() { Some("全国".to_owned()) } else { (self.outside.division_name)(prefix) };
        model::Area { prefix: prefix.to_owned(), name: name.unwrap_or_else(|| prefix.to_owned()) }
    }
}

/// A business lies in another division now: its people and keys with it.
pub fn business_moved(tx: &mut Tx, party: &str, division: &str) -> Result<()> {
    store::users::business_moved(tx, party, division)?;
    store::keys::business_moved(tx, party, division)
}

/// The full name of a user, for those who show who did something.
pub fn name_of(tx: &mut Tx, user: &str) -> Result<Option<String>> {
    store::users::name_of(tx, user)
}

/// People who may be chosen for something: active, in one of the roles, with a post that reaches the division or acting
/// for the business (empty for none). Roles that are not known are nobody's.
pub fn near(
    tx: &mut Tx,
    roles: &[&str],
    division: &str,
    business: &str,
    q: &str,
    now: Millis,
) -> Result<Vec<Near>> {
    let roles: Vec<model::Role> =
        model::Role::ALL.into_iter().filter(|r| roles.contains(&r.code())).collect();
    let mut out = store::posts::near(tx, &roles, division, q, now, MOST_NEAR)?;
    if !business.is_empty() {
        out.extend(store::posts::near_business(tx, &roles, business, q, now, MOST_NEAR)?);
    }
    Ok(out)
}

/// Active people who act for a business now, as whatever.
pub fn of_business(tx: &mut Tx, party: &str, now: Millis) -> Result<Vec<String>> {
    let roles = [model::Role::BusinessOwner, model::Role::BusinessClerk];
    let found = store::posts::near_business(tx, &roles, party, "", now, MOST_NEAR)?;
    Ok(found.into_iter().map(|n| n.user).collect())
}

/// Candidates looked at in one go.
const MOST_NEAR: i64 = 200;

/// Full name of a user who may sign in, the bureau or business they belong to, and its division.
pub fn home_of(tx: &mut Tx, user: &str) -> Result<Option<(String, String, String)>> {
    store::users::home_of(tx, user)
}

/// Somebody beside the asker shows who they are, on the asker's screen, for one act: the context in which they do it. Failures count as
/// those of a sign-in; nothing is opened, and nothing is kept of the answer.
///
/// Errors: those of a sign-in (`sign_in_wrong`, `totp_required`, `passkey_required`, `sign_in_locked`).
pub async fn beside(
    cx: &kit_web::Cx,
    name: &str,
    password: String,
    totp: Option<String>,
) -> Result<kit_web::Cx> {
    api::session::beside(cx, name, password, totp).await
}

/// Whether there is any user yet; a house without one is to be bootstrapped or given its demo accounts.
pub fn any_user(tx: &mut Tx) -> Result<bool> {
    store::users::any(tx)
}

/// Sign-in names of demo accounts that are not disabled; real operation begins only without any.
pub fn demo_names(tx: &mut Tx) -> Result<Vec<String>> {
    store::users::simulated(tx)
}

/// The name of the bureau in charge of a division: the nearest above it.
pub fn bureau_of(tx: &mut Tx, division: &str) -> Result<Option<String>> {
    for end in [12, 9, 6, 4, 2] {
        let Some(prefix) = division.get(..end) else { continue };
        if let Some(bureau) = store::bureaus::in_charge(tx, prefix)? {
            return Ok(Some(bureau.name));
        }
    }
    Ok(None)
}

/// Active officers (监管人员) whose posts reach a division, by id and full name; at most five hundred.
pub fn officers_at(tx: &mut Tx, division: &str, now: kit_base::Millis) -> Result<Vec<(String, String)>> {
    store::posts::reaching(tx, model::Role::Officer, division, now)
}

/// Officers of a reach for a draw over `all` of a place and its `areas`, by id: each with `all` where they reach that, else with the one
/// area that they reach.
pub fn officers_within(
    tx: &mut Tx,
    all: &str,
    areas: &[String],
    scope: &kit_web::Scope,
    now: kit_base::Millis,
) -> Result<Vec<(String, String)>> {
    let mut able = std::collections::BTreeMap::new();
    for area in std::iter::once(all).chain(areas.iter().map(String::as_str)) {
        for (user, _) in officers_at(tx, area, now)? {
            able.entry(user).or_insert_with(|| area.to_owned());
        }
    }
    let mut out = Vec::with_capacity(able.len());
    for (user, area) in able {
        if home_of(tx, &user)?.is_some_and(|(_, _, division)| scope.covers(&division, None)) {
            out.push((user, area));
        }
    }
    Ok(out)
}

/// A bureau by id.
pub fn bureau(tx: &mut Tx, id: &str) -> Result<Option<model::Bureau>> {
    store::bureaus::bureau(tx, id)
}

/// The highest bureau of exactly this division.
pub fn in_charge(tx: &mut Tx, division: &str) -> Result<Option<model::Bureau>> {
    store::bureaus::in_charge(tx, division)
}
/// The divisions that have a bureau of their own, in order.
pub fn bureau_divisions(tx: &mut Tx) -> Result<Vec<String>> {
    store::bureaus::divisions(tx)
}
pub use store::posts::Near;

#[cfg(test)]
mod tests;
