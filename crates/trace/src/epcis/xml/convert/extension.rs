//! Sensors, and what other name spaces bring.

use serde_json::{Map, Value};

use super::super::EPCIS;
use super::super::node::{Attribute, Node};
use super::{Work, is_instance, is_ours, is_wrapper};
use crate::epcis::context::{built_in_prefix, is_built_in};
use crate::epcis::vocab::Vocabulary;

impl Work {
    pub(super) fn sensor(&mut self, node: &Node) -> Value {
        self.stray_text(node);
        let mut map = Map::new();
        let mut reports = Vec::new();
        for child in &node.children {
            match child.open.local.as_str() {
                _ if !is_ours(child) => self.extension_into(child, &mut map),
                "sensorMetadata" => {
                    let value = self.under("sensorMetadata", child, |w| w.sensor_fields(child));
                    self.put(child, &mut map, "sensorMetadata", value, false);
                }
                "sensorReport" => {
                    let step = format!("sensorReport/{}", reports.len());
                    reports.push(self.under(&step, child, |w| w.sensor_fields(child)));
                }
                _ if is_wrapper(child) => {
                    child.children.iter().for_each(|inner| self.extension_into(inner, &mut map));
                }
                _ => self.unknown(child),
            }
        }
        if !reports.is_empty() {
            map.insert("sensorReport".into(), Value::Array(reports));
        }
        Value::Object(map)
    }

    /// Sensor facts are attributes; those of EPCIS have no prefix.
    pub(super) fn sensor_fields(&mut self, node: &Node) -> Value {
        let mut map = Map::new();
        for attribute in node.open.attributes.iter().filter(|a| a.prefix.is_none()) {
            let (name, text) = (attribute.local.as_str(), attribute.value.trim());
            let value = match name {
                "value" | "minValue" | "maxValue" | "meanValue" | "sDev" | "percRank" | "percValue" => {
                    self.double(node, text)
                }
                "booleanValue" => match text {
                    "true" | "1" => Value::Bool(true),
                    "false" | "0" => Value::Bool(false),
                    _ => text.into(),
                },
                "type" => Vocabulary::Measurement.canonical(text).into(),
                "exception" => Vocabulary::SensorAlert.canonical(text).into(),
                "component" => Vocabulary::Component.canonical(text).into(),
                "stringValue" => attribute.value.as_str().into(),
                _ => text.into(),
            };
            map.insert(name.to_owned(), value);
        }
        self.attributes_into(&node.open.attributes, &mut map);
        node.children.iter().for_each(|child| self.extension_into(child, &mut map));
        self.stray_text(node);
        Value::Object(map)
    }

    pub(super) fn attributes_into(&mut self, attributes: &[Attribute], map: &mut Map<String, Value>) {
        for attribute in attributes {
            let Some(space) = attribute.space.as_deref() else { continue };
            if is_instance(attribute) {
                continue;
            }
            let name = self.name(attribute.prefix.as_deref(), space, &attribute.local);
            self.add(map, name, attribute.value.as_str().into());
        }
    }

    /// An element of another name space under its prefix.
    pub(super) fn extension_into(&mut self, node: &Node, map: &mut Map<String, Value>) {
        let name = match node.open.space.as_deref() {
            Some(space) if !EPCIS.contains(&space) => {
                self.name(node.open.prefix.as_deref(), space, &node.open.local)
            }
            _ => node.open.local.clone(),
        };
        self.places.push((format!("{}/{name}", self.pointer), node.open.at));
        let value = self.extension(node);
        self.add(map, name, value);
    }

    pub(super) fn extension(&mut self, node: &Node) -> Value {
        let attributes: Vec<&Attribute> = node.open.attributes.iter().filter(|a| !is_instance(a)).collect();
        if attributes.is_empty() && node.children.is_empty() {
            return node.text.trim().into();
        }
        let mut map = Map::new();
        for attribute in attributes {
            let name = match attribute.space.as_deref() {
                Some(space) => self.name(attribute.prefix.as_deref(), space, &attribute.local),
                None => attribute.local.clone(),
            };
            self.add(&mut map, name, attribute.value.as_str().into());
        }
        node.children.iter().for_each(|child| self.extension_into(child, &mut map));
        if !node.trimmed().is_empty() {
            map.insert("#text".into(), node.trimmed().into());
        }
        Value::Object(map)
    }

    /// Repeated names become a list.
    pub(super) fn add(&mut self, map: &mut Map<String, Value>, name: String, value: Value) {
        match map.get_mut(&name) {
            None => drop(map.insert(name, value)),
            Some(Value::Array(list)) => list.push(value),
            Some(old) => *old = Value::Array(vec![old.take(), value]),
        }
    }

    /// `prefix:local`, the prefix as written, unless the standard has one for the name space or it is taken.
    pub(super) fn name(&mut self, prefix: Option<&str>, space: &str, local: &str) -> String {
        if let Some(known) = built_in_prefix(space) {
            return format!("{known}:{local}");
        }
        let wanted = prefix.unwrap_or("ns");
        let mut chosen = wanted.to_owned();
        let mut number = 1;
        while is_built_in(&chosen) || self.contexts.prefixes.get(&chosen).is_some_and(|uri| uri != space) {
            number += 1;
            chosen = format!("{wanted}{number}");
        }
        self.contexts.prefixes.insert(chosen.clone(), space.to_owned());
        format!("{chosen}:{local}")
    }
}
