//! Whether two canonical events say the same.
//!
//! What may differ between two writings of one event, found in the published pairs of JSON and XML documents, and is
//! therefore made equal before comparing:
//! - the order of fields (not that of list items);
//! - numbers: `10` and `10.0`;
//! - moments: the same instant with another offset or other fraction digits (`13:00:00Z`, `14:00:00.000+01:00`) in the
//!   fields that hold a time; `eventTimeZoneOffset` is a field of its own and is compared as text;
//! - words of the standard's vocabularies: bare, urn, web or compact address;
//! - prefixes: names are compared by the address the prefix stands for; `@context` itself is not compared;
//! - blanks at both ends of a text (XML is indented);
//! - `certificationInfo` as one text or a list of one;
//! - a missing empty list of extensions is not the same as an empty one: nothing else is dropped.

use serde_json::{Map, Value};

use super::context::{Contexts, built_in_prefix};
use super::event::number;
use super::time::Time;
use super::vocab::Vocabulary;

/// Whether two events, each with the contexts it was read with, say the same.
pub fn same_event(a: (&Value, &Contexts), b: (&Value, &Contexts)) -> bool {
    normal(a.0, a.1) == normal(b.0, b.1)
}

/// The comparable form: sorted fields, instants, exact numbers, bare words, full names.
pub fn normal(event: &Value, contexts: &Contexts) -> Value {
    let mut merged = contexts.clone();
    if let Some(own) = event.get("@context") {
        let own = Contexts::read(own);
        merged.prefixes.extend(own.prefixes);
    }
    value_of("", event, &merged, Place::Event)
}

/// Where in the event we are: the same name means different things in different places.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Event,
    BizTransaction,
    SourceDest,
    SensorReport,
    ErrorDeclaration,
    /// Inside an extension nothing is known.
    Extension,
}

fn value_of(name: &str, value: &Value, contexts: &Contexts, place: Place) -> Value {
    match value {
        Value::Object(map) => object(map, contexts, place),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().map(|item| value_of(name, item, contexts, place)).collect();
            match items.as_slice() {
                [one] if name == "certificationInfo" => one.clone(),
                _ => Value::Array(items),
            }
        }
        Value::Number(_) => match number(value) {
            Some(exact) => Value::String(format!("#{exact}")),
            None => value.clone(),
        },
        Value::String(text) => Value::String(text_of(name, text.trim(), contexts, place)),
        _ => value.clone(),
    }
}

fn object(map: &Map<String, Value>, contexts: &Contexts, place: Place) -> Value {
    let mut fields: Vec<(String, Value)> = Vec::with_capacity(map.len());
    for (name, value) in map {
        if name == "@context" {
            continue;
        }
        let inner = match name.as_str() {
            _ if name.contains(':') || place == Place::Extension => Place::Extension,
            "bizTransactionList" => Place::BizTransaction,
            "sourceList" | "destinationList" => Place::SourceDest,
            "sensorReport" => Place::SensorReport,
            "errorDeclaration" => Place::ErrorDeclaration,
            "ilmd" => Place::Extension,
            _ => place,
        };
        fields.push((full_name(name, contexts), value_of(name, value, contexts, inner)));
    }
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    Value::Object(fields.into_iter().collect())
}

/// `example:field` as `{http://…/}field`.
fn full_name(name: &str, contexts: &Contexts) -> String {
    let Some((prefix, local)) = name.split_once(':') else { return name.to_owned() };
    match contexts.resolve(prefix) {
        Some(uri) => {
            let uri = uri.trim_end_matches(['/', '#', ':']);
            let known = built_in_prefix(uri).unwrap_or(uri);
            format!("{{{known}}}{local}")
        }
        None => name.to_owned(),
    }
}

fn text_of(name: &str, text: &str, contexts: &Contexts, place: Place) -> String {
    let vocabulary = match (place, name) {
        (Place::Extension, _) => return text.to_owned(),
        (_, "bizStep") => Some(Vocabulary::BizStep),
        (_, "disposition" | "set" | "unset") => Some(Vocabulary::Disposition),
        (Place::BizTransaction, "type") => Some(Vocabulary::BizTransactionType),
        (Place::SourceDest, "type") => Some(Vocabulary::SourceDestType),
        (Place::SensorReport, "type") => Some(Vocabulary::Measurement),
        (Place::SensorReport, "exception") => Some(Vocabulary::SensorAlert),
        (Place::SensorReport, "component") => Some(Vocabulary::Component),
        (Place::ErrorDeclaration, "reason") => Some(Vocabulary::ErrorReason),
        _ => None,
    };
    if let Some(vocabulary) = vocabulary {
        let word = vocabulary.canonical(text);
        return if place == Place::SensorReport && word == text {
            full_name(text, contexts)
        } else {
            word.to_owned()
        };
    }
    match (name, Time::read(text)) {
        ("eventTime" | "recordTime" | "declarationTime" | "time" | "startTime" | "endTime", Ok(time))
            if time.offset.is_some() =>
        {
            let (seconds, nanos) = time.moment();
            format!("@{seconds}.{nanos:09}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writings_are_equal_and_facts_are_not() {
        let contexts = |uri: &str| Contexts::read(&json!([{ "e": uri }]));
        let base = json!({"type": "ObjectEvent", "eventTime": "2019-07-19T13:00:00Z", "bizStep": "shipping", "e:x": "1",
            "quantityList": [{"epcClass": "urn:a:b", "quantity": 10}]});
        let same = json!({"e:x": " 1 ", "type": "ObjectEvent", "eventTime": "2019-07-19T14:00:00.000+01:00",
            "bizStep": "cbv:BizStep-shipping", "quantityList": [{"quantity": 10.0, "epcClass": "urn:a:b"}]});
        let (x, y) = (contexts("http://x/"), contexts("http://y/"));
        assert!(same_event((&base, &x), (&same, &x)));
        assert!(!same_event((&base, &x), (&base, &y)));
        for (name, value) in [
            ("eventTime", json!("2019-07-19T13:00:00.001Z")),
            ("e:x", json!(1)),
            ("bizStep", json!("receiving")),
        ] {
            let mut other = base.clone();
            other[name] = value;
            assert!(!same_event((&base, &x), (&other, &x)), "{name}");
        }
    }
}
