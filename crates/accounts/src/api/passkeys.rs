//! Passkeys: one's own, and signing in with one.

use kit_base::{Error, Result};
use kit_web::{Access, Actor, Ask, Cx, Json, NoContent, Route, WithCookie};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::session::{Session, checked, not_in, opened, right_password};
use super::{IdPath, Made, done};
use crate::actions::passkeys::{self, Challenge};
use crate::secret::new_token;
use crate::store::passkeys::{self as store, PasskeyRow};

pub fn routes() -> Vec<Route> {
    use Access::{Needs, Public, SignedIn};
    const OWN: &str = "/api/session/passkeys/{id}";
    vec![
        Route::get("/api/session/passkeys", SignedIn, "我的通行密钥", list).also_unfinished(),
        Route::post(
            "/api/session/passkeys/challenge",
            SignedIn,
            "开始绑定通行密钥",
            "session.passkey_begin",
            begin,
        )
        .also_unfinished()
        .signing_in(),
        Route::post("/api/session/passkeys", SignedIn, "绑定通行密钥", "session.passkey_bind", bind)
            .also_unfinished(),
        Route::put(OWN, SignedIn, "修改通行密钥的名称", "session.passkey_rename", rename),
        Route::delete(OWN, SignedIn, "删除通行密钥", "session.passkey_drop", drop_own),
        Route::ask("/api/session/passkey/challenge", Public, "开始用通行密钥登录", begin_sign_in),
        Route::post(
            "/api/session/passkey/second",
            Public,
            "密码之后用通行密钥验证",
            "session.passkey_second",
            begin_second,
        )
        .signing_in(),
        Route::post("/api/session/passkey", Public, "用通行密钥登录", "session.sign_in", sign_in)
            .signing_in(),
        Route::delete(
            "/api/users/{id}/passkeys",
            Needs("accounts.unlock"),
            "解除用户的通行密钥",
            "users.drop_passkeys",
            drop_all,
        ),
    ]
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<PasskeyRow>>> {
    let bound = cx.read(|tx, cx| store::of_user(tx, &cx.who.user)).await?;
    let row =
        |b: store::Bound| PasskeyRow { id: b.id, name: b.name, created_at: b.created_at, used_at: b.used_at };
    Ok(Json(bound.into_iter().map(row).collect()))
}

#[derive(Deserialize, JsonSchema)]
struct BeginInput {
    /// One's own once more: an open screen is not enough to bind another way in.
    password: String,
}

async fn begin(mut cx: Cx, ask: Ask<(), (), Json<BeginInput>>) -> Result<Json<Challenge>> {
    // a kept answer would be a challenge that is spent
    cx.idempotency = None;
    right_password(&cx, "password", ask.body.0.password).await?;
    cx.act(passkeys::begin).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct BindInput {
    /// Of the challenge.
    ask: String,
    /// What the owner calls it.
    name: String,
    /// What the device made: `credential.toJSON()`.
    credential: Value,
}

async fn bind(cx: Cx, ask: Ask<(), (), Json<BindInput>>) -> Result<Json<Made>> {
    let BindInput { ask, name, credential } = ask.body.0;
    let made = cx.act(move |act| passkeys::bind(act, &ask, &name, credential)).await?;
    let id = made.ok_or_else(|| {
        let text =
            "通行密钥没有通过验证：请确认打开的是本系统的网址，并在设备上完成指纹、人脸或密码验证，然后重试";
        Error::invalid("credential", "passkey_refused", text)
    })?;
    Ok(Json(Made { id }))
}

#[derive(Deserialize, JsonSchema)]
struct NameInput {
    name: String,
}

async fn rename(cx: Cx, ask: Ask<IdPath, (), Json<NameInput>>) -> Result<NoContent> {
    cx.act(move |act| passkeys::rename(act, &ask.path.id, &ask.body.0.name)).await.and_then(done)
}

async fn drop_own(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| passkeys::drop_own(act, &ask.path.id)).await.and_then(done)
}

async fn drop_all(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| passkeys::drop_all(act, &ask.path.id)).await.and_then(done)
}

async fn begin_sign_in(cx: Cx, _: Ask) -> Result<Json<Challenge>> {
    passkeys::begin_sign_in(&cx.house).map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct SecondInput {
    name: String,
    password: String,
}

async fn begin_second(mut cx: Cx, ask: Ask<(), (), Json<SecondInput>>) -> Result<Json<Challenge>> {
    let SecondInput { name, password } = ask.body.0;
    let attempt = checked(&mut cx, &name, password).await?;
    let begun = cx.act(move |act| passkeys::begin_second(act, &attempt)).await?;
    begun.map(Json).map_err(not_in)
}

#[derive(Deserialize, JsonSchema)]
struct PasskeySignIn {
    /// Of the challenge.
    ask: String,
    /// What the device answered: `credential.toJSON()`.
    credential: Value,
}

async fn sign_in(mut cx: Cx, ask: Ask<(), (), Json<PasskeySignIn>>) -> Result<WithCookie<Json<Session>>> {
    let PasskeySignIn { ask, credential } = ask.body.0;
    // a kept answer would keep the fact of a sign-in alive; and nobody is in before the answer was right
    cx.idempotency = None;
    cx.who = Actor::public();
    let token = new_token(&cx.house.ids);
    let fresh = token.clone();
    cx.act(move |act| passkeys::sign_in(act, &ask, credential, &fresh)).await?.into_result()?;
    opened(&cx, token).await
}
