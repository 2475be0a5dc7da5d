//! What an event means for lots: which codes are taken, which are made, by whom, how much.
//!
//! Lots are keyed by code ([`super::key_of`]): an event on a code takes the code's latest lot and makes a new one. All
//! that one move takes goes into all that it makes, so things that only travel together are moves of their own.
//! What is not known stays `None`, never zero.

use kit_base::amount::MAX_AMOUNT;
use kit_base::{Amount, Unit};

use super::decimal::Decimal;
use super::event::{Action, Event, EventKind, Quantity, Typed, When};
use super::gs1::{Gs1, Scheme, key_of};

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

/// Each child comes out of the parent by itself, joined to its own lot of before where there is one.
fn unpacking(event: &Event, base: &PlannedMove) -> Vec<PlannedMove> {
    let parent = event.parent.as_deref().map(instance);
    let out = |child: PlannedItem| {
        let own = PlannedItem { if_known: true, amount: None, note: None, ..child.clone() };
        let takes = parent.iter().cloned().chain([own]).collect();
        PlannedMove { kind: MoveKind::Unpack, takes, makes: vec![child], ..base.clone() }
    };
    items(&event.children, &event.child_quantities).into_iter().map(out).collect()
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

/// Units of UN/ECE Recommendation 20 (and pieces by other names): base unit, and the factor as a fraction.
const UNITS: &[(&str, Unit, i64, i64)] = &[
    ("KGM", Unit::G, 1_000, 1),
    ("GRM", Unit::G, 1, 1),
    ("MGM", Unit::G, 1, 1_000),
    ("TNE", Unit::G, 1_000_000, 1),
    ("DTN", Unit::G, 100_000, 1),
    ("LBR", Unit::G, 45_359_237, 100_000),
    ("ONZ", Unit::G, 45_359_237, 1_600_000),
    ("LTR", Unit::Ml, 1_000, 1),
    ("MLT", Unit::Ml, 1, 1),
    ("CLT", Unit::Ml, 10, 1),
    ("DLT", Unit::Ml, 100, 1),
    ("HLT", Unit::Ml, 100_000, 1),
    ("MTQ", Unit::Ml, 1_000_000, 1),
    ("CMQ", Unit::Ml, 1, 1),
    ("DMQ", Unit::Ml, 1_000, 1),
    ("EA", Unit::Pc, 1, 1),
    ("H87", Unit::Pc, 1, 1),
    ("C62", Unit::Pc, 1, 1),
    ("PCE", Unit::Pc, 1, 1),
    ("NAR", Unit::Pc, 1, 1),
    ("NIU", Unit::Pc, 1, 1),
    ("PR", Unit::Pc, 2, 1),
    ("DZN", Unit::Pc, 12, 1),
    ("DZ", Unit::Pc, 12, 1),
    ("CEN", Unit::Pc, 100, 1),
    ("MIL", Unit::Pc, 1_000, 1),
];

/// A quantity in base units, and whether it was exactly so much. No unit means pieces.
pub fn base_amount(number: Decimal, uom: Option<&str>) -> Result<(Amount, Unit, bool), Note> {
    let code = uom.unwrap_or("H87");
    let &(_, unit, over, under) = UNITS.iter().find(|(name, ..)| *name == code).ok_or(Note::UnknownUnit)?;
    let exact = number.is_whole_times(over, under);
    let amount = number.times(over, under).ok_or(Note::AmountOutOfRange)?;
    let vanished = amount == 0 && !number.is_zero();
    // half a piece is no count: the class is weighed goods and its weight was not told
    let broken = unit == Unit::Pc && !exact;
    if vanished || broken || !(0..=MAX_AMOUNT).contains(&amount) {
        return Err(Note::AmountOutOfRange);
    }
    Ok((amount, unit, exact))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn planned(event: Value) -> Vec<PlannedMove> {
        let mut value = json!({"type": "ObjectEvent", "eventTime": "2026-03-01T22:00:00Z", "eventTimeZoneOffset": "+08:00"});
        value.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
        let rules = super::super::validate::Rules { strict: true, xml: false };
        assert_eq!(super::super::validate::check_event(&value, "", rules), vec![], "{value}");
        plan(&Event::read(&value).unwrap())
    }

    fn keys(items: &[PlannedItem]) -> Vec<&str> {
        items.iter().map(|item| item.key.as_str()).collect()
    }

    const LOT: &str = "urn:epc:class:lgtin:4012345.012345.998877";
    const LOT_KEY: &str = "01:04012345123456:10:998877";

    #[test]
    fn steps_become_kinds() {
        let table = [
            ("commissioning", "ADD", MoveKind::Produce, 0, 1),
            ("creating_class_instance", "ADD", MoveKind::Produce, 0, 1),
            ("killing", "OBSERVE", MoveKind::Produce, 1, 1),
            ("shipping", "OBSERVE", MoveKind::Ship, 1, 1),
            ("departing", "OBSERVE", MoveKind::Ship, 1, 1),
            ("receiving", "OBSERVE", MoveKind::Receive, 1, 1),
            ("accepting", "OBSERVE", MoveKind::Receive, 1, 1),
            ("retail_selling", "OBSERVE", MoveKind::Sell, 1, 0),
            ("destroying", "DELETE", MoveKind::Destroy, 1, 0),
            ("decommissioning", "DELETE", MoveKind::Observe, 0, 0),
            ("inspecting", "OBSERVE", MoveKind::Observe, 0, 0),
            ("https://example.com/steps/harvesting", "ADD", MoveKind::Harvest, 0, 1),
            ("https://example.com/steps/weighing", "ADD", MoveKind::Observe, 0, 0),
        ];
        for (step, action, kind, takes, makes) in table {
            let moves = planned(json!({"action": action, "bizStep": step,
                "quantityList": [{"epcClass": LOT, "quantity": 200.5, "uom": "KGM"}]}));
            let [only] = moves.as_slice() else { panic!("{step}: {moves:?}") };
            assert_eq!((only.kind, only.takes.len(), only.makes.len()), (kind, takes, makes), "{step}");
            assert_eq!(only.about.len(), usize::from(kind == MoveKind::Observe), "{step}");
            let item = only.takes.iter().chain(&only.makes).chain(&only.about).next().unwrap();
            assert_eq!((item.key.as_str(), item.amount), (LOT_KEY, Some((200_500, Unit::G))), "{step}");
        }
        let picked = planned(json!({"action": "ADD", "bizStep": "commissioning",
            "quantityList": [{"epcClass": LOT}], "ilmd": {"cbvmda:harvestStartDate": "2026-02-28"}}));
        assert_eq!((picked[0].kind, picked[0].makes[0].amount), (MoveKind::Harvest, None));
        assert_eq!(picked[0].when.day.to_string(), "2026-03-02", "the day at the place, not in UTC");
    }

    #[test]
    fn things_that_travel_together_are_moves_of_their_own() {
        let moves = planned(
            json!({"action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
            "quantityList": [{"epcClass": LOT, "quantity": 3}],
            "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
            "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
            "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:0614141.00777.0"},
                {"type": "possessing_party", "destination": "https://id.gs1.org/417/0614141007776"}],
            "bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:1152"}]}),
        );
        assert_eq!(moves.len(), 2);
        assert_eq!(moves[0].party.as_deref(), Some("417:4012345002256"));
        assert_eq!(moves[0].counterpart.as_deref(), Some("417:0614141007776"));
        assert_eq!(moves[0].doc_no.as_deref(), Some("urn:epcglobal:cbv:bt:0614141073467:1152"));
        assert_eq!(moves[0].takes[0].amount, None, "nobody said what is on the pallet");
        assert_eq!(moves[1].takes[0].amount, Some((3, Unit::Pc)));
    }

    #[test]
    fn transformations_join_all_and_packs_nest() {
        let base = json!({"type": "TransformationEvent", "inputEPCList": ["urn:a:cow"], "inputQuantityList": [{"epcClass": LOT}],
            "outputQuantityList": [{"epcClass": "https://id.gs1.org/01/04012345666663/10/B", "quantity": 2, "uom": "TNE"}]});
        let made = planned(base);
        assert_eq!((made[0].kind, keys(&made[0].takes)), (MoveKind::Produce, vec!["x:urn:a:cow", LOT_KEY]));
        assert_eq!(made[0].makes[0].amount, Some((2_000_000, Unit::G)));

        let group = |action: &str, step: &str| {
            planned(json!({"type": "AggregationEvent", "action": action, "bizStep": step,
                "parentID": "urn:epc:id:sscc:4012345.0000000333",
                "childEPCs": ["urn:epc:id:sgtin:4012345.012345.1", "urn:epc:id:sgtin:4012345.012345.2"]}))
        };
        let packed = group("ADD", "packing");
        assert_eq!((packed.len(), packed[0].takes.len(), packed[0].makes.len()), (1, 2, 1));
        assert_eq!(packed[0].takes[0].amount, Some((1, Unit::Pc)));
        let unpacked = group("DELETE", "unpacking");
        assert_eq!(unpacked.len(), 2);
        assert_eq!(keys(&unpacked[1].takes), ["00:040123450000003338", "01:04012345123456:21:2"]);
        assert!(unpacked[1].takes[1].if_known && !unpacked[1].takes[0].if_known);
        let moved = group("OBSERVE", "receiving");
        assert_eq!((moved.len(), moved[0].kind), (3, MoveKind::Receive));
    }

    #[test]
    fn error_declarations_move_nothing() {
        let moves = planned(
            json!({"action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:a:b"], "eventID": "urn:uuid:1",
            "errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z"}}),
        );
        assert_eq!((moves[0].kind, moves[0].retracts.as_deref()), (MoveKind::Observe, Some("urn:uuid:1")));
        assert!(moves[0].takes.is_empty() && moves[0].makes.is_empty() && moves[0].about.len() == 1);
    }

    #[test]
    fn amounts_are_exact_or_say_so() {
        let amount = |text: &str, uom: &str| base_amount(Decimal::parse(text).unwrap(), Some(uom));
        let table = [
            ("200.5", "KGM", Ok((200_500, Unit::G, true))),
            ("0.1234567", "KGM", Ok((123, Unit::G, false))),
            ("1", "LBR", Ok((454, Unit::G, false))),
            ("1.5", "LTR", Ok((1_500, Unit::Ml, true))),
            ("2", "DZN", Ok((24, Unit::Pc, true))),
            ("0", "KGM", Ok((0, Unit::G, true))),
            ("0.0001", "KGM", Err(Note::AmountOutOfRange)),
            ("0.5", "EA", Err(Note::AmountOutOfRange)),
            ("2000000", "TNE", Err(Note::AmountOutOfRange)),
            ("1", "CEL", Err(Note::UnknownUnit)),
        ];
        for (text, uom, wanted) in table {
            assert_eq!(amount(text, uom), wanted, "{text} {uom}");
        }
        assert_eq!(base_amount(Decimal::parse("200.5").unwrap(), None), Err(Note::AmountOutOfRange));
    }
}
