//! EPCIS 2.0 JSON-LD, read as it streams by: a document, one event, an array of events, or events line by line.

mod tree;

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use kit_base::{Error, Kind, Result};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use tree::Tree;

use super::context::is_standard;
use super::source::{Meter, Source};
use super::{Contexts, Document, Intake, Options, Sink, Syntax, io_error, place_text, refused, validate};

pub fn read<R: Read>(source: Source<R>, options: Options, sink: &mut Sink<'_>) -> Result<Document> {
    let meter = source.meter();
    let state = State {
        meter: Rc::clone(&meter),
        depth: options.depth,
        intake: Intake::new(options, false, sink),
        head: Map::new(),
        shared: Arc::new(Contexts::default()),
        failure: None,
        shape: Shape::Unknown,
    };
    let state = RefCell::new(state);
    let mut json = serde_json::Deserializer::from_reader(source);
    // our own limit is lower and counts the same things; the parser's must not come first
    loop {
        if let Err(error) = (Top { state: &state }).deserialize(&mut json) {
            return Err(state.into_inner().explain(error));
        }
        meter.next_event();
        match json.end() {
            Ok(()) => break,
            Err(error) if error.is_io() => return Err(state.into_inner().explain(error)),
            Err(_) => {}
        }
        // something follows: fine after a bare event (line by line), not after a document or an array
        if state.borrow().shape != Shape::Lines {
            let place = place_text(&meter);
            return Err(refused("epcis_syntax", place, "文件结尾之后还有多余内容"));
        }
    }
    state.into_inner().finish()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    Document,
    Array,
    Lines,
}

struct State<'s, 'f> {
    meter: Rc<Meter>,
    depth: usize,
    intake: Intake<'s, 'f>,
    head: Map<String, Value>,
    shared: Arc<Contexts>,
    /// An error that has more to say than the parser's.
    failure: Option<Error>,
    shape: Shape,
}

impl State<'_, '_> {
    fn explain(self, error: serde_json::Error) -> Error {
        if let Some(failure) = self.failure {
            return failure;
        }
        if error.is_io() {
            return io_error(io::Error::from(error), self.meter.place());
        }
        let place = format!("line {} column {}", error.line(), error.column());
        let message = if error.is_eof() {
            "JSON 不完整，文件可能被截断".to_owned()
        } else {
            format!("JSON 格式错误：{}", reason(&error))
        };
        refused("epcis_syntax", place, message)
    }

    fn refuse(&mut self, code: &'static str, message: impl Into<String>) {
        self.failure = Some(refused(code, place_text(&self.meter), message));
    }

    fn event(&mut self, value: Value, pointer: &str) -> Result<()> {
        self.meter.next_event();
        let mut contexts = Arc::clone(&self.shared);
        if let Some(own) = value.get("@context") {
            let own = Contexts::read(own);
            let mut merged = (*contexts).clone();
            // what the event itself says wins: JSON-LD reads the inner context last
            merged.prefixes.extend(own.prefixes.clone());
            merged.merge(&own);
            self.intake.note(&own);
            contexts = Arc::new(merged);
        }
        self.intake.take(value, pointer, &contexts, Vec::new(), str::to_owned)
    }

    /// A bare event must bring the standard context along (schema: required-ld-context).
    fn bare(&mut self, value: Value, pointer: &str) -> Result<()> {
        if self.intake.options.strict && value.get("@context").is_none() && value.get("type").is_some() {
            let defect = kit_base::Defect {
                place: format!("{pointer}/@context"),
                code: "required".into(),
                message: "单独的事件应带 @context".into(),
            };
            self.meter.next_event();
            let contexts = Arc::clone(&self.shared);
            return self.intake.take(value, pointer, &contexts, vec![defect], str::to_owned);
        }
        self.event(value, pointer)
    }

    fn finish(mut self) -> Result<Document> {
        if self.shape == Shape::Document {
            let mut defects = validate::check_head(&self.head, self.intake.rules());
            if let Some(context) = self.head.get("@context") {
                let contexts = Contexts::read(context);
                if self.intake.options.strict && !contexts.links.iter().any(|link| is_standard(link)) {
                    defects.push(kit_base::Defect {
                        place: "/@context".into(),
                        code: "context".into(),
                        message: "@context 中应有 EPCIS 2.0 的标准上下文网址".into(),
                    });
                }
                self.intake.note(&contexts);
            }
            if !defects.is_empty() {
                let message = format!("EPCIS 文件有误（{}）：{}", defects[0].place, defects[0].message);
                return Err(Error::new(Kind::Invalid, "epcis_document", message).with_defects(defects));
            }
            self.head.shift_remove("epcisBody");
        }
        Ok(self.intake.finish(Syntax::Json, self.head))
    }
}

/// The parser's own words in Chinese, for the ones people meet.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match text {
        "trailing comma" => "多了一个逗号".into(),
        "key must be a string" => "字段名应加引号".into(),
        "expected `,` or `}`" | "expected `,` or `]`" => "缺少逗号或括号".into(),
        "expected `:`" => "缺少冒号".into(),
        "expected value" | "expected ident" => "此处应为一个值".into(),
        "number out of range" => "数字超出范围".into(),
        "invalid number" => "数字写法不对".into(),
        "invalid escape" => "转义符不对".into(),
        "recursion limit exceeded" => "嵌套过深".into(),
        other => other.to_owned(),
    }
}

