//! Keys of programs.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Scope;
use kit_web::answer::paging;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{anywhere, given};

kit_db::statements! {
    /// One row by a unique index: whose key it is.
    BEHIND = "SELECT id, name, party, bureau, division, until_at, used_on FROM api_keys WHERE token = $1 AND revoked_at IS NULL";
    PERMISSIONS = "SELECT permission FROM api_key_permissions WHERE api_key = $1 ORDER BY permission";
    STANDS = "SELECT id FROM api_keys WHERE id = $1 AND revoked_at IS NULL AND until_at > $2";
    BY_ID = "SELECT k.id, k.name, k.party, k.bureau, k.division, k.made_by, u.full_name, k.made_at, k.until_at, k.revoked_at, k.used_on
        FROM api_keys k LEFT JOIN users u ON u.id = k.made_by WHERE k.id = $1";
    ADD = "INSERT INTO api_keys (id, token, name, party, bureau, division, made_by, made_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GIVE = "INSERT INTO api_key_permissions (api_key, permission) VALUES ($1, $2)";
    CLEAR = "DELETE FROM api_key_permissions WHERE api_key = $1";
    BUSINESS_MOVED = "UPDATE api_keys SET division = $2 WHERE party = $1";
    REVOKE = "UPDATE api_keys SET revoked_by = $2, revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL";
    USED = "UPDATE api_keys SET used_on = $2 WHERE id = $1 AND (used_on IS NULL OR used_on < $2)";
}

/// Keys of a business lie where it lies.
pub fn business_moved(tx: &mut Tx, party: &str, division: &str) -> Result<()> {
    tx.exec(BUSINESS_MOVED, params![party, division]).map(drop)
}

/// Whose key it is, before it is asked whether it still counts.
pub struct Behind {
    pub id: String,
    pub name: String,
    pub party: Option<String>,
    pub bureau: Option<String>,
    pub division: String,
    pub until_at: Millis,
    pub used_on: Option<String>,
}

impl FromRow for Behind {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            party: row.get(2)?,
            bureau: row.get(3)?,
            division: row.get(4)?,
            until_at: row.get(5)?,
            used_on: row.get(6)?,
        })
    }
}

pub fn behind(tx: &mut Tx, token_hash: &str) -> Result<Option<Behind>> {
    tx.one(BEHIND, params![token_hash])
}

pub fn permissions(tx: &mut Tx, key: &str) -> Result<Vec<String>> {
    tx.all(PERMISSIONS, params![key])
}

pub fn stands(tx: &mut Tx, key: &str, now: Millis) -> Result<bool> {
    Ok(tx.one::<String>(STANDS, params![key, now])?.is_some())
}

pub fn used(tx: &mut Tx, key: &str, day: &str) -> Result<()> {
    tx.exec(USED, params![key, day]).map(drop)
}

/// A key as people see it; never the key itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct KeyRow {
    pub id: String,
    pub name: String,
    pub party: Option<String>,
    pub party_name: Option<String>,
    pub bureau: Option<String>,
    pub bureau_name: Option<String>,
    pub division: String,
    pub made_by: String,
    pub made_by_name: String,
    pub made_at: Millis,
    /// First moment after.
    pub until_at: Millis,
    /// active, waiting (for its permissions), expired, revoked
    pub state: String,
    pub permissions: Vec<String>,
    /// The last day it was used.
    pub used_on: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    pub revoked_at: Option<Millis>,
}

impl FromRow for KeyRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            party: row.get(2)?,
            party_name: None,
            bureau: row.get(3)?,
            bureau_name: None,
            division: row.get(4)?,
            made_by: row.get(5)?,
            made_by_name: row.get::<Option<String>>(6)?.unwrap_or_default(),
            made_at: row.get(7)?,
            until_at: row.get(8)?,
            state: String::new(),
            permissions: Vec::new(),
            revoked_at: row.get(9)?,
            used_on: row.get(10)?,
        })
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<KeyRow>> {
    tx.one(BY_ID, params![id])
}

/// A key to be added.
pub struct New<'a> {
    pub id: &'a str,
    pub token_hash: &'a str,
    pub name: &'a str,
    pub party: Option<&'a str>,
    pub bureau: Option<&'a str>,
    pub division: &'a str,
    pub by: &'a str,
    pub now: Millis,
    pub until_at: Millis,
}

pub fn add(tx: &mut Tx, n: &New) -> Result<()> {
    let values = params![n.id, n.token_hash, n.name, n.party, n.bureau, n.division, n.by, n.now, n.until_at];
    tx.exec(ADD, values).map(drop)
}

pub fn set_permissions(tx: &mut Tx, key: &str, permissions: &[String]) -> Result<()> {
    tx.exec(CLEAR, params![key])?;
    for permission in permissions {
        tx.exec(GIVE, params![key, permission])?;
    }
    Ok(())
}

pub fn revoke(tx: &mut Tx, key: &str, by: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(REVOKE, params![key, by, now])? > 0)
}

/// What the list of keys is asked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct KeyQuery {
    /// Part of the name.
    pub q: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const ROWS: &str =
    "SELECT k.id, k.name, k.party, k.bureau, k.division, k.made_by, u.full_name, k.made_at, k.until_at, k.revoked_at, k.used_on
    FROM api_keys k LEFT JOIN users u ON u.id = k.made_by";

/// One page of keys, newest first; and how many there are in all.
pub fn list(tx: &mut Tx, q: &KeyQuery, scope: &Scope) -> Result<(Vec<KeyRow>, i64)> {
    let narrowed = |select: &'static str| {
        let filter = scope.restrict(Filter::new(select), "k.division >= ? AND k.division < ?", "k.party = ?");
        filter.and_some("k.name LIKE ? ESCAPE '\\'", given(&q.q).map(anywhere).as_deref())
    };
    let total = tx.count(&narrowed("SELECT count(*) FROM api_keys k"))?;
    let (page, size) = paging(q.page, q.size);
    let filter = narrowed(ROWS)
        .then("ORDER BY k.made_at DESC, k.id DESC", &[])
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok((tx.list(&filter)?, total))
}
