//! The typed view of an event: what the program looks at. The JSON object stays the record.

use kit_base::Millis;
use serde_json::{Map, Value};

use super::decimal::Decimal;
use super::time::{Time, zone_offset};
use super::vocab::Vocabulary;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    Object,
    Aggregation,
    Transaction,
    Transformation,
    Association,
    /// A kind of the user's own, named by a URI.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Add,
    Observe,
    Delete,
}

/// A moment and the zone it was told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    pub ms: Millis,
    /// Minutes east of UTC by `eventTimeZoneOffset`: the local time of the place.
    pub offset: i16,
    /// The civil day at the place.
    pub day: kit_base::PartialDate,
}

/// An amount of a class: `quantity` and `uom` may both be missing (unknown amount; pieces).
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub epc_class: String,
    pub quantity: Option<Decimal>,
    pub uom: Option<String>,
}

/// `{type, value}` of a source, a destination or a business document.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The bare word of the standard, or a URI.
    pub kind: Option<String>,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ErrorDeclaration {
    pub declared_ms: Millis,
    pub reason: Option<String>,
    pub corrective: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub kind: EventKind,
    pub event_id: Option<String>,
    /// None for a Transformation, which has none.
    pub action: Option<Action>,
    pub when: When,
    pub record_ms: Option<Millis>,
    /// Instances of an Object or Transaction event.
    pub epcs: Vec<String>,
    pub quantities: Vec<Quantity>,
    pub parent: Option<String>,
    pub children: Vec<String>,
    pub child_quantities: Vec<Quantity>,
    pub inputs: Vec<String>,
    pub input_quantities: Vec<Quantity>,
    pub outputs: Vec<String>,
    pub output_quantities: Vec<Quantity>,
    /// Joins several Transformation events into one.
    pub transformation: Option<String>,
    /// The bare word of the CBV, or a URI.
    pub biz_step: Option<String>,
    pub disposition: Option<String>,
    pub persistent_set: Vec<String>,
    pub persistent_unset: Vec<String>,
    pub read_point: Option<String>,
    pub biz_location: Option<String>,
    pub transactions: Vec<Typed>,
    pub sources: Vec<Typed>,
    pub destinations: Vec<Typed>,
    /// Master data of the lot or instance (best before, lot number …).
    pub ilmd: Map<String, Value>,
    pub sensors: Vec<Value>,
    pub error: Option<ErrorDeclaration>,
    /// All names with a prefix or a full address.
    pub extensions: Map<String, Value>,
}

/// Text fields that name the five kinds.
pub const KINDS: &[(&str, EventKind)] = &[
    ("ObjectEvent", EventKind::Object),
    ("AggregationEvent", EventKind::Aggregation),
    ("TransactionEvent", EventKind::Transaction),
    ("TransformationEvent", EventKind::Transformation),
    ("AssociationEvent", EventKind::Association),
];

impl EventKind {
    pub fn read(text: &str) -> Self {
        KINDS.iter().find(|(name, _)| *name == text).map_or(Self::Other, |(_, kind)| *kind)
    }
}

