//! Capture: moves go in one by one or as a batch.

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use serde_json::json;

use crate::actions::acting_party;
use crate::live::LiveGraph;
use crate::model::{Captured, EventNo, Kept, LotNo, Mode, NewEvent, NewMove, Refused};
use crate::rules::{self, Business, Decision, Facts, ProductFacts, Taken};
use crate::store::{events, lots, products};

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
    for (index, mv) in items.iter().enumerate() {
        match keep(act, mode, &source, mv) {
            Ok((event, id, lots, repeated)) => out.kept.push(Kept { index, event, id, lots, repeated }),
            Err(e) if mode == Mode::All || e.kind == kit_base::Kind::Internal => {
                return Err(e.under(format!("items/{index}")));
            }
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

type Recorded = (EventNo, String, Vec<LotNo>, bool);

fn keep(act: &mut Act, mode: Mode, source: &Source, mv: &NewMove) -> Result<Recorded> {
    if mode == Mode::All {
        return record(act, source, mv);
    }
    let (cx, now) = (act.cx, act.now);
    act.tx.nested(|tx| record(&mut Act::inside(tx, cx, now), source, mv))
}

/// Records one move.
pub fn record(act: &mut Act, source: &Source, mv: &NewMove) -> Result<Recorded> {
    let party = acting_party(act.tx, act.who(), mv.party.as_deref())?;
    if let Some(key) = mv.client_key.as_deref() {
        check_key(key)?;
        if let Some((event, id, first, n)) = events::by_client_key(act.tx, &party.id, key)? {
            return Ok((event, id, (first..first + n).collect(), true));
        }
    }
    let facts = load(act.tx, party, mv, act.now)?;
    let decision = rules::decide(mv, &facts)?;
    for (i, (lot, amount)) in decision.inputs.iter().enumerate() {
        if !events::take_stock(act.tx, *lot, *amount, &facts.party.id)? {
            let text = format!("批次 {lot} 的库存刚刚被占用，请刷新后重试");
            return Err(Error::conflict("stock_short", text).at(format!("takes/{i}/amount")));
        }
    }
    let event = drawn_up(act, source, mv, &facts, decision);
    let (no, first) = events::append(act.tx, &event)?;
    if let Some(key) = mv.client_key.as_deref() {
        events::keep_client_key(act.tx, &facts.party.id, key, no)?;
    }
    feed(act, no, first, &event);
    let made = event.makes.len() as i64;
    Ok((no, event.id, (first..first + made).collect(), false))
}

fn check_key(key: &str) -> Result<()> {
    if (1..=100).contains(&key.len()) {
        return Ok(());
    }
    Err(Error::invalid("client_key", "client_key_length", "client_key 应为 1 至 100 个字符"))
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

fn business(brief: &parties::Brief) -> Business {
    Business {
        id: brief.id.clone(),
        division: brief.division.clone(),
        active: brief.status == "active",
        simulated: brief.simulated,
    }
}

fn load(tx: &mut Tx, party: parties::Brief, mv: &NewMove, now: i64) -> Result<Facts> {
    let counterpart = match mv.counterpart.as_deref() {
        Some(id) => {
            let found = parties::brief(tx, id)?;
            let unknown = || Error::invalid("counterpart", "counterpart_unknown", "没有这个对方主体");
            Some(business(&found.ok_or_else(unknown)?))
        }
        None => None,
    };
    let mut taken = Vec::with_capacity(mv.takes.len());
    for (i, take) in mv.takes.iter().enumerate() {
        let found = lots::taken(tx, take.lot)?.filter(|t| t.lot.holder == party.id);
        let found = found.ok_or_else(|| {
            let text = format!("本主体没有批次 {}", take.lot);
            Error::invalid(format!("takes/{i}/lot"), "lot_not_held", text)
        })?;
        taken.push(Taken {
            lot: found.lot,
            on_hand: found.on_hand,
            sender: found.sender,
            sender_division: found.sender_division,
        });
    }
    let products = load_products(tx, mv)?;
    Ok(Facts { party: business(&party), counterpart, taken, products, now })
}

fn load_products(tx: &mut Tx, mv: &NewMove) -> Result<Vec<ProductFacts>> {
    let mut seen: HashMap<&str, ProductFacts> = HashMap::new();
    let mut out = Vec::with_capacity(mv.makes.len());
    for (i, make) in mv.makes.iter().enumerate() {
        if let Some(known) = seen.get(make.product.as_str()) {
            out.push(known.clone());
            continue;
        }
        let unknown = || Error::invalid(format!("makes/{i}/product"), "product_unknown", "没有这个产品");
        let product = products::by_id(tx, &make.product)?.ok_or_else(unknown)?;
        let facts = ProductFacts {
            id: product.id,
            party: product.party,
            has_gtin: product.gtin.is_some(),
            unit: product.unit,
            shelf_days: product.shelf_days,
            active: product.status == "active",
        };
        seen.insert(&make.product, facts.clone());
        out.push(facts);
    }
    Ok(out)
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
