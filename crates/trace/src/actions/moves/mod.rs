//! Capture: moves go in one by one or as a batch.

mod batch;

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use serde_json::json;

use crate::live::LiveGraph;
use crate::model::{Captured, EventNo, Kept, LotNo, Mode, NewEvent, NewMove, Refused};
use crate::rules::{Decision, Facts};
use crate::store::events;

/// The most lines one capture may have.
pub const MAX_LINES: usize = 10_000;

/// How a capture came in.
#[derive(Debug, Clone)]
pub struct Source {
    /// form, xlsx, api, epcis, network, simulator
    pub channel: &'static str,
    /// Id of the capture.
    pub batch: String,
}

/// Records a batch of moves.
///
/// Errors: `moves_empty`, `moves_too_many`; with [`Mode::All`] the first line's refusal, its field under `items/N`.
pub fn capture(act: &mut Act, mode: Mode, channel: &'static str, items: &[NewMove]) -> Result<Captured> {
    if items.is_empty() {
        return Err(Error::invalid("items", "moves_empty", "没有要登记的内容"));
    }
    if items.len() > MAX_LINES {
        return Err(Error::invalid(
            "items",
            "moves_too_many",
            format!("一次最多登记 {MAX_LINES} 条，请分批"),
        ));
    }
    let source = Source { channel, batch: act.id() };
    let mut out = Captured::default();
    for (index, done) in batch::record_all(act, &source, mode, items)?.into_iter().enumerate() {
        match done {
            Ok((event, id, lots, repeated)) => out.kept.push(Kept { index, event, id, lots, repeated }),
            Err(e) => out.refused.push(Refused {
                index,
                code: e.code.into_owned(),
                message: e.message,
                field: e.field,
            }),
        }
    }
    act.subject("capture", &source.batch, "");
    act.note(json!({ "kept": out.kept.len(), "refused": out.refused.len(), "channel": channel }));
    Ok(out)
}

/// An event that was recorded: number, id, the lots it made, whether it had been recorded before.
pub type Recorded = (EventNo, String, Vec<LotNo>, bool);

/// Records one move. Errors: those of [`crate::rules::decide`], and of what it names.
pub fn record(act: &mut Act, source: &Source, mv: &NewMove) -> Result<Recorded> {
    // alone, so that the field of a refusal stands without the place in a batch
    let done = batch::record_all(act, source, Mode::Each, std::slice::from_ref(mv))?;
    done.into_iter().next().unwrap_or_else(|| Err(Error::internal("a recorded move has no outcome")))
}

/// Tells the graph of a committed event.
pub fn feed(act: &mut Act, no: EventNo, first: LotNo, event: &NewEvent) {
    let Some(live) = act.cx.house.try_held::<LiveGraph>() else { return };
    let link = (no, first, event.makes.len() as i64, event.inputs.iter().map(|(lot, _)| *lot).collect());
    feed_later(act.tx, live, link);
}

fn feed_later(tx: &mut Tx, live: Arc<LiveGraph>, link: events::Link) {
    tx.after_commit(move || live.feed(link));
}

fn drawn_up(act: &Act, source: &Source, mv: &NewMove, facts: &Facts, d: Decision) -> NewEvent {
    let (counterpart, counterpart_division) = d.counterpart.unzip();
    NewEvent {
        id: act.id(),
        kind: mv.kind,
        party: facts.party.id.clone(),
        division: facts.party.division.clone(),
        counterpart,
        counterpart_division,
        counterpart_name: mv.counterpart_name.trim().to_owned(),
        at: d.at,
        at_ms: d.at_ms,
        recorded_at: act.now,
        actor: act.who().user.clone(),
        channel: source.channel,
        batch: source.batch.clone(),
        doc_no: mv.doc_no.trim().to_owned(),
        difference: d.difference,
        reason: mv.reason.trim().to_owned(),
        declared: false,
        doc: None,
        simulated: facts.party.simulated,
        inputs: d.inputs.into_iter().map(|(lot, amount)| (lot, Some(amount))).collect(),
        makes: d.makes,
        papers: d.papers,
        additives: d.additives,
    }
}
