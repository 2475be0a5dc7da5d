//! One function a use case: load, decide, store, audit; one transaction.

pub mod bureaus;
pub mod clerks;
pub mod keys;
pub mod passkeys;
pub mod posts;
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

/// Oneself.
fn oneself(act: &mut Act) -> Result<Account> {
    let id = act.cx.signed_in()?.to_owned();
    let user = store::users::by_id(act.tx, &id)?.ok_or_else(|| Error::not_found("没有这个用户"))?;
    act.subject("user", &user.id, &user.division);
    Ok(user)
}
