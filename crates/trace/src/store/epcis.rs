//! EPCIS events as captured, their codes, and the codes of businesses.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::model::{EventNo, LotNo};
use crate::record;

kit_db::statements! {
    PARTY_OF = "SELECT party FROM party_keys WHERE code = $1";
    SET_PARTY = "INSERT INTO party_keys (code, party, actor, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (code) DO UPDATE SET party = excluded.party, actor = excluded.actor, at = excluded.at";
    KEYS_OF = "SELECT code FROM party_keys WHERE party = $1 ORDER BY code";
    FIND = "SELECT hash, party, division, first_event, last_event FROM epcis_events WHERE id = $1 AND error = 0";
    DECLARED = "SELECT first_event FROM epcis_events WHERE id = $1 AND error = 1 AND hash = $2";
    INSERT = "INSERT INTO epcis_events (id, error, hash, kind, at_ms, party, division, first_event, last_event, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ADD_CODE = "INSERT INTO epcis_codes (code, event) VALUES ($1, $2) ON CONFLICT (code, event) DO NOTHING";
    DOC = "SELECT x.party, x.division, e.doc FROM epcis_events x JOIN events e ON e.no = x.first_event
        WHERE x.id = $1 ORDER BY x.error LIMIT 1";
    CORRECT = "INSERT INTO corrections (event, reason, actor, at, replaced_by)
        SELECT e.no, $3, $4, $5, $6 FROM events e WHERE e.no >= $1 AND e.no <= $2
        ON CONFLICT (event) DO NOTHING RETURNING event";
    EPCS_OF_LOT = "SELECT epc FROM epcs WHERE lot = $1 ORDER BY epc";
    DROP_EPC = "DELETE FROM epcs WHERE epc = $1";
    INPUTS_OF_LOT = "SELECT i.lot, i.amount, e.kind FROM lots l JOIN events e ON e.no = l.event JOIN inputs i ON i.event = e.no
        WHERE l.no = $1 ORDER BY i.lot";
}

/// The business that a code of another system stands for.
pub fn party_of(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    tx.one(PARTY_OF, params![code])
}

pub fn set_party(tx: &mut Tx, code: &str, party: &str, actor: &str, now: Millis) -> Result<()> {
    tx.exec(SET_PARTY, params![code, party, actor, now]).map(drop)
}

pub fn keys_of(tx: &mut Tx, party: &str) -> Result<Vec<String>> {
    tx.all(KEYS_OF, params![party])
}

/// An EPCIS event that is there.
pub struct Known {
    pub hash: String,
    pub party: String,
    pub division: String,
    pub first: EventNo,
    pub last: EventNo,
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Known>> {
    let row: Option<(String, String, String, i64, i64)> = tx.one(FIND, params![id])?;
    Ok(row.map(|(hash, party, division, first, last)| Known { hash, party, division, first, last }))
}

/// Whether this very error declaration is there.
pub fn is_declared(tx: &mut Tx, id: &str, hash: &str) -> Result<bool> {
    Ok(tx.one::<i64>(DECLARED, params![id, hash])?.is_some())
}

/// An EPCIS event on its way in.
pub struct NewEpcis<'a> {
    pub id: &'a str,
    pub error: bool,
    pub hash: &'a str,
    pub kind: &'a str,
    pub at_ms: Millis,
    pub party: &'a str,
    pub division: &'a str,
    pub first: EventNo,
    pub last: EventNo,
    pub now: Millis,
}

pub fn insert(tx: &mut Tx, e: &NewEpcis) -> Result<()> {
    let values = params![e.id, e.error, e.hash, e.kind, e.at_ms, e.party, e.division, e.first, e.last, e.now];
    tx.exec(INSERT, values).map(drop)
}

pub fn add_code(tx: &mut Tx, code: &str, event: EventNo) -> Result<()> {
    tx.exec(ADD_CODE, params![code, event]).map(drop)
}

/// Business, division and document of an event; of an id that was declared wrong, the event itself.
pub fn doc(tx: &mut Tx, id: &str) -> Result<Option<(String, String, Option<String>)>> {
    tx.one(DOC, params![id])
}

/// Declares the ledger events `first ..= last` wrong, those that are not yet.
pub fn correct(
    tx: &mut Tx,
    (first, last): (EventNo, EventNo),
    reason: &str,
    actor: &str,
    at: Millis,
    replaced_by: Option<EventNo>,
) -> Result<()> {
    let mut declared: Vec<i64> = tx.all(CORRECT, params![first, last, reason, actor, at, replaced_by])?;
    declared.sort_unstable();
    for event in declared {
        let record = record::of_correction(event, reason, (actor, ""), at, replaced_by);
        tx.fact(record::CORRECTION, event.to_string(), record.hash());
    }
    Ok(())
}

/// The codes whose latest lot this is.
pub fn epcs_of_lot(tx: &mut Tx, lot: LotNo) -> Result<Vec<String>> {
    tx.all(EPCS_OF_LOT, params![lot])
}

pub fn drop_epc(tx: &mut Tx, epc: &str) -> Result<()> {
    tx.exec(DROP_EPC, params![epc]).map(drop)
}

/// What the event that made a lot took, and the kind of that event.
pub fn inputs_of_lot(tx: &mut Tx, lot: LotNo) -> Result<Vec<(LotNo, Option<i64>, String)>> {
    tx.all(INPUTS_OF_LOT, params![lot])
}
