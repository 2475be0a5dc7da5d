//! EPCIS 2.0 JSON-LD out: a document of canonical events with merged contexts, written as it streams.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::context::{Contexts, is_standard};

/// Writes one document. The contexts must be known before the first event: merge those of all events to be written
/// ([`Contexts::merge`]); an event whose prefixes do not fit the merged ones brings its own `@context`.
pub struct Writer<W> {
    out: W,
    shared: Contexts,
    any: bool,
}

/// What stands at the head of a document beside its contexts.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// RFC 3339, from the clock of the caller.
    pub creation_date: String,
    pub id: Option<String>,
    pub sender: Option<String>,
    pub receiver: Option<String>,
    pub instance: Option<String>,
    /// `epcisHeader` with master data.
    pub header: Option<Value>,
}

impl Head {
    /// The head of a document that was read, to write it out again.
    pub fn of(head: &Map<String, Value>) -> Self {
        let text = |name: &str| head.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            creation_date: text("creationDate").unwrap_or_default(),
            id: text("id"),
            sender: text("sender"),
            receiver: text("receiver"),
            instance: text("instanceIdentifier"),
            header: head.get("epcisHeader").cloned(),
        }
    }

    fn fields(&self, contexts: &Contexts) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("@context".into(), contexts.to_value());
        if let Some(id) = &self.id {
            map.insert("id".into(), json!(id));
        }
        map.insert("type".into(), json!("EPCISDocument"));
        map.insert("schemaVersion".into(), json!("2.0"));
        map.insert("creationDate".into(), json!(self.creation_date));
        let optional =
            [("instanceIdentifier", &self.instance), ("sender", &self.sender), ("receiver", &self.receiver)];
        for (name, value) in optional {
            if let Some(value) = value {
                map.insert(name.into(), json!(value));
            }
        }
        if let Some(header) = &self.header {
            map.insert("epcisHeader".into(), header.clone());
        }
        map
    }
}

impl<W: Write> Writer<W> {
    /// Writes the head up to the first event.
    pub fn start(mut out: W, head: &Head, contexts: &Contexts) -> io::Result<Self> {
        let mut shared = contexts.clone();
        if !shared.links.iter().any(|link| is_standard(link)) {
            shared.links.insert(0, super::context::STANDARD.to_owned());
        }
        let head = serde_json::to_string(&head.fields(&shared))?;
        // the object stays open: the body follows
        out.write_all(&head.as_bytes()[..head.len() - 1])?;
        out.write_all(b",\"epcisBody\":{\"eventList\":[")?;
        Ok(Self { out, shared, any: false })
    }

    /// Writes one event; `contexts` are those it was read with.
    pub fn event(&mut self, value: &Value, contexts: &Contexts) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        let own = value.get("@context").map(Contexts::read).unwrap_or_default();
        let used = contexts.used_by(value);
        let foreign = |(prefix, uri): (&String, &String)| {
            !own.prefixes.contains_key(prefix) && self.shared.prefixes.get(prefix) != Some(uri)
        };
        if used.prefixes.iter().any(foreign) {
            serde_json::to_writer(&mut self.out, &standalone(value, contexts))?;
        } else {
            serde_json::to_writer(&mut self.out, value)?;
        }
        Ok(())
    }

    /// Writes the end and gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}}\n")?;
        Ok(self.out)
    }
}

/// An event with an `@context` of its own that says all its prefixes.
pub fn standalone(value: &Value, contexts: &Contexts) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let mut merged = contexts.used_by(value);
    if let Some(own) = map.get("@context").map(Contexts::read) {
        merged.prefixes.extend(own.prefixes.clone());
        merged.merge(&own);
    }
    if !merged.links.iter().any(|link| is_standard(link)) {
        merged.links.insert(0, super::context::STANDARD.to_owned());
    }
    let mut out = Map::new();
    out.insert("@context".into(), merged.to_value());
    out.extend(map.iter().filter(|(name, _)| *name != "@context").map(|(k, v)| (k.clone(), v.clone())));
    Value::Object(out)
}
