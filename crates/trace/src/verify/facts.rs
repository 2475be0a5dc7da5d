//! What the database holds against what its leaves say.

use kit_base::Result;
use kit_db::Tx;
use kit_ledger::entry::Events;
use kit_ledger::store::{self as ledger, Leaf, PART};
use kit_ledger::{Entry, Hash, Stack};

use super::{Fault, Walk};
use crate::model::EventNo;
use crate::record;
use crate::store::records::{self, Stored, StoredCode, StoredCorrection};

/// Events that are read at once.
const STEP: usize = 1_000;

/// The facts of one leaf: its events against the tables, its other facts against its roots.
pub(super) fn of_leaf(walk: &mut Walk, tx: &mut Tx, leaf: &Leaf, entry: &Entry) -> Result<()> {
    let named = entry.events.map(|e| (e.first, e.last));
    if leaf.first_event.zip(leaf.last_event) != named {
        let text = format!("账本第 {} 条登记的记录号与其内容不符", leaf.no);
        walk.fault(Fault::new("leaf_changed", leaf.no, text));
    }
    for (kind, items) in &entry.items {
        let mut stack = Stack::default();
        ledger::items_of(tx, leaf.no, kind, &mut |hash| stack.push(hash))?;
        if stack.count() != items.count || stack.root() != items.root {
            let text = format!("账本第 {} 条的事实清单（{kind}）被改动", leaf.no);
            walk.fault(Fault::new("records_changed", leaf.no, text));
        }
    }
    match &entry.events {
        Some(events) => of_events(walk, tx, leaf.no, events),
        None => Ok(()),
    }
}

fn of_events(walk: &mut Walk, tx: &mut Tx, leaf: i64, events: &Events) -> Result<()> {
    if events.first != walk.next_event {
        let text = format!("账本从第 {} 号记录跳到第 {} 号", walk.next_event - 1, events.first);
        walk.fault(Fault::of("event_added", walk.next_event, text));
    }
    walk.next_event = events.last + 1;
    let count = events.last - events.first + 1;
    if count == 1 {
        return compare(walk, tx, events.first, &[events.root]);
    }
    let mut stack = Stack::default();
    for (part, from) in (events.first..=events.last).step_by(PART).enumerate() {
        let due = (events.last - from + 1).min(PART as i64) as usize;
        let mut hashes = ledger::part(tx, leaf, part as i64)?;
        hashes.resize(due, Hash::default());
        hashes.iter().for_each(|hash| stack.push(*hash));
        for (step, hashes) in hashes.chunks(STEP).enumerate() {
            compare(walk, tx, from + (step * STEP) as i64, hashes)?;
            if !walk.goes_on {
                return Ok(());
            }
        }
    }
    if stack.root() != events.root {
        let text =
            format!("账本第 {leaf} 条的记录清单被改动，涉及第 {} 至 {} 号记录", events.first, events.last);
        walk.fault(Fault::new("records_changed", leaf, text));
    }
    Ok(())
}

/// The events from `first` on against their hashes.
fn compare(walk: &mut Walk, tx: &mut Tx, first: EventNo, hashes: &[Hash]) -> Result<()> {
    let last = first + hashes.len() as i64 - 1;
    for (no, found) in (first..).zip(read(tx, first, last)?) {
        let fault = match found {
            None => Fault::of("event_deleted", no, format!("第 {no} 号记录被删除")),
            Some((_, hash)) if hash == hashes[(no - first) as usize] => continue,
            Some((id, _)) => {
                Fault::of("event_changed", no, format!("第 {no} 号记录（{id}）或其批次、来源被改动"))
            }
        };
        walk.fault(fault);
    }
    Ok(())
}

/// Id and hash of each event `first ..= last` as the tables have it now; `None` where it is not there.
pub(super) fn read(tx: &mut Tx, first: EventNo, last: EventNo) -> Result<Vec<Option<(String, Hash)>>> {
    let mut out = vec![None; (last - first + 1) as usize];
    Stored::read(tx, first, last)?.each(|no, id, record| {
        out[(no - first) as usize] = Some((id.to_owned(), record.hash()));
    });
    Ok(out)
}

