//! A session is taken up again by the phone it was opened on, after it was idle: for sending, within its own twelve hours.
//!
//! The phone makes a key that no script can read out and tells the public half while it is signed in. Later it signs the session's id with
//! a number that only goes up. What is opened is the same session under a new secret, with the permissions of [`rules::RESUMED`] only;
//! whoever ends the session, changes the password or is disabled ends this too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kit_base::{Error, Result};
use kit_web::Act;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::json;

use super::oneself;
use super::session::{SignIn, fail_address, locked};
use crate::model::PhoneSession;
use crate::rules::{Failures, LIMITS};
use crate::secret::token_hash;
use crate::store;

/// The public key of a phone. Errors: `phone_key`.
pub fn key(text: &str) -> Result<VerifyingKey> {
    let wrong = || Error::invalid("key", "phone_key", "应为 P-256 公钥（未压缩，base64）");
    let bytes = BASE64.decode(text).map_err(|_| wrong())?;
    VerifyingKey::from_sec1_bytes(&bytes).map_err(|_| wrong())
}

/// What a phone signs.
pub fn message(session: &str, no: i64) -> String {
    format!("shian-resume\n{session}\n{no}")
}

/// Whether these are the words of the phone's key, with a number that was not used.
pub fn signed(known: &PhoneSession, no: i64, signature: &str) -> bool {
    let key = key(&known.phone_key).ok();
    let signature = BASE64.decode(signature).ok().and_then(|b| Signature::from_slice(&b).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => {
            no > known.phone_no && key.verify(message(&known.session, no).as_bytes(), &signature).is_ok()
        }
        _ => false,
    }
}

/// Binds the asker's session to the phone it is on. Errors: `phone_key`, `session_resumed`.
pub fn bind(act: &mut Act, text: &str) -> Result<String> {
    oneself(act)?;
    key(text)?;
    let session = act.who().session.clone();
    full(act, &session)?;
    store::sessions::bind_phone(act.tx, &session, text)?;
    act.note(json!({ "bound": session }));
    Ok(session)
}

/// A session that only sends opens nothing else. Errors: `session_resumed`.
pub fn full(act: &mut Act, session: &str) -> Result<()> {
    match store::sessions::resumed(act.tx, session)? {
        true => Err(Error::forbidden("session_resumed", "自动恢复的登录只能上传，请重新登录后办理")),
        false => Ok(()),
    }
}

/// Takes a session up again. `good`: the signature fitted what was known when it was looked at.
pub fn resume(act: &mut Act, session: &str, no: i64, good: bool, token: &str) -> Result<SignIn> {
    if let Some(wait) = locked(act, Failures::default())? {
        return Ok(wait);
    }
    let known = store::sessions::of_phone(act.tx, session)?;
    let known = known.filter(|k| good && no > k.phone_no && act.now < k.until_at);
    let user = match &known {
        Some(k) => store::users::by_id(act.tx, &k.user)?.filter(|u| u.may_enter(act.cx.house.production)),
        None => None,
    };
    let (Some(known), Some(user)) = (known, user) else {
        let wait = fail_address(act)?;
        act.note(json!({ "outcome": "refused", "reason": "resume" }));
        return Ok(if wait > 0 { SignIn::Locked { wait } } else { SignIn::Wrong });
    };
    act.subject("user", &user.id, &user.division);
    store::sessions::resume(act.tx, session, &token_hash(token), no, act.now)?;
    act.note(json!({ "session": known.session, "ends": known.until_at.min(act.now + LIMITS.idle) }));
    Ok(SignIn::In)
}
