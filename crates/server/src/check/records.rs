//! What the tables say of one another.

use kit_base::Result;
use kit_db::Tx;
use kit_ledger::Checkpoint;
use trace::store::{check, events};
use trace::verify::{Against, Fault, Tell, Walked};

use super::Place;

pub fn numbers(place: &Place) -> Result<(u64, Vec<String>)> {
    place.db.read_blocking(|tx| {
        let (event, lot) = events::numbers(tx)?;
        let (found_events, found_lots) = (check::event_numbers(tx)?, check::lot_numbers(tx)?);
        let made = check::made_lots(tx)?;
        let mut faults = Vec::new();
        if !found_events.is_whole(event) {
            faults.push(format!(
                "流转记录应为 1 至 {event} 号，实有 {} 条（{} 至 {} 号）",
                found_events.count, found_events.first, found_events.last
            ));
        }
        if !found_lots.is_whole(lot) {
            faults.push(format!(
                "批次应为 1 至 {lot} 号，实有 {} 个（{} 至 {} 号）",
                found_lots.count, found_lots.first, found_lots.last
            ));
        }
        if made != lot {
            faults.push(format!("流转记录共产生 {made} 个批次，批次表为 {lot} 个"));
        }
        Ok((count(event) + count(lot), faults))
    })
}

pub fn links(place: &Place) -> Result<(u64, Vec<String>)> {
    place.db.read_blocking(|tx| {
        let (event, lot) = events::numbers(tx)?;
        let mut faults = Vec::new();
        for (lot, event) in check::stray_lots(tx)? {
            faults.push(format!("批次 {lot} 不属于其记录 {event}"));
        }
        for (event, lot) in check::stray_inputs(tx)? {
            faults.push(format!("记录 {event} 的投入批次 {lot} 或该记录本身不存在"));
        }
        for lot in check::stray_stock(tx)? {
            faults.push(format!("库存引用了不存在的批次 {lot}"));
        }
        for code in check::stray_codes(tx)? {
            faults.push(format!("追溯码 {code} 的批次不存在"));
        }
        for event in check::stray_keys(tx)? {
            faults.push(format!("登记键引用了不存在的记录 {event}"));
        }
        Ok((count(event) + count(lot), faults))
    })
}

pub fn stock(place: &Place) -> Result<(u64, Vec<String>)> {
    place.db.read_blocking(|tx| {
        let (_, lot) = events::numbers(tx)?;
        let wrong = check::wrong_stock(tx)?;
        let faults = wrong.into_iter().map(|(lot, on_hand, expected)| match on_hand {
            Some(on_hand) => format!("批次 {lot} 库存为 {on_hand}，按流转记录应为 {expected}"),
            None => format!("批次 {lot} 没有库存记录，按流转记录应为 {expected}"),
        });
        Ok((count(lot), faults.collect()))
    })
}

pub fn time(place: &Place) -> Result<(u64, Vec<String>)> {
    place.db.read_blocking(|tx| {
        let (event, _) = events::numbers(tx)?;
        let back = check::back_in_time(tx)?;
        Ok((count(event), back.into_iter().map(|no| format!("记录 {no} 的登记时间早于前一条")).collect()))
    })
}

pub fn audit(place: &Place) -> Result<(u64, Vec<String>)> {
    match place.db.read_blocking(kit_web::audit::verify) {
        Ok(rows) => Ok((count(rows), Vec::new())),
        Err(e) if e.code == "audit_broken" => Ok((0, vec![e.message])),
        Err(e) => Err(e),
    }
}

/// The whole ledger, and every row of cases, documents and samples that it has.
///
/// Errors: those of the database; that something does not fit is a fault, not an error.
pub fn walk(tx: &mut Tx, against: &Against, tell: Tell) -> Result<Walked> {
    let Tell { fault, progress } = tell;
    let mut goes_on = true;
    let mut faults = 0;
    let mut each = |found: Fault| {
        faults += 1;
        goes_on = fault(found);
        goes_on
    };
    let mut walked = trace::verify::verify(tx, against, Tell { fault: &mut each, progress })?;
    if goes_on {
        (walked.entries, walked.papers) = kit_flow::proof::verify(tx, &mut |f| {
            faults += 1;
            let found = Fault { code: f.code, place: f.place, event: None, message: f.message };
            goes_on = fault(found);
            goes_on
        })?;
    }
    if goes_on {
        walked.samples = sampling::verify(tx, &mut |found| {
            faults += 1;
            fault(found)
        })?;
    }
    walked.faults = faults;
    Ok(walked)
}

/// What `shian ledger verify` asks, with the copy of the latest checkpoint beside the database.
pub fn ledger(place: &Place) -> Result<(u64, Vec<String>)> {
    let Some(key) = &place.ledger else {
        tracing::warn!("no key of the ledger here: it is not checked");
        return Ok((0, Vec::new()));
    };
    let (copy, mut faults) = (place.data.join("ledger.checkpoint"), Vec::new());
    let mut known = Vec::new();
    if copy.exists() {
        known.push(Checkpoint::open(&std::fs::read_to_string(&copy)?, key)?);
    }
    let mut fault = |fault: Fault| {
        faults.push(fault.message);
        faults.len() < super::MOST
    };
    let walked = place.db.read_blocking(|tx| {
        let tell = Tell { fault: &mut fault, progress: &mut |_, _| {} };
        walk(tx, &Against { key, known }, tell)
    })?;
    Ok((count(walked.leaves), faults))
}

/// Every case: its chain, and each projection against the fold.
pub fn flows(place: &Place) -> Result<(u64, Vec<String>)> {
    let flows = crate::opening::reading_flows(place.db)?;
    let (mut after, mut looked_at, mut faults) = (String::new(), 0, Vec::new());
    loop {
        let from = after.clone();
        let ids = place.db.read_blocking(|tx| kit_flow::store::log::cases_after(tx, &from, 500))?;
        let Some(last) = ids.last() else { return Ok((looked_at, faults)) };
        after.clone_from(last);
        for id in ids {
            looked_at += 1;
            faults.extend(place.db.read_blocking(|tx| kit_flow::engine::verify(tx, &flows, &id))?);
        }
    }
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
