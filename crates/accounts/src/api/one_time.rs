//! Accounts that are given a password by somebody else: for the first sign-in, or instead of a forgotten one.

use kit_base::Result;
use kit_web::{Act, Cx, Json};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Accounts;
use crate::secret::one_time_password;

/// A user with the password for the first sign-in; shown once and never again. `null` where the same request was
/// answered before.
#[derive(Serialize, JsonSchema)]
pub(super) struct NewPassword {
    id: String,
    password: Option<String>,
}

/// A one-time password and its hash, made before the transaction.
async fn fresh(cx: &Cx) -> Result<(String, String)> {
    let password = one_time_password(&cx.house.ids);
    let hash = cx.house.held::<Accounts>().passwords.hash(password.clone(), &cx.house.ids).await?;
    Ok((password, hash))
}

/// Makes an account: `create` is given its id and the hash of its password, and answers the id.
pub(super) async fn made<F>(cx: &Cx, create: F) -> Result<Json<NewPassword>>
where
    F: FnOnce(&mut Act, &str, &str) -> Result<String> + Send + 'static,
{
    let (password, hash) = fresh(cx).await?;
    let new = cx.house.ids.next(cx.now());
    let made = new.clone();
    let id = cx.act(move |act| create(act, &made, &hash)).await?;
    let password = (id == new).then_some(password);
    Ok(Json(NewPassword { id, password }))
}

/// Gives an account another password: `reset` is given its id and the hash.
pub(super) async fn given<F>(mut cx: Cx, id: String, reset: F) -> Result<Json<NewPassword>>
where
    F: FnOnce(&mut Act, &str, &str) -> Result<()> + Send + 'static,
{
    // a kept answer would be without the password that is now the right one
    cx.idempotency = None;
    let (password, hash) = fresh(&cx).await?;
    let user = id.clone();
    cx.act(move |act| reset(act, &user, &hash)).await?;
    Ok(Json(NewPassword { id, password: Some(password) }))
}
