//! Signing in and out, one's own password, second factor and sessions.

use axum::http::HeaderValue;
use base64::Engine as _;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Actor, Ask, Cx, Json, NoContent, Route, Scope, WithCookie};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, done};
use crate::actions::session::{self, SignIn, Try};
use crate::model::{Account, Area, Role, SessionRow};
use crate::rules::{self, LIMITS};
use crate::secret::{enrolment, new_token};
use crate::{Accounts, store};

pub fn routes() -> Vec<Route> {
    use Access::{Public, SignedIn};
    vec![
        Route::post("/api/session", Public, "登录", "session.sign_in", sign_in).signing_in(),
        Route::get("/api/session", SignedIn, "当前登录", current).also_unfinished(),
        Route::delete("/api/session", SignedIn, "退出登录", "session.sign_out", sign_out).also_unfinished(),
        Route::post("/api/session/password", SignedIn, "更换密码", "session.password", password)
            .also_unfinished(),
        Route::post("/api/session/totp", SignedIn, "开始绑定第二步验证", "session.totp_begin", begin_totp)
            .also_unfinished(),
        Route::post(
            "/api/session/totp/confirm",
            SignedIn,
            "确认第二步验证",
            "session.totp_bind",
            confirm_totp,
        )
        .also_unfinished(),
        Route::post(
            "/api/session/device-key",
            SignedIn,
            "打开本机上的现场记录",
            "session.device_key",
            device_key,
        ),
        Route::get("/api/sessions", SignedIn, "我的登录", my_sessions),
        Route::delete("/api/sessions", SignedIn, "结束我的其他登录", "session.end_others", end_others),
        Route::delete("/api/sessions/{id}", SignedIn, "结束一个登录", "session.end", end_one),
        Route::get("/api/users/{id}/sessions", Access::Needs("accounts.sessions"), "用户的登录", sessions_of),
        Route::delete(
            "/api/users/{id}/sessions",
            Access::Needs("accounts.sessions"),
            "结束用户的全部登录",
            "session.end_all",
            end_all,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct SignInInput {
    name: String,
    password: String,
    /// Code of the second factor, where one is bound.
    totp: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Person {
    id: String,
    /// Sign-in name.
    name: String,
    full_name: String,
}

#[derive(Serialize, JsonSchema)]
struct PartyOf {
    id: String,
    name: String,
    /// 业态
    kind: String,
}

#[derive(Serialize, JsonSchema)]
struct BureauOf {
    id: String,
    name: String,
}

/// Who is signed in, for whom, and what they may do.
#[derive(Serialize, JsonSchema)]
pub(super) struct Session {
    user: Person,
    roles: Vec<String>,
    permissions: Vec<String>,
    /// Division prefixes with their names; empty for people of a business.
    jurisdiction: Vec<Area>,
    /// The business a person of a business acts for; the first of several.
    party: Option<PartyOf>,
    /// All businesses the person acts for.
    businesses: Vec<PartyOf>,
    bureau: Option<BureauOf>,
    /// A demo account.
    simulated: bool,
    /// What must be done before anything else: password, totp.
    due: Option<String>,
    /// Has a second factor that shows codes.
    totp: bool,
    /// Has passkeys.
    passkeys: bool,
    /// Taken up again by the phone it was opened on: it only sends.
    resumed: bool,
    /// The session ends then at the latest, and `idle_minutes` after the last request.
    until_at: i64,
    idle_minutes: i64,
}

async fn sign_in(mut cx: Cx, ask: Ask<(), (), Json<SignInInput>>) -> Result<WithCookie<Json<Session>>> {
    let SignInInput { name, password, totp } = ask.body.0;
    let token = new_token(&cx.house.ids);
    let attempt = Try { code: totp, token: token.clone(), ..checked(&mut cx, &name, password).await? };
    cx.act(move |act| session::sign_in(act, &attempt)).await?.into_result()?;
    opened(&cx, token).await
}

/// What is said to somebody who is not let in.
pub(super) fn not_in(outcome: SignIn) -> Error {
    outcome.into_result().err().unwrap_or_else(|| Error::internal("a wrong sign-in was let in"))
}

/// The slow part of a sign-in: whether name and password fit. From then on the context is of the one they fit, else of
/// the public.
pub(super) async fn checked(cx: &mut Cx, name: &str, password: String) -> Result<Try> {
    let accounts = cx.house.held::<Accounts>();
    let (Ok(name), true) = (rules::sign_in_name(name), password.len() <= 1024) else {
        return Err(not_in(SignIn::Wrong));
    };
    let asked = name.clone();
    let known = cx.read(move |tx, _| store::users::by_name(tx, &asked)).await?;
    let good = accounts.passwords.check(password, known.as_ref().map(|u| u.password.clone())).await?;
    let checked = known.as_ref().map(|u| (u.password.clone(), good));
    // a kept answer would keep the fact of a sign-in alive; and nobody is in before the password was right
    cx.idempotency = None;
    cx.who = Actor::public();
    if let Some(user) = known.filter(|_| good) {
        cx.who.bureau = user.bureau.or(user.party).unwrap_or_default();
        (cx.who.user, cx.who.name) = (user.id, user.full_name);
    }
    Ok(Try { name, checked, code: None, token: String::new() })
}

/// See [`crate::beside`].
pub(crate) async fn beside(cx: &Cx, name: &str, password: String, totp: Option<String>) -> Result<Cx> {
    let mut other = cx.clone();
    let attempt = Try { code: totp, ..checked(&mut other, name, password).await? };
    other.act(move |act| session::shown(act, &attempt)).await?.into_result()?;
    let user = other.who.user.clone();
    let accounts = cx.house.held::<Accounts>();
    let who = cx.read(move |tx, cx| accounts.gate.actor_of(tx, &user, cx.now())).await?;
    let who = who.ok_or_else(|| not_in(SignIn::Wrong))?;
    // it stands as long as the session of the one whose screen it is
    other.who = Actor { session: cx.who.session.clone(), ..who };
    Ok(other)
}

/// The answer to a sign-in: the session and its cookie.
pub(super) async fn opened(cx: &Cx, token: String) -> Result<WithCookie<Json<Session>>> {
    let accounts = cx.house.held::<Accounts>();
    let cookie = set_cookie(cx, &token, LIMITS.absolute / 1000)?;
    let answer = cx
        .read(move |tx, cx| {
            let who = cx.house.gate.identify(tx, &token, cx.now())?;
            let who = who.ok_or_else(|| Error::internal("the session just opened is not there"))?;
            describe(tx, &accounts, &who, cx.now())
        })
        .await?;
    Ok(WithCookie { answer: Json(answer), cookie })
}

fn set_cookie(cx: &Cx, token: &str, seconds: i64) -> Result<HeaderValue> {
    let secure = if cx.house.https_only() { "; Secure" } else { "" };
    let name = kit_web::route::cookie_name(cx.house.https_only());
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(Error::internal)
}

/// The session as its person sees it.
fn describe(tx: &mut Tx, accounts: &Accounts, who: &Actor, now: i64) -> Result<Session> {
    let user = store::users::by_id(tx, &who.user)?.ok_or_else(|| Error::not_found("没有这个用户"))?;
    let roles: Vec<Role> = who.roles.iter().filter_map(|code| Role::parse("roles", code).ok()).collect();
    let passkeys = store::passkeys::any(tx, &user.id)?;
    let factor_due = accounts.gate.second_factor_due(user.totp.is_some() || passkeys, &roles);
    let own = store::sessions::of_user(tx, &who.user, now, LIMITS.idle, &who.session)?;
    let bureau = match &user.bureau {
        Some(id) => store::bureaus::bureau(tx, id)?.map(|b| BureauOf { id: b.id, name: b.name }),
        None => None,
    };
    let (mut jurisdiction, mut businesses) = (Vec::new(), Vec::new());
    match &who.scope {
        Scope::Divisions(prefixes) => jurisdiction = prefixes.iter().map(|p| accounts.area(p)).collect(),
        Scope::Businesses(ids) => {
            for id in ids {
                businesses.push(party_of(tx, accounts, id)?);
            }
        }
    }
    let party = match businesses.iter().position(|b| Some(&b.id) == user.party.as_ref()).unwrap_or(0) {
        i if i < businesses.len() => Some(party_of(tx, accounts, &businesses[i].id)?),
        _ => None,
    };
    Ok(Session {
        user: Person { id: user.id, name: user.name, full_name: user.full_name },
        roles: who.roles.clone(),
        permissions: who.permissions.iter().map(|p| (*p).to_owned()).collect(),
        jurisdiction,
        party,
        businesses,
        bureau,
        simulated: user.simulated,
        due: if user.must_change { Some("password".into()) } else { factor_due.then(|| "totp".into()) },
        totp: user.totp.is_some(),
        passkeys,
        resumed: store::sessions::resumed(tx, &who.session)?,
        until_at: own.iter().find(|s| s.current).map_or(now, |s| s.until_at),
        idle_minutes: LIMITS.idle / 60_000,
    })
}

fn party_of(tx: &mut Tx, accounts: &Accounts, id: &str) -> Result<PartyOf> {
    let found = (accounts.outside.business)(tx, id)?;
    let (name, kind) = found.map_or_else(|| (id.to_owned(), String::new()), |b| (b.name, b.kind));
    Ok(PartyOf { id: id.to_owned(), name, kind })
}

async fn current(cx: Cx, _: Ask) -> Result<Json<Session>> {
    let accounts = cx.house.held::<Accounts>();
    cx.read(move |tx, cx| describe(tx, &accounts, &cx.who, cx.now())).await.map(Json)
}

async fn sign_out(cx: Cx, _: Ask) -> Result<WithCookie<NoContent>> {
    cx.act(session::sign_out).await?;
    Ok(WithCookie { answer: NoContent, cookie: set_cookie(&cx, "", 0)? })
}

#[derive(Deserialize, JsonSchema)]
struct PasswordInput {
    old: String,
    password: String,
}

/// One's own account, where the password is the right one. A wrong one counts like a failed sign-in, or an open screen
/// would be a place to guess at.
///
/// Errors: `password_wrong` at `field`, `sign_in_locked`.
pub(super) async fn right_password(cx: &Cx, field: &'static str, password: String) -> Result<Account> {
    let accounts = cx.house.held::<Accounts>();
    let user = cx.read(|tx, cx| store::users::by_id(tx, &cx.who.user)).await?;
    let user = user.ok_or_else(|| Error::not_found("没有这个用户"))?;
    let name = user.name.clone();
    let failures = cx.read(move |tx, _| store::sessions::failures(tx, &name)).await?;
    let wait = failures.wait(cx.now());
    if wait > 0 {
        SignIn::Locked { wait }.into_result()?;
    }
    if !accounts.passwords.check(password, Some(user.password.clone())).await? {
        let name = user.name.clone();
        let mut cx = cx.clone();
        cx.idempotency = None;
        cx.act(move |act| session::wrong_old_password(act, &name)).await?;
        return Err(Error::invalid(field, "password_wrong", "现在的密码不正确"));
    }
    Ok(user)
}

async fn password(cx: Cx, ask: Ask<(), (), Json<PasswordInput>>) -> Result<NoContent> {
    let PasswordInput { old, password } = ask.body.0;
    let accounts = cx.house.held::<Accounts>();
    let user = right_password(&cx, "old", old.clone()).await?;
    if old == password {
        return Err(Error::invalid("password", "password_same", "新密码不能与现在的相同"));
    }
    rules::password_strength(&user.name, &user.full_name, &password)?;
    let hash = accounts.passwords.hash(password, &cx.house.ids).await?;
    cx.act(move |act| session::change_password(act, &hash, &user.password)).await.and_then(done)
}

/// What an authenticator app is given.
#[derive(Serialize, JsonSchema)]
struct Enrolment {
    /// For typing.
    secret: String,
    /// `otpauth:` address.
    url: String,
    /// The same as a QR code, an SVG in a `data:` address.
    qr: String,
}

async fn begin_totp(mut cx: Cx, _: Ask) -> Result<Json<Enrolment>> {
    // a kept answer would belong to another secret
    cx.idempotency = None;
    let secret: [u8; 20] = cx.house.ids.bytes();
    let name = cx.act(move |act| session::begin_totp(act, &secret)).await?;
    let (secret, url, qr) = enrolment(&secret, &name)?;
    Ok(Json(Enrolment { secret, url, qr }))
}

#[derive(Deserialize, JsonSchema)]
struct TotpInput {
    totp: String,
    /// Code of the factor bound so far, where there is one.
    old_totp: Option<String>,
}

async fn confirm_totp(cx: Cx, ask: Ask<(), (), Json<TotpInput>>) -> Result<NoContent> {
    let TotpInput { totp, old_totp } = ask.body.0;
    cx.act(move |act| session::confirm_totp(act, &totp, old_totp.as_deref())).await.and_then(done)
}

/// What opens the work kept on a phone.
#[derive(Serialize, JsonSchema)]
struct DeviceKey {
    /// 32 bytes, base64.
    key: String,
}

async fn device_key(mut cx: Cx, _: Ask) -> Result<Json<DeviceKey>> {
    // a kept answer would keep the key in the clear
    cx.idempotency = None;
    let fresh: [u8; 32] = cx.house.ids.bytes();
    let key = cx.act(move |act| session::device_key(act, &fresh)).await?;
    Ok(Json(DeviceKey { key: base64::engine::general_purpose::STANDARD.encode(key) }))
}

async fn my_sessions(cx: Cx, _: Ask) -> Result<Json<Vec<SessionRow>>> {
    let list = |tx: &mut Tx, cx: &Cx| {
        store::sessions::of_user(tx, &cx.who.user, cx.now(), LIMITS.idle, &cx.who.session)
    };
    cx.read(list).await.map(Json)
}

async fn sessions_of(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<SessionRow>>> {
    let id = ask.path.id;
    cx.read(move |tx, cx| {
        let user = store::users::by_id(tx, &id)?.filter(|u| cx.who.scope.covers(&u.division, None));
        let user = user.ok_or_else(|| Error::not_found("没有这个用户"))?;
        store::sessions::of_user(tx, &user.id, cx.now(), LIMITS.idle, &cx.who.session)
    })
    .await
    .map(Json)
}

async fn end_others(cx: Cx, _: Ask) -> Result<NoContent> {
    cx.act(session::end_others).await.and_then(done)
}

async fn end_one(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| session::end_session(act, &ask.path.id)).await.and_then(done)
}

async fn end_all(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| session::end_all_sessions(act, &ask.path.id)).await.and_then(done)
}
