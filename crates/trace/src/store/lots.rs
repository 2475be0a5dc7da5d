//! Reading lots.

use kit_base::{Error, Result, Unit};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{EventNo, Lot, LotNo};

kit_db::statements! {
    BY_NO = "SELECT no, event, product, holder, division, state, origin, batch, made, expires, amount, unit, inspector
        FROM lots WHERE no = $1";
    TAKEN = "SELECT l.no, l.event, l.product, l.holder, l.division, l.state, l.origin, l.batch, l.made, l.expires, l.amount,
            l.unit, l.inspector, s.on_hand, e.party, e.division
        FROM lots l JOIN events e ON e.no = l.event LEFT JOIN stock s ON s.lot = l.no WHERE l.no = $1";
    FORWARD = "WITH RECURSIVE reach(lot) AS (
            SELECT CAST($1 AS BIGINT)
            UNION
            SELECT l.no FROM reach r JOIN inputs i ON i.lot = r.lot JOIN lots l ON l.event = i.event
        ) SELECT lot FROM reach ORDER BY lot";
    BACKWARD = "WITH RECURSIVE reach(lot) AS (
            SELECT CAST($1 AS BIGINT)
            UNION
            SELECT i.lot FROM reach r JOIN lots l ON l.no = r.lot JOIN inputs i ON i.event = l.event
        ) SELECT lot FROM reach ORDER BY lot";
    STEP_BEFORE = "SELECT max(l.event) FROM inputs i JOIN lots l ON l.no = i.lot
        WHERE i.event = $1 AND l.origin = $2 HAVING max(l.event) IS NOT NULL";
    ORIGINS_OF_BATCH = "SELECT l.no, l.event, l.product, l.holder, l.division, l.state, l.origin, l.batch, l.made, l.expires,
            l.amount, l.unit, l.inspector
        FROM lots l WHERE l.product = $1 AND l.batch = $2 AND l.origin = l.no ORDER BY l.no DESC LIMIT 20";
    ORIGINS_OF_DAY = "SELECT l.no, l.event, l.product, l.holder, l.division, l.state, l.origin, l.batch, l.made, l.expires,
            l.amount, l.unit, l.inspector
        FROM lots l WHERE l.product = $1 AND l.made = $2 AND l.origin = l.no ORDER BY l.no DESC LIMIT 20";
}

impl FromRow for Lot {
    fn from_row(r: &Row) -> Result<Self> {
        let unit: String = r.get(11)?;
        Ok(Self {
            no: r.get(0)?,
            event: r.get(1)?,
            product: r.get(2)?,
            holder: r.get(3)?,
            division: r.get(4)?,
            in_transit: r.get::<String>(5)? == "transit",
            origin: r.get(6)?,
            batch: r.get(7)?,
            made: r.get(8)?,
            expires: r.get(9)?,
            amount: r.get(10)?,
            unit: Unit::parse(&unit).ok_or_else(|| Error::internal(format!("unit {unit} of a lot")))?,
            inspector: r.get(12)?,
        })
    }
}

pub fn by_no(tx: &mut Tx, no: LotNo) -> Result<Option<Lot>> {
    tx.one(BY_NO, params![no])
}

/// A lot with what is on hand of it and whose event made it.
pub struct LotAndSender {
    pub lot: Lot,
    pub on_hand: Option<i64>,
    pub sender: String,
    pub sender_division: String,
}

impl FromRow for LotAndSender {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            lot: Lot::from_row(r)?,
            on_hand: r.get(13)?,
            sender: r.get(14)?,
            sender_division: r.get(15)?,
        })
    }
}

pub fn taken(tx: &mut Tx, no: LotNo) -> Result<Option<LotAndSender>> {
    tx.one(TAKEN, params![no])
}

/// Everything made from a lot, by the database's own recursive query: what the graph's answers are checked against.
pub fn forward_by_sql(tx: &mut Tx, lot: LotNo) -> Result<Vec<LotNo>> {
    tx.all(FORWARD, params![lot])
}

/// Everything a lot was made from, by the database's own recursive query.
pub fn backward_by_sql(tx: &mut Tx, lot: LotNo) -> Result<Vec<LotNo>> {
    tx.all(BACKWARD, params![lot])
}

/// The events that brought a batch to this lot, the last first, at most `most`: from each lot to the input of the same
/// origin.
pub fn way_of(tx: &mut Tx, lot: &Lot, most: usize) -> Result<Vec<EventNo>> {
    let mut events = vec![lot.event];
    while let (Some(last), true) = (events.last().copied(), events.len() < most) {
        match tx.one::<EventNo>(STEP_BEFORE, params![last, lot.origin])? {
            Some(before) => events.push(before),
            None => break,
        }
    }
    Ok(events)
}

/// The lots with which batches of a product under this number began, newest first, at most 20.
pub fn origins_of_batch(tx: &mut Tx, product: &str, batch: &str) -> Result<Vec<Lot>> {
    tx.all(ORIGINS_OF_BATCH, params![product, batch])
}

/// The same by production date.
pub fn origins_of_day(tx: &mut Tx, product: &str, made: &str) -> Result<Vec<Lot>> {
    tx.all(ORIGINS_OF_DAY, params![product, made])
}
