//! Trace codes and EPC keys.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::LotNo;
use crate::record;

kit_db::statements! {
    BY_CODE = "SELECT code, lot, party, division, made_at, printed, voided_at, void_reason FROM trace_codes WHERE code = $1";
    BY_LOT = "SELECT code, lot, party, division, made_at, printed, voided_at, void_reason FROM trace_codes WHERE lot = $1";
    INSERT = "INSERT INTO trace_codes (code, lot, party, division, made_at, printed, voided_at, void_reason)
        VALUES ($1, $2, $3, $4, $5, 0, NULL, '')";
    PRINTED = "UPDATE trace_codes SET printed = printed + $2 WHERE code = $1";
    VOID = "UPDATE trace_codes SET voided_at = $2, void_reason = $3 WHERE code = $1 AND voided_at IS NULL";
    EPC = "SELECT lot FROM epcs WHERE epc = $1";
    SET_EPC = "INSERT INTO epcs (epc, lot) VALUES ($1, $2) ON CONFLICT (epc) DO UPDATE SET lot = excluded.lot";
}

/// A trace code as the database has it.
#[derive(Debug, Clone)]
pub struct TraceCode {
    pub code: String,
    /// The lot its batch began with.
    pub lot: LotNo,
    pub party: String,
    pub division: String,
    pub made_at: Millis,
    pub printed: i64,
    pub voided_at: Option<Millis>,
    pub void_reason: String,
}

impl FromRow for TraceCode {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            code: r.get(0)?,
            lot: r.get(1)?,
            party: r.get(2)?,
            division: r.get(3)?,
            made_at: r.get(4)?,
            printed: r.get(5)?,
            voided_at: r.get(6)?,
            void_reason: r.get(7)?,
        })
    }
}

pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<TraceCode>> {
    tx.one(BY_CODE, params![code])
}

pub fn by_lot(tx: &mut Tx, lot: LotNo) -> Result<Option<TraceCode>> {
    tx.one(BY_LOT, params![lot])
}

pub fn insert(tx: &mut Tx, code: &str, lot: LotNo, party: &str, division: &str, now: Millis) -> Result<()> {
    tx.exec(INSERT, params![code, lot, party, division, now])?;
    tx.fact(record::CODE, code, record::of_code(code, lot, party, division, now).hash());
    Ok(())
}

pub fn printed(tx: &mut Tx, code: &str, labels: i64) -> Result<()> {
    tx.exec(PRINTED, params![code, labels]).map(drop)
}

/// Whether there was a live code to void.
pub fn void(tx: &mut Tx, code: &str, now: Millis, reason: &str) -> Result<bool> {
    let voided = tx.exec(VOID, params![code, now, reason])? == 1;
    if voided {
        tx.fact(record::VOID, code, record::of_void(code, now, reason).hash());
    }
    Ok(voided)
}

/// The latest lot that an EPC key stands for.
pub fn epc_lot(tx: &mut Tx, epc: &str) -> Result<Option<LotNo>> {
    tx.one(EPC, params![epc])
}

pub fn set_epc(tx: &mut Tx, epc: &str, lot: LotNo) -> Result<()> {
    tx.exec(SET_EPC, params![epc, lot]).map(drop)
}