impl Event {
    /// The view of a canonical event that passed validation; `None` where the time cannot be read (it did not pass).
    pub fn read(value: &Value) -> Option<Self> {
        let map = value.as_object()?;
        let zone = text(map, "eventTimeZoneOffset").and_then(zone_offset).unwrap_or(0);
        let time = Time::read(text(map, "eventTime")?).ok()?.at_offset(zone);
        let kind = EventKind::read(text(map, "type")?);
        Some(Self {
            kind,
            event_id: owned(map, "eventID"),
            action: text(map, "action").and_then(Action::read),
            when: When { ms: time.ms, offset: zone, day: local_day(time.ms, zone) },
            record_ms: text(map, "recordTime").and_then(|t| Time::read(t).ok()).map(|t| t.at_offset(zone).ms),
            epcs: texts(map, "epcList"),
            quantities: quantities(map, "quantityList"),
            parent: owned(map, "parentID"),
            children: texts(map, "childEPCs"),
            child_quantities: quantities(map, "childQuantityList"),
            inputs: texts(map, "inputEPCList"),
            input_quantities: quantities(map, "inputQuantityList"),
            outputs: texts(map, "outputEPCList"),
            output_quantities: quantities(map, "outputQuantityList"),
            transformation: owned(map, "transformationID"),
            biz_step: term(map, "bizStep", Vocabulary::BizStep),
            disposition: term(map, "disposition", Vocabulary::Disposition),
            persistent_set: persistent(map, "set"),
            persistent_unset: persistent(map, "unset"),
            read_point: id_of(map, "readPoint"),
            biz_location: id_of(map, "bizLocation"),
            transactions: typed(map, "bizTransactionList", "bizTransaction", Vocabulary::BizTransactionType),
            sources: typed(map, "sourceList", "source", Vocabulary::SourceDestType),
            destinations: typed(map, "destinationList", "destination", Vocabulary::SourceDestType),
            ilmd: map.get("ilmd").and_then(Value::as_object).cloned().unwrap_or_default(),
            sensors: map.get("sensorElementList").and_then(Value::as_array).cloned().unwrap_or_default(),
            error: map.get("errorDeclaration").and_then(Value::as_object).and_then(|e| declaration(e, zone)),
            extensions: map
                .iter()
                .filter(|(k, _)| k.contains(':'))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        })
    }
}

impl Action {
    pub fn read(text: &str) -> Option<Self> {
        Some(match text {
            "ADD" => Self::Add,
            "OBSERVE" => Self::Observe,
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }
}

fn local_day(ms: Millis, zone: i16) -> kit_base::PartialDate {
    // china_day counts days of a zone eight hours east; shift so that it counts those of this one
    let shifted = ms + i64::from(zone) * 60_000 - kit_base::clock::CHINA_OFFSET_MS;
    kit_base::PartialDate::full(kit_base::clock::china_day(shifted))
}

fn text<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.get(name).and_then(Value::as_str)
}

fn owned(map: &Map<String, Value>, name: &str) -> Option<String> {
    text(map, name).map(str::to_owned)
}

fn texts(map: &Map<String, Value>, name: &str) -> Vec<String> {
    list(map, name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn list<'a>(map: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    map.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn term(map: &Map<String, Value>, name: &str, vocabulary: Vocabulary) -> Option<String> {
    text(map, name).map(|t| vocabulary.canonical(t).to_owned())
}

fn id_of(map: &Map<String, Value>, name: &str) -> Option<String> {
    map.get(name)?.get("id")?.as_str().map(str::to_owned)
}

fn persistent(map: &Map<String, Value>, name: &str) -> Vec<String> {
    let inner = map.get("persistentDisposition").and_then(Value::as_object);
    let words = inner.map(|inner| texts(inner, name)).unwrap_or_default();
    words.iter().map(|word| Vocabulary::Disposition.canonical(word).to_owned()).collect()
}

fn quantities(map: &Map<String, Value>, name: &str) -> Vec<Quantity> {
    let read = |item: &Value| {
        let item = item.as_object()?;
        Some(Quantity {
            epc_class: owned(item, "epcClass")?,
            quantity: item.get("quantity").and_then(number),
            uom: owned(item, "uom"),
        })
    };
    list(map, name).iter().filter_map(read).collect()
}

/// The exact decimal of a JSON number.
pub fn number(value: &Value) -> Option<Decimal> {
    Decimal::parse(&value.as_number()?.to_string())
}

fn typed(map: &Map<String, Value>, name: &str, inner: &str, vocabulary: Vocabulary) -> Vec<Typed> {
    let read = |item: &Value| {
        let item = item.as_object()?;
        Some(Typed { kind: term(item, "type", vocabulary), value: owned(item, inner)? })
    };
    list(map, name).iter().filter_map(read).collect()
}

fn declaration(map: &Map<String, Value>, zone: i16) -> Option<ErrorDeclaration> {
    Some(ErrorDeclaration {
        declared_ms: Time::read(text(map, "declarationTime")?).ok()?.at_offset(zone).ms,
        reason: term(map, "reason", Vocabulary::ErrorReason),
        corrective: texts(map, "correctiveEventIDs"),
    })
}
