//! What stands around the events of a document.

use kit_base::Defect;
use serde_json::{Map, Value};

use super::super::vocab::is_uri;
use super::{Check, Rules};

/// Every defect of a document's own fields; `head` is the document without its events.
pub fn check_head(head: &Map<String, Value>, rules: Rules) -> Vec<Defect> {
    let mut check = Check::new("", rules);
    check.head(head);
    check.defects
}

const DOCUMENT: &[&str] = &[
    "@context",
    "id",
    "type",
    "schemaVersion",
    "creationDate",
    "instanceIdentifier",
    "sender",
    "receiver",
    "epcisHeader",
    "epcisBody",
];

impl Check {
    fn head(&mut self, head: &Map<String, Value>) {
        let kind = head.get("type").and_then(Value::as_str);
        let required: &[&str] = match kind {
            // the answer to a query needs less (epcisQueryDocument in the schema)
            Some("EPCISQueryDocument") => &["@context", "epcisBody"],
            _ => &["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        };
        for name in required {
            if !head.contains_key(*name) {
                self.missing(name);
            }
        }
        if head.contains_key("type") && !matches!(kind, Some("EPCISDocument" | "EPCISQueryDocument")) {
            self.at("type", |c| c.report("document_type", "文件类型应为 EPCISDocument"));
        }
        for (name, value) in head {
            if !DOCUMENT.contains(&name.as_str()) && !is_uri(name) {
                let message = format!("文件中没有“{}”这个字段", super::parts::short(name));
                self.at(name, |c| c.report("unknown_field", message));
                continue;
            }
            self.at(name, |c| c.head_field(name, value));
        }
    }

    fn head_field(&mut self, name: &str, value: &Value) {
        match name {
            "@context" => self.context(value),
            // `_:document1`: JSON-LD's way of naming nothing in particular
            "id" if value.as_str().is_some_and(|id| id.len() > 2 && id.starts_with("_:")) => {}
            "id" => self.uri(value),
            "creationDate" => self.time(value),
            "schemaVersion" => {
                let text = value.as_str().unwrap_or_default();
                let parts = text.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
                if !parts {
                    self.report("schema_version", "schemaVersion 应为版本号文本，如 \"2.0\"");
                }
            }
            "instanceIdentifier" | "sender" | "receiver" if !value.is_string() => self.wrong_type("文本"),
            "epcisHeader" if !value.is_object() => self.wrong_type("对象"),
            _ => {}
        }
    }
}
