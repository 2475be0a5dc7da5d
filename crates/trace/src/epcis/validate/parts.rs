//! Checks of the parts of an event.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::event::{Action, number};
use super::super::time::{Time, Wrong, zone_offset};
use super::super::vocab::{Term, Vocabulary, is_uri};
use super::Check;
use super::shapes::{ERROR_DECLARATION, SENSOR_METADATA, SENSOR_REPORT, Shape};

/// No amount in one line of a document is larger; beyond it is a slip of the keyboard.
const LARGEST: i64 = 1_000_000_000_000_000;

/// The longest code let through in lenient reading.
const LONGEST_CODE: usize = 1_024;

impl Check {
    fn text<'v>(&mut self, value: &'v Value) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type("文本");
        }
        text
    }

    fn object<'v>(&mut self, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let map = value.as_object();
        if map.is_none() {
            self.wrong_type("对象");
        }
        map
    }

    pub(super) fn list(&mut self, value: &Value, each: impl Fn(&mut Self, &Value)) {
        let Some(items) = value.as_array() else { return self.wrong_type("数组") };
        for (at, item) in items.iter().enumerate() {
            self.at(&at.to_string(), |c| each(c, item));
        }
    }

    pub(super) fn time(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        let name = self.name().to_owned();
        match Time::read(text) {
            Ok(time) if time.offset.is_some() => {}
            Ok(_) => self.report("time_no_offset", format!("{name}“{text}”应带时区，如 {text}+08:00")),
            Err(wrong) => {
                let why = match wrong {
                    Wrong::Syntax => "应写成 2026-03-01T08:30:00+08:00 的形式",
                    Wrong::Impossible => "不是实际存在的时间",
                    Wrong::Range => "的年份应在 1900—2200 之间",
                };
                self.report(wrong.code(), format!("{name}“{text}”{why}"));
            }
        }
    }

    pub(super) fn zone(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        if zone_offset(text).is_none() {
            self.report("zone_syntax", format!("时区“{text}”应写成 +08:00 的形式"));
        }
    }

    pub(super) fn uri(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        if !is_uri(text) {
            let name = self.name().to_owned();
            self.report("not_uri", format!("{name}“{}”应为 URI", short(text)));
        }
    }

    pub(super) fn id(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        let lenient = !self.rules.strict
            && !text.trim().is_empty()
            && text.len() <= LONGEST_CODE
            && !text.chars().any(char::is_control);
        if !is_uri(text) && !lenient {
            let name = self.name().to_owned();
            let message =
                format!("{name}“{}”不是 EPC URI 或 GS1 数字链接；宽松导入可保留原编码", short(text));
            self.report("not_uri", message);
        }
    }

    pub(super) fn ids(&mut self, value: &Value, unique: bool) {
        self.list(value, Self::id);
        if !unique || self.rules.xml {
            return;
        }
        let mut seen = HashSet::new();
        for (at, text) in value.as_array().into_iter().flatten().filter_map(Value::as_str).enumerate() {
            if !seen.insert(text) {
                self.at(&at.to_string(), |c| c.report("duplicate", format!("“{}”重复列出", short(text))));
            }
        }
    }

    pub(super) fn uri_or_list(&mut self, value: &Value) {
        match value {
            Value::Array(_) => self.list(value, Self::uri),
            _ => self.uri(value),
        }
    }

    pub(super) fn action(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        if Action::read(text).is_none() {
            let message = format!("action“{}”应为 ADD、OBSERVE 或 DELETE", short(text));
            self.report("action", message);
        }
    }

    pub(super) fn word(&mut self, vocabulary: Vocabulary, value: &Value) {
        let Some(text) = self.text(value) else { return };
        let title = vocabulary.title();
        match vocabulary.read(text) {
            Term::Standard(_) | Term::Custom(_) => {}
            Term::UnknownStandard(_) if !self.rules.strict => {}
            Term::UnknownStandard(_) => {
                let message = format!(
                    "{title}“{}”不在 GS1 CBV 2.0 词表中，自定义的词不能用标准的命名空间",
                    short(text)
                );
                self.report("not_in_vocabulary", message);
            }
            Term::Bare(_) => {
                let message =
                    format!("{title}“{}”不在 GS1 CBV 2.0 词表中，自定义的词应写成 URI", short(text));
                self.report("not_in_vocabulary", message);
            }
        }
    }

    pub(super) fn place(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        match map.get("id") {
            Some(id) => self.at("id", |c| c.id(id)),
            None => self.missing("id"),
        }
    }

    pub(super) fn number(&mut self, value: &Value) {
        if !value.is_number() {
            self.wrong_type("数字");
        }
    }

    pub(super) fn hex(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.report("hex", "hexBinaryValue 只能是十六进制数字");
        }
    }

    pub(super) fn quantity_element(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        if !map.contains_key("epcClass") {
            self.missing("epcClass");
        }
        for (name, value) in map {
            self.at(name, |c| match name.as_str() {
                "epcClass" => c.id(value),
                "quantity" => c.quantity(value),
                "uom" => c.uom(value),
                _ => c.report("unknown_field", format!("数量中没有“{}”这个字段", short(name))),
            });
        }
    }

    fn quantity(&mut self, value: &Value) {
        if !value.is_number() {
            return self.wrong_type("数字");
        }
        match number(value) {
            Some(amount) if amount.is_negative() => self.report("quantity_negative", "数量不能为负数"),
            Some(amount) if amount.times(1, 1).is_some_and(|whole| whole < LARGEST) => {}
            _ => self.report("quantity_too_large", format!("数量 {value} 过大或小数位过多")),
        }
    }

    fn uom(&mut self, value: &Value) {
        let Some(text) = self.text(value) else { return };
        let code = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !(2..=3).contains(&text.len()) || !code {
            let message = format!("计量单位“{}”应为 UN/ECE Rec 20 代码，如 KGM、GRM、LTR", short(text));
            self.report("uom", message);
        }
    }

    pub(super) fn typed(&mut self, value: &Value, inner: &'static str, must: bool) {
        let Some(map) = self.object(value) else { return };
        let vocabulary = if must { Vocabulary::SourceDestType } else { Vocabulary::BizTransactionType };
        if must && !map.contains_key("type") {
            self.missing("type");
        }
        if !map.contains_key(inner) {
            self.missing(inner);
        }
        for (name, value) in map {
            self.at(name, |c| match name.as_str() {
                "type" => c.word(vocabulary, value),
                known if known == inner => c.id(value),
                _ => c.report("unknown_field", format!("{inner} 中没有“{}”这个字段", short(name))),
            });
        }
    }

    /// An object of known fields, with extensions under a prefix.
    fn fields(&mut self, map: &Map<String, Value>, known: &[(&str, Shape)]) {
        for (name, value) in map {
            match known.iter().find(|(field, _)| field == name) {
                Some(&(_, shape)) => self.at(name, |c| c.shape(shape, value)),
                None => self.prefixed(name),
            }
        }
    }

    fn prefixed(&mut self, name: &str) {
        if !is_uri(name) {
            let message =
                format!("不认识的字段“{0}”，自定义字段应带命名空间前缀，如 example:{0}", short(name));
            self.at(name, |c| c.report("unknown_field", message));
        }
    }

    pub(super) fn ilmd(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        self.fields(map, &[]);
    }

    pub(super) fn persistent(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        if map.is_empty() {
            self.report("required", "persistentDisposition 应有 set 或 unset");
        }
        for (name, value) in map {
            self.at(name, |c| match name.as_str() {
                "set" | "unset" => {
                    c.list(value, |c, v| c.word(Vocabulary::Disposition, v));
                    if value.as_array().is_some_and(Vec::is_empty) {
                        c.report("empty_list", "至少应有一个状态");
                    }
                }
                _ => c.report("unknown_field", "persistentDisposition 只能有 set 和 unset"),
            });
        }
    }

    pub(super) fn error_declaration(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        if !map.contains_key("declarationTime") {
            self.missing("declarationTime");
        }
        self.fields(map, ERROR_DECLARATION);
    }

    pub(super) fn sensor_element(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        if !map.contains_key("sensorReport") {
            self.missing("sensorReport");
        }
        for (name, value) in map {
            match name.as_str() {
                "sensorMetadata" => self.at(name, |c| {
                    if let Some(inner) = c.object(value) {
                        c.fields(inner, SENSOR_METADATA);
                    }
                }),
                "sensorReport" => self.at(name, |c| {
                    if value.as_array().is_some_and(Vec::is_empty) {
                        c.report("empty_list", "sensorReport 至少应有一项");
                    }
                    c.list(value, Self::sensor_report);
                }),
                _ => self.prefixed(name),
            }
        }
    }

    fn sensor_report(&mut self, value: &Value) {
        let Some(map) = self.object(value) else { return };
        // optional in the XSD, required in the JSON schema
        if !self.rules.xml && !map.contains_key("type") {
            self.missing("type");
        }
        self.fields(map, SENSOR_REPORT);
    }

    pub(super) fn context(&mut self, value: &Value) {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for item in items {
            match item {
                Value::Object(_) => {}
                Value::String(link) if is_uri(link) => {}
                _ => self.report("context", "@context 应为网址、对象或两者的数组"),
            }
        }
    }
}

/// A text short enough to stand in a message.
pub(super) fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}
