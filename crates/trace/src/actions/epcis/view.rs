//! EPCIS events out: the projection carried on, and queries answered from it.

use std::sync::Arc;

use kit_base::{Error, Kind, Result};
use kit_db::{Db, Tx};
use kit_web::{House, Scope};
use serde_json::{Value, json};

use crate::epcis::event::Event;
use crate::epcis::native::{event_time, event_uri, words, written};
use crate::epcis::query::{Place, Query};
use crate::epcis::{Gs1, key_of};
use crate::model::{EventKind, EventNo};
use crate::store::epcis_view::{self as store, Found, Fresh, FreshCaptured, NewRow, Part};
use crate::store::events;

/// Ledger events projected in one transaction.
const STEP: i64 = 2_000;
/// What one query carries on by itself; beyond that the duty does it and the query is asked to wait.
const AT_ONCE: i64 = 50_000;
/// Candidates read at once, and looked through for one page at most.
const CHUNK: i64 = 500;
const MOST_LOOKED_AT: usize = 20_000;

/// Carries the projection on to the end of the ledger, `most` events at most; answers how many are left.
pub fn carry_on(db: &Db, most: i64) -> Result<i64> {
    let mut left = db.read_blocking(behind)?;
    let mut done = 0;
    while left > 0 && done < most {
        left = db.write_blocking(step)?;
        done += STEP;
    }
    Ok(left)
}

fn behind(tx: &mut Tx) -> Result<i64> {
    Ok(events::numbers(tx)?.0 - store::mark(tx)?)
}

fn step(tx: &mut Tx) -> Result<i64> {
    let from = store::hold_mark(tx)?;
    let (end, _) = events::numbers(tx)?;
    let upto = (from + STEP).min(end);
    for fresh in store::after(tx, from, upto)? {
        match &fresh.captured {
            Some(captured) => project_captured(tx, &fresh, captured)?,
            None => project_native(tx, &fresh)?,
        }
    }
    store::set_mark(tx, upto)?;
    Ok(end - upto)
}

fn project_native(tx: &mut Tx, fresh: &Fresh) -> Result<()> {
    let kind =
        EventKind::parse(&fresh.kind).ok_or_else(|| Error::internal(format!("event kind {}", fresh.kind)))?;
    let words = words(kind, fresh.takes);
    store::insert(
        tx,
        &NewRow {
            no: fresh.no,
            at_ms: event_time(&fresh.at, fresh.at_ms, fresh.recorded_at),
            recorded_at: fresh.recorded_at,
            id: &event_uri(&fresh.id),
            kind: words.kind,
            action: words.action,
            step: words.step,
            disposition: words.disposition,
            party: &fresh.party,
            division: &fresh.division,
            counterpart: fresh.counterpart.as_deref(),
            captured: false,
            read_point: None,
            location: None,
        },
    )
}

fn project_captured(tx: &mut Tx, fresh: &Fresh, captured: &FreshCaptured) -> Result<()> {
    let value: Value = serde_json::from_str(&captured.doc).map_err(Error::internal)?;
    let event = Event::read(&value).ok_or_else(|| Error::internal("a captured event cannot be read"))?;
    let place = |uri: &Option<String>| uri.as_deref().map(key_of);
    let (read_point, location) = (place(&event.read_point), place(&event.biz_location));
    store::insert(
        tx,
        &NewRow {
            no: fresh.no,
            at_ms: event.when.ms,
            recorded_at: captured.recorded_at,
            id: &captured.id,
            kind: &captured.kind,
            action: value.get("action").and_then(Value::as_str).unwrap_or_default(),
            step: event.biz_step.as_deref().unwrap_or_default(),
            disposition: event.disposition.as_deref().unwrap_or_default(),
            party: &captured.party,
            division: &captured.division,
            counterpart: None,
            captured: true,
            read_point: read_point.as_deref(),
            location: location.as_deref(),
        },
    )?;
    gtins(&event).iter().try_for_each(|gtin| store::add_gtin(tx, gtin, fresh.no))
}

