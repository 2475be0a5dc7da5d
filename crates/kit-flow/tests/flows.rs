//! Every definition of data/flows: the definition test, and random sequences with a referee beside them.

use std::path::PathBuf;

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_flow::Definition;
use kit_flow::check::{Known, check};
use kit_flow::trial::{self, Ground};

const HOLIDAYS: &str = include_str!("../../../data/holidays.csv");
/// Permissions of the rooms that have flows, as they grant them; the server's test compares.
const PERMISSIONS: &[(&str, &[&str])] = &[
    ("findings.read", &["leader", "officer", "investigator", "business_owner", "business_clerk"]),
    ("findings.report", &["officer", "investigator", "business_owner"]),
    ("findings.assign", &["officer", "leader"]),
    ("findings.mend", &["business_owner", "business_clerk"]),
    ("findings.verify", &["officer"]),
    ("findings.case", &["officer", "leader"]),
    ("findings.extend", &["leader"]),
    ("findings.dismiss", &["leader"]),
    ("findings.oversee", &["leader"]),
    // the example of docs/
    ("preserve.read", &["leader", "officer"]),
    ("preserve.begin", &["officer"]),
    ("preserve.approve", &["leader"]),
];

fn roles_of(permission: &str) -> Option<Vec<String>> {
    let found = PERMISSIONS.iter().find(|(p, _)| *p == permission);
    found.map(|(_, roles)| roles.iter().map(|r| (*r).to_owned()).collect())
}

/// The definition in docs/examples/case-kind.md, between its ```json fences.
fn example() -> String {
    let page = include_str!("../../../docs/examples/case-kind.md");
    assert!(page.lines().count() < 400, "a new kind costs less than 400 lines");
    page.split("```json\n").nth(1).unwrap().split("\n```").next().unwrap().to_owned()
}

/// Every kind of data/flows, and the example.
fn definitions() -> Vec<(String, Definition)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/flows");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).chain([example()]);
    texts.map(|text| (text.clone(), Definition::read(&text).unwrap())).collect()
}

#[test]
fn every_definition_stands_the_definition_test() {
    let all = definitions();
    let kinds: Vec<&str> = all.iter().map(|(_, d)| d.kind.as_str()).collect();
    for (_, definition) in &all {
        let known = Known { roles_of: &roles_of, kinds: &kinds, facts: &[] };
        let faults = check(definition, &known);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// `SHIAN_FLOW_SEQUENCES=1000000` for the figure; a few hundred in every run.
#[test]
fn random_sequences_break_nothing() {
    let sequences = std::env::var("SHIAN_FLOW_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let calendar = Calendar::read(HOLIDAYS).unwrap();
    let early: String = HOLIDAYS
        .lines()
        .filter(|l| !l.starts_with("2026") && !l.starts_with("2025"))
        .collect::<Vec<_>>()
        .join("\n");
    let early = Calendar::read(&early).unwrap();
    for (text, definition) in definitions() {
        let roles_of = |p: &str| roles_of(p).unwrap_or_default();
        let ground = Ground {
            definition: &definition,
            text: &text,
            calendar: &calendar,
            early: &early,
            roles_of: &roles_of,
            start: day_start(jiff::civil::date(2024, 1, 5)) + 9 * 3_600_000,
        };
        let report = trial::run(&ground, 20_260_303, sequences, 60);
        eprintln!("{}: {report:?}", definition.kind);
        assert_eq!(report.violated, 0, "{:#?}", report.violations);
        assert!(report.accepted > report.sequences, "{report:?}");
        assert!(report.ended > report.sequences / 10, "{report:?}");
        // nothing of the definition was left untried
        let never: Vec<&str> = definition
            .actions
            .iter()
            .map(|a| a.code.as_str())
            .filter(|a| !report.done.contains_key(*a))
            .collect();
        assert!(never.is_empty(), "{} never did {never:?}", definition.kind);
    }
}
