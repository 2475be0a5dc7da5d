//! Licences and the checks after their grant.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A licence, registration or filing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Licence {
    pub id: String,
    pub permit: String,
    pub party: String,
    pub party_name: String,
    pub matter: String,
    pub matter_name: String,
    /// sc, jy, yb, local
    pub kind: String,
    pub number: String,
    pub division: String,
    pub issuer: String,
    /// `2026-03-01`
    pub issued: String,
    /// Last day; empty without end.
    pub expires: String,
    /// Names and texts that are printed on it.
    #[schemars(with = "Vec<Vec<String>>")]
    pub face: Vec<(String, String)>,
    /// valid, expired, replaced, cancelled, revoked
    pub status: String,
    pub status_at: Millis,
    pub reason: String,
    /// In its QR code.
    pub code: String,
    /// Last day in time to apply for renewal; empty none.
    pub shut_on: String,
    /// The business is reminded to renew from this day; empty never.
    pub remind_on: String,
    pub reminded_at: Option<Millis>,
    pub simulated: bool,
    #[serde(skip)]
    #[schemars(skip)]
    pub note: String,
}

impl FromRow for Licence {
    fn from_row(r: &Row) -> Result<Self> {
        let face: String = r.get(11)?;
        Ok(Self {
            id: r.get(0)?,
            permit: r.get(1)?,
            party: r.get(2)?,
            party_name: r.get(3)?,
            matter: r.get(4)?,
            matter_name: String::new(),
            kind: r.get(5)?,
            number: r.get(6)?,
            division: r.get(7)?,
            issuer: r.get(8)?,
            issued: r.get(9)?,
            expires: r.get(10)?,
            face: serde_json::from_str(&face).map_err(kit_base::Error::internal)?,
            status: r.get(12)?,
            status_at: r.get(13)?,
            reason: r.get(14)?,
            code: r.get(15)?,
            note: r.get(16)?,
            remind_on: r.get(17)?,
            shut_on: r.get(18)?,
            reminded_at: r.get(19)?,
            simulated: r.get::<i64>(20)? == 1,
        })
    }
}

/// What anybody may know of a licence.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PublicLicence {
    pub number: String,
    pub matter_name: String,
    pub party_name: String,
    pub issuer: String,
    pub issued: String,
    pub expires: String,
    #[schemars(with = "Vec<Vec<String>>")]
    pub face: Vec<(String, String)>,
    /// valid, expired, replaced, cancelled, revoked
    pub status: String,
    pub status_name: String,
    /// The signed form that verifies without this house.
    pub note: String,
    pub simulated: bool,
}

/// A check after the grant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Also the id of its case.
    pub id: String,
    pub licence: String,
    pub party: String,
    /// commitment, first, suspicion
    pub why: String,
    pub what: String,
    pub opened_at: Millis,
    /// kept, revoked, terminated, void; empty while it goes on
    pub outcome: String,
}

impl FromRow for Check {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            licence: r.get(1)?,
            party: r.get(2)?,
            why: r.get(3)?,
            what: r.get(4)?,
            opened_at: r.get(5)?,
            outcome: r.get(6)?,
        })
    }
}
