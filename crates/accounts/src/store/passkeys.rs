//! Passkeys, and the challenges that were answered.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::Passkey;

kit_db::statements! {
    OF_USER = "SELECT id, user_id, name, passkey, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY created_at, id LIMIT 20";
    BY_CREDENTIAL = "SELECT id, user_id, name, passkey, created_at, used_at FROM passkeys WHERE credential = $1";
    ANY = "SELECT id FROM passkeys WHERE user_id = $1 LIMIT 1";
    ADD = "INSERT INTO passkeys (id, user_id, credential, name, passkey, counter, created_at, used_at)
        VALUES ($1, $2, $3, $4, $5, 0, $6, NULL)";
    /// Changes nothing where an answer with this count or a later one was taken meanwhile; devices that do not count say 0.
    USED = "UPDATE passkeys SET passkey = $2, counter = $3, used_at = $4
        WHERE id = $1 AND (counter < $3 OR counter = 0 AND $3 = 0)";
    RENAME = "UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2";
    DROP_ONE = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2";
    DROP_ALL = "DELETE FROM passkeys WHERE user_id = $1";
    TAKE = "INSERT INTO passkey_taken (challenge, until_at) VALUES ($1, $2) ON CONFLICT (challenge) DO NOTHING";
    SWEEP = "DELETE FROM passkey_taken WHERE until_at <= $1";
}

/// A passkey as this room works with it.
pub struct Bound {
    pub id: String,
    pub user: String,
    pub name: String,
    pub passkey: Passkey,
    pub created_at: Millis,
    pub used_at: Option<Millis>,
}

impl FromRow for Bound {
    fn from_row(row: &Row) -> Result<Self> {
        let passkey: String = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            user: row.get(1)?,
            name: row.get(2)?,
            passkey: serde_json::from_str(&passkey).map_err(Error::internal)?,
            created_at: row.get(4)?,
            used_at: row.get(5)?,
        })
    }
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub created_at: Millis,
    /// The last sign-in with it; `null` never.
    pub used_at: Option<Millis>,
}

/// The passkeys of a user, oldest first.
pub fn of_user(tx: &mut Tx, user: &str) -> Result<Vec<Bound>> {
    tx.all(OF_USER, params![user])
}

pub fn by_credential(tx: &mut Tx, credential: &str) -> Result<Option<Bound>> {
    tx.one(BY_CREDENTIAL, params![credential])
}

/// Whether a user has any.
pub fn any(tx: &mut Tx, user: &str) -> Result<bool> {
    Ok(tx.one::<String>(ANY, params![user])?.is_some())
}

/// A passkey to be added.
pub struct New<'a> {
    pub id: &'a str,
    pub user: &'a str,
    pub credential: &'a str,
    pub name: &'a str,
    pub passkey: &'a Passkey,
    pub now: Millis,
}

pub fn add(tx: &mut Tx, n: &New) -> Result<()> {
    let passkey = serde_json::to_string(n.passkey).map_err(Error::internal)?;
    tx.exec(ADD, params![n.id, n.user, n.credential, n.name, &passkey, n.now]).map(drop)
}

/// Keeps the count after a sign-in; `false` where a later one is known.
pub fn used(tx: &mut Tx, id: &str, passkey: &Passkey, counter: i64, now: Millis) -> Result<bool> {
    let passkey = serde_json::to_string(passkey).map_err(Error::internal)?;
    Ok(tx.exec(USED, params![id, &passkey, counter, now])? > 0)
}

/// Answers whether there was one.
pub fn rename(tx: &mut Tx, user: &str, id: &str, name: &str) -> Result<bool> {
    Ok(tx.exec(RENAME, params![user, id, name])? > 0)
}

/// Answers whether there was one.
pub fn drop_one(tx: &mut Tx, user: &str, id: &str) -> Result<bool> {
    Ok(tx.exec(DROP_ONE, params![user, id])? > 0)
}

/// Answers how many there were.
pub fn drop_all(tx: &mut Tx, user: &str) -> Result<u64> {
    tx.exec(DROP_ALL, params![user])
}

/// Takes a challenge for its one answer; `false` where it was taken before. Forgets those that are too old in any case,
/// so that never more are kept than answers came while a challenge lives.
pub fn take(tx: &mut Tx, challenge: &str, until_at: Millis, now: Millis) -> Result<bool> {
    tx.exec(SWEEP, params![now])?;
    Ok(tx.exec(TAKE, params![challenge, until_at])? > 0)
}
