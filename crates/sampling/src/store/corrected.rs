//! What corrections make of a sample, and which sample was taken again because of one.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

use crate::model::SampleLink;

kit_db::statements! {
    SET_CORRECTED = "UPDATE samples SET corrected = $2 WHERE id = $1";
    CORRECTED = "SELECT corrected FROM samples WHERE id = $1";
    SET_FINDINGS = "UPDATE samples SET finding = $2, finding_producer = $3 WHERE id = $1";
    SET_FOLLOWS = "UPDATE samples SET follows = $2 WHERE id = $1";
    BEFORE = "SELECT b.id, b.sample_no, b.food FROM samples s JOIN samples b ON b.id = s.follows WHERE s.id = $1";
    AFTER = "SELECT id, sample_no, food FROM samples WHERE follows = $1 ORDER BY opened_at, id";
}

impl FromRow for SampleLink {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, sample_no: r.get(1)?, food: r.get(2)? })
    }
}

/// What the last correction came to; of monitoring nothing.
pub fn set(tx: &mut Tx, id: &str, outcome: &str) -> Result<()> {
    let kept = if outcome == "monitored" { "" } else { outcome };
    tx.exec(SET_CORRECTED, params![id, kept]).map(drop)
}

/// conforms, fails, undecided; empty: none.
pub fn outcome(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(CORRECTED, params![id])?.unwrap_or_default())
}

/// About the place and about the producer.
pub fn set_findings(tx: &mut Tx, id: &str, findings: &[String; 2]) -> Result<()> {
    tx.exec(SET_FINDINGS, params![id, &findings[0], &findings[1]]).map(drop)
}

/// This one is taken again because of that one.
pub fn set_follows(tx: &mut Tx, id: &str, before: &str) -> Result<()> {
    tx.exec(SET_FOLLOWS, params![id, before]).map(drop)
}

/// Because of which one it was taken again.
pub fn before(tx: &mut Tx, id: &str) -> Result<Option<SampleLink>> {
    tx.one(BEFORE, params![id])
}

/// Which ones were taken again because of it.
pub fn after(tx: &mut Tx, id: &str) -> Result<Vec<SampleLink>> {
    tx.all(AFTER, params![id])
}
