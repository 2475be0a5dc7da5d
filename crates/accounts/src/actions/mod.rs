//! One function a use case: load, decide, store, audit; one transaction.

pub mod bureaus;
pub mod clerks;
pub mod keys;
pub mod passkeys;
pub mod posts;
pub mod resume;
pub mod session;
pub mod users;

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::Act;

use crate::model::Account;
use crate::{Accounts, store};

fn room(act: &Act) -> Arc<Accounts> {
    act.cx.house.held::<Accounts>()
}

/// A user within reach of a permission; others are not there.
fn user_within(act: &mut Act, permission: &str, id: &str) -> Result<Account> {
    let scope = act.who().scope_for(permission);
    let found = store::users::by_id(act.tx, id)?.filter(|u| scope.covers(&u.division, None));
    let user = found.ok_or_else(|| Error::not_found("没有这个用户"))?;
    act.subject("user", &user.id, &user.division);
    Ok(user)
}

/// Refuses a sign-in name that somebody has.
fn name_free(act: &mut Act, name: &str) -> Result<()> {
    match store::users::by_name(act.tx, name)? {
        Some(_) => Err(Error::conflict("name_taken", "这个用户名已被使用").at("name")),
        None => Ok(()),
    }
}

/// 停用: signed out at once and not let in again.
fn shut_out(act: &mut Act, user: &Account) -> Result<()> {
    store::users::set_state(act.tx, &user.id, "disabled", act.now)?;
    store::sessions::end_all(act.tx, &user.id, "", act.now).map(drop)
}

/// Gives a one-time password and forgets the failures; the user is signed out everywhere.
fn give_password(act: &mut Act, user: &Account, hash: &str) -> Result<()> {
    store::users::set_password(act.tx, &user.id, hash, true, act.now)?;
    store::sessions::forgive(act.tx, &user.name)?;
    store::sessions::end_all(act.tx, &user.id, "", act.now).map(drop)
}

/// That a user is none of the three administrators, now or to come.
fn no_administrator(act: &mut Act, user: &Account) -> Result<()> {
    let roles = store::posts::roles_to_come(act.tx, &user.id, act.now, "")?;
    crate::rules::not_an_administrator(&roles)
}

/// Oneself.
fn oneself(act: &mut Act) -> Result<Account> {
    let id = act.cx.signed_in()?.to_owned();
    let user = store::users::by_id(act.tx, &id)?.ok_or_else(|| Error::not_found("没有这个用户"))?;
    act.subject("user", &user.id, &user.division);
    Ok(user)
}
