//! An XML event as the EPCIS 2.0 JSON object that says the same.
//!
//! - elements of EPCIS become its JSON fields; the `extension` wrappers of 1.x fall away;
//! - words of the standard's vocabularies become bare, `gs1:` types too;
//! - numbers and true/false of sensors become JSON numbers and booleans;
//! - elements and attributes of other name spaces become `prefix:name`; repeated ones a list; element text becomes
//!   text whatever `xsi:type` says; text beside attributes becomes `#text`;
//! - a 1.x QuantityEvent becomes the ObjectEvent (OBSERVE) that EPCIS 1.1 replaced it with.

mod extension;
mod parts;

use kit_base::Defect;
use serde_json::{Map, Number, Value};

use super::EPCIS;
use super::node::{Attribute, Node};
use crate::epcis::context::{Contexts, is_built_in};
use crate::epcis::decimal::Decimal;
use crate::epcis::vocab::Vocabulary;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

pub struct Made {
    pub value: Value,
    /// The name spaces the event makes use of.
    pub contexts: Contexts,
    /// Defects that only XML can have, already with their places.
    pub defects: Vec<Defect>,
    /// Pointer to line and column, for the check that follows.
    pub places: Vec<(String, (u64, u64))>,
}

/// The place in the file of a defect: that of the pointer or of the nearest element around it.
pub fn locate(places: &[(String, (u64, u64))], place: &str, event: &Node) -> String {
    if place.starts_with("line ") {
        return place.to_owned();
    }
    let mut pointer = place;
    loop {
        if let Some((_, (line, column))) = places.iter().find(|(known, _)| known == pointer) {
            return format!("line {line} column {column} {place}");
        }
        match pointer.rsplit_once('/') {
            Some((outer, _)) => pointer = outer,
            None => return format!("{} {place}", event.place()),
        }
    }
}

pub fn event(node: &Node, pointer: &str) -> Made {
    let mut work = Work {
        contexts: Contexts::standard(),
        defects: Vec::new(),
        places: vec![(pointer.to_owned(), node.open.at)],
        pointer: pointer.to_owned(),
    };
    let value = work.event(node);
    work.hints(node);
    Made { value, contexts: work.contexts, defects: work.defects, places: work.places }
}

struct Work {
    contexts: Contexts,
    defects: Vec<Defect>,
    places: Vec<(String, (u64, u64))>,
    pointer: String,
}

