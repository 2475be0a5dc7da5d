//! Passkeys: bound by their owner, taken away by the owner or the 安全管理员, and a sign-in with one.
//!
//! A challenge is sealed and given to the browser itself, so that asking for one (each look at the sign-in page may)
//! writes nothing; it comes back with the answer and is taken for that one.

use kit_base::{Error, Millis, Result};
use kit_web::{Act, House};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{Passkey, PublicKeyCredential};

use super::session::{SignIn, Try, by_password, fail_address, let_in, locked};
use super::{no_administrator, oneself, room, user_within};
use crate::passkeys::{Passkeys, Refused, credential_id, names_user};
use crate::secret::token_hash;
use crate::store::passkeys::{self as store, Bound, New};
use crate::{Accounts, rules, store as all};

/// A challenge waits this long for its answer.
const WAITS: Millis = 5 * 60_000;
/// Passkeys a person may have.
const MOST: usize = 10;

/// What a sealed challenge is for: one for binding answers no sign-in.
const BIND: &str = "passkey.bind";
const SIGN_IN: &str = "passkey.sign_in";

/// What the browser is asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Challenge {
    /// Comes back with the answer, as it is.
    pub ask: String,
    /// For `navigator.credentials`: `publicKey`, binary fields in base64url.
    pub options: Value,
    /// First moment at which an answer comes too late.
    pub until_at: Millis,
}

/// What is sealed into [`Challenge::ask`].
#[derive(Serialize, Deserialize)]
struct Asked {
    /// Whose passkeys may answer; empty: anybody's.
    user: String,
    /// Of the library.
    state: String,
    until_at: Millis,
}

fn challenge(house: &House, purpose: &str, user: &str, begun: (Value, String)) -> Result<Challenge> {
    let (options, state) = begun;
    let until_at = house.clock.now() + WAITS;
    let asked = Asked { user: user.to_owned(), state, until_at };
    let text = serde_json::to_string(&asked).map_err(Error::internal)?;
    let ask = house.held::<Accounts>().vault.seal(purpose, text.as_bytes(), &house.ids)?;
    Ok(Challenge { ask, options, until_at })
}

/// Opens a challenge that came back and takes it for this one answer.
///
/// Errors: `passkey_late`, where it is none of ours, too old, or was answered before.
fn take(act: &mut Act, purpose: &str, ask: &str) -> Result<Asked> {
    let late = || Error::conflict("passkey_late", "等待时间过长或已经用过，请重新开始");
    let text = room(act).vault.unseal(purpose, ask).map_err(|_| late())?;
    let asked: Asked = serde_json::from_slice(&text).map_err(|_| late())?;
    // the hash of what was sealed: the sealed text itself can be written in more than one way
    let hash = token_hash(&asked.state);
    if asked.until_at <= act.now || !store::take(act.tx, &hash, asked.until_at, act.now)? {
        return Err(late());
    }
    Ok(asked)
}

fn keys(bound: &[Bound]) -> Vec<Passkey> {
    bound.iter().map(|b| b.passkey.clone()).collect()
}

/// Begins to bind one more to oneself.
///
/// Errors: `passkeys_many`, `passkeys_unavailable`.
pub fn begin(act: &mut Act) -> Result<Challenge> {
    let user = oneself(act)?;
    let passkeys = Passkeys::of(&act.cx.house.public_url)?;
    let bound = store::of_user(act.tx, &user.id)?;
    not_too_many(&bound)?;
    challenge(&act.cx.house, BIND, &user.id, passkeys.begin_binding(&user, &keys(&bound))?)
}

fn not_too_many(bound: &[Bound]) -> Result<()> {
    if bound.len() < MOST {
        return Ok(());
    }
    Err(Error::conflict("passkeys_many", format!("最多绑定 {MOST} 个通行密钥，请先删除不用的")))
}

/// Binds what the device made; answers its id, `None` where the answer was not right (its challenge is spent).
///
/// Errors: `passkey_late`, `passkey_bound`, `passkeys_many`.
pub fn bind(act: &mut Act, ask: &str, name: &str, credential: Value) -> Result<Option<String>> {
    let user = oneself(act)?;
    let passkeys = Passkeys::of(&act.cx.house.public_url)?;
    let name = rules::plain_text("name", name, 40)?;
    let asked = take(act, BIND, ask)?;
    let made = if asked.user == user.id { passkeys.bind(credential, &asked.state)? } else { None };
    let Some(passkey) = made else {
        act.note(json!({ "outcome": "refused", "reason": "passkey" }));
        return Ok(None);
    };
    let credential = credential_id(passkey.cred_id());
    if store::by_credential(act.tx, &credential)?.is_some() {
        return Err(Error::conflict("passkey_bound", "这个通行密钥已经绑定过"));
    }
    not_too_many(&store::of_user(act.tx, &user.id)?)?;
    let (id, now) = (act.id(), act.now);
    let new = New { id: &id, user: &user.id, credential: &credential, name: &name, passkey: &passkey, now };
    store::add(act.tx, &new)?;
    act.note(json!({ "passkey": id, "name": name }));
    Ok(Some(id))
}

