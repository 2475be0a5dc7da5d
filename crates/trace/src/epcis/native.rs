//! Events recorded here (forms, sheets, networks, the simulator) as EPCIS 2.0: what a ledger event is called in the words
//! of the Core Business Vocabulary.
//!
//! | kind | type | action | bizStep | disposition | what |
//! |---|---|---|---|---|---|
//! | harvest | ObjectEvent | ADD | commissioning | active | lots made |
//! | produce, pack, unpack | TransformationEvent | | commissioning, packing, unpacking | active | lots taken, lots made |
//! | produce of nothing told | ObjectEvent | ADD | commissioning | active | lots made |
//! | opening | ObjectEvent | OBSERVE | stocking | available | lots made |
//! | ship | ObjectEvent | OBSERVE | shipping | in_transit | lots taken |
//! | return, refuse | ObjectEvent | OBSERVE | shipping | returned | lots taken |
//! | receive | ObjectEvent | OBSERVE | receiving | in_progress | lots made |
//! | sell | ObjectEvent | OBSERVE | retail_selling | retail_sold | lots taken |
//! | loss | ObjectEvent | DELETE | decommissioning | inactive | lots taken |
//! | destroy | ObjectEvent | DELETE | destroying | destroyed | lots taken |
//! | stocktake | ObjectEvent | OBSERVE | stock_taking | available | what was counted |
//!
//! The place is the business (`{base}/parties/{id}`), also known by its GLN where one is registered. A lot is
//! `{base}/01/{gtin}/10/{batch}` where GS1 can carry it, else `{base}/lots/{number its batch began with}`.

use kit_base::clock::{CHINA_OFFSET_MS, china_text, day_start};
use kit_base::{Millis, PartialDate};
use serde_json::{Map, Value, json};

use super::Gs1;
use crate::model::EventKind;

/// A lot that an event took or made.
#[derive(Debug, Clone)]
pub struct Line {
    pub taken: bool,
    pub origin: i64,
    pub gtin: Option<String>,
    pub batch: String,
    pub made: String,
    pub expires: String,
    /// Base units; unknown where it was not told.
    pub amount: Option<i64>,
    pub unit: String,
}

/// A ledger event as far as its EPCIS form needs it.
#[derive(Debug, Clone)]
pub struct Native {
    pub id: String,
    pub kind: EventKind,
    pub party: String,
    pub counterpart: Option<String>,
    pub at: String,
    pub at_ms: Option<Millis>,
    pub recorded_at: Millis,
    pub doc_no: String,
    pub simulated: bool,
    /// When it was declared wrong, and why.
    pub wrong: Option<(Millis, String)>,
    pub lines: Vec<Line>,
}

/// The words of a kind: type, action, business step, disposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub kind: &'static str,
    pub action: &'static str,
    pub step: &'static str,
    pub disposition: &'static str,
}

/// Which words a kind has; `takes`: whether it took from any lot.
pub fn words(kind: EventKind, takes: bool) -> Words {
    use EventKind as K;
    let object = |action, step, disposition| Words { kind: "ObjectEvent", action, step, disposition };
    let made = |step| Words { kind: "TransformationEvent", action: "", step, disposition: "active" };
    match kind {
        K::Produce if takes => made("commissioning"),
        K::Pack if takes => made("packing"),
        K::Unpack if takes => made("unpacking"),
        K::Harvest | K::Produce | K::Pack | K::Unpack => object("ADD", "commissioning", "active"),
        K::Opening => object("OBSERVE", "stocking", "available"),
        K::Ship => object("OBSERVE", "shipping", "in_transit"),
        K::Return | K::Refuse => object("OBSERVE", "shipping", "returned"),
        K::Receive => object("OBSERVE", "receiving", "in_progress"),
        K::Sell => object("OBSERVE", "retail_selling", "retail_sold"),
        K::Loss => object("DELETE", "decommissioning", "inactive"),
        K::Destroy => object("DELETE", "destroying", "destroyed"),
        K::Stocktake => object("OBSERVE", "stock_taking", "available"),
        K::Observe => object("OBSERVE", "other", "unknown"),
    }
}

