//! Sign-in and what a person does to their own account.

use kit_base::{Error, Kind, Millis, Result};
use kit_web::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{oneself, room, user_within};
use crate::model::Account;
use crate::rules::{self, LIMITS};
use crate::secret::{check_code, token_hash};
use crate::store::{self, sessions::NewSession};

const DAY: Millis = 24 * 3_600_000;

/// What came of a try to sign in. Every one of them is written down, so none is an error of the transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignIn {
    /// The session's secret goes into the cookie.
    In,
    /// Wrong name, password or code; which of them is not told.
    Wrong,
    /// The password was right; a code is wanted.
    CodeWanted,
    /// The password was right; a passkey is wanted.
    PasskeyWanted,
    Locked {
        wait: Millis,
    },
}

impl SignIn {
    /// Errors: `sign_in_wrong`, `totp_required`, `passkey_required`, `sign_in_locked`.
    pub fn into_result(self) -> Result<()> {
        match self {
            Self::In => Ok(()),
            Self::Wrong => {
                Err(Error::new(Kind::Unauthenticated, "sign_in_wrong", "用户名、密码或验证码不正确"))
            }
            Self::CodeWanted => {
                Err(Error::new(Kind::Unauthenticated, "totp_required", "请填写动态验证码").at("totp"))
            }
            Self::PasskeyWanted => {
                Err(Error::new(Kind::Unauthenticated, "passkey_required", "请用通行密钥完成验证"))
            }
            Self::Locked { wait } => {
                let minutes = (wait + 59_999) / 60_000;
                let text = format!("连续多次登录失败，已暂停登录，请 {minutes} 分钟后再试");
                let seconds = u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX);
                Err(Error::new(Kind::TooMany, "sign_in_locked", text).retry_after(seconds))
            }
        }
    }
}

/// A try to sign in, after the slow part (the password hash) is done.
pub struct Try {
    /// Sign-in name in its one form.
    pub name: String,
    /// The hash the password was checked against, and whether it fitted; `None` where there was no such user.
    pub checked: Option<(String, bool)>,
    pub code: Option<String>,
    pub token: String,
}

/// The account whose name and password these are, or what came of the try instead; a failure is counted.
pub(super) fn by_password(act: &mut Act, try_: &Try) -> Result<std::result::Result<Account, SignIn>> {
    let failures = store::sessions::failures(act.tx, &try_.name)?;
    let account = store::users::by_name(act.tx, &try_.name)?;
    if let Some(user) = &account {
        act.subject("user", &user.id, &user.division);
    }
    if let Some(locked) = locked(act, failures)? {
        return Ok(Err(locked));
    }
    // the hash is compared again: the password may have been changed while it was checked
    let right = |u: &Account| {
        u.may_enter(act.cx.house.production)
            && try_.checked.as_ref().is_some_and(|(h, good)| *good && *h == u.password)
    };
    match account.filter(right) {
        Some(user) => Ok(Ok(user)),
        None => fail(act, &try_.name, "password").map(Err),
    }
}

/// Signs in or counts a failure.
pub fn sign_in(act: &mut Act, try_: &Try) -> Result<SignIn> {
    let (user, factor) = match known(act, try_)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let_in(act, &user, &try_.token, factor)?;
    Ok(SignIn::In)
}

/// Somebody shows who they are for one act on another's screen: checked and counted like a sign-in, and no session is opened.
pub fn shown(act: &mut Act, try_: &Try) -> Result<SignIn> {
    match known(act, try_)? {
        Ok((user, factor)) => {
            act.note(json!({ "outcome": "shown", "user": user.id, "factor": factor }));
            Ok(SignIn::In)
        }
        Err(outcome) => Ok(outcome),
    }
}

