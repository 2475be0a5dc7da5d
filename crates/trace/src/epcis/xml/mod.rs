//! EPCIS XML 1.2 and 2.0, one event at a time, turned into the canonical JSON form.
//!
//! No document type declaration is read (entities, external files and "XML bombs" need one), no entity beyond the five
//! of XML; elements nest at most [`Options::depth`] deep inside an event.

mod convert;
mod header;
mod node;

use std::io::Read;
use std::sync::Arc;

use kit_base::{Defect, Error, Kind, Result};
use serde_json::{Map, Value};

use super::event::KINDS;
use super::source::Source;
use super::{Document, Intake, Options, Sink, Syntax, refused, validate};
use node::{Node, Open, Parser, Step};

/// The name spaces of EPCIS itself; elements of a document may carry them or none.
const EPCIS: &[&str] = &[
    "urn:epcglobal:epcis:xsd:1",
    "urn:epcglobal:epcis:xsd:2",
    "urn:epcglobal:epcis-query:xsd:1",
    "urn:epcglobal:epcis-query:xsd:2",
];

pub fn read<R: Read>(source: Source<R>, options: Options, sink: &mut Sink<'_>) -> Result<Document> {
    let mut parser = Parser::new(source, options.depth);
    let mut reading = Reading { intake: Intake::new(options, true, sink), head: Map::new(), lists: 0 };
    let root = parser.root()?;
    if is_event(&root) {
        let node = parser.tree(root)?;
        reading.event(&mut parser, &node, "")?;
    } else if is_ours(&root) && matches!(root.local.as_str(), "EPCISDocument" | "EPCISQueryDocument") {
        reading.document(&mut parser, root)?;
    } else {
        let message = format!("不是 EPCIS 文件：根元素是 {}", root.local);
        return Err(refused("epcis_document", root.place(), message));
    }
    parser.end_of_document()?;
    Ok(reading.intake.finish(Syntax::Xml, reading.head))
}

/// Whether an element is of EPCIS (or of no name space, as its schema has them).
fn is_ours(open: &Open) -> bool {
    open.space.as_deref().is_none_or(|space| EPCIS.contains(&space))
}

fn is_event(open: &Open) -> bool {
    is_ours(open) && (KINDS.iter().any(|(name, _)| *name == open.local) || open.local == "QuantityEvent")
}

struct Reading<'s, 'f> {
    intake: Intake<'s, 'f>,
    head: Map<String, Value>,
    lists: u64,
}

impl Reading<'_, '_> {
    fn document<R: Read>(&mut self, parser: &mut Parser<R>, root: Open) -> Result<()> {
        self.head.insert("type".into(), Value::String(root.local.clone()));
        for name in ["schemaVersion", "creationDate"] {
            if let Some(value) = root.attribute(name) {
                self.head.insert(name.into(), Value::String(value.to_owned()));
            }
        }
        self.check_head(&root)?;
        self.body(parser, "", 0)?;
        if self.lists == 0 {
            return Err(refused("epcis_document", root.place(), "文件中没有事件列表 EventList"));
        }
        Ok(())
    }

    fn check_head(&self, root: &Open) -> Result<()> {
        let mut head = self.head.clone();
        head.insert("@context".into(), Value::Array(Vec::new()));
        head.insert("epcisBody".into(), Value::Null);
        let mut defects = validate::check_head(&head, self.intake.rules());
        for defect in &mut defects {
            defect.place = format!("{} {}", root.place(), defect.place);
        }
        let version = root.attribute("schemaVersion").unwrap_or_default();
        if !version.is_empty()
            && !["1.0", "1.1", "1.2", "2.0", "2"].contains(&version)
            && !version.starts_with("2.0.")
        {
            let message = format!("schemaVersion“{version}”不支持，可读取 1.2 和 2.0");
            defects.push(Defect { place: root.place(), code: "schema_version".into(), message });
        }
        if defects.is_empty() {
            return Ok(());
        }
        let message = format!("EPCIS 文件有误（{}）：{}", defects[0].place, defects[0].message);
        Err(Error::new(Kind::Invalid, "epcis_document", message).with_defects(defects))
    }

    /// What stands inside the document, down to the event list.
    fn body<R: Read>(&mut self, parser: &mut Parser<R>, parent: &str, level: usize) -> Result<()> {
        loop {
            let open = match parser.step()? {
                Step::Close => return Ok(()),
                Step::Text(text) if text.trim().is_empty() => continue,
                Step::Text(_) => {
                    return Err(refused("epcis_document", parser.place(), "此处不应有文字"));
                }
                Step::Open(open) => open,
            };
            let ours = is_ours(&open);
            match (parent, open.local.as_str()) {
                ("", "EPCISHeader") if ours => {
                    let node = parser.tree(open)?;
                    header::read(&node, &mut self.head);
                }
                ("", "EPCISBody") | ("EPCISBody", "QueryResults") | ("QueryResults", "resultsBody")
                    if ours && level < 3 =>
                {
                    let name = open.local;
                    self.body(parser, &name, level + 1)?;
                }
                ("EPCISBody" | "resultsBody", "EventList") if ours => {
                    self.lists += 1;
                    self.event_list(parser)?;
                }
                ("QueryResults", "queryName" | "subscriptionID") | ("", "extension") if ours => {
                    parser.tree(open)?;
                }
                _ if !ours => {
                    parser.tree(open)?;
                }
                _ => {
                    let message = format!("{parent} 中不认识的元素 {}", open.local);
                    return Err(refused("epcis_document", open.place(), message));
                }
            }
        }
    }

    fn event_list<R: Read>(&mut self, parser: &mut Parser<R>) -> Result<()> {
        // 1.2 wraps kinds that came after 1.0: <extension><TransformationEvent>
        let mut wrappers = 0_usize;
        loop {
            let open = match parser.step()? {
                Step::Close if wrappers > 0 => {
                    wrappers -= 1;
                    continue;
                }
                Step::Close => return Ok(()),
                Step::Text(text) if text.trim().is_empty() => continue,
                Step::Text(_) => return Err(refused("epcis_document", parser.place(), "此处不应有文字")),
                Step::Open(open) => open,
            };
            if is_event(&open) || !is_ours(&open) {
                let node = parser.tree(open)?;
                let pointer = format!("/epcisBody/eventList/{}", self.intake.index);
                self.event(parser, &node, &pointer)?;
            } else if open.local == "extension" && wrappers < 4 {
                wrappers += 1;
            } else {
                let message = format!("事件列表中不认识的元素 {}", open.local);
                return Err(refused("epcis_document", open.place(), message));
            }
        }
    }

    fn event<R: Read>(&mut self, parser: &mut Parser<R>, node: &Node, pointer: &str) -> Result<()> {
        parser.next_event();
        let made = convert::event(node, pointer);
        self.intake.note(&made.contexts);
        let contexts = Arc::new(made.contexts);
        let places = made.places;
        // what the conversion itself reports has its place already
        let locate = |place: &str| convert::locate(&places, place, node);
        self.intake.take(made.value, pointer, &contexts, made.defects, locate)
    }
}
