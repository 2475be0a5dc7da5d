//! Events declared wrong (更正声明), and what was meant instead.

use std::collections::HashMap;

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{EventNo, LotNo};
use crate::record;

kit_db::statements! {
    INSERT = "INSERT INTO corrections (event, reason, actor, actor_name, at, replaced_by) VALUES ($1, $2, $3, $4, $5, $6)";
    OF = {
        sqlite: "SELECT c.event, c.reason, c.actor_name, c.at, c.replaced_by, e.id, e.first_lot, e.lots
            FROM json_each($1) j CROSS JOIN corrections c ON c.event = j.value LEFT JOIN events e ON e.no = c.replaced_by",
        postgres: "SELECT c.event, c.reason, c.actor_name, c.at, c.replaced_by, e.id, e.first_lot, e.lots
            FROM corrections c LEFT JOIN events e ON e.no = c.replaced_by WHERE c.event = ANY(ARRAY(
                SELECT CAST(x AS BIGINT) FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) x))"
    };
    REPLACED = {
        sqlite: "SELECT c.replaced_by, e.no, e.id
            FROM json_each($1) j CROSS JOIN corrections c ON c.replaced_by = j.value CROSS JOIN events e ON e.no = c.event",
        postgres: "SELECT c.replaced_by, e.no, e.id
            FROM corrections c JOIN events e ON e.no = c.event WHERE c.replaced_by = ANY(ARRAY(
                SELECT CAST(x AS BIGINT) FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) x))"
    };
    WRONG_SINCE = "SELECT c.at, e.first_lot, e.lots FROM corrections c JOIN events e ON e.no = c.event
        WHERE c.at >= $1 AND e.lots > 0 ORDER BY c.at";
}

/// The declaration that an event was recorded in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    pub reason: String,
    /// Who declared it; empty where a file did.
    pub by: String,
    /// ms UTC
    pub at: Millis,
    /// The event that says what was meant, if any: number, public id, its first lot.
    pub replaced_by: Option<EventNo>,
    pub replaced_by_id: Option<String>,
    pub replaced_by_lot: Option<LotNo>,
}

struct Of(EventNo, Correction);

impl FromRow for Of {
    fn from_row(r: &Row) -> Result<Self> {
        let lots: Option<i64> = r.get(7)?;
        let first: Option<LotNo> = r.get(6)?;
        let correction = Correction {
            reason: r.get(1)?,
            by: r.get(2)?,
            at: r.get(3)?,
            replaced_by: r.get(4)?,
            replaced_by_id: r.get(5)?,
            replaced_by_lot: first.filter(|_| lots > Some(0)),
        };
        Ok(Self(r.get(0)?, correction))
    }
}

/// An event that was declared wrong: number and public id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wrong {
    pub event: EventNo,
    pub id: String,
}

fn list(events: &[EventNo]) -> String {
    let numbers: Vec<String> = events.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// The declarations about these events.
pub fn of(tx: &mut Tx, events: &[EventNo]) -> Result<HashMap<EventNo, Correction>> {
    let found: Vec<Of> = tx.all(OF, params![&list(events)])?;
    Ok(found.into_iter().map(|Of(event, correction)| (event, correction)).collect())
}

/// Which wrong events these events stand for.
pub fn replaced(tx: &mut Tx, events: &[EventNo]) -> Result<HashMap<EventNo, Wrong>> {
    let found: Vec<(EventNo, EventNo, String)> = tx.all(REPLACED, params![&list(events)])?;
    Ok(found.into_iter().map(|(right, event, id)| (right, Wrong { event, id })).collect())
}

/// Keeps a declaration. Error: `unique_violation` where the event has one.
pub fn insert(tx: &mut Tx, event: EventNo, actor: &str, c: &Correction) -> Result<()> {
    tx.exec(INSERT, params![event, &c.reason, actor, &c.by, c.at, c.replaced_by])?;
    let record = record::of_correction(event, &c.reason, (actor, &c.by), c.at, c.replaced_by);
    tx.fact(record::CORRECTION, event.to_string(), record.hash());
    Ok(())
}

/// Lots of events that were declared wrong at or after a time: when, first lot, how many.
pub fn wrong_since(tx: &mut Tx, at: Millis) -> Result<Vec<(Millis, LotNo, i64)>> {
    tx.all(WRONG_SINCE, params![at])
}
