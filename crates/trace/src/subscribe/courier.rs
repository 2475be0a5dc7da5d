//! Calling a receiver: one POST, no redirects, no proxy, addresses inside refused.

use std::fmt;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use kit_base::{Error, Kind, Result};
use sha2::Sha256;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::address::is_public;

/// How long one call may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls receivers. The house holds one.
pub struct Courier {
    agent: ureq::Agent,
    /// Receivers on this machine and in private networks may be called.
    pub allow_private: bool,
    turn: parking_lot::Mutex<()>,
}

/// What is sent.
pub struct Parcel<'a> {
    pub dest: &'a str,
    pub subscription: &'a str,
    pub seq: i64,
    pub token: Option<&'a str>,
    pub body: &'a [u8],
}

/// What is sent to a receiver of any kind.
pub struct Post<'a> {
    pub dest: &'a str,
    pub media: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    /// Header and token of a signature over the body: see [`signature`].
    pub signature: Option<(&'a str, &'a str)>,
    pub body: &'a [u8],
}

/// What the receiver answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// `Shian-Acknowledged`: the last that the receiver has.
    pub acknowledged: Option<i64>,
}

impl Courier {
    pub fn new(allow_private: bool) -> Self {
        let config = Config::builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("shian")
            .build();
        let resolver = Outside { inner: DefaultResolver::default(), allow_private };
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, allow_private, turn: parking_lot::Mutex::new(()) }
    }

    /// The right to deliver, one at a time; `None` while somebody has it.
    pub fn turn(&self) -> Option<parking_lot::MutexGuard<'_, ()>> {
        self.turn.try_lock()
    }

    /// Sends one delivery of a subscription. Errors: as [`Courier::post`].
    pub fn send(&self, parcel: &Parcel) -> Result<Answer> {
        let (delivery, seq) = (delivery_id(parcel.subscription, parcel.seq), parcel.seq.to_string());
        self.post(&Post {
            dest: parcel.dest,
            media: "application/ld+json",
            headers: &[
                ("GS1-EPCIS-Version", "2.0.0"),
                ("Shian-Subscription", parcel.subscription),
                ("Shian-Delivery", &delivery),
                ("Shian-Sequence", &seq),
            ],
            signature: parcel.token.map(|token| ("GS1-Signature", token)),
            body: parcel.body,
        })
    }

    /// One POST.
    ///
    /// Errors: `receiver_unreachable` with the reason (never its answer's text).
    pub fn post(&self, post: &Post) -> Result<Answer> {
        let mut request = self.agent.post(post.dest).header("content-type", post.media);
        for (name, value) in post.headers {
            request = request.header(*name, *value);
        }
        if let Some((name, token)) = post.signature {
            request = request.header(name, signature(token, post.body)?);
        }
        let answer = request.send(post.body).map_err(|e| {
            Error::new(Kind::Unavailable, "receiver_unreachable", format!("接收方没有应答：{e}"))
        })?;
        let acknowledged = answer.headers().get("shian-acknowledged").and_then(|v| v.to_str().ok());
        let acknowledged = acknowledged.and_then(|v| v.trim().parse().ok());
        Ok(Answer { status: answer.status().as_u16(), acknowledged })
    }
}

/// The same for each attempt at one delivery.
pub fn delivery_id(subscription: &str, seq: i64) -> String {
    format!("{subscription}-{seq}")
}

/// `sha256=` and the HMAC-SHA-256 of the body under the subscriber's token, in hex.
pub fn signature(token: &str, body: &[u8]) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).map_err(Error::internal)?;
    mac.update(body);
    Ok(format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
}

/// Looks names up, and leaves out addresses that are not of the public network. The connection goes to the very address
/// that was checked, so a name that changes between check and call reaches nothing inside.
struct Outside {
    inner: DefaultResolver,
    allow_private: bool,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").field("allow_private", &self.allow_private).finish_non_exhaustive()
    }
}

impl Resolver for Outside {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter().filter(|a| self.allow_private || is_public(a.ip())) {
            kept.push(*address);
        }
        if kept.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(kept) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // test case 2
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature("Jefe", b"what do ya want for nothing?").unwrap(), expected);
    }

    #[test]
    fn nothing_inside_is_called() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let dest = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let parcel = Parcel { dest: &dest, subscription: "s", seq: 1, token: None, body: b"{}" };
        assert_eq!(Courier::new(false).send(&parcel).unwrap_err().code, "receiver_unreachable");
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "the receiver was called");
    }
}