/// What stands beside the numbers that the ledger has, and the facts that are no events.
pub(super) fn others(walk: &mut Walk, tx: &mut Tx) -> Result<()> {
    let last = walk.next_event - 1;
    records::other_events(tx, last, &mut |(no, id)| {
        walk.fault(Fault::of("event_added", no, format!("第 {no} 号记录（{id}）不在账本内")));
        Ok(walk.goes_on)
    })?;
    records::other_lots(tx, last, &mut |(no, event)| {
        walk.fault(Fault::of("lot_added", event, format!("批次 {no} 所属的第 {event} 号记录不在账本内")));
        Ok(walk.goes_on)
    })?;
    records::other_inputs(tx, last, &mut |(no, event)| {
        let text = format!("来源关系（批次 {no}）所属的第 {event} 号记录不在账本内");
        walk.fault(Fault::of("input_added", event, text));
        Ok(walk.goes_on)
    })?;
    records::other_papers(tx, last, &mut |event| {
        let text = format!("凭证或添加剂所属的第 {event} 号记录不在账本内");
        walk.fault(Fault::of("papers_added", event, text));
        Ok(walk.goes_on)
    })?;
    corrections(walk, tx)?;
    codes(walk, tx)
}

fn corrections(walk: &mut Walk, tx: &mut Tx) -> Result<()> {
    records::corrections(tx, &mut |c: StoredCorrection| {
        walk.done.corrections += 1;
        let hash = record::of_correction(c.event, &c.reason, (&c.actor, &c.by), c.at, c.replaced_by).hash();
        match c.known {
            Some(known) if known == hash => {}
            Some(_) => {
                let text = format!("第 {} 号记录的更正声明被改动", c.event);
                walk.fault(Fault::of("correction_changed", c.event, text));
            }
            None => {
                let text = format!("第 {} 号记录的更正声明不在账本内", c.event);
                walk.fault(Fault::of("correction_added", c.event, text));
            }
        }
        Ok(walk.goes_on)
    })?;
    records::lost_corrections(tx, &mut |event| {
        let text = format!("第 {event} 号记录的更正声明被删除");
        let number = event.parse().ok();
        walk.fault(Fault { event: number, ..Fault::new("correction_deleted", &event, text) });
        Ok(walk.goes_on)
    })
}

fn codes(walk: &mut Walk, tx: &mut Tx) -> Result<()> {
    records::codes(tx, &mut |c: StoredCode| {
        walk.done.codes += 1;
        let hash = record::of_code(&c.code, c.lot, &c.party, &c.division, c.made_at).hash();
        let told = |what: &str| format!("追溯码 {} {what}", c.code);
        match &c.known {
            Some(known) if *known == hash => {}
            Some(_) => walk.fault(Fault::new("code_changed", &c.code, told("的登记被改动"))),
            None => walk.fault(Fault::new("code_added", &c.code, told("不在账本内"))),
        }
        let void = c.voided_at.map(|at| record::of_void(&c.code, at, &c.void_reason).hash());
        match (&c.known_void, void) {
            (None, None) if c.void_reason.is_empty() => {}
            (Some(known), Some(void)) if *known == void => {}
            (Some(_), None) => walk.fault(Fault::new("void_deleted", &c.code, told("的作废被撤去"))),
            (None, Some(_)) => walk.fault(Fault::new("void_added", &c.code, told("的作废不在账本内"))),
            _ => walk.fault(Fault::new("void_changed", &c.code, told("的作废被改动"))),
        }
        Ok(walk.goes_on)
    })?;
    records::lost_codes(tx, &mut |(kind, code)| {
        if kind == record::CODE {
            walk.fault(Fault::new("code_deleted", &code, format!("追溯码 {code} 被删除")));
        }
        Ok(walk.goes_on)
    })
}