/// Trade items that an event names, each once.
fn gtins(event: &Event) -> std::collections::BTreeSet<String> {
    let things = [&event.epcs, &event.children, &event.inputs, &event.outputs];
    let classes =
        [&event.quantities, &event.child_quantities, &event.input_quantities, &event.output_quantities];
    let things = things.into_iter().flatten().chain(&event.parent).map(String::as_str);
    let classes = classes.into_iter().flatten().map(|q| q.epc_class.as_str());
    let gtin = |code: &str| Gs1::parse(code).ok().flatten().and_then(|c| c.gtin14().map(str::to_owned));
    things.chain(classes).filter_map(gtin).collect()
}

/// Brings the projection up to the ledger before a query.
///
/// Errors: `epcis_view_behind` after a large import, until the duty has caught up.
pub async fn ready(house: &Arc<House>) -> Result<()> {
    if house.db.read(behind).await? == 0 {
        return Ok(());
    }
    let db = house.db.clone();
    let left =
        tokio::task::spawn_blocking(move || carry_on(&db, AT_ONCE)).await.map_err(Error::internal)??;
    if left <= 0 {
        return Ok(());
    }
    let text = format!("EPCIS 查询索引正在更新，还有 {left} 条记录，请稍后重试");
    Err(Error::new(Kind::Unavailable, "epcis_view_behind", text).retry_after(10))
}

/// One page of an answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// Each with the number of its ledger event.
    pub events: Vec<(EventNo, Value)>,
    /// Where to go on; `None`: that was all.
    pub next: Option<(i64, EventNo)>,
}

/// The next `size` events of an answer. A page may be shorter although there are more, where a query of which the
/// indexes know little would look through too much.
pub fn ask(
    tx: &mut Tx,
    scope: &Scope,
    query: &Query,
    base: &str,
    mut part: Part,
    size: usize,
) -> Result<Answer> {
    let mut answer = Answer::default();
    let mut looked_at = 0;
    loop {
        let chunk = store::candidates(tx, scope, query, base, part, CHUNK)?;
        let end = (chunk.len() as i64) < CHUNK;
        for found in chunk {
            looked_at += 1;
            let here = (found.sorted_by(query.order), found.no);
            if let Some(event) = event_of(tx, &found, base)?
                && query.lets(&event, found.recorded_at, place_of(&found, base))
            {
                if answer.events.len() == size {
                    answer.next = part.last;
                    return Ok(answer);
                }
                answer.events.push((found.no, event));
            }
            part.last = Some(here);
        }
        if end {
            return Ok(answer);
        }
        if looked_at >= MOST_LOOKED_AT {
            answer.next = part.last;
            return Ok(answer);
        }
    }
}

fn place_of<'a>(found: &'a Found, base: &'a str) -> Place<'a> {
    Place { base, division: if found.captured { "" } else { &found.division } }
}

/// An event as it goes out; its `recordTime` is when it was recorded here (standard 7.4.1.1).
pub fn event_of(tx: &mut Tx, found: &Found, base: &str) -> Result<Option<Value>> {
    if !found.captured {
        return Ok(store::native(tx, found.no)?.map(|native| native.to_value(base)));
    }
    let Some(doc) = store::doc(tx, found.no)? else { return Ok(None) };
    let mut value: Value = serde_json::from_str(&doc).map_err(Error::internal)?;
    value["recordTime"] = json!(written(found.recorded_at));
    Ok(Some(value))
}

/// The document around events.
pub fn document(
    base: &str,
    now: kit_base::Millis,
    query: &str,
    subscription: Option<&str>,
    events: Vec<Value>,
) -> Value {
    let mut results = json!({ "queryName": query, "resultsBody": { "eventList": events } });
    if let Some(id) = subscription {
        results["subscriptionID"] = json!(id);
    }
    json!({
        "@context": crate::epcis::native::context(base),
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": written(now),
        "epcisBody": { "queryResults": results },
    })
}
