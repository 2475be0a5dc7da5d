//! On-site checks that the inspection room does for this one.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::PermitVisit;

kit_db::statements! {
    INSERT = "INSERT INTO permit_visits (visit, case_id, number, due, opened_at, record_no, conclusion, recorded_at, off)
        VALUES ($1, $2, $3, $4, $5, '', '', NULL, 0)";
    /// Bounded: a case has few.
    OF_CASE = "SELECT visit, number, due, opened_at, record_no, conclusion, recorded_at, off FROM permit_visits
        WHERE case_id = $1 ORDER BY opened_at DESC, visit DESC LIMIT 100";
    OPEN = "SELECT visit FROM permit_visits WHERE case_id = $1 AND recorded_at IS NULL AND off = 0 ORDER BY opened_at";
    RECORDED = "UPDATE permit_visits SET record_no = $2, conclusion = $3, recorded_at = $4 WHERE visit = $1";
    OFF = "UPDATE permit_visits SET off = 1 WHERE visit = $1";
}

impl FromRow for PermitVisit {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            visit: r.get(0)?,
            number: r.get(1)?,
            due: r.get(2)?,
            opened_at: r.get(3)?,
            record_no: r.get(4)?,
            conclusion: r.get(5)?,
            recorded_at: r.get(6)?,
            off: r.get::<i64>(7)? == 1,
        })
    }
}

pub fn insert(tx: &mut Tx, case: &str, v: &PermitVisit) -> Result<()> {
    tx.exec(INSERT, params![&v.visit, case, &v.number, &v.due, v.opened_at]).map(drop)
}

/// The visits of a case, the latest first.
pub fn of_case(tx: &mut Tx, case: &str) -> Result<Vec<PermitVisit>> {
    tx.all(OF_CASE, params![case])
}

/// Visits of a case that are neither recorded nor called off.
pub fn open(tx: &mut Tx, case: &str) -> Result<Vec<String>> {
    tx.all(OPEN, params![case])
}

pub fn recorded(tx: &mut Tx, visit: &str, record_no: &str, conclusion: &str, at: Millis) -> Result<()> {
    tx.exec(RECORDED, params![visit, record_no, conclusion, at]).map(drop)
}

pub fn off(tx: &mut Tx, visit: &str) -> Result<()> {
    tx.exec(OFF, params![visit]).map(drop)
}
