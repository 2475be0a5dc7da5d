//! The definition test and random sequences with a referee beside them, on findings and on the example of docs/. The
//! server's tests do the same with every kind of the house.

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_flow::Definition;
use kit_flow::check::{Known, check};
use kit_flow::trial::{self, Ground};

const HOLIDAYS: &str = include_str!("../../../data/holidays.csv");
/// Permissions of these kinds, as their rooms grant them.
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
    ("inspection.read", &["leader", "officer", "investigator", "business_owner", "business_clerk"]),
    ("inspection.plan", &["officer", "leader"]),
    ("inspection.visit", &["officer"]),
    ("inspection.review", &["officer", "leader"]),
    ("inspection.publish", &["leader"]),
    ("inspection.oversee", &["leader"]),
    ("inspection.reply", &["business_owner", "business_clerk"]),
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

fn definitions() -> Vec<(String, Definition)> {
    let texts = [include_str!("../../../data/flows/finding.json").to_owned(), example()];
    texts.map(|text| (text.clone(), Definition::read(&text).unwrap())).to_vec()
}

#[test]
fn every_definition_stands_the_definition_test() {
    let all = definitions();
    let mut kinds: Vec<&str> = all.iter().map(|(_, d)| d.kind.as_str()).collect();
    // what findings become
    kinds.push("case");
    for (_, definition) in &all {
        let known = Known { roles_of: &roles_of, kinds: &kinds, facts: &[] };
        let faults = check(definition, &known);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

#[test]
fn random_sequences_break_nothing() {
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
        let mut report = trial::Report::default();
        trial::run(&ground, 20_260_303, 200, 60, &mut report);
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
