//! Parts of a sample and who had them.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::model::{Hand, Offer, Part};

kit_db::statements! {
    ADD_PART = "INSERT INTO sample_parts (sample, part, seal, amount, unit) VALUES ($1, $2, $3, $4, $5)";
    PARTS = "SELECT part, seal, amount, unit FROM sample_parts WHERE sample = $1 ORDER BY part DESC";
    ADD_HAND = "INSERT INTO sample_hands (sample, part, no, holder, holder_name, person, person_name, giver, giver_name, from_at, until_at,
            temperature, seal_whole, note, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11, $12, $13, $14)";
    END_HAND = "UPDATE sample_hands SET until_at = $4 WHERE sample = $1 AND part = $2 AND no = $3";
    HANDS = "SELECT no, holder, holder_name, person, person_name, giver, giver_name, from_at, until_at, temperature, seal_whole, note, hash
        FROM sample_hands WHERE sample = $1 AND part = $2 ORDER BY no";
    OFFER = "INSERT INTO sample_offers (sample, part, giver, giver_name, receiver, offered_at, code) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (sample, part) DO UPDATE SET giver = $3, giver_name = $4, receiver = $5, offered_at = $6, code = $7";
    OF_CODE = "SELECT sample, receiver FROM sample_offers WHERE code = $1 ORDER BY part LIMIT 1";
    OFFERS = "SELECT part, giver, giver_name, receiver FROM sample_offers WHERE sample = $1 ORDER BY part";
    END_OFFER = "DELETE FROM sample_offers WHERE sample = $1 AND part = $2";
    SEAL_TAKEN = "SELECT sample FROM sample_parts WHERE seal = $1";
}

pub fn add_part(tx: &mut Tx, sample: &str, part: &str, seal: &str, amount: &str, unit: &str) -> Result<()> {
    tx.exec(ADD_PART, params![sample, part, seal, amount, unit]).map(drop)
}

/// Whether a seal with this number is on another sample.
pub fn seal_taken(tx: &mut Tx, seal: &str) -> Result<bool> {
    Ok(tx.one::<String>(SEAL_TAKEN, params![seal])?.is_some())
}

pub fn hands(tx: &mut Tx, sample: &str, part: &str) -> Result<Vec<Hand>> {
    tx.all(HANDS, params![sample, part])
}

/// Ends the stretch before and begins the next at the same moment.
pub fn add_hand(tx: &mut Tx, sample: &str, part: &str, h: &Hand) -> Result<()> {
    if h.no > 1 {
        tx.exec(END_HAND, params![sample, part, h.no - 1, h.from_at])?;
    }
    let row = params![
        sample,
        part,
        h.no,
        &h.holder,
        &h.holder_name,
        &h.person,
        &h.person_name,
        &h.giver,
        &h.giver_name,
        h.from_at,
        &h.temperature,
        h.seal_whole,
        &h.note,
        &h.hash
    ];
    tx.exec(ADD_HAND, row).map(drop)
}

pub fn offer(
    tx: &mut Tx,
    sample: &str,
    part: &str,
    giver: (&str, &str),
    new: &Offer,
    at: Millis,
) -> Result<()> {
    let row = params![sample, part, giver.0, giver.1, &new.receiver, at, &new.code];
    tx.exec(OFFER, row).map(drop)
}

/// Sample and receiver of what is on offer under a code.
pub fn of_code(tx: &mut Tx, code: &str) -> Result<Option<(String, String)>> {
    tx.one(OF_CODE, params![code])
}

/// Part, giver, the giver's name, receiver.
pub fn offers(tx: &mut Tx, sample: &str) -> Result<Vec<(String, String, String, String)>> {
    tx.all(OFFERS, params![sample])
}

pub fn end_offer(tx: &mut Tx, sample: &str, part: &str) -> Result<()> {
    tx.exec(END_OFFER, params![sample, part]).map(drop)
}

/// The parts of a sample with their custody.
pub fn parts(tx: &mut Tx, sample: &str) -> Result<Vec<Part>> {
    let offers = offers(tx, sample)?;
    let rows: Vec<(String, String, String, String)> = tx.all(PARTS, params![sample])?;
    let mut out = Vec::new();
    for (part, seal, amount, unit) in rows {
        let hands = hands(tx, sample, &part)?;
        let offered_to = offers.iter().find(|o| o.0 == part).map(|o| o.3.clone()).unwrap_or_default();
        out.push(Part { part, seal, amount, unit, hands, offered_to });
    }
    Ok(out)
}
