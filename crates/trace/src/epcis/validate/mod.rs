//! What an EPCIS 2.0 event must be: the JSON schema of the standard (gs1/EPCIS, EPCIS-JSON-Schema.json), written by
//! hand so that each defect names its place and says in Chinese how to mend it.

mod document;
mod parts;
mod shapes;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use kit_base::Defect;
use serde_json::{Map, Value};

pub use document::check_head;
use shapes::{Shape, fields_of};

use super::event::{Action, EventKind};
use super::vocab::is_uri;

/// How much is asked of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Strict: as the standard says. Lenient: national numbers in place of URIs, words of older vocabularies in the
    /// standard's name space, bare events without `@context`, aggregations without parent, `persistentDisposition` in
    /// any event, XML times without offset (they are read at `eventTimeZoneOffset`) pass; nothing else.
    pub strict: bool,
    /// The event came from XML: what only the JSON schema asks (unique lists) is not asked.
    pub xml: bool,
}

/// The most defects told of one event; a broken export is clear after these.
const MOST: usize = 50;

/// Every defect of one event; `pointer` is where it stands in its document.
pub fn check_event(event: &Value, pointer: &str, rules: Rules) -> Vec<Defect> {
    let mut check = Check::new(pointer, rules);
    match event.as_object() {
        Some(map) => check.event(map),
        None => check.wrong_type("对象"),
    }
    check.defects
}

/// A walk through an event that knows where it is.
pub(super) struct Check {
    pointer: String,
    rules: Rules,
    pub(super) defects: Vec<Defect>,
}

impl Check {
    fn new(pointer: &str, rules: Rules) -> Self {
        Self { pointer: pointer.to_owned(), rules, defects: Vec::new() }
    }

    fn report(&mut self, code: &'static str, message: impl Into<String>) {
        if self.defects.len() < MOST {
            let defect =
                Defect { place: self.pointer.clone(), code: Cow::Borrowed(code), message: message.into() };
            self.defects.push(defect);
        }
    }

    fn wrong_type(&mut self, wanted: &str) {
        let name = self.name().to_owned();
        self.report("wrong_type", format!("{name} 应为{wanted}"));
    }

    /// The last name in the pointer, for messages.
    fn name(&self) -> &str {
        let last = self.pointer.rsplit('/').find(|part| part.parse::<usize>().is_err());
        last.filter(|name| !name.is_empty()).unwrap_or("内容")
    }

    /// Does something one step further down.
    fn at(&mut self, step: &str, work: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        work(self);
        self.pointer.truncate(length);
    }

    fn missing(&mut self, name: &str) {
        self.at(name, |c| c.report("required", format!("缺少必填字段 {name}")));
    }

    fn event(&mut self, map: &Map<String, Value>) {
        let Some(kind) = map.get("type") else { return self.missing("type") };
        let Some(name) = kind.as_str() else { return self.at("type", |c| c.wrong_type("文本")) };
        let kind = EventKind::read(name);
        if kind == EventKind::Other && !is_uri(name) {
            let message = format!("不认识的事件类型“{name}”，自定义类型应写成 URI");
            self.at("type", |c| c.report("event_type", message));
        }
        for name in ["eventTime", "eventTimeZoneOffset"] {
            if !map.contains_key(name) {
                self.missing(name);
            }
        }
        for (name, value) in map {
            match fields_of(kind).find(|(known, _)| known == name) {
                Some((_, shape)) => self.at(name, |c| c.shape(shape, value)),
                // the XSD has it in every event, the JSON schema in two kinds only
                None if name == "persistentDisposition" && (self.rules.xml || !self.rules.strict) => {
                    self.at(name, |c| c.persistent(value));
                }
                None => self.extension_name(name, kind),
            }
        }
        self.whole(kind, map);
    }

    fn extension_name(&mut self, name: &str, kind: EventKind) {
        if kind != EventKind::Other && !is_uri(name) {
            let message = format!("不认识的字段“{name}”，自定义字段应带命名空间前缀，如 example:{name}");
            self.at(name, |c| c.report("unknown_field", message));
        }
    }

