//! Appending events, and reading them back in order.

use kit_base::{Error, Millis, Result};
use kit_db::{Param, Tx, params};

use crate::model::{EventNo, LotNo, NewEvent};

kit_db::statements! {
    TAKE_NUMBERS = "UPDATE trace_numbers SET event = event + $1, lot = lot + $2 WHERE id = 1 RETURNING event, lot";
    NUMBERS = "SELECT event, lot FROM trace_numbers WHERE id = 1";
    INSERT = "INSERT INTO events (no, id, kind, party, division, counterpart, counterpart_division, counterpart_name,
            at, at_ms, recorded_at, actor, channel, batch, doc_no, first_lot, lots, difference, reason, declared, doc, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    INSERT_LOT = "INSERT INTO lots (no, event, product, holder, division, state, origin, batch, made, expires, amount, unit, inspector)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    INSERT_INPUT = "INSERT INTO inputs (event, lot, amount) VALUES ($1, $2, $3)";
    INSERT_STOCK = "INSERT INTO stock (lot, holder, division, product, state, expires, on_hand) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TAKE_STOCK = "UPDATE stock SET on_hand = on_hand - $2 WHERE lot = $1 AND holder = $3 AND on_hand >= $2";
    RETURN_STOCK = "UPDATE stock SET on_hand = on_hand + $2 WHERE lot = $1";
    BY_CLIENT_KEY = "SELECT k.event, e.id, e.first_lot, e.lots FROM capture_keys k JOIN events e ON e.no = k.event
        WHERE k.party = $1 AND k.client_key = $2";
    KEEP_CLIENT_KEY = "INSERT INTO capture_keys (party, client_key, event) VALUES ($1, $2, $3)";
    AFTER = "SELECT no, first_lot, lots FROM events WHERE no > $1 AND no <= $2 ORDER BY no";
    INPUTS_AFTER = "SELECT event, lot FROM inputs WHERE event > $1 AND event <= $2 ORDER BY event, lot";
    OF_EVENT = "SELECT lot, amount FROM inputs WHERE event = $1 ORDER BY lot";
    NO_OF_ID = "SELECT no FROM events WHERE id = $1";
    FOR_CORRECTION = "SELECT kind, party, division, first_lot, lots, declared FROM events WHERE no = $1";
    CORRECT = "INSERT INTO corrections (event, reason, actor, at, replaced_by) VALUES ($1, $2, $3, $4, NULL)";
    USED = "SELECT count(*) FROM inputs WHERE lot >= $1 AND lot < $2";
    EMPTY_STOCK = "UPDATE stock SET on_hand = 0 WHERE lot >= $1 AND lot < $2";
}

/// The last event and lot numbers given out.
pub fn numbers(tx: &mut Tx) -> Result<(EventNo, LotNo)> {
    tx.one(NUMBERS, &[])?.ok_or_else(|| Error::internal("trace numbers are missing"))
}

/// Takes the next `events` event numbers and `lots` lot numbers; answers the first of each. Held until the commit.
pub fn take_numbers(tx: &mut Tx, events: i64, lots: i64) -> Result<(EventNo, LotNo)> {
    let (event, lot): (i64, i64) = tx
        .one(TAKE_NUMBERS, params![events, lots])?
        .ok_or_else(|| Error::internal("trace numbers are missing"))?;
    Ok((event - events + 1, lot - lots + 1))
}

/// Appends one event with its inputs, lots and stock; answers its number and first lot.
pub fn append(tx: &mut Tx, e: &NewEvent) -> Result<(EventNo, LotNo)> {
    let lots = e.makes.len() as i64;
    let (no, first) = take_numbers(tx, 1, lots)?;
    tx.exec(INSERT, &event_params(no, first, e))?;
    for (lot, amount) in &e.inputs {
        tx.exec(INSERT_INPUT, params![no, *lot, *amount])?;
    }
    for (i, lot) in e.makes.iter().enumerate() {
        let lot_no = first + i as i64;
        let state = if lot.in_transit { "transit" } else { "stock" };
        tx.exec(
            INSERT_LOT,
            params![
                lot_no,
                no,
                &lot.product,
                &lot.holder,
                &lot.division,
                state,
                lot.origin.unwrap_or(lot_no),
                &lot.batch,
                &lot.made,
                &lot.expires,
                lot.amount,
                lot.unit.as_str(),
                &lot.inspector
            ],
        )?;
        // declared history is outside the stock checks
        if let Some(amount) = lot.amount.filter(|_| !e.declared) {
            let stock =
                params![lot_no, &lot.holder, &lot.division, &lot.product, state, &lot.expires, amount];
            tx.exec(INSERT_STOCK, stock)?;
        }
    }
    Ok((no, first))
}

