//! All SQL of uploads.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    INSERT = "INSERT INTO uploads (id, owner, name, media, size, received, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, 0, $6, $7)";
    BY_ID = "SELECT id, owner, name, media, size, received, created_at, expires_at, done_at, file FROM uploads
        WHERE id = $1 AND owner = $2 AND expires_at > $3";
    OF_OWNER = "SELECT id, owner, name, media, size, received, created_at, expires_at, done_at, file FROM uploads
        WHERE owner = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 200";
    RESERVED = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT), COUNT(*) FROM uploads WHERE owner = $1 AND file IS NULL";
    RECEIVED = "UPDATE uploads SET received = $2 WHERE id = $1 AND received <= $2";
    DONE = "UPDATE uploads SET received = size, done_at = $2 WHERE id = $1 AND done_at IS NULL";
    TAKEN = "UPDATE uploads SET file = $2 WHERE id = $1";
    EXPIRED = "SELECT id FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500";
    EXISTS = "SELECT id FROM uploads WHERE id = $1";
    DELETE = "DELETE FROM uploads WHERE id = $1";
}

/// An upload as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: String,
    pub owner: String,
    pub name: String,
    pub media: String,
    /// Bytes in all.
    pub size: i64,
    /// Bytes that are on the disk and acknowledged.
    pub received: i64,
    pub created_at: Millis,
    pub expires_at: Millis,
    pub done_at: Option<Millis>,
    /// SHA-256 of the content once an import has taken it.
    pub file: Option<String>,
}

impl FromRow for Stored {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            owner: r.get(1)?,
            name: r.get(2)?,
            media: r.get(3)?,
            size: r.get(4)?,
            received: r.get(5)?,
            created_at: r.get(6)?,
            expires_at: r.get(7)?,
            done_at: r.get(8)?,
            file: r.get(9)?,
        })
    }
}

pub fn insert(tx: &mut Tx, new: &Stored) -> Result<()> {
    let Stored { id, owner, name, media, size, created_at, expires_at, .. } = new;
    tx.exec(INSERT, params![id, owner, name, media, *size, *created_at, *expires_at]).map(drop)
}

/// An upload of this owner that has not expired.
pub fn by_id(tx: &mut Tx, id: &str, owner: &str, now: Millis) -> Result<Option<Stored>> {
    tx.one(BY_ID, params![id, owner, now])
}

/// The latest of an owner, newest first; at most 200.
pub fn of_owner(tx: &mut Tx, owner: &str, now: Millis) -> Result<Vec<Stored>> {
    tx.all(OF_OWNER, params![owner, now])
}

/// Bytes told for what no import has taken yet, and how many uploads those are.
pub fn reserved(tx: &mut Tx, owner: &str) -> Result<(i64, i64)> {
    Ok(tx.one(RESERVED, params![owner])?.unwrap_or_default())
}

/// Notes how many bytes are on the disk; never fewer than before.
pub fn received(tx: &mut Tx, id: &str, bytes: i64) -> Result<()> {
    tx.exec(RECEIVED, params![id, bytes]).map(drop)
}

pub fn done(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(DONE, params![id, now]).map(drop)
}

pub fn taken(tx: &mut Tx, id: &str, file: &str) -> Result<()> {
    tx.exec(TAKEN, params![id, file]).map(drop)
}

/// Some that have expired.
pub fn expired(tx: &mut Tx, now: Millis) -> Result<Vec<String>> {
    tx.all(EXPIRED, params![now])
}

pub fn exists(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.one::<String>(EXISTS, params![id])?.is_some())
}

pub fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(DELETE, params![id]).map(drop)
}