/// When it happened, as an EPCIS event must say it: the moment; else the first moment of the day, month or year that was
/// told; else when it was recorded. What was told stands beside it (`shian:eventDate`) where it is no moment.
pub fn event_time(at: &str, at_ms: Option<Millis>, recorded_at: Millis) -> Millis {
    at_ms.unwrap_or_else(|| match at.parse::<PartialDate>() {
        Ok(date) => {
            let first = jiff::civil::Date::new(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
            first.map_or(recorded_at, day_start)
        }
        Err(_) => recorded_at,
    })
}

/// RFC 3339 in China's time, to the millisecond.
pub fn written(at: Millis) -> String {
    format!("{}.{:03}+08:00", china_text(at).replace(' ', "T"), (at + CHINA_OFFSET_MS).rem_euclid(1000))
}

/// The address of a business.
pub fn party_uri(base: &str, party: &str) -> String {
    format!("{base}/parties/{party}")
}

/// The eventID of an event recorded here.
pub fn event_uri(id: &str) -> String {
    format!("urn:uuid:{id}")
}

/// The class of a lot.
pub fn lot_uri(base: &str, line: &Line) -> String {
    let gs1 = line.gtin.as_deref().and_then(|gtin| Gs1::gtin(gtin, Some(&line.batch), None).ok());
    match gs1 {
        Some(code) => code.to_link(base),
        None => format!("{base}/lots/{}", line.origin),
    }
}

impl Native {
    /// The event as EPCIS 2.0 JSON, without `@context` (names beginning in `shian:` are of [`context`]).
    pub fn to_value(&self, base: &str) -> Value {
        let words = words(self.kind, self.lines.iter().any(|l| l.taken));
        let mut map = Map::new();
        let mut put = |name: &str, value: Value| drop(map.insert(name.to_owned(), value));
        put("type", json!(words.kind));
        put("eventID", json!(event_uri(&self.id)));
        put("eventTime", json!(written(event_time(&self.at, self.at_ms, self.recorded_at))));
        put("eventTimeZoneOffset", json!("+08:00"));
        put("recordTime", json!(written(self.recorded_at)));
        if words.kind == "TransformationEvent" {
            put("inputQuantityList", self.quantities(base, true, None));
            put("outputQuantityList", self.quantities(base, false, None));
        } else {
            put("action", json!(words.action));
            put("quantityList", self.what(base));
        }
        put("bizStep", json!(words.step));
        put("disposition", json!(words.disposition));
        self.places(base, &mut put);
        if !self.doc_no.is_empty() {
            let paper = super::gs1::escaped(&self.doc_no);
            let uri = format!("{}/documents/{paper}", party_uri(base, &self.party));
            put("bizTransactionList", json!([{ "type": "desadv", "bizTransaction": uri }]));
        }
        let begins = words.action == "ADD" || words.kind == "TransformationEvent";
        if let Some(ilmd) = self.master_data().filter(|_| begins) {
            put("ilmd", ilmd);
        }
        if let Some((at, reason)) = &self.wrong {
            let declaration = json!({ "declarationTime": written(*at), "reason": "incorrect_data", "shian:reason": reason });
            put("errorDeclaration", declaration);
        }
        if self.at_ms.is_none() {
            put("shian:eventDate", json!(self.at));
        }
        if self.simulated {
            put("shian:simulated", json!(true));
        }
        Value::Object(map)
    }

    /// What an object event is about.
    fn what(&self, base: &str) -> Value {
        use EventKind as K;
        let makes = self.lines.iter().any(|l| !l.taken);
        match self.kind {
            // counted to nothing: the lot that was there, with none of it
            K::Stocktake if !makes => self.quantities(base, true, Some(0)),
            K::Ship | K::Return | K::Refuse | K::Sell | K::Loss | K::Destroy => {
                self.quantities(base, true, None)
            }
            _ => self.quantities(base, false, None),
        }
    }

    fn places(&self, base: &str, put: &mut impl FnMut(&str, Value)) {
        use EventKind as K;
        let own = party_uri(base, &self.party);
        put("readPoint", json!({ "id": own }));
        let leaves = matches!(self.kind, K::Ship | K::Return | K::Refuse);
        if !leaves {
            put("bizLocation", json!({ "id": own }));
        }
        let other = self.counterpart.as_ref().map(|o| party_uri(base, o));
        let end = |name: &str, uri: &str| json!([{ "type": "possessing_party", name: uri }]);
        if leaves {
            put("sourceList", end("source", &own));
            if let Some(other) = &other {
                put("destinationList", end("destination", other));
            }
        } else if self.kind == K::Receive {
            if let Some(other) = &other {
                put("sourceList", end("source", other));
            }
            put("destinationList", end("destination", &own));
        }
    }

    /// Amounts by class; lots of one batch are added up, an unknown amount makes the sum unknown.
    fn quantities(&self, base: &str, taken: bool, instead: Option<i64>) -> Value {
        let mut sums: Vec<(String, &str, Option<i64>)> = Vec::new();
        for line in self.lines.iter().filter(|l| l.taken == taken) {
            let class = lot_uri(base, line);
            let amount = instead.or(line.amount);
            match sums.iter_mut().find(|(known, unit, _)| *known == class && *unit == line.unit) {
                Some((_, _, sum)) => *sum = sum.zip(amount).and_then(|(a, b)| a.checked_add(b)),
                None => sums.push((class, &line.unit, amount)),
            }
        }
        let element = |(class, unit, amount): (String, &str, Option<i64>)| {
            let mut one = json!({ "epcClass": class });
            if let Some(amount) = amount {
                let (number, uom) = in_uom(amount, unit);
                one["quantity"] = number;
                if let Some(uom) = uom {
                    one["uom"] = json!(uom);
                }
            }
            one
        };
        Value::Array(sums.into_iter().map(element).collect())
    }

    /// Batch and dates, where the event made just one batch.
    fn master_data(&self) -> Option<Value> {
        let mut made = self.lines.iter().filter(|l| !l.taken);
        let line = made.next().filter(|_| made.next().is_none())?;
        let mut ilmd = Map::new();
        let begin = if self.kind == EventKind::Harvest { "harvestStartDate" } else { "productionDate" };
        for (name, text) in
            [("lotNumber", &line.batch), (begin, &line.made), ("itemExpirationDate", &line.expires)]
        {
            if !text.is_empty() {
                ilmd.insert(format!("cbvmda:{name}"), json!(text));
            }
        }
        (!ilmd.is_empty()).then_some(Value::Object(ilmd))
    }
}

/// Kilograms and litres of base units; pieces have no unit (standard 7.3.3.3).
fn in_uom(amount: i64, unit: &str) -> (Value, Option<&'static str>) {
    let thousandth = |n: i64| if n % 1000 == 0 { json!(n / 1000) } else { json!(n as f64 / 1000.0) };
    match unit {
        "g" => (thousandth(amount), Some("KGM")),
        "ml" => (thousandth(amount), Some("LTR")),
        _ => (json!(amount), None),
    }
}

/// What the names of [`Native::to_value`] stand for.
pub fn context(base: &str) -> Value {
    json!([super::context::STANDARD, { "shian": format!("{base}/epcis#") }])
}