fn event_params<'e>(no: EventNo, first: LotNo, e: &'e NewEvent) -> [Param<'e>; 22] {
    [
        no.into(),
        (&e.id).into(),
        e.kind.as_str().into(),
        (&e.party).into(),
        (&e.division).into(),
        (&e.counterpart).into(),
        (&e.counterpart_division).into(),
        (&e.counterpart_name).into(),
        (&e.at).into(),
        e.at_ms.into(),
        e.recorded_at.into(),
        (&e.actor).into(),
        e.channel.into(),
        (&e.batch).into(),
        (&e.doc_no).into(),
        first.into(),
        (e.makes.len() as i64).into(),
        e.difference.into(),
        (&e.reason).into(),
        e.declared.into(),
        (&e.doc).into(),
        e.simulated.into(),
    ]
}

/// Takes from what is on hand; `false` where there is not so much (any more).
pub fn take_stock(tx: &mut Tx, lot: LotNo, amount: i64, holder: &str) -> Result<bool> {
    Ok(tx.exec(TAKE_STOCK, params![lot, amount, holder])? == 1)
}

pub fn return_stock(tx: &mut Tx, lot: LotNo, amount: i64) -> Result<()> {
    tx.exec(RETURN_STOCK, params![lot, amount]).map(drop)
}

/// The event recorded under a client's key: number, id, first lot, lots.
pub fn by_client_key(tx: &mut Tx, party: &str, key: &str) -> Result<Option<(EventNo, String, LotNo, i64)>> {
    tx.one(BY_CLIENT_KEY, params![party, key])
}

pub fn keep_client_key(tx: &mut Tx, party: &str, key: &str, event: EventNo) -> Result<()> {
    tx.exec(KEEP_CLIENT_KEY, params![party, key, event]).map(drop)
}

/// One event as the graph wants it: number, first lot, lots, inputs.
pub type Link = (EventNo, LotNo, i64, Vec<LotNo>);

/// Hands over the events `after < no <= upto` in order with their inputs, in steps that bound the memory.
pub fn links_after(
    tx: &mut Tx,
    after: EventNo,
    upto: EventNo,
    each: &mut dyn FnMut(Link) -> Result<()>,
) -> Result<()> {
    const STEP: i64 = 50_000;
    let mut from = after;
    while from < upto {
        let to = (from + STEP).min(upto);
        let events: Vec<(i64, i64, i64)> = tx.all(AFTER, params![from, to])?;
        let inputs: Vec<(i64, i64)> = tx.all(INPUTS_AFTER, params![from, to])?;
        let mut rest = inputs.as_slice();
        for (no, first, lots) in events {
            let own = rest.iter().take_while(|(event, _)| *event == no).count();
            let (mine, others) = rest.split_at(own);
            rest = others;
            each((no, first, lots, mine.iter().map(|(_, lot)| *lot).collect()))?;
        }
        from = to;
    }
    Ok(())
}

pub fn inputs_of(tx: &mut Tx, event: EventNo) -> Result<Vec<(LotNo, Option<i64>)>> {
    tx.all(OF_EVENT, params![event])
}

pub fn no_of_id(tx: &mut Tx, id: &str) -> Result<Option<EventNo>> {
    tx.one(NO_OF_ID, params![id])
}

/// What a correction must know of the event: kind, party, division, first lot, lots, declared.
pub type Correctable = (String, String, String, LotNo, i64, bool);

pub fn for_correction(tx: &mut Tx, no: EventNo) -> Result<Option<Correctable>> {
    tx.one(FOR_CORRECTION, params![no])
}

pub fn correct(tx: &mut Tx, no: EventNo, reason: &str, actor: &str, now: Millis) -> Result<()> {
    tx.exec(CORRECT, params![no, reason, actor, now]).map(drop)
}

/// How many uses the lots `first .. first + lots` have had.
pub fn uses(tx: &mut Tx, first: LotNo, lots: i64) -> Result<i64> {
    tx.one(USED, params![first, first + lots]).map(|n| n.unwrap_or(0))
}

pub fn empty_stock(tx: &mut Tx, first: LotNo, lots: i64) -> Result<()> {
    tx.exec(EMPTY_STOCK, params![first, first + lots]).map(drop)
}
