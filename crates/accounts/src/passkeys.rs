//! 通行密钥 (WebAuthn): challenges and their answers. The cryptography is webauthn-rs; here is only how it is used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_base::{Error, Result};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    AuthenticationResult, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, Url,
    Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::model::Account;

/// The relying party: this server under its public address. Its id is the host name there, its origin the whole of it:
/// where the public address changes its host, all passkeys have to be bound anew.
pub struct Passkeys(Webauthn);

/// Why an answer was not taken; for the audit, never for the asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Origin, challenge, signature or user verification are not right.
    Wrong,
    /// The device has counted fewer signatures than we know of: there may be two of it.
    Counter,
}

impl Passkeys {
    /// Errors: `passkeys_unavailable` where browsers allow none: at an address without a host name.
    pub fn of(public_url: &str) -> Result<Self> {
        let none = || {
            let text = "通行密钥要求以域名访问本系统，请联系运维把公开网址（SHIAN_PUBLIC_URL）设为 https:// 开头的域名";
            Error::conflict("passkeys_unavailable", text)
        };
        let origin = Url::parse(public_url).map_err(|_| none())?;
        let domain = origin.domain().ok_or_else(none)?;
        let builder = WebauthnBuilder::new(domain, &origin).map_err(|_| none())?;
        Ok(Self(builder.rp_name("食安").build().map_err(Error::internal)?))
    }

    /// Begins to bind one more: what the browser is asked, and what is kept until it answers.
    pub fn begin_binding(&self, user: &Account, bound: &[Passkey]) -> Result<(Value, String)> {
        let id = Uuid::parse_str(&user.id).map_err(Error::internal)?;
        let known = bound.iter().map(|p| p.cred_id().clone()).collect();
        let begun = self.0.start_passkey_registration(id, &user.name, &user.full_name, Some(known));
        let (asked, state) = begun.map_err(Error::internal)?;
        let mut asked = value(&asked)?;
        // one that the device keeps itself signs in without a name; devices that cannot are taken as a second step
        asked["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
        Ok((asked, text(&state)?))
    }

    /// What the device made, where it is the right answer.
    pub fn bind(&self, credential: Value, state: &str) -> Result<Option<Passkey>> {
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(Error::internal)?;
        let Ok(credential) = serde_json::from_value(credential) else { return Ok(None) };
        match self.0.finish_passkey_registration(&credential, &state) {
            Ok(passkey) => Ok(Some(passkey)),
            Err(e) => {
                tracing::info!(reason = %e, "a passkey was not bound");
                Ok(None)
            }
        }
    }

    /// Begins a sign-in with one of these; with none given, with any that the device keeps itself.
    pub fn begin_sign_in(&self, bound: &[Passkey]) -> Result<(Value, String)> {
        let (asked, state) = self.0.start_passkey_authentication(bound).map_err(Error::internal)?;
        // which passkeys stand is asked when the answer comes: one that is taken away meanwhile counts no more
        let mut state = value(&state)?;
        state["ast"]["credentials"] = json!([]);
        Ok((value(&asked)?, state.to_string()))
    }

    /// Whether this is the right answer of this passkey; its owner was verified by the device.
    pub fn check(
        &self,
        answer: &PublicKeyCredential,
        state: &str,
        passkey: &Passkey,
    ) -> Result<std::result::Result<AuthenticationResult, Refused>> {
        let mut state: Value = serde_json::from_str(state).map_err(Error::internal)?;
        state["ast"]["credentials"] = json!([value(passkey)?["cred"]]);
        let state: PasskeyAuthentication = serde_json::from_value(state).map_err(Error::internal)?;
        Ok(match self.0.finish_passkey_authentication(answer, &state) {
            Ok(result) if result.user_verified() => Ok(result),
            Ok(_) => Err(Refused::Wrong),
            Err(WebauthnError::CredentialPossibleCompromise) => Err(Refused::Counter),
            Err(e) => {
                tracing::info!(reason = %e, "a passkey was not taken");
                Err(Refused::Wrong)
            }
        })
    }
}

/// Whether the device says that the passkey is of this user; `None` where it says nothing.
pub fn names_user(answer: &PublicKeyCredential, user: &str) -> Option<bool> {
    let said = answer.get_user_unique_id()?;
    Some(Uuid::parse_str(user).is_ok_and(|id| id.as_bytes().as_slice() == said))
}

/// The id of a credential as it is kept.
pub fn credential_id(id: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

fn value(of: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(Error::internal)
}

fn text(of: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(of).map_err(Error::internal)
}