/// How an EPCIS element becomes JSON.
#[derive(Clone, Copy)]
enum Form {
    Text,
    /// May come several times: one text, or a list.
    Texts,
    Word(Vocabulary),
    /// `<epcList><epc>…</epc></epcList>`
    Items(&'static str),
    Quantities,
    Place,
    Typed(&'static str, Vocabulary),
    ErrorDeclaration,
    Persistent,
    Ilmd,
    Sensors,
}

fn form_of(name: &str) -> Option<Form> {
    Some(match name {
        "eventTime"
        | "recordTime"
        | "eventTimeZoneOffset"
        | "eventID"
        | "action"
        | "parentID"
        | "transformationID" => Form::Text,
        "certificationInfo" => Form::Texts,
        "bizStep" => Form::Word(Vocabulary::BizStep),
        "disposition" => Form::Word(Vocabulary::Disposition),
        "epcList" | "childEPCs" | "inputEPCList" | "outputEPCList" => Form::Items("epc"),
        "quantityList" | "childQuantityList" | "inputQuantityList" | "outputQuantityList" => Form::Quantities,
        "readPoint" | "bizLocation" => Form::Place,
        "bizTransactionList" => Form::Typed("bizTransaction", Vocabulary::BizTransactionType),
        "sourceList" => Form::Typed("source", Vocabulary::SourceDestType),
        "destinationList" => Form::Typed("destination", Vocabulary::SourceDestType),
        "errorDeclaration" => Form::ErrorDeclaration,
        "persistentDisposition" => Form::Persistent,
        "ilmd" => Form::Ilmd,
        "sensorElementList" => Form::Sensors,
        _ => return None,
    })
}

fn is_ours(node: &Node) -> bool {
    node.open.space.as_deref().is_none_or(|space| EPCIS.contains(&space))
}

/// Attributes that say something of the XML, not of the event: `xsi:type`, `xml:space`.
fn is_instance(attribute: &Attribute) -> bool {
    matches!(attribute.space.as_deref(), Some(XSI | XML))
}

/// `<quantity xsi:nil="true"/>`: said to be unknown.
fn is_nil(node: &Node) -> bool {
    let nil = |a: &Attribute| {
        a.space.as_deref() == Some(XSI) && a.local == "nil" && matches!(a.value.trim(), "true" | "1")
    };
    node.trimmed().is_empty() && node.children.is_empty() && node.open.attributes.iter().any(nil)
}

fn is_wrapper(node: &Node) -> bool {
    is_ours(node)
        && matches!(node.open.local.as_str(), "extension" | "baseExtension")
        && node.open.attributes.is_empty()
}

impl Work {
    fn report(&mut self, node: &Node, code: &'static str, message: String) {
        let place = format!("{} {}", node.place(), self.pointer);
        self.defects.push(Defect { place, code: code.into(), message });
    }

    fn under<T>(&mut self, step: &str, node: &Node, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        self.places.push((self.pointer.clone(), node.open.at));
        let out = work(self);
        self.pointer.truncate(length);
        out
    }

    fn unknown(&mut self, node: &Node) {
        let name = &node.open.local;
        let message = format!("不认识的元素“{name}”，自定义元素应带命名空间前缀");
        self.report(node, "unknown_field", message);
    }

    /// Prefixes used in values must be at hand when the event is written.
    fn hints(&mut self, node: &Node) {
        for (prefix, space) in &node.hints {
            if !is_built_in(prefix) && !EPCIS.contains(&space.as_ref()) {
                self.contexts.prefixes.entry(prefix.clone()).or_insert_with(|| space.to_string());
            }
        }
        node.children.iter().for_each(|child| self.hints(child));
    }

    fn stray_text(&mut self, node: &Node) {
        if !node.trimmed().is_empty() {
            self.report(node, "stray_text", format!("元素 {} 中不应直接写文字", node.open.local));
        }
    }

    fn event(&mut self, node: &Node) -> Value {
        let mut map = Map::new();
        let kind = match (is_ours(node), node.open.local.as_str()) {
            (true, "QuantityEvent") => "ObjectEvent".to_owned(),
            (true, name) => name.to_owned(),
            (false, _) => self.full_address(node),
        };
        map.insert("type".into(), Value::String(kind));
        self.stray_text(node);
        if node.open.local == "QuantityEvent" {
            map.insert("action".into(), "OBSERVE".into());
            self.quantity_event(node, &mut map);
        } else {
            self.fields(node, &mut map);
        }
        for attribute in node.open.attributes.iter().filter(|a| a.space.is_none()) {
            self.report(node, "unknown_field", format!("不认识的属性“{}”", attribute.local));
        }
        self.attributes_into(&node.open.attributes, &mut map);
        Value::Object(map)
    }

    /// The type of an event of the user's own: name space and name together.
    fn full_address(&self, node: &Node) -> String {
        let space = node.open.space.as_deref().unwrap_or_default();
        let gap = if space.ends_with(['/', ':', '#']) { "" } else { "/" };
        format!("{space}{gap}{}", node.open.local)
    }

    fn quantity_event(&mut self, node: &Node, map: &mut Map<String, Value>) {
        let mut quantity = Map::new();
        for child in node.children.iter().filter(|child| is_ours(child)) {
            match child.open.local.as_str() {
                "epcClass" => drop(quantity.insert("epcClass".into(), child.trimmed().into())),
                "quantity" => {
                    let number = self.number(child, child.trimmed());
                    quantity.insert("quantity".into(), number);
                }
                _ => {}
            }
        }
        map.insert("quantityList".into(), Value::Array(vec![Value::Object(quantity)]));
        self.fields_but(node, map, &["epcClass", "quantity"]);
    }

    fn fields(&mut self, node: &Node, map: &mut Map<String, Value>) {
        self.fields_but(node, map, &[]);
    }

    fn fields_but(&mut self, node: &Node, map: &mut Map<String, Value>, done: &[&str]) {
        for child in &node.children {
            let name = child.open.local.as_str();
            if !is_ours(child) {
                self.extension_into(child, map);
            } else if done.contains(&name) || is_nil(child) {
                continue;
            } else if let Some(form) = form_of(name) {
                let value = self.under(name, child, |w| w.field(child, form));
                self.put(child, map, name, value, matches!(form, Form::Texts));
            } else if is_wrapper(child) {
                self.stray_text(child);
                self.fields_but(child, map, done);
            } else {
                self.unknown(child);
            }
        }
    }

    fn put(&mut self, node: &Node, map: &mut Map<String, Value>, name: &str, value: Value, many: bool) {
        match map.get_mut(name) {
            None => drop(map.insert(name.to_owned(), value)),
            Some(Value::Array(list)) if many => list.push(value),
            Some(old) if many => *old = Value::Array(vec![old.take(), value]),
            Some(_) => self.report(node, "duplicate", format!("元素 {name} 重复")),
        }
    }

    fn field(&mut self, node: &Node, form: Form) -> Value {
        match form {
            Form::Text | Form::Texts => self.leaf(node),
            Form::Word(vocabulary) => {
                self.leaf(node);
                vocabulary.canonical(node.trimmed()).into()
            }
            Form::Items(inner) => self.items(node, inner, Self::leaf),
            Form::Quantities => self.items(node, "quantityElement", Self::quantity),
            Form::Place => self.place(node),
            Form::Typed(inner, vocabulary) => {
                self.items(node, inner, |w, child| w.typed(child, inner, vocabulary))
            }
            Form::ErrorDeclaration => self.error_declaration(node),
            Form::Persistent => self.persistent(node),
            Form::Ilmd => {
                let mut map = Map::new();
                self.ilmd(node, &mut map);
                Value::Object(map)
            }
            Form::Sensors => self.items(node, "sensorElement", Self::sensor),
        }
    }

    fn leaf(&mut self, node: &Node) -> Value {
        self.no_attributes(node);
        self.only_text(node)
    }

    fn only_text(&mut self, node: &Node) -> Value {
        if let Some(child) = node.children.first() {
            let message = format!("元素 {} 中不应有元素 {}", node.open.local, child.open.local);
            self.report(child, "unknown_field", message);
        }
        node.trimmed().into()
    }

    /// Attributes that have no place in the JSON form would be lost unseen.
    fn no_attributes(&mut self, node: &Node) {
        for attribute in node.open.attributes.iter().filter(|a| !is_instance(a)) {
            let message = format!("元素 {} 中不认识的属性“{}”", node.open.local, attribute.local);
            self.report(node, "unknown_field", message);
        }
    }

    fn items(&mut self, node: &Node, inner: &str, each: impl Fn(&mut Self, &Node) -> Value) -> Value {
        self.stray_text(node);
        let mut list = Vec::with_capacity(node.children.len());
        for child in &node.children {
            if is_ours(child) && child.open.local == inner {
                let value = self.under(&list.len().to_string(), child, |w| each(w, child));
                list.push(value);
            } else {
                self.unknown(child);
            }
        }
        Value::Array(list)
    }

    fn quantity(&mut self, node: &Node) -> Value {
        let mut map = Map::new();
        for child in node.children.iter().filter(|child| !is_nil(child)) {
            let name = child.open.local.as_str();
            let value = match name {
                _ if !is_ours(child) => {
                    self.unknown(child);
                    continue;
                }
                "epcClass" | "uom" => self.under(name, child, |w| w.leaf(child)),
                "quantity" => self.under(name, child, |w| {
                    w.leaf(child);
                    w.number(child, child.trimmed())
                }),
                _ => {
                    self.unknown(child);
                    continue;
                }
            };
            self.put(child, &mut map, name, value, false);
        }
        Value::Object(map)
    }

    /// An `xsd:double` of a sensor: the nearest JSON number.
    fn double(&mut self, node: &Node, text: &str) -> Value {
        match Decimal::parse(text).and_then(|_| text.parse::<f64>().ok()).and_then(Number::from_f64) {
            Some(number) => Value::Number(number),
            None => self.number(node, text),
        }
    }

    /// A decimal number that JSON can carry without loss.
    fn number(&mut self, node: &Node, text: &str) -> Value {
        let made = Decimal::parse(text).and_then(|exact| {
            let number = match text.parse::<i64>() {
                Ok(whole) => Some(Number::from(whole)),
                Err(_) => text.parse::<f64>().ok().and_then(Number::from_f64),
            }?;
            (Decimal::parse(&number.to_string()) == Some(exact)).then_some(number)
        });
        match made {
            Some(number) => Value::Number(number),
            None => {
                let message = format!("“{text}”不是数字，或位数过多");
                self.report(node, "number_syntax", message);
                Value::Null
            }
        }
    }
}
