//! A phone takes its session up again, for sending.

use kit_base::Result;
use kit_web::{Access, Actor, Ask, Cx, Json, Route, WithCookie};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::session::{Session, opened};
use crate::actions::resume;
use crate::secret::new_token;
use crate::{Accounts, store};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/session/phone", Access::SignedIn, "把登录绑定到本机", "session.phone", bind),
        Route::post("/api/session/resume", Access::Public, "本机恢复上传", "session.resume", taken_up)
            .signing_in(),
    ]
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PhoneKey {
    /// P-256, SEC1 uncompressed (65 bytes), base64.
    key: String,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct PhoneBound {
    /// What is signed when it is taken up again.
    session: String,
}

async fn bind(cx: Cx, ask: Ask<(), (), Json<PhoneKey>>) -> Result<Json<PhoneBound>> {
    let session = cx.act(move |act| resume::bind(act, &ask.body.0.key)).await?;
    Ok(Json(PhoneBound { session }))
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PhoneResume {
    session: String,
    /// Higher than the last.
    no: i64,
    /// ECDSA with SHA-256 over `shian-resume`, the session and the number, a line each; r and s (64 bytes), base64.
    signature: String,
}

async fn taken_up(mut cx: Cx, ask: Ask<(), (), Json<PhoneResume>>) -> Result<WithCookie<Json<Session>>> {
    let PhoneResume { session, no, signature } = ask.body.0;
    let asked = session.clone();
    let known = cx.read(move |tx, _| store::sessions::of_phone(tx, &asked)).await?;
    let good = known.as_ref().is_some_and(|k| resume::signed(k, no, &signature));
    // a kept answer would keep the fact of it alive; and nobody is in before the signature was right
    cx.idempotency = None;
    cx.who = Actor::public();
    if let Some(k) = known.filter(|_| good) {
        (cx.who.user, cx.who.name) = (k.user, k.full_name);
    }
    let token = new_token(&cx.house.ids);
    let secret = token.clone();
    let of = session.clone();
    cx.act(move |act| resume::resume(act, &of, no, good, &secret)).await?.into_result()?;
    cx.house.held::<Accounts>().gate.noted(&session, cx.now());
    opened(&cx, token).await
}
