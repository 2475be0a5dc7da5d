//! Name spaces: which prefix stands for which address, kept from reading to writing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The context every EPCIS 2.0 document names.
pub const STANDARD: &str = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld";

/// Prefixes the standard context brings along.
const BUILT_IN: &[(&str, &str)] = &[
    ("cbvmda", "urn:epcglobal:cbv:mda:"),
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("gs1", "https://gs1.org/voc/"),
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("dcterms", "http://purl.org/dc/terms/"),
];

/// The contexts of a document or an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contexts {
    /// Addresses of whole contexts, in their order.
    pub links: Vec<String>,
    /// Prefix to name space.
    pub prefixes: BTreeMap<String, String>,
    /// Terms with settings, kept as they came.
    pub others: Vec<Value>,
}

impl Contexts {
    /// Only the standard context.
    pub fn standard() -> Self {
        Self { links: vec![STANDARD.to_owned()], ..Self::default() }
    }

    /// Reads the value of `@context`; what is no text and no object is left to the check of the document.
    pub fn read(value: &Value) -> Self {
        let mut out = Self::default();
        let items = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for item in items {
            match item {
                Value::String(link) => out.links.push(link.clone()),
                Value::Object(terms) => out.add_terms(terms),
                _ => {}
            }
        }
        out
    }

    fn add_terms(&mut self, terms: &Map<String, Value>) {
        for (name, value) in terms {
            match value {
                Value::String(uri) if !name.starts_with('@') => {
                    self.prefixes.insert(name.clone(), uri.clone());
                }
                _ => self.others.push(json!({ name: value })),
            }
        }
    }

    /// As the value of `@context`.
    pub fn to_value(&self) -> Value {
        let mut items: Vec<Value> = self.links.iter().cloned().map(Value::String).collect();
        items.extend(self.prefixes.iter().map(|(prefix, uri)| json!({ prefix: uri })));
        items.extend(self.others.iter().cloned());
        Value::Array(items)
    }

    /// Takes in what another has. A prefix that stands for something else here is left out and `false` returned:
    /// its event must bring its own context.
    pub fn merge(&mut self, other: &Self) -> bool {
        let mut all = true;
        for link in &other.links {
            let standard = is_standard(link) && self.links.iter().any(|l| is_standard(l));
            if !standard && !self.links.contains(link) {
                self.links.push(link.clone());
            }
        }
        for (prefix, uri) in &other.prefixes {
            match self.prefixes.get(prefix) {
                Some(mine) if mine != uri => all = false,
                Some(_) => {}
                None => drop(self.prefixes.insert(prefix.clone(), uri.clone())),
            }
        }
        for term in &other.others {
            if !self.others.contains(term) {
                self.others.push(term.clone());
            }
        }
        all
    }

    /// The name space of a prefix, from here or the standard context.
    pub fn resolve(&self, prefix: &str) -> Option<&str> {
        self.prefixes
            .get(prefix)
            .map(String::as_str)
            .or_else(|| BUILT_IN.iter().find(|(name, _)| *name == prefix).map(|(_, uri)| *uri))
    }

    /// The part of this that the names in a value make use of.
    pub fn used_by(&self, value: &Value) -> Self {
        let mut used =
            Self { links: self.links.clone(), prefixes: BTreeMap::new(), others: self.others.clone() };
        self.collect(value, &mut used.prefixes);
        used
    }

    fn collect(&self, value: &Value, used: &mut BTreeMap<String, String>) {
        let mut note = |name: &str| {
            let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
            if let Some(uri) = self.prefixes.get(prefix) {
                used.insert(prefix.to_owned(), uri.clone());
            }
        };
        match value {
            Value::Object(map) => {
                for name in map.keys() {
                    note(name);
                }
                for inner in map.values() {
                    self.collect(inner, used);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, used)),
            // values may be compact addresses too: "type": "example:someSensorProperty"
            Value::String(text) => note(text),
            _ => {}
        }
    }
}

/// Whether a context address is one of the standard's (any version of it).
pub fn is_standard(link: &str) -> bool {
    (link.contains("gs1.org/") || link.contains("gs1.github.io/")) && link.contains("epcis-context")
}

/// The prefix the standard context has for a name space; trailing `:` and `/` do not matter (both are met).
pub fn built_in_prefix(uri: &str) -> Option<&'static str> {
    let plain = |text: &str| text.trim_end_matches([':', '/', '#']).to_owned();
    let wanted = plain(uri);
    if wanted == "https://ref.gs1.org/voc" {
        return Some("gs1");
    }
    BUILT_IN.iter().find(|(_, known)| plain(known) == wanted).map(|(prefix, _)| *prefix)
}

/// Whether the standard context already brings a prefix.
pub fn is_built_in(prefix: &str) -> bool {
    BUILT_IN.iter().any(|(name, _)| *name == prefix)
}
