//! Appending events, and reading them back in order.

use kit_base::{Error, Millis, Result};
use kit_db::{Param, Tx, params};

use super::papers;
use crate::model::{EventNo, LotNo, NewEvent, NewLot};
use crate::record;

kit_db::statements! {
    TAKE_NUMBERS = "UPDATE trace_numbers SET event = event + $1, lot = lot + $2 WHERE id = 1 RETURNING event, lot";
    TAKE_MOMENT = "UPDATE trace_numbers SET recorded_at = CASE WHEN recorded_at > $1 THEN recorded_at ELSE $1 END WHERE id = 1
        RETURNING recorded_at";
    NUMBERS = "SELECT event, lot FROM trace_numbers WHERE id = 1";
    RETURN_STOCK = "UPDATE stock SET on_hand = on_hand + $2 WHERE lot = $1";
    AFTER = "SELECT no, first_lot, lots FROM events WHERE no > $1 AND no <= $2 ORDER BY no";
    INPUTS_AFTER = "SELECT event, lot FROM inputs WHERE event > $1 AND event <= $2 ORDER BY event, lot";
    OF_EVENT = "SELECT lot, amount FROM inputs WHERE event = $1 ORDER BY lot";
    NO_OF_ID = "SELECT no FROM events WHERE id = $1";
    FOR_CORRECTION = "SELECT kind, party, division, first_lot, lots, declared FROM events WHERE no = $1";
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

/// The time of recording for what is numbered now: `now`, or the last one given out where the clock has gone back. Asked
/// with the numbers in hand, so that times never fall while numbers rise.
fn take_moment(tx: &mut Tx, now: Millis) -> Result<Millis> {
    tx.one(TAKE_MOMENT, params![now])?.ok_or_else(|| Error::internal("trace numbers are missing"))
}

/// Appends one event with its inputs, lots and stock, and notes its record for the ledger; answers its number and first
/// lot.
pub fn append(tx: &mut Tx, e: &NewEvent) -> Result<(EventNo, LotNo)> {
    let given = append_all(tx, std::slice::from_ref(e))?;
    given.first().copied().ok_or_else(|| Error::internal("an appended event has no number"))
}

/// Appends events in their order, with inputs, lots, stock, papers and additives; answers the number and first lot of
/// each. Their records are noted for the ledger. This is the one place where events are stored.
pub fn append_all(tx: &mut Tx, all: &[NewEvent]) -> Result<Vec<(EventNo, LotNo)>> {
    let lots: usize = all.iter().map(|e| e.makes.len()).sum();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (first_event, first_lot) = take_numbers(tx, all.len() as i64, lots as i64)?;
    let now = all.iter().map(|e| e.recorded_at).max().unwrap_or(0);
    let recorded_at = take_moment(tx, now)?;
    let later: Vec<NewEvent>;
    let all = if all.iter().all(|e| e.recorded_at == recorded_at) {
        all
    } else {
        later = all.iter().map(|e| NewEvent { recorded_at, ..e.clone() }).collect();
        later.as_slice()
    };
    let mut given = Vec::with_capacity(all.len());
    let mut next = first_lot;
    for (i, event) in all.iter().enumerate() {
        given.push((first_event + i as i64, next));
        next += event.makes.len() as i64;
    }
    let numbered = || given.iter().copied().zip(all);
    let events = numbered().map(|((no, first), e)| event_params(no, first, e).to_vec());
    tx.insert_many("events", &EVENT_COLUMNS, events)?;
    let made =
        || numbered().flat_map(|((no, first), e)| (first..).zip(&e.makes).map(move |(n, l)| (no, n, e, l)));
    if lots > 0 {
        tx.insert_many("lots", &LOT_COLUMNS, made().map(|(no, n, _, lot)| lot_params(no, n, lot)))?;
    }
    let inputs = numbered().flat_map(|((no, _), e)| {
        e.inputs.iter().map(move |(lot, amount)| vec![no.into(), (*lot).into(), (*amount).into()])
    });
    insert_some(tx, "inputs", &["event", "lot", "amount"], inputs)?;
    // declared history is outside the stock checks
    let stock = made().filter(|(_, _, e, _)| !e.declared);
    let stock = stock.filter_map(|(_, n, _, lot)| Some(stock_params(n, lot, lot.amount?)));
    insert_some(tx, "stock", &STOCK_COLUMNS, stock)?;
    papers::add_papers(tx, numbered().filter_map(|((no, _), e)| Some((no, e.papers.as_ref()?))))?;
    let additives = numbered().flat_map(|((no, _), e)| (0..).zip(&e.additives).map(move |(i, a)| (no, i, a)));
    papers::add_additives(tx, additives)?;
    for ((no, first), event) in numbered() {
        tx.event_fact(no, record::of_new(no, first, event))?;
    }
    Ok(given)
}

/// [`Tx::insert_many`] where there is a row at all.
fn insert_some<'p>(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    rows: impl Iterator<Item = Vec<Param<'p>>>,
) -> Result<()> {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        tx.insert_many(table, columns, rows)?;
    }
    Ok(())
}

/// Columns of a table in the order in which rows are written; the bulk load and the benchmarks write the same.
pub const EVENT_COLUMNS: [&str; 22] = [
    "no",
    "id",
    "kind",
    "party",
    "division",
    "counterpart",
    "counterpart_division",
    "counterpart_name",
    "at",
    "at_ms",
    "recorded_at",
    "actor",
    "channel",
    "batch",
    "doc_no",
    "first_lot",
    "lots",
    "difference",
    "reason",
    "declared",
    "doc",
    "simulated",
];

pub const LOT_COLUMNS: [&str; 13] = [
    "no",
    "event",
    "product",
    "holder",
    "division",
    "state",
    "origin",
    "batch",
    "made",
    "expires",
    "amount",
    "unit",
    "inspector",
];

pub const STOCK_COLUMNS: [&str; 7] = ["lot", "holder", "division", "product", "state", "expires", "on_hand"];

fn state(lot: &NewLot) -> &'static str {
    if lot.in_transit { "transit" } else { "stock" }
}

fn lot_params(event: EventNo, no: LotNo, lot: &NewLot) -> Vec<Param<'_>> {
    vec![
        no.into(),
        event.into(),
        (&lot.product).into(),
        (&lot.holder).into(),
        (&lot.division).into(),
        state(lot).into(),
        lot.origin.unwrap_or(no).into(),
        (&lot.batch).into(),
        (&lot.made).into(),
        (&lot.expires).into(),
        lot.amount.into(),
        lot.unit.as_str().into(),
        (&lot.inspector).into(),
    ]
}

fn stock_params(no: LotNo, lot: &NewLot, amount: i64) -> Vec<Param<'_>> {
    vec![
        no.into(),
        (&lot.holder).into(),
        (&lot.division).into(),
        (&lot.product).into(),
        state(lot).into(),
        (&lot.expires).into(),
        amount.into(),
    ]
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

pub fn return_stock(tx: &mut Tx, lot: LotNo, amount: i64) -> Result<()> {
    tx.exec(RETURN_STOCK, params![lot, amount]).map(drop)
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

/// How many uses the lots `first .. first + lots` have had.
pub fn uses(tx: &mut Tx, first: LotNo, lots: i64) -> Result<i64> {
    tx.one(USED, params![first, first + lots]).map(|n| n.unwrap_or(0))
}

pub fn empty_stock(tx: &mut Tx, first: LotNo, lots: i64) -> Result<()> {
    tx.exec(EMPTY_STOCK, params![first, first + lots]).map(drop)
}
