//! GS1 EPCIS: what other systems tell of lots and moves, read, checked, written and mapped to the trace model.
//!
//! The record of an event is its EPCIS 2.0 JSON object, whatever syntax it came in ([`Captured`]); [`Event`] is the
//! typed view the program looks at; [`plan`] says what it means for lots. Nothing here touches the database.
//!
//! Reading is streaming: one event in memory at a time, each under [`Options::event_bytes`] and [`Options::depth`].
//! Bad events do not stop the reading, so that a caller may take the good ones or refuse the whole; a document that
//! cannot be read on (syntax, encoding, size) ends with an error. What the caller wrote before must then be undone:
//! defects of the document itself (no `@context`) are known only at its end.
//!
//! Sources: GS1 EPCIS 2.0 and CBV 2.0 (ratified 2022), EPCIS 1.2, the schemas of github.com/gs1/EPCIS.

pub mod compare;
pub mod context;
pub mod decimal;
pub mod event;
pub mod gs1;
pub mod native;
pub mod plan;
pub mod query;
pub mod time;
pub mod validate;
pub mod vocab;
pub mod write;

mod json;
mod source;
mod xml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::sync::Arc;

use kit_base::{Defect, Error, Kind, Result};
use serde_json::{Map, Value};

pub use compare::same_event;
pub use context::Contexts;
pub use event::{Action, Event, EventKind};
pub use gs1::{Gs1, key_of};
pub use plan::{MoveKind, PlannedItem, PlannedMove, plan};
pub use write::Writer;

use source::{Fault, Meter, Source, fault_of};
use validate::Rules;

/// How to read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// By the letter of the standard; else national numbers and the like pass (see [`Rules::strict`]).
    pub strict: bool,
    /// The most bytes (as UTF-8) of one event, and of all that stands around the events together.
    pub event_bytes: u64,
    /// The deepest nesting of objects and arrays (JSON) or elements (XML) inside an event.
    pub depth: usize,
}

impl Options {
    pub const STRICT: Self = Self { strict: true, event_bytes: 8 << 20, depth: 64 };
    pub const LENIENT: Self = Self { strict: false, ..Self::STRICT };
}

/// One event as it is kept.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Counted from 0 over the whole input.
    pub index: u64,
    /// The canonical event: an EPCIS 2.0 JSON object, with its own `@context` where it had one.
    pub value: Value,
    /// The contexts of its document (JSON: what stood before the events; XML: what this event makes use of).
    pub contexts: Arc<Contexts>,
    pub event: Event,
}

impl Captured {
    /// The event with all it needs to be understood alone: `@context` of the document merged into its own.
    pub fn standalone(&self) -> Value {
        write::standalone(&self.value, &self.contexts)
    }
}

/// What reading gives, one at a time.
#[derive(Debug)]
pub enum Item {
    Good(Box<Captured>),
    /// An event that must not be taken, and why.
    Bad {
        index: u64,
        defects: Vec<Defect>,
    },
}

/// What is known of a document after its last event.
#[derive(Debug, Clone)]
pub struct Document {
    pub syntax: Syntax,
    /// The document without its events: `type`, `schemaVersion` (as it came: 1.2 or 2.0), `creationDate`, `sender` …
    /// Empty for bare events.
    pub head: Map<String, Value>,
    /// The contexts met (the first thousand names; see [`Captured::contexts`] for those of each event).
    pub contexts: Contexts,
    pub good: u64,
    pub bad: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Json,
    Xml,
}

/// Receives events; an error from it ends the reading and is given back.
pub type Sink<'s> = dyn FnMut(Item) -> Result<()> + 's;

/// Reads JSON (a document, one event, an array of events, or events line by line) or XML (EPCIS 1.2 or 2.0); which,
/// the first character tells.
///
/// Errors, each with one defect or more: `epcis_syntax` (broken JSON or XML, forbidden XML), `epcis_encoding`,
/// `epcis_too_large`, `epcis_too_deep`, `epcis_empty`, `epcis_document` (the document's own fields).
pub fn read(input: impl Read, options: Options, sink: &mut Sink<'_>) -> Result<Document> {
    let mut source = match Source::open(input, options.event_bytes) {
        Ok(source) => source,
        Err(error) => return Err(io_error(error, (1, 1))),
    };
    let meter = source.meter();
    let first = source.first().map_err(|error| io_error(error, meter.place()))?;
    match first {
        None => Err(refused("epcis_empty", "line 1 column 1", "文件是空的")),
        Some(b'<') => xml::read(source, options, sink),
        Some(_) => json::read(source, options, sink),
    }
}

/// Reads all of a small input, refusing it whole where any event is bad.
///
/// Errors: as [`read`], and `epcis_invalid` with the defects of all events (the first thousand).
pub fn read_all(input: impl Read, options: Options) -> Result<(Document, Vec<Captured>)> {
    let (mut events, mut defects) = (Vec::new(), Vec::new());
    let document = read(input, options, &mut |item| {
        match item {
            Item::Good(captured) => events.push(*captured),
            Item::Bad { defects: bad, .. } if defects.len() < 1_000 => defects.extend(bad),
            Item::Bad { .. } => {}
        }
        Ok(())
    });
    match document {
        Ok(document) if defects.is_empty() => Ok((document, events)),
        Ok(_) => Err(invalid(defects)),
        Err(mut error) => {
            error.defects.extend(defects);
            Err(error)
        }
    }
}

