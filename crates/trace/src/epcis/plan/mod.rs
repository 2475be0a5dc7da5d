//! What an event means for lots: which codes are taken, which are made, by whom, how much.
//!
//! Lots are keyed by code ([`super::key_of`]): an event on a code takes the code's latest lot and makes a new one. All
//! that one move takes goes into all that it makes, so things that only travel together are moves of their own.
//! What is not known stays `None`, never zero.

mod units;

#[cfg(test)]
mod tests;

use kit_base::{Amount, Unit};

use super::event::{Action, Event, EventKind, Quantity, Typed, When};
use super::gs1::{Gs1, Scheme, key_of};

pub use units::base_amount;

/// The kinds of the trace ledger an event can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoveKind {
    Harvest,
    Produce,
    Pack,
    Unpack,
    Ship,
    Receive,
    Sell,
    Destroy,
    /// A fact without movement.
    Observe,
}

impl MoveKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Harvest => "harvest",
            Self::Produce => "produce",
            Self::Pack => "pack",
            Self::Unpack => "unpack",
            Self::Ship => "ship",
            Self::Receive => "receive",
            Self::Sell => "sell",
            Self::Destroy => "destroy",
            Self::Observe => "observe",
        }
    }
}

/// One code in a move.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedItem {
    /// The look-up text of the code.
    pub key: String,
    /// The code as it was written.
    pub code: String,
    /// The code read, where it is a GS1 key.
    pub gs1: Option<Gs1>,
    /// In base units; `None` where not told, or told in a unit that is no weight, volume or count.
    pub amount: Option<(Amount, Unit)>,
    /// Take it only where the code has a lot; no lot is no gap in the history.
    pub if_known: bool,
    /// What could not be taken as told.
    pub note: Option<Note>,
}

/// Why an item's amount or code is less than what was written; the event keeps the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Rounded to a whole gram, millilitre or piece.
    Rounded,
    /// The unit of measure is no weight, volume or count that is known here.
    UnknownUnit,
    /// Larger than a lot can be, or a fraction of a piece, or nothing after rounding.
    AmountOutOfRange,
    /// Looks like a GS1 key and is none (check digit, length).
    BadCode,
}

/// One row of the ledger to be.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMove {
    pub kind: MoveKind,
    pub takes: Vec<PlannedItem>,
    pub makes: Vec<PlannedItem>,
    /// Codes an observation is about; neither taken nor made.
    pub about: Vec<PlannedItem>,
    /// Who does it, as look-up text of a GLN (or other code); `None` where the event does not say.
    pub party: Option<String>,
    /// The other side of a delivery.
    pub counterpart: Option<String>,
    /// Where it was read, and where the goods are afterwards, as look-up texts.
    pub read_point: Option<String>,
    pub biz_location: Option<String>,
    /// The first business document named.
    pub doc_no: Option<String>,
    pub when: When,
    /// Moves with the same text are parts of one transformation.
    pub transformation: Option<String>,
    /// The eventID this takes back (error declaration): the event of that id did not happen, or not so.
    pub retracts: Option<String>,
}

/// The moves an event stands for, in order; at least one.
pub fn plan(event: &Event) -> Vec<PlannedMove> {
    let base = base_of(event);
    if event.error.is_some() {
        // the declaration repeats the event it takes back; nothing moves by it
        let mut base = base;
        base.kind = MoveKind::Observe;
        base.about = all_items(event);
        base.retracts = event.event_id.clone();
        return vec![base];
    }
    let moves = match event.kind {
        EventKind::Transformation => transformation(event, &base),
        EventKind::Aggregation if event.action == Some(Action::Add) => packing(event, &base),
        EventKind::Aggregation if event.action == Some(Action::Delete) => unpacking(event, &base),
        EventKind::Association | EventKind::Other => Vec::new(),
        _ => all_items(event).into_iter().filter_map(|item| single(event, &base, item)).collect(),
    };
    if moves.is_empty() { vec![PlannedMove { about: all_items(event), ..base }] } else { moves }
}

fn base_of(event: &Event) -> PlannedMove {
    let kind = step_kind(event);
    let source = end_of(&event.sources);
    let destination = end_of(&event.destinations);
    let here = event.biz_location.as_deref().or(event.read_point.as_deref()).map(key_of);
    let (party, counterpart) = match kind {
        // the goods leave: bizLocation says where they are afterwards, so the sender is at the read point
        MoveKind::Ship => (source.or_else(|| event.read_point.as_deref().map(key_of)), destination),
        MoveKind::Receive => (destination.or(here), source),
        _ => (here.or(source), destination),
    };
    PlannedMove {
        kind,
        takes: Vec::new(),
        makes: Vec::new(),
        about: Vec::new(),
        party,
        counterpart,
        read_point: event.read_point.as_deref().map(key_of),
        biz_location: event.biz_location.as_deref().map(key_of),
        doc_no: event.transactions.first().map(|t| t.value.clone()),
        when: event.when,
        transformation: event.transformation.clone(),
        retracts: None,
    }
}

/// Who has the goods counts before who owns them; a mere place comes last.
fn end_of(ends: &[Typed]) -> Option<String> {
    let find =
        |kind: &str| ends.iter().find(|end| end.kind.as_deref() == Some(kind)).map(|end| key_of(&end.value));
    find("possessing_party").or_else(|| find("owning_party")).or_else(|| find("location"))
}