    /// What holds between the fields of an event.
    fn whole(&mut self, kind: EventKind, map: &Map<String, Value>) {
        let action = map.get("action").and_then(Value::as_str);
        let needs_action = !matches!(kind, EventKind::Transformation | EventKind::Other);
        if needs_action && !map.contains_key("action") {
            self.missing("action");
        }
        let action = action.and_then(Action::read);
        let filled = |name: &str| map.get(name).and_then(Value::as_array).is_some_and(|l| !l.is_empty());
        match kind {
            EventKind::Object => self.whole_object(action, map, filled),
            EventKind::Aggregation | EventKind::Association => self.whole_group(kind, action, map, filled),
            EventKind::Transaction => {
                if !map.contains_key("bizTransactionList") {
                    self.missing("bizTransactionList");
                } else if !filled("bizTransactionList") {
                    self.at("bizTransactionList", |c| {
                        c.report("empty_list", "bizTransactionList 至少应有一项")
                    });
                }
                let subject =
                    map.contains_key("epcList") || filled("quantityList") || map.contains_key("parentID");
                if action != Some(Action::Delete) && action.is_some() && !subject {
                    self.report("nothing_named", "交易事件应写明 epcList 或 quantityList");
                }
            }
            EventKind::Transformation => self.whole_transformation(map, filled),
            EventKind::Other => {}
        }
    }

    fn whole_object(
        &mut self,
        action: Option<Action>,
        map: &Map<String, Value>,
        filled: impl Fn(&str) -> bool,
    ) {
        let sensed = filled("sensorElementList") && map.contains_key("readPoint");
        if !map.contains_key("epcList") && !filled("quantityList") && !sensed {
            self.report(
                "nothing_named",
                "对象事件应写明 epcList 或 quantityList（传感器事件应有 readPoint）",
            );
        }
        if map.contains_key("ilmd") && matches!(action, Some(Action::Observe | Action::Delete)) {
            self.at("ilmd", |c| c.report("ilmd_action", "只有 action 为 ADD 的对象事件可以带 ilmd"));
        }
    }

    fn whole_group(
        &mut self,
        kind: EventKind,
        action: Option<Action>,
        map: &Map<String, Value>,
        filled: impl Fn(&str) -> bool,
    ) {
        // standard 7.4.3: parentID is optional when action is OBSERVE, required otherwise; an association always has one
        let must = match kind {
            EventKind::Association => true,
            _ => self.rules.strict && matches!(action, Some(Action::Add | Action::Delete)),
        };
        if must && !map.contains_key("parentID") {
            self.missing("parentID");
        }
        let named = filled("childEPCs") || filled("childQuantityList");
        if !named && matches!(action, Some(Action::Add | Action::Observe)) {
            self.report("nothing_named", "应写明 childEPCs 或 childQuantityList，且不能为空");
        }
    }

    fn whole_transformation(&mut self, map: &Map<String, Value>, filled: impl Fn(&str) -> bool) {
        let inputs = filled("inputEPCList") || filled("inputQuantityList");
        let outputs = filled("outputEPCList") || filled("outputQuantityList");
        let joined = map.contains_key("transformationID");
        if !(inputs && outputs || joined && (inputs || outputs)) {
            let message = "转换事件应同时写明投入和产出；分次上报时应写 transformationID，并至少写其中之一";
            self.report("nothing_named", message);
        }
    }

    fn shape(&mut self, shape: Shape, value: &Value) {
        match shape {
            Shape::Kind => {}
            Shape::Context => self.context(value),
            Shape::Time => self.time(value),
            Shape::Zone => self.zone(value),
            Shape::Uri => self.uri(value),
            Shape::Id => self.id(value),
            Shape::UriOrList => self.uri_or_list(value),
            Shape::Ids { unique } => self.ids(value, unique),
            Shape::Quantities => self.list(value, Self::quantity_element),
            Shape::Action => self.action(value),
            Shape::Word(vocabulary) => self.word(vocabulary, value),
            Shape::Place => self.place(value),
            Shape::Transactions => self.list(value, |c, v| c.typed(v, "bizTransaction", false)),
            Shape::Sources => self.list(value, |c, v| c.typed(v, "source", true)),
            Shape::Destinations => self.list(value, |c, v| c.typed(v, "destination", true)),
            Shape::Sensors => self.list(value, Self::sensor_element),
            Shape::Ilmd => self.ilmd(value),
            Shape::Persistent => self.persistent(value),
            Shape::ErrorDeclaration => self.error_declaration(value),
            Shape::Number => self.number(value),
            Shape::Text => {
                if !value.is_string() {
                    self.wrong_type("文本");
                }
            }
            Shape::Boolean => {
                if !value.is_boolean() {
                    self.wrong_type("true 或 false");
                }
            }
            Shape::Hex => self.hex(value),
        }
    }
}
