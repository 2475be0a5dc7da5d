//! Holds on lots.

use std::collections::{HashMap, HashSet};

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::LotNo;

kit_db::statements! {
    SET = "INSERT INTO lot_holds (id, holder, origin, lot, about, reason, set_at, set_by, lifted_at, lift_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, '')
        ON CONFLICT (about, holder, origin) DO UPDATE SET reason = excluded.reason, set_at = excluded.set_at, set_by = excluded.set_by,
            lifted_at = NULL, lift_reason = ''";
    LIFT = "UPDATE lot_holds SET lifted_at = $2, lift_reason = $3 WHERE about = $1 AND lifted_at IS NULL";
    OF_BATCH = "SELECT id, holder, origin, lot, about, reason, set_at, lifted_at, lift_reason FROM lot_holds
        WHERE origin = $1 AND holder = $2 ORDER BY set_at DESC, id DESC LIMIT 50";
    OF_CASE = "SELECT id, holder, origin, lot, about, reason, set_at, lifted_at, lift_reason FROM lot_holds
        WHERE about = $1 ORDER BY set_at, id";
    OF_HOLDER = "SELECT h.id, h.holder, h.origin, h.lot, h.about, h.reason, h.set_at, h.lifted_at, h.lift_reason FROM lot_holds h
        WHERE h.holder = $1 AND h.lifted_at IS NULL ORDER BY h.set_at DESC, h.id LIMIT 200";
    STANDING = {
        sqlite: "SELECT h.holder, h.origin, h.reason FROM json_each($1) j CROSS JOIN lot_holds h ON h.origin = j.value WHERE h.lifted_at IS NULL",
        postgres: "SELECT h.holder, h.origin, h.reason FROM lot_holds h WHERE h.lifted_at IS NULL AND h.origin = ANY(ARRAY(
                SELECT CAST(x AS BIGINT) FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) x))"
    };
}

/// 暂停流转: a hold on what somebody has of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hold {
    pub id: String,
    pub holder: String,
    pub origin: LotNo,
    pub lot: LotNo,
    /// The case that it is for.
    pub about: String,
    pub reason: String,
    pub set_at: Millis,
    /// `null`: stands.
    pub lifted_at: Option<Millis>,
    pub lift_reason: String,
}

impl FromRow for Hold {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            holder: r.get(1)?,
            origin: r.get(2)?,
            lot: r.get(3)?,
            about: r.get(4)?,
            reason: r.get(5)?,
            set_at: r.get(6)?,
            lifted_at: r.get(7)?,
            lift_reason: r.get(8)?,
        })
    }
}

pub fn set(tx: &mut Tx, h: &Hold, by: &str) -> Result<()> {
    let row = params![&h.id, &h.holder, h.origin, h.lot, &h.about, &h.reason, h.set_at, by];
    tx.exec(SET, row).map(drop)
}

/// Ends the holds of a case; answers how many stood.
pub fn lift(tx: &mut Tx, about: &str, at: Millis, reason: &str) -> Result<u64> {
    tx.exec(LIFT, params![about, at, reason])
}

/// Holds on what a business has of a batch, the latest first.
pub fn of_batch(tx: &mut Tx, origin: LotNo, holder: &str) -> Result<Vec<Hold>> {
    tx.all(OF_BATCH, params![origin, holder])
}

/// Holds that were set for a case.
pub fn of_case(tx: &mut Tx, about: &str) -> Result<Vec<Hold>> {
    tx.all(OF_CASE, params![about])
}

/// Why batches are held, by holder and origin, among these origins.
pub fn standing(tx: &mut Tx, origins: &HashSet<LotNo>) -> Result<HashMap<(String, LotNo), String>> {
    if origins.is_empty() {
        return Ok(HashMap::new());
    }
    let list = serde_json::to_string(origins).map_err(Error::internal)?;
    let rows: Vec<(String, LotNo, String)> = tx.all(STANDING, params![&list])?;
    Ok(rows.into_iter().map(|(holder, origin, why)| ((holder, origin), why)).collect())
}

/// What may not move now of what a business has, the latest first, at most two hundred.
pub fn of_holder(tx: &mut Tx, holder: &str) -> Result<Vec<Hold>> {
    tx.all(OF_HOLDER, params![holder])
}