/// Who it is and by what was shown; or what came of the try, which is counted.
fn known(act: &mut Act, try_: &Try) -> Result<std::result::Result<(Account, &'static str), SignIn>> {
    let user = match by_password(act, try_)? {
        Ok(user) => user,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let code = try_.code.as_deref().filter(|c| !c.trim().is_empty());
    let factor = match (&user.totp, code) {
        (Some(sealed), Some(code)) => {
            if !take_code(act, &user, sealed, code)? {
                return fail(act, &try_.name, "code").map(Err);
            }
            "totp"
        }
        (Some(_), None) => {
            act.note(json!({ "outcome": "refused", "reason": "code wanted" }));
            return Ok(Err(SignIn::CodeWanted));
        }
        (None, _) if store::passkeys::any(act.tx, &user.id)? => {
            act.note(json!({ "outcome": "refused", "reason": "passkey wanted" }));
            return Ok(Err(SignIn::PasskeyWanted));
        }
        (None, _) => "password",
    };
    store::sessions::forgive(act.tx, &try_.name)?;
    Ok(Ok((user, factor)))
}

/// A name or an address that is to wait, after too many failures.
pub(super) fn locked(act: &mut Act, failures: rules::Failures) -> Result<Option<SignIn>> {
    let at = match address(act) {
        Some(key) => store::sessions::failures_since(act.tx, &key, act.now - LIMITS.address_window)?,
        None => rules::Failures::default(),
    };
    let wait = failures.wait(act.now).max(at.wait(act.now));
    if wait > 0 {
        act.note(json!({ "outcome": "refused", "reason": "locked" }));
        return Ok(Some(SignIn::Locked { wait }));
    }
    Ok(None)
}

/// What failures of the asker's network address are counted under: no sign-in name begins so.
fn address(act: &Act) -> Option<String> {
    let address = &act.cx.address;
    (!address.is_empty()).then(|| format!("@{}", kit_web::guard::network(address)))
}

/// Opens the session.
pub(super) fn let_in(act: &mut Act, user: &Account, token: &str, factor: &str) -> Result<()> {
    store::users::signed_in(act.tx, &user.id, act.now)?;
    let (id, now) = (act.id(), act.now);
    let session = NewSession {
        id: &id,
        token_hash: &token_hash(token),
        user: &user.id,
        now,
        until_at: now + LIMITS.absolute,
        address: &act.cx.address,
        agent: &act.cx.agent,
        factor,
    };
    store::sessions::open(act.tx, &session)?;
    store::sessions::sweep(act.tx, now - 2 * LIMITS.longest_lock, now - 30 * DAY)
}

/// Counts a failure under the name and under the network address.
fn fail(act: &mut Act, name: &str, reason: &str) -> Result<SignIn> {
    let now = act.now;
    let failures = store::sessions::failures(act.tx, name)?.one_more(now, &LIMITS);
    store::sessions::failed(act.tx, name, &failures, now)?;
    let wait = failures.wait(now).max(fail_address(act)?);
    act.note(json!({ "outcome": "refused", "reason": reason, "locked_until": failures.locked_until }));
    Ok(if wait > 0 { SignIn::Locked { wait } } else { SignIn::Wrong })
}

/// Counts a failure under the network address; answers how long that is to wait.
pub(super) fn fail_address(act: &mut Act) -> Result<Millis> {
    let Some(key) = address(act) else { return Ok(0) };
    let at = store::sessions::failures_since(act.tx, &key, act.now - LIMITS.address_window)?;
    let at = at.one_more_of_address(act.now, &LIMITS);
    store::sessions::failed(act.tx, &key, &at, act.now)?;
    Ok(at.wait(act.now))
}

/// Checks a code against the bound second factor and takes its step, so that it does not count again.
fn take_code(act: &mut Act, user: &Account, sealed: &str, code: &str) -> Result<bool> {
    let room = room(act);
    let secret = room.vault.unseal(&user.id, sealed)?;
    let Some(step) = check_code(&secret, code, user.totp_step, act.now)? else { return Ok(false) };
    if room.vault.stale(sealed) {
        // sealed with a key of before: from now on with the new one
        let sealed = room.vault.seal(&user.id, &secret, act.ids())?;
        store::users::reseal_totp(act.tx, &user.id, &sealed)?;
    }
    store::users::take_step(act.tx, &user.id, step)
}

/// What opens the work that the asker keeps on phones; made at the first time, the same from then on. `fresh`: for the first time.
pub fn device_key(act: &mut Act, fresh: &[u8; 32]) -> Result<Vec<u8>> {
    let user = oneself(act)?;
    let session = act.who().session.clone();
    super::resume::full(act, &session)?;
    let room = room(act);
    if store::device_keys::of(act.tx, &user.id)?.is_none() {
        let sealed = room.vault.seal(&user.id, fresh, act.ids())?;
        store::device_keys::add(act.tx, &user.id, &sealed, act.now)?;
    }
    let sealed = store::device_keys::of(act.tx, &user.id)?;
    let sealed = sealed.ok_or_else(|| Error::internal("the device key just kept is gone"))?;
    let secret = room.vault.unseal(&user.id, &sealed)?;
    if room.vault.stale(&sealed) {
        let sealed = room.vault.seal(&user.id, &secret, act.ids())?;
        store::device_keys::reseal(act.tx, &user.id, &sealed)?;
    }
    Ok(secret)
}

pub fn sign_out(act: &mut Act) -> Result<()> {
    let session = act.who().session.clone();
    oneself(act)?;
    store::sessions::end(act.tx, &session, act.now).map(drop)
}

/// Changes one's own password; other sessions end. `hash`: of the new one; `checked`: the hash the old one fitted.
pub fn change_password(act: &mut Act, hash: &str, checked: &str) -> Result<()> {
    let user = oneself(act)?;
    if user.password != checked {
        return Err(Error::conflict("password_changed", "密码刚刚被更改过，请重新登录"));
    }
    store::users::set_password(act.tx, &user.id, hash, false, act.now)?;
    let session = act.who().session.clone();
    store::sessions::end_all(act.tx, &user.id, &session, act.now).map(drop)
}

/// Keeps a new second factor until it is confirmed.
pub fn begin_totp(act: &mut Act, secret: &[u8]) -> Result<String> {
    let user = oneself(act)?;
    let sealed = room(act).vault.seal(&user.id, secret, act.ids())?;
    store::users::pend_totp(act.tx, &user.id, &sealed, act.now)?;
    Ok(user.name)
}

/// Binds the second factor that was begun, by a code it shows; where one is bound already, a code of that is wanted too,
/// so that an open screen is not enough to take an account over.
///
/// Errors: `totp_not_begun`, `totp_wrong` at `totp` or `old_totp`.
pub fn confirm_totp(act: &mut Act, code: &str, old_code: Option<&str>) -> Result<()> {
    let user = oneself(act)?;
    let wrong =
        |field: &str| Error::invalid(field, "totp_wrong", "验证码不正确，请填写手机上当前的 6 位数字");
    let pending = user.totp_pending.as_deref();
    let pending = pending.ok_or_else(|| Error::conflict("totp_not_begun", "请先开始绑定第二步验证"))?;
    if let Some(bound) = &user.totp {
        let taken = old_code.map_or(Ok(false), |old| take_code(act, &user, bound, old))?;
        if !taken {
            return Err(wrong("old_totp"));
        }
    }
    let secret = room(act).vault.unseal(&user.id, pending)?;
    let step = check_code(&secret, code, None, act.now)?.ok_or_else(|| wrong("totp"))?;
    store::users::bind_totp(act.tx, &user.id, step, act.now)
}

/// Ends a session: one's own, or another's by the 安全管理员.
pub fn end_session(act: &mut Act, session: &str) -> Result<()> {
    let gone = || Error::not_found("没有这个登录，或已经结束");
    let owner = store::sessions::owner(act.tx, session)?.ok_or_else(gone)?;
    if owner == act.who().user {
        oneself(act)?;
    } else if act.who().may("accounts.sessions") {
        user_within(act, "accounts.sessions", &owner).map_err(|_| gone())?;
    } else {
        return Err(gone());
    }
    store::sessions::end(act.tx, session, act.now).map(drop)
}

/// Ends all of one's own sessions but the one that asks.
pub fn end_others(act: &mut Act) -> Result<()> {
    let (user, session) = (oneself(act)?, act.who().session.clone());
    let count = store::sessions::end_all(act.tx, &user.id, &session, act.now)?;
    act.note(json!({ "ended": count }));
    Ok(())
}

/// Ends all sessions of a user.
pub fn end_all_sessions(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.sessions", id)?;
    let count = store::sessions::end_all(act.tx, &user.id, "", act.now)?;
    act.note(json!({ "ended": count }));
    Ok(())
}

/// Counts a wrong old password as a failed sign-in.
pub fn wrong_old_password(act: &mut Act, name: &str) -> Result<()> {
    oneself(act)?;
    fail(act, name, "old password").map(drop)
}