fn invalid(defects: Vec<Defect>) -> Error {
    let message = match defects.first() {
        Some(first) => {
            format!("EPCIS 事件有 {} 处错误，第一处（{}）：{}", defects.len(), first.place, first.message)
        }
        None => "EPCIS 事件有误".to_owned(),
    };
    Error::new(Kind::Invalid, "epcis_invalid", message).with_defects(defects)
}

/// A document that cannot be read on.
fn refused(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Error {
    let (place, message) = (place.into(), message.into());
    let kind = if code == "epcis_too_large" { Kind::TooLarge } else { Kind::Invalid };
    let defect = Defect { place: place.clone(), code: Cow::Borrowed(code), message: message.clone() };
    Error::new(kind, code, format!("{message}（{place}）")).with_defects(vec![defect])
}

fn io_error(error: io::Error, (line, column): (u64, u64)) -> Error {
    let place = format!("line {line} column {column}");
    match fault_of(&error) {
        Some(Fault::TooLarge) => refused("epcis_too_large", place, "单个事件（或文件头）超过大小上限"),
        Some(Fault::Malformed(name)) => {
            let message = format!("内容不是 {name} 编码；GBK 等编码的 XML 应在首行写明 encoding");
            refused("epcis_encoding", place, message)
        }
        Some(Fault::Unknown) => refused("epcis_encoding", place, "XML 声明的编码不认识，或与内容不符"),
        Some(Fault::Nul) => refused("epcis_encoding", place, "内容含有空字符（NUL）"),
        None => Error::from(error),
    }
}

/// What both readers do with an event once it is a JSON object.
struct Intake<'s, 'f> {
    options: Options,
    xml: bool,
    sink: &'s mut Sink<'f>,
    contexts: Contexts,
    seen: Seen,
    index: u64,
    good: u64,
    bad: u64,
}

impl<'s, 'f> Intake<'s, 'f> {
    fn new(options: Options, xml: bool, sink: &'s mut Sink<'f>) -> Self {
        let contexts = Contexts::default();
        Self { options, xml, sink, contexts, seen: Seen::default(), index: 0, good: 0, bad: 0 }
    }

    fn rules(&self) -> Rules {
        Rules { strict: self.options.strict, xml: self.xml }
    }

    /// Remembers contexts for the document, so many: an event keeps its own in any case.
    fn note(&mut self, contexts: &Contexts) {
        let known = self.contexts.prefixes.len() + self.contexts.links.len() + self.contexts.others.len();
        if known < 1_000 {
            self.contexts.merge(contexts);
        }
    }

    /// Checks an event and passes it on. `locate` turns the pointer of a defect into its place.
    fn take(
        &mut self,
        value: Value,
        pointer: &str,
        contexts: &Arc<Contexts>,
        mut defects: Vec<Defect>,
        locate: impl Fn(&str) -> String,
    ) -> Result<()> {
        let index = self.index;
        self.index += 1;
        defects.extend(validate::check_event(&value, pointer, self.rules()));
        if defects.is_empty() && self.seen.again(&value) {
            let message = "同一文件中有相同 eventID 的事件".to_owned();
            let place = format!("{pointer}/eventID");
            defects.push(Defect { place, code: "event_id_duplicate".into(), message });
        }
        let event = if defects.is_empty() { Event::read(&value) } else { None };
        let Some(event) = event else {
            self.bad += 1;
            for defect in &mut defects {
                defect.place = locate(&defect.place);
            }
            return (self.sink)(Item::Bad { index, defects });
        };
        self.good += 1;
        let captured = Captured { index, value, contexts: Arc::clone(contexts), event };
        (self.sink)(Item::Good(Box::new(captured)))
    }

    fn finish(self, syntax: Syntax, head: Map<String, Value>) -> Document {
        Document { syntax, head, contexts: self.contexts, good: self.good, bad: self.bad }
    }
}

/// The eventIDs of a document, as hashes. It remembers so many; beyond them the database's own key finds duplicates.
#[derive(Default)]
struct Seen(HashSet<(u64, bool)>);

impl Seen {
    const MOST: usize = 2_000_000;

    /// Whether the id was there before. An error declaration repeats the id of the event it takes back (standard
    /// 7.4.1.3), so the two do not count as the same.
    fn again(&mut self, event: &Value) -> bool {
        let Some(id) = event.get("eventID").and_then(Value::as_str) else { return false };
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let mark = (hasher.finish(), event.get("errorDeclaration").is_some());
        if self.0.len() >= Self::MOST {
            return self.0.contains(&mark);
        }
        !self.0.insert(mark)
    }
}

fn place_text(meter: &Meter) -> String {
    let (line, column) = meter.place();
    format!("line {line} column {column}")
}
