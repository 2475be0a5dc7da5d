//! Records that were made one.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kit_db::statements! {
    MARK = "UPDATE parties SET merged_into = $2, status = $3, seq = $4, updated_at = $5 WHERE id = $1";
    KEEP = "INSERT INTO party_merges (id, duplicate, survivor, status, reason, actor, at, undone_at, undone_by, undo_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '', '')";
    STANDING = "SELECT id, duplicate, survivor, status, reason, actor, at FROM party_merges
        WHERE duplicate = $1 AND undone_at IS NULL ORDER BY at DESC LIMIT 1";
    UNDONE = "UPDATE party_merges SET undone_at = $2, undone_by = $3, undo_reason = $4 WHERE id = $1 AND undone_at IS NULL";
    MERGED_INTO = "SELECT id FROM parties WHERE merged_into = $1 ORDER BY id";
    INTO = "SELECT merged_into FROM parties WHERE id = $1";
    ALL = "SELECT id, merged_into FROM parties WHERE merged_into IS NOT NULL";
}

/// A merge that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Merged {
    pub id: String,
    pub duplicate: String,
    pub survivor: String,
    /// What the duplicate's status was before.
    pub status: String,
    pub reason: String,
    /// Who did it, by name.
    pub actor: String,
    /// ms UTC
    pub at: Millis,
}

impl FromRow for Merged {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            duplicate: r.get(1)?,
            survivor: r.get(2)?,
            status: r.get(3)?,
            reason: r.get(4)?,
            actor: r.get(5)?,
            at: r.get(6)?,
        })
    }
}

/// Points a record at the one it is part of (or at none) and sets its status.
pub fn mark(tx: &mut Tx, id: &str, into: Option<&str>, status: &str, seq: i64, now: Millis) -> Result<()> {
    tx.exec(MARK, params![id, into, status, seq, now]).map(drop)
}

pub fn keep(tx: &mut Tx, m: &Merged) -> Result<()> {
    tx.exec(KEEP, params![&m.id, &m.duplicate, &m.survivor, &m.status, &m.reason, &m.actor, m.at]).map(drop)
}

/// The merge by which a record is part of another.
pub fn standing(tx: &mut Tx, duplicate: &str) -> Result<Option<Merged>> {
    tx.one(STANDING, params![duplicate])
}

pub fn undone(tx: &mut Tx, id: &str, now: Millis, by: &str, reason: &str) -> Result<()> {
    tx.exec(UNDONE, params![id, now, by, reason]).map(drop)
}

/// Records that are directly part of this one.
pub fn merged_into(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    tx.all(MERGED_INTO, params![id])
}

/// The record that this one is directly part of.
pub fn into(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    Ok(tx.one::<Option<String>>(INTO, params![id])?.flatten())
}

/// Every record that is part of another, with that other.
pub fn all(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.all(ALL, &[])
}
