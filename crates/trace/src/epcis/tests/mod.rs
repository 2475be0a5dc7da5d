//! Whole documents: the published ones in place, and inputs made to break the reader.

mod bad_input;
mod documents;
mod large;

use std::path::PathBuf;

use kit_base::{Error, Result};

use super::*;

/// Files of a folder of the published documents, by name; empty, with a line that says so, where they are not here.
fn published(folder: &str) -> Vec<(String, Vec<u8>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/epcis").join(folder);
    let Ok(entries) = std::fs::read_dir(&path) else {
        eprintln!("skipped: no published EPCIS documents at {}", path.display());
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files
}

fn read_text(text: &str, options: Options) -> Result<(Document, Vec<Captured>)> {
    read_all(text.as_bytes(), options)
}

/// The codes and places of an error's defects.
fn told(error: &Error) -> Vec<(String, String)> {
    error.defects.iter().map(|d| (d.code.to_string(), d.place.clone())).collect()
}

/// A document of the given events.
fn json_document(events: &str) -> String {
    format!(
        r#"{{"@context": ["{}"], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-22T10:30:00Z", "epcisBody": {{"eventList": [{events}]}}}}"#,
        context::STANDARD
    )
}

fn json_event(more: &str) -> String {
    format!(
        r#"{{"type": "ObjectEvent", "eventTime": "2026-07-22T06:45:00+02:00", "eventTimeZoneOffset": "+02:00",
        "action": "ADD", "epcList": ["urn:epc:id:sgtin:4012345.012345.1"]{more}}}"#
    )
}

fn xml_document(events: &str) -> String {
    format!(
        r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:e="http://e.example/" schemaVersion="2.0"
        creationDate="2026-07-22T10:30:00Z"><EPCISBody><EventList>{events}</EventList></EPCISBody></epcis:EPCISDocument>"#
    )
}

fn xml_event(more: &str) -> String {
    format!(
        "<ObjectEvent><eventTime>2026-07-22T06:45:00+02:00</eventTime><eventTimeZoneOffset>+02:00</eventTimeZoneOffset>\
        <epcList><epc>urn:epc:id:sgtin:4012345.012345.1</epc></epcList><action>ADD</action>{more}</ObjectEvent>"
    )
}