/// Work that failed on our side: the parser is told to stop, the reason waits in the state.
fn stop<E: serde::de::Error>() -> E {
    E::custom("stopped")
}

/// The outermost value.
struct Top<'a, 's, 'f> {
    state: &'a RefCell<State<'s, 'f>>,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EPCIS 文件或事件（对象或数组）")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        if self.state.borrow().shape != Shape::Unknown {
            self.state.borrow_mut().refuse("epcis_syntax", "逐行的事件中不能有数组");
            return Err(stop());
        }
        self.state.borrow_mut().shape = Shape::Array;
        EventList { state: self.state, pointer: "", bare: true }.visit_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let depth = self.state.borrow().depth;
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if map.contains_key(&name) {
                self.state.borrow_mut().refuse("epcis_syntax", format!("字段“{name}”重复"));
                return Err(stop());
            }
            if name == "epcisBody" && self.state.borrow().shape == Shape::Unknown {
                let mut state = self.state.borrow_mut();
                state.shape = Shape::Document;
                if let Some(context) = map.get("@context") {
                    state.shared = Arc::new(Contexts::read(context));
                }
                drop(state);
                fields.next_value_seed(Body { state: self.state, level: BodyLevel::Body })?;
                map.insert(name, Value::Null);
            } else {
                let value = fields.next_value_seed(Tree { state: self.state, depth })?;
                map.insert(name, value);
            }
        }
        let mut state = self.state.borrow_mut();
        let document =
            matches!(map.get("type").and_then(Value::as_str), Some("EPCISDocument" | "EPCISQueryDocument"));
        if state.shape == Shape::Document || (document && state.shape == Shape::Unknown) {
            state.shape = Shape::Document;
            state.head = map;
            return Ok(());
        }
        // the first bare event stands at the root; with others after it, they are counted like an array's
        let pointer = match state.intake.index {
            0 => String::new(),
            index => format!("/{index}"),
        };
        state.shape = Shape::Lines;
        let taken = state.bare(Value::Object(map), &pointer);
        taken.map_err(|error| {
            state.failure = Some(error);
            stop()
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyLevel {
    /// `epcisBody`
    Body,
    /// `epcisBody/queryResults`
    Results,
    /// `epcisBody/queryResults/resultsBody`
    ResultsBody,
}

impl BodyLevel {
    fn path(self) -> &'static str {
        match self {
            Self::Body => "/epcisBody",
            Self::Results => "/epcisBody/queryResults",
            Self::ResultsBody => "/epcisBody/queryResults/resultsBody",
        }
    }
}

/// The objects around `eventList`.
struct Body<'a, 's, 'f> {
    state: &'a RefCell<State<'s, 'f>>,
    level: BodyLevel,
}

impl<'de> DeserializeSeed<'de> for Body<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Body<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("对象")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let depth = self.state.borrow().depth;
        let mut inner = false;
        while let Some(name) = fields.next_key::<String>()? {
            let deeper = match (self.level, name.as_str()) {
                (BodyLevel::Body, "queryResults") => Some(BodyLevel::Results),
                (BodyLevel::Results, "resultsBody") => Some(BodyLevel::ResultsBody),
                _ => None,
            };
            let list = name == "eventList" && self.level != BodyLevel::Results;
            if (list || deeper.is_some()) && std::mem::replace(&mut inner, true) {
                self.state.borrow_mut().refuse("epcis_syntax", format!("字段“{name}”重复"));
                return Err(stop());
            }
            if let Some(level) = deeper {
                fields.next_value_seed(Body { state: self.state, level })?;
            } else if list {
                let pointer = match self.level {
                    BodyLevel::Body => "/epcisBody/eventList",
                    _ => "/epcisBody/queryResults/resultsBody/eventList",
                };
                fields.next_value_seed(EventList { state: self.state, pointer, bare: false })?;
            } else {
                fields.next_value_seed(Tree { state: self.state, depth })?;
            }
        }
        if !inner {
            let path = self.level.path();
            let error =
                refused("epcis_document", format!("{path}/eventList"), "文件中没有事件列表 eventList");
            self.state.borrow_mut().failure = Some(error);
            return Err(stop());
        }
        Ok(())
    }
}

/// A list of events, taken one at a time.
struct EventList<'a, 's, 'f> {
    state: &'a RefCell<State<'s, 'f>>,
    pointer: &'static str,
    bare: bool,
}

impl<'de> DeserializeSeed<'de> for EventList<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EventList<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("事件数组")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let depth = self.state.borrow().depth;
        let mut at = 0_u64;
        while let Some(value) = items.next_element_seed(Tree { state: self.state, depth })? {
            let pointer = format!("{}/{at}", self.pointer);
            at += 1;
            let mut state = self.state.borrow_mut();
            let taken = if self.bare { state.bare(value, &pointer) } else { state.event(value, &pointer) };
            if let Err(error) = taken {
                state.failure = Some(error);
                return Err(stop());
            }
        }
        Ok(())
    }
}
