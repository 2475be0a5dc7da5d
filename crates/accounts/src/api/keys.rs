//! Keys of programs.

use kit_base::Result;
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, done, page_of};
use crate::actions::keys::{self, KeyInput};
use crate::secret::{KEY_PREFIX, new_token};
use crate::store::keys::{KeyQuery, KeyRow};
use crate::{Accounts, store};

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::get("/api/keys", Needs("accounts.keys"), "程序密钥", list),
        Route::post("/api/keys", Needs("accounts.keys_make"), "建立程序密钥", "keys.create", create),
        Route::put(
            "/api/keys/{id}/permissions",
            Needs("accounts.grant"),
            "授予密钥权限",
            "keys.grant",
            grant,
        ),
        Route::delete("/api/keys/{id}", Needs("accounts.keys"), "吊销程序密钥", "keys.revoke", revoke),
    ]
}

fn finish(tx: &mut Tx, accounts: &Accounts, now: i64, key: &mut KeyRow) -> Result<()> {
    key.permissions = store::keys::permissions(tx, &key.id)?;
    if let Some(party) = &key.party {
        key.party_name = (accounts.outside.business)(tx, party)?.map(|b| b.name);
    }
    if let Some(bureau) = &key.bureau {
        key.bureau_name = store::bureaus::bureau(tx, bureau)?.map(|b| b.name);
    }
    key.state = match (key.revoked_at, key.until_at <= now, key.permissions.is_empty()) {
        (Some(_), ..) => "revoked",
        (None, true, _) => "expired",
        (None, false, true) => "waiting",
        (None, false, false) => "active",
    }
    .to_owned();
    Ok(())
}

async fn list(cx: Cx, ask: Ask<(), KeyQuery>) -> Result<Json<Page<KeyRow>>> {
    let (q, accounts) = (ask.query, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let (mut keys, total) = store::keys::list(tx, &q, &cx.who.scope)?;
        keys.iter_mut().try_for_each(|key| finish(tx, &accounts, cx.now(), key))?;
        Ok(page_of((keys, total), q.page, q.size))
    })
    .await
    .map(Json)
}

/// A key that was made; shown once and never again. `null` where the same request was answered before.
#[derive(Serialize, JsonSchema)]
struct NewKey {
    id: String,
    /// Goes into `Authorization: Bearer …`.
    token: Option<String>,
}

async fn create(cx: Cx, ask: Ask<(), (), Json<KeyInput>>) -> Result<Json<NewKey>> {
    let token = format!("{KEY_PREFIX}{}", new_token(&cx.house.ids));
    let fresh = cx.house.ids.next(cx.now());
    let (made, kept, input) = (fresh.clone(), token.clone(), ask.body.0);
    let id = cx.act(move |act| keys::create(act, &made, &kept, &input)).await?;
    let token = (id == fresh).then_some(token);
    Ok(Json(NewKey { id, token }))
}

/// What a key may do.
#[derive(Deserialize, JsonSchema)]
struct PermissionsInput {
    permissions: Vec<String>,
}

async fn grant(cx: Cx, ask: Ask<IdPath, (), Json<PermissionsInput>>) -> Result<NoContent> {
    cx.act(move |act| keys::grant(act, &ask.path.id, &ask.body.0.permissions)).await.and_then(done)
}

async fn revoke(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| keys::revoke(act, &ask.path.id)).await.and_then(done)
}
