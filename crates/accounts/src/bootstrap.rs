//! The first accounts of a house in production, and the way back in for whoever is locked out. For the operator of the
//! machine only; no route leads here.

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::{Act, Actor, Cx, House};
use serde_json::json;

use crate::model::{Bureau, Role};
use crate::secret::one_time_password;
use crate::store::posts::Grant;
use crate::store::users::NewUser;
use crate::{Accounts, rules, store};

/// An account with its one-time password, to be printed once and handed over in person.
#[derive(Debug, Clone)]
pub struct FirstAccount {
    pub name: String,
    pub role: &'static str,
    pub password: String,
}

const FIRST: [(&str, &str, Role); 3] = [
    ("sysadmin", "系统管理员", Role::SystemAdmin),
    ("secadmin", "安全管理员", Role::SecurityAdmin),
    ("audadmin", "审计管理员", Role::AuditAdmin),
];

/// Opens an empty house: the root bureau and the three administrators, each with a one-time password. All three,
/// because with one alone nobody could appoint the next (三员分立).
///
/// Blocks; for commands. Errors: `already_open` where there is any user.
pub fn open(house: &Arc<House>, bureau: &str, division: &str) -> Result<Vec<FirstAccount>> {
    let accounts = house.held::<Accounts>();
    let division = rules::division_prefix("division", division)?;
    let name = rules::plain_text("bureau", bureau, 60)?;
    let mut made = Vec::new();
    let mut hashes = Vec::new();
    for (login, _, role) in FIRST {
        let password = one_time_password(&house.ids);
        hashes.push(accounts.passwords.hash_blocking(&password, &house.ids)?);
        made.push(FirstAccount { name: login.to_owned(), role: role.name(), password });
    }
    let cx = Cx::internal(house.clone(), Actor::house("命令行"), "accounts.bootstrap");
    cx.act_blocking(move |act| store_first(act, &name, &division, &hashes))?;
    Ok(made)
}

fn store_first(act: &mut Act, name: &str, division: &str, hashes: &[String]) -> Result<()> {
    if store::users::any(act.tx)? {
        return Err(Error::conflict("already_open", "已有用户，不能再次开户；忘记密码请用重置命令"));
    }
    let level = match division.len() {
        2 => 1,
        4 => 2,
        6 => 3,
        _ => return Err(Error::invalid("division", "bureau_division", "请给出省、市或县的区划代码")),
    };
    let bureau =
        Bureau { id: act.id(), parent: None, level, name: name.to_owned(), division: division.to_owned() };
    store::bureaus::add_bureau(act.tx, &bureau, act.now)?;
    for ((login, full_name, role), hash) in FIRST.into_iter().zip(hashes) {
        let user = Person { login, full_name, hash, must_change: true, simulated: false };
        let id = add_regulator(act, &bureau, &user)?;
        let post = add_post(act, &bureau, full_name, &[role], &[division.to_owned()])?;
        hold(act, &id, &post)?;
    }
    act.subject("bureau", &bureau.id, division);
    act.note(json!({ "bureau": name, "accounts": FIRST.map(|f| f.0) }));
    Ok(())
}

/// Gives anyone, also an administrator, a one-time password, and takes away lock, second factor and passkeys. Answers the password.
///
/// Blocks; for commands. Errors: `not_found`.
pub fn reset(house: &Arc<House>, name: &str) -> Result<String> {
    let accounts = house.held::<Accounts>();
    let name = rules::sign_in_name(name)?;
    let password = one_time_password(&house.ids);
    let hash = accounts.passwords.hash_blocking(&password, &house.ids)?;
    let cx = Cx::internal(house.clone(), Actor::house("命令行"), "accounts.reset");
    cx.act_blocking(move |act| {
        let user = store::users::by_name(act.tx, &name)?;
        let user = user.ok_or_else(|| Error::not_found(format!("没有用户 {name}")))?;
        act.subject("user", &user.id, &user.division);
        store::users::set_password(act.tx, &user.id, &hash, true, act.now)?;
        store::users::drop_totp(act.tx, &user.id, act.now)?;
        store::passkeys::drop_all(act.tx, &user.id)?;
        store::users::set_state(act.tx, &user.id, "active", act.now)?;
        store::sessions::forgive(act.tx, &name)?;
        store::sessions::end_all(act.tx, &user.id, "", act.now).map(drop)
    })?;
    Ok(password)
}

/// An account made by the house itself.
pub(crate) struct Person<'a> {
    pub login: &'a str,
    pub full_name: &'a str,
    pub hash: &'a str,
    pub must_change: bool,
    pub simulated: bool,
}

pub(crate) fn add_regulator(act: &mut Act, bureau: &Bureau, p: &Person) -> Result<String> {
    add_user(act, p, Some(&bureau.id), None, &bureau.division)
}

pub(crate) fn add_user(
    act: &mut Act,
    p: &Person,
    bureau: Option<&str>,
    party: Option<&str>,
    division: &str,
) -> Result<String> {
    let id = act.id();
    let new = NewUser {
        id: &id,
        name: p.login,
        full_name: p.full_name,
        phone: None,
        bureau,
        party,
        division,
        password: p.hash,
        must_change: p.must_change,
        simulated: p.simulated,
        now: act.now,
    };
    store::users::insert(act.tx, &new)?;
    Ok(id)
}

pub(crate) fn add_post(
    act: &mut Act,
    bureau: &Bureau,
    title: &str,
    roles: &[Role],
    areas: &[String],
) -> Result<String> {
    rules::may_stand_together(roles)?;
    let id = act.id();
    store::posts::add_post(act.tx, &id, title, &bureau.id, act.now)?;
    store::posts::set_rights(act.tx, &id, roles, areas, &[])?;
    Ok(id)
}

pub(crate) fn hold(act: &mut Act, user: &str, post: &str) -> Result<()> {
    let id = act.id();
    let grant = Grant { id: &id, user, what: post, from_at: act.now, until_at: None, by: "", now: act.now };
    store::posts::grant(act.tx, &grant)
}
