//! Platforms of delivery and shopping, and what was pushed to them.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A platform that is to receive the feed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewPlatform")]
pub struct NewPlatform {
    pub name: String,
    /// `https://…`; not this machine and not a private network unless the operator allows it.
    pub dest: String,
    /// Signs each delivery: `Shian-Signature: sha256=` and the HMAC-SHA-256 of the body in hex. Never shown again.
    #[serde(default)]
    pub token: String,
}

/// A platform and how far it has received.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Platform {
    pub id: String,
    pub name: String,
    pub dest: String,
    /// Deliveries carry a signature with its token.
    pub signed: bool,
    /// It receives what lies below this.
    pub division: String,
    /// active, paused
    pub state: String,
    /// Why the last attempt failed, or why it is paused; empty for neither.
    pub note: String,
    /// Number of the feed up to which it acknowledged.
    pub upto: i64,
    /// Deliveries acknowledged.
    pub deliveries: i64,
    /// Records of the feed that it has still to be sent.
    pub waiting: i64,
    /// Failures in a row.
    pub failures: i64,
    /// The next attempt, where one failed; not before.
    pub next_at: Millis,
    pub delivered_at: Option<Millis>,
    pub created_at: Millis,
    pub created_by: String,
}

/// Go on with a platform, or pause it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub active: bool,
}

/// A delivery to a platform.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PlatformDelivery")]
pub struct Delivery {
    pub seq: i64,
    /// Lines of the feed after this number …
    pub after: i64,
    /// … up to this.
    pub upto: i64,
    pub lines: i64,
    pub attempts: i64,
    pub first_at: Millis,
    pub last_at: Millis,
    /// Of the last attempt; empty: acknowledged.
    pub error: String,
    pub acknowledged_at: Option<Millis>,
}

impl FromRow for Delivery {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            seq: r.get(0)?,
            after: r.get(1)?,
            upto: r.get(2)?,
            lines: r.get(3)?,
            attempts: r.get(4)?,
            first_at: r.get(5)?,
            last_at: r.get(6)?,
            error: r.get(7)?,
            acknowledged_at: r.get(8)?,
        })
    }
}