fn own(act: &mut Act, id: &str, change: impl FnOnce(&mut Act, &str) -> Result<bool>) -> Result<()> {
    let user = oneself(act)?;
    if !change(act, &user.id)? {
        return Err(Error::not_found("没有这个通行密钥"));
    }
    act.note(json!({ "passkey": id }));
    Ok(())
}

/// Calls one's own passkey something else.
pub fn rename(act: &mut Act, id: &str, name: &str) -> Result<()> {
    let name = rules::plain_text("name", name, 40)?;
    own(act, id, |act, user| store::rename(act.tx, user, id, &name))
}

/// Takes one's own passkey away.
pub fn drop_own(act: &mut Act, id: &str) -> Result<()> {
    own(act, id, |act, user| store::drop_one(act.tx, user, id))
}

/// Takes away all passkeys of somebody who lost the device. Not of the three administrators.
pub fn drop_all(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.unlock", id)?;
    no_administrator(act, &user)?;
    let count = store::drop_all(act.tx, &user.id)?;
    act.note(json!({ "dropped": count }));
    all::sessions::end_all(act.tx, &user.id, "", act.now).map(drop)
}

/// Begins a sign-in with whatever passkey the device keeps: tells nothing and writes nothing.
///
/// Errors: `passkeys_unavailable`.
pub fn begin_sign_in(house: &House) -> Result<Challenge> {
    challenge(house, SIGN_IN, "", Passkeys::of(&house.public_url)?.begin_sign_in(&[])?)
}

/// Begins the second step of somebody whose password was right, or counts a failure. Also devices that keep nothing
/// themselves can answer: the browser is told which passkeys are bound.
///
/// Errors: `passkey_none`, `passkeys_unavailable`.
pub fn begin_second(act: &mut Act, try_: &Try) -> Result<std::result::Result<Challenge, SignIn>> {
    let passkeys = Passkeys::of(&act.cx.house.public_url)?;
    let user = match by_password(act, try_)? {
        Ok(user) => user,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let bound = keys(&store::of_user(act.tx, &user.id)?);
    if bound.is_empty() {
        return Err(Error::conflict("passkey_none", "这个账号没有绑定通行密钥，请改用动态验证码或密码登录"));
    }
    let begun = passkeys.begin_sign_in(&bound)?;
    challenge(&act.cx.house, SIGN_IN, &user.id, begun).map(Ok)
}

/// Signs in with what the device answered. A failure counts for the network address: a signature cannot be guessed, so
/// a name that is locked for its password is open to its passkey.
///
/// Errors: `passkey_late`, `passkeys_unavailable`.
pub fn sign_in(act: &mut Act, ask: &str, credential: Value, token: &str) -> Result<SignIn> {
    let passkeys = Passkeys::of(&act.cx.house.public_url)?;
    let asked = take(act, SIGN_IN, ask)?;
    if let Some(locked) = locked(act, rules::Failures::default())? {
        return Ok(locked);
    }
    let wrong = |act: &mut Act, reason: &str| {
        let wait = fail_address(act)?;
        act.note(json!({ "outcome": "refused", "reason": reason }));
        Ok(if wait > 0 { SignIn::Locked { wait } } else { SignIn::Wrong })
    };
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(credential) else {
        return wrong(act, "passkey form");
    };
    let Some(bound) = answering(act, &answer, &asked.user)? else { return wrong(act, "passkey unknown") };
    let user = all::users::by_id(act.tx, &bound.user)?.filter(|u| u.may_enter(act.cx.house.production));
    let Some(user) = user else { return wrong(act, "passkey closed") };
    act.subject("user", &user.id, &user.division);
    let result = match passkeys.check(&answer, &asked.state, &bound.passkey)? {
        Ok(result) => result,
        Err(Refused::Wrong) => return wrong(act, "passkey"),
        Err(Refused::Counter) => return wrong(act, "passkey counter"),
    };
    let mut passkey = bound.passkey;
    passkey.update_credential(&result);
    if !store::used(act.tx, &bound.id, &passkey, i64::from(result.counter()), act.now)? {
        return wrong(act, "passkey counter");
    }
    let_in(act, &user, token, "passkey")?;
    act.note(json!({ "factor": "passkey", "passkey": bound.id }));
    Ok(SignIn::In)
}

/// The passkey that answered, where it is one of those who were asked. Where anybody was, the device has to name its
/// user; where it names one, it is the right one.
fn answering(act: &mut Act, answer: &PublicKeyCredential, asked: &str) -> Result<Option<Bound>> {
    let bound = store::by_credential(act.tx, &credential_id(answer.get_credential_id()))?;
    Ok(bound.filter(|b| match names_user(answer, &b.user) {
        Some(named) => named && (asked.is_empty() || asked == b.user),
        None => asked == b.user,
    }))
}