/// The kind the business step speaks of.
fn step_kind(event: &Event) -> MoveKind {
    let step = event.biz_step.as_deref().unwrap_or_default();
    // steps of a user's own are addresses; the last word tells what they are
    let word = step.rsplit(['/', ':', '#', '-']).next().unwrap_or_default();
    let add = event.action == Some(Action::Add);
    match word {
        _ if event.kind == EventKind::Transformation => harvest_or(event, MoveKind::Produce),
        "shipping" | "departing" | "consigning" => MoveKind::Ship,
        "receiving" | "accepting" => MoveKind::Receive,
        "retail_selling" => MoveKind::Sell,
        "destroying" => MoveKind::Destroy,
        "packing" => MoveKind::Pack,
        "unpacking" => MoveKind::Unpack,
        "harvesting" => MoveKind::Harvest,
        // slaughter: the animal's code goes on as that of its meat
        "killing" | "slaughtering" | "transforming" => MoveKind::Produce,
        "commissioning" | "creating_class_instance" if add => harvest_or(event, MoveKind::Produce),
        "" if add && event.kind == EventKind::Object => harvest_or(event, MoveKind::Produce),
        _ => MoveKind::Observe,
    }
}

/// Lot data with a harvest date speak of a harvest (CBV master data `harvestStartDate`, `harvestEndDate`, `harvestDate`).
fn harvest_or(event: &Event, other: MoveKind) -> MoveKind {
    let harvested =
        event.ilmd.keys().any(|name| name.split(':').next_back().is_some_and(|n| n.starts_with("harvest")));
    let bare = event.inputs.is_empty() && event.input_quantities.is_empty();
    if harvested && bare { MoveKind::Harvest } else { other }
}

fn transformation(event: &Event, base: &PlannedMove) -> Vec<PlannedMove> {
    let takes = items(&event.inputs, &event.input_quantities);
    let makes = items(&event.outputs, &event.output_quantities);
    vec![PlannedMove { takes, makes, ..base.clone() }]
}

/// The children go into the parent. Without a parent they stay what they are.
fn packing(event: &Event, base: &PlannedMove) -> Vec<PlannedMove> {
    let Some(parent) = &event.parent else { return Vec::new() };
    let takes = items(&event.children, &event.child_quantities);
    vec![PlannedMove { kind: MoveKind::Pack, takes, makes: vec![instance(parent)], ..base.clone() }]
}

/// Each child comes out of the parent by itself, joined to its own lot of before where there is one. A move that makes
/// nothing means: all that went into the parent comes out again.
fn unpacking(event: &Event, base: &PlannedMove) -> Vec<PlannedMove> {
    let parent = event.parent.as_deref().map(instance);
    let out = |child: PlannedItem| {
        let own = PlannedItem { if_known: true, amount: None, note: None, ..child.clone() };
        let takes = parent.iter().cloned().chain([own]).collect();
        PlannedMove { kind: MoveKind::Unpack, takes, makes: vec![child], ..base.clone() }
    };
    let children = items(&event.children, &event.child_quantities);
    if children.is_empty() {
        // no children named: all come out (standard 7.4.3); which, only the ledger knows
        return vec![PlannedMove {
            kind: MoveKind::Unpack,
            takes: parent.into_iter().collect(),
            ..base.clone()
        }];
    }
    children.into_iter().map(out).collect()
}

/// The move of one code; `None` where the event only observes.
fn single(event: &Event, base: &PlannedMove, item: PlannedItem) -> Option<PlannedMove> {
    let born = event.action == Some(Action::Add);
    let (takes, makes) = match base.kind {
        MoveKind::Observe => return None,
        MoveKind::Sell | MoveKind::Destroy => (vec![item], Vec::new()),
        // a code that begins here has nothing before it
        MoveKind::Produce | MoveKind::Harvest if born => (Vec::new(), vec![item]),
        _ => (vec![PlannedItem { if_known: true, ..item.clone() }], vec![item]),
    };
    Some(PlannedMove { takes, makes, ..base.clone() })
}

/// Every code the event names, the parent first.
fn all_items(event: &Event) -> Vec<PlannedItem> {
    let mut out: Vec<PlannedItem> = event.parent.as_deref().map(instance).into_iter().collect();
    out.extend(items(&event.epcs, &event.quantities));
    out.extend(items(&event.children, &event.child_quantities));
    out.extend(items(&event.inputs, &event.input_quantities));
    out.extend(items(&event.outputs, &event.output_quantities));
    out
}

fn items(epcs: &[String], quantities: &[Quantity]) -> Vec<PlannedItem> {
    epcs.iter().map(|epc| instance(epc)).chain(quantities.iter().map(class)).collect()
}

fn code(text: &str) -> PlannedItem {
    let (gs1, note) = match Gs1::parse(text) {
        Ok(gs1) => (gs1, None),
        Err(_) => (None, Some(Note::BadCode)),
    };
    let key = gs1.as_ref().map_or_else(|| key_of(text), Gs1::key);
    PlannedItem { key, code: text.to_owned(), gs1, amount: None, if_known: false, note }
}

/// One thing: a trade item with its serial number is one piece; what is in a pallet or an animal is not known.
fn instance(text: &str) -> PlannedItem {
    let mut item = code(text);
    let counted = |gs1: &Gs1| {
        matches!(gs1.scheme, Scheme::Gtin | Scheme::Itip | Scheme::Upui | Scheme::Cpi) && !gs1.is_class()
    };
    if item.gs1.as_ref().is_some_and(counted) {
        item.amount = Some((1, Unit::Pc));
    }
    item
}

fn class(quantity: &Quantity) -> PlannedItem {
    let mut item = code(&quantity.epc_class);
    if let Some(number) = quantity.quantity {
        match base_amount(number, quantity.uom.as_deref()) {
            Ok((amount, unit, exact)) => {
                item.amount = Some((amount, unit));
                item.note = item.note.or((!exact).then_some(Note::Rounded));
            }
            Err(note) => item.note = item.note.or(Some(note)),
        }
    }
    item
}
