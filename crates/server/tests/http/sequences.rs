//! Random sequences of actions over every kind of case, with a referee who knows only the definition and the raw log.
//!
//! `SHIAN_FLOW_SEQUENCES=1000000` for the figure: that many over all kinds together; a few hundred of each otherwise.

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_flow::Definition;
use kit_flow::trial::{self, Ground, Report};

const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");
/// Sequences of one go: each with seeds of its own.
const PART: u64 = 200;

fn roles_of(permission: &str) -> Vec<String> {
    let found = server::rooms::permissions().into_iter().find(|p| p.code == permission);
    found.map(|p| p.roles.iter().map(|r| (*r).to_owned()).collect()).unwrap_or_default()
}

/// `parts` goes at one kind.
fn tried(text: &str, definition: &Definition, parts: u64) -> Report {
    let calendar = Calendar::read(HOLIDAYS).unwrap();
    let early: Vec<&str> =
        HOLIDAYS.lines().filter(|l| !l.starts_with("2026") && !l.starts_with("2025")).collect();
    let early = Calendar::read(&early.join("\n")).unwrap();
    let roles: std::collections::BTreeMap<String, Vec<String>> =
        definition.permissions().into_iter().map(|p| (p.to_owned(), roles_of(p))).collect();
    let roles_of = |permission: &str| roles.get(permission).cloned().unwrap_or_default();
    let ground = Ground {
        definition,
        text,
        calendar: &calendar,
        early: &early,
        roles_of: &roles_of,
        start: day_start(jiff::civil::date(2024, 1, 5)) + 9 * 3_600_000,
    };
    let mut all = Report::default();
    for part in 0..parts {
        let steps = definition.actions.len().max(30) * 2;
        let report = trial::run(&ground, 20_260_303 + part * PART, PART, steps);
        all.sequences += report.sequences;
        all.asked += report.asked;
        all.accepted += report.accepted;
        all.refused += report.refused;
        all.ended += report.ended;
        all.violated += report.violated;
        report.done.into_iter().for_each(|(action, n)| *all.done.entry(action).or_default() += n);
        all.violations.extend(report.violations);
        all.violations.truncate(20);
    }
    all
}

#[test]
fn random_sequences_over_every_kind_break_nothing() {
    let wanted: Option<u64> = std::env::var("SHIAN_FLOW_SEQUENCES").ok().and_then(|n| n.parse().ok());
    let kinds = server::rooms::FLOWS;
    let parts = wanted.map_or(2, |all| all.div_ceil(PART * kinds.len() as u64));
    std::thread::scope(|scope| {
        let running: Vec<_> = kinds
            .iter()
            .map(|text| {
                let definition = Definition::read(text).unwrap();
                scope.spawn(move || (tried(text, &definition, parts), definition))
            })
            .collect();
        let mut never = Vec::new();
        for one in running {
            let (report, definition) = one.join().unwrap();
            let kind = &definition.kind;
            eprintln!(
                "{kind}: {} sequences, {} asked, {} accepted, {} ended, {} violations",
                report.sequences, report.asked, report.accepted, report.ended, report.violated
            );
            assert_eq!(report.violated, 0, "{kind}: {:#?}", report.violations);
            assert!(report.ended > report.sequences / 20, "{kind}: {report:?}");
            // with many sequences nothing of the definition is left untried
            let untried = (definition.actions.iter()).filter(|a| !report.done.contains_key(&a.code));
            never.extend(untried.map(|a| format!("{kind}.{}", a.code)));
        }
        assert!(wanted.is_none() || never.is_empty(), "never done: {never:?}");
    });
}
