//! Places, documents, declarations and lot data.

use serde_json::{Map, Value};

use super::super::node::Node;
use super::{Work, is_instance, is_ours, is_wrapper};
use crate::epcis::vocab::Vocabulary;

impl Work {
    pub(super) fn place(&mut self, node: &Node) -> Value {
        self.stray_text(node);
        let mut map = Map::new();
        for child in &node.children {
            if !is_ours(child) {
                self.extension_into(child, &mut map);
            } else if child.open.local == "id" {
                let value = self.under("id", child, |w| w.leaf(child));
                self.put(child, &mut map, "id", value, false);
            } else if is_wrapper(child) {
                child.children.iter().for_each(|inner| self.extension_into(inner, &mut map));
            } else {
                self.unknown(child);
            }
        }
        Value::Object(map)
    }

    pub(super) fn typed(&mut self, node: &Node, inner: &str, vocabulary: Vocabulary) -> Value {
        let mut map = Map::new();
        for attribute in &node.open.attributes {
            match (attribute.space.as_deref(), attribute.local.as_str()) {
                (None, "type") => {
                    map.insert("type".into(), vocabulary.canonical(attribute.value.trim()).into());
                }
                _ if is_instance(attribute) => {}
                (_, name) => self.report(node, "unknown_field", format!("不认识的属性“{name}”")),
            }
        }
        let value = self.only_text(node);
        map.insert(inner.to_owned(), value);
        Value::Object(map)
    }

    pub(super) fn error_declaration(&mut self, node: &Node) -> Value {
        self.stray_text(node);
        let mut map = Map::new();
        for child in &node.children {
            let name = child.open.local.as_str();
            let value = match name {
                _ if !is_ours(child) => {
                    self.extension_into(child, &mut map);
                    continue;
                }
                "declarationTime" => self.under(name, child, |w| w.leaf(child)),
                "reason" => Vocabulary::ErrorReason.canonical(child.trimmed()).into(),
                "correctiveEventIDs" => {
                    self.under(name, child, |w| w.items(child, "correctiveEventID", Self::leaf))
                }
                _ if is_wrapper(child) => {
                    child.children.iter().for_each(|inner| self.extension_into(inner, &mut map));
                    continue;
                }
                _ => {
                    self.unknown(child);
                    continue;
                }
            };
            self.put(child, &mut map, name, value, false);
        }
        Value::Object(map)
    }

    pub(super) fn persistent(&mut self, node: &Node) -> Value {
        let mut map = Map::new();
        for child in &node.children {
            let name = child.open.local.as_str();
            if !is_ours(child) || !matches!(name, "set" | "unset") {
                self.unknown(child);
                continue;
            }
            let word = Vocabulary::Disposition.canonical(child.trimmed()).into();
            match map.get_mut(name) {
                Some(Value::Array(list)) => list.push(word),
                _ => drop(map.insert(name.to_owned(), Value::Array(vec![word]))),
            }
        }
        Value::Object(map)
    }

    pub(super) fn ilmd(&mut self, node: &Node, map: &mut Map<String, Value>) {
        self.stray_text(node);
        for child in &node.children {
            if is_wrapper(child) { self.ilmd(child, map) } else { self.extension_into(child, map) }
        }
    }
}
