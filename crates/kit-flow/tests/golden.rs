//! Old logs replay for ever: each file of tests/golden is a definition and a log as they were written once. They are only
//! added to; a file that no longer folds to its state means that an old case would be read differently today.
//!
//! A new one: `SHIAN_FLOW_GOLDEN=finding-1 cargo test -p kit-flow --test golden` for data/flows/finding.json, then look at it
//! and commit it.

use std::path::PathBuf;

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_flow::definition::hash_of;
use kit_flow::trial::{self, Ground};
use kit_flow::{Definition, Entry, State, log};
use serde_json::{Value, json};

/// Cases of a new file.
const FARTHEST: usize = 5;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn every_golden_log_folds_to_its_state() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let golden: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let text = golden["definition"].as_str().unwrap();
        let definition = Definition::read(text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for case in golden["cases"].as_array().unwrap() {
            let entries: Vec<Entry> = serde_json::from_value(case["log"].clone()).unwrap();
            log::verify(&entries).unwrap();
            let state = State::fold(&entries).unwrap().unwrap();
            assert_eq!(state.opened.definition, hash_of(text), "{}", file.display());
            assert_eq!(serde_json::to_value(&state).unwrap(), case["state"], "{}", file.display());
            assert!(definition.status(&state.status).is_some());
            kit_flow::history::of(&definition, &entries, |_, _| None).unwrap();
        }
    }
}

/// Writes the logs of some random sequences as a new golden file, where one is asked for.
#[test]
fn a_golden_file_is_written_where_it_is_asked_for() {
    let Ok(name) = std::env::var("SHIAN_FLOW_GOLDEN") else { return };
    let kind = name.rsplit_once('-').map_or(name.as_str(), |(kind, _)| kind);
    let flows = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/flows");
    let text = &std::fs::read_to_string(flows.join(format!("{kind}.json"))).unwrap();
    let definition = Definition::read(text).unwrap();
    let calendar = Calendar::read(include_str!("../../../data/holidays.csv")).unwrap();
    let staff: Vec<String> = definition.staff.keys().cloned().collect();
    let everybody = |_: &str| staff.clone();
    let ground = Ground {
        definition: &definition,
        text,
        calendar: &calendar,
        early: &calendar,
        roles_of: &everybody,
        start: day_start(jiff::civil::date(2025, 11, 3)) + 9 * 3_600_000,
    };
    let mut logs = trial::logs(&ground, 7, 100, 80);
    logs.sort_by_key(|log| std::cmp::Reverse(log.len()));
    // those that went farthest tell most
    let cases: Vec<Value> = (logs.into_iter().take(FARTHEST))
        .map(|log| {
            let state = State::fold(&log).unwrap().unwrap();
            json!({ "log": log, "state": state })
        })
        .collect();
    let golden = json!({ "definition": text, "cases": cases });
    let out = serde_json::to_string(&golden).unwrap();
    std::fs::write(folder().join(format!("{name}.json")), out + "\n").unwrap();
}
