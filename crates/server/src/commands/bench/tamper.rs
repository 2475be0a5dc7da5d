//! What somebody with the database's password could do to the past: one random edit after another, each of another
//! event, and which events a check must name then. For the measurement and for the test.

use std::collections::BTreeSet;

use kit_base::Result;
use kit_db::{Sql, Tx, params};
use trace::model::EventNo;

/// Every column of an event but its number.
const EVENT_COLUMNS: &[&str] = &[
    "UPDATE events SET id = id || '~' WHERE no = $1",
    "UPDATE events SET kind = kind || '~' WHERE no = $1",
    "UPDATE events SET party = party || '~' WHERE no = $1",
    "UPDATE events SET division = division || '1' WHERE no = $1",
    "UPDATE events SET counterpart = COALESCE(counterpart, '') || '~' WHERE no = $1",
    "UPDATE events SET counterpart_division = COALESCE(counterpart_division, '') || '1' WHERE no = $1",
    "UPDATE events SET counterpart_name = counterpart_name || '~' WHERE no = $1",
    "UPDATE events SET at = at || '~' WHERE no = $1",
    "UPDATE events SET at_ms = COALESCE(at_ms, 0) - 86400000 WHERE no = $1",
    "UPDATE events SET recorded_at = recorded_at - 86400000 WHERE no = $1",
    "UPDATE events SET actor = actor || '~' WHERE no = $1",
    "UPDATE events SET channel = channel || '~' WHERE no = $1",
    "UPDATE events SET batch = batch || '~' WHERE no = $1",
    "UPDATE events SET doc_no = doc_no || '~' WHERE no = $1",
    "UPDATE events SET first_lot = first_lot + 1 WHERE no = $1",
    "UPDATE events SET lots = lots + 1 WHERE no = $1",
    "UPDATE events SET difference = COALESCE(difference, 0) + 1 WHERE no = $1",
    "UPDATE events SET reason = reason || '~' WHERE no = $1",
    "UPDATE events SET declared = 1 - declared WHERE no = $1",
    "UPDATE events SET doc = COALESCE(doc, '') || '~' WHERE no = $1",
    "UPDATE events SET simulated = 1 - simulated WHERE no = $1",
    "UPDATE events SET counterpart = '' WHERE no = $1 AND counterpart IS NULL",
];

/// Every column of a lot, and lots that vanish, appear, or go over to another event.
const LOT_EDITS: &[&str] = &[
    "UPDATE lots SET product = product || '~' WHERE event = $1",
    "UPDATE lots SET holder = holder || '~' WHERE event = $1",
    "UPDATE lots SET division = division || '1' WHERE event = $1",
    "UPDATE lots SET state = CASE state WHEN 'stock' THEN 'transit' ELSE 'stock' END WHERE event = $1",
    "UPDATE lots SET origin = origin + 1 WHERE event = $1",
    "UPDATE lots SET batch = batch || '~' WHERE event = $1",
    "UPDATE lots SET made = made || '~' WHERE event = $1",
    "UPDATE lots SET expires = expires || '~' WHERE event = $1",
    "UPDATE lots SET amount = COALESCE(amount, 0) + 1 WHERE event = $1",
    "UPDATE lots SET unit = unit || '~' WHERE event = $1",
    "UPDATE lots SET inspector = inspector || '~' WHERE event = $1",
    "UPDATE lots SET event = -event WHERE event = $1",
    "DELETE FROM lots WHERE event = $1",
    "INSERT INTO lots (no, event, product, holder, division, state, origin, batch, made, expires, amount, unit, inspector)
        SELECT -no, event, product, holder, division, state, origin, batch, made, expires, amount, unit, inspector
        FROM lots WHERE event = $1",
];

const INPUT_EDITS: &[&str] = &[
    "UPDATE inputs SET amount = COALESCE(amount, 0) + 1 WHERE event = $1",
    "UPDATE inputs SET lot = -lot WHERE event = $1",
    "UPDATE inputs SET event = -event WHERE event = $1",
    "DELETE FROM inputs WHERE event = $1",
];

const PAPER_EDITS: &[&str] = &[
    "UPDATE move_papers SET vehicle = vehicle || '~' WHERE event = $1",
    "UPDATE move_papers SET event = -event WHERE event = $1",
    "DELETE FROM move_papers WHERE event = $1",
    "UPDATE move_additives SET amount = amount + 1 WHERE event = $1",
    "UPDATE move_additives SET name = name || '~' WHERE event = $1",
    "UPDATE move_additives SET place = place + 7 WHERE event = $1",
    "DELETE FROM move_additives WHERE event = $1",
    "INSERT INTO move_additives (event, place, name, amount, unit, purpose) VALUES ($1, 99, 'x', 1, 'mg', '')",
];

const ADD_INPUT: Sql = Sql::One("INSERT INTO inputs (event, lot, amount) VALUES ($1, $2, 1)");
const DELETE_EVENT: Sql = Sql::One("DELETE FROM events WHERE no = $1");
const RENUMBER: Sql = Sql::One("UPDATE events SET no = $2 WHERE no = $1");
const COPY_EVENT: Sql = Sql::One(
    "INSERT INTO events (no, id, kind, party, division, counterpart_name, at, recorded_at, actor, channel, batch, doc_no,
        first_lot, lots, reason, declared, simulated)
     SELECT $2, id || '~', kind, party, division, counterpart_name, at, recorded_at - 86400000, actor, channel, batch, doc_no,
        first_lot, lots, reason, declared, simulated FROM events WHERE no = $1",
);

/// Does one random edit around event `no`, which nobody edited yet, nor its follower. Answers the events that must be
/// named: one, or two where two were swapped; none where this event has nothing of what was to be changed.
/// `roll(n)` answers a number below `n`; `free` is a number beyond all events.
pub fn edit(
    tx: &mut Tx,
    roll: &mut dyn FnMut(u64) -> u64,
    no: EventNo,
    free: EventNo,
) -> Result<BTreeSet<EventNo>> {
    let changed = match roll(11) {
        0..=2 => one_of(tx, roll, EVENT_COLUMNS, no)?,
        3 | 4 => one_of(tx, roll, LOT_EDITS, no)?,
        5 => one_of(tx, roll, INPUT_EDITS, no)?,
        6 => tx.exec(ADD_INPUT, params![no, free])?,
        10 => one_of(tx, roll, PAPER_EDITS, no)?,
        7 => tx.exec(DELETE_EVENT, params![no])?,
        8 => {
            tx.exec(COPY_EVENT, params![no, free])?;
            return Ok([free].into());
        }
        _ => {
            for (from, to) in [(no, -free), (no + 1, no), (-free, no + 1)] {
                tx.exec(RENUMBER, params![from, to])?;
            }
            return Ok([no, no + 1].into());
        }
    };
    Ok(if changed > 0 { [no].into() } else { BTreeSet::new() })
}

fn one_of(
    tx: &mut Tx,
    roll: &mut dyn FnMut(u64) -> u64,
    edits: &'static [&'static str],
    no: EventNo,
) -> Result<u64> {
    let text = edits[roll(edits.len() as u64) as usize];
    tx.exec(Sql::One(text), params![no])
}

/// The events that a fault is about, whatever happened to the sign of their number.
pub fn named(fault: &trace::verify::Fault) -> Option<EventNo> {
    fault.event.map(i64::abs)
}
