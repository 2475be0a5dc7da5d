//! Random sequences of actions over every kind of case, with a referee who knows only the definition and the raw log.

use std::collections::BTreeMap;
use std::sync::Mutex;

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_base::{Error, Result};
use kit_flow::Definition;
use kit_flow::trial::{self, Ground, Report as Tried};

use super::report::{Report, Wanted};

const HOLIDAYS: &str = include_str!("../../../../../data/holidays.csv");
/// Sequences of one go: each with seeds of its own.
const PART: u64 = 200;
const SEED: u64 = 20_260_303;

/// What came of one kind of case.
pub struct OfKind {
    pub definition: Definition,
    pub tried: Tried,
}

impl OfKind {
    /// Actions that were never done.
    pub fn untried(&self) -> impl Iterator<Item = String> {
        let never = self.definition.actions.iter().filter(|a| !self.tried.done.contains_key(&a.code));
        never.map(|a| format!("{}.{}", self.definition.kind, a.code))
    }
}

/// Plays at least `all` sequences over all kinds together. Errors: a definition or the calendar that does not read.
pub fn tried(all: u64) -> Result<Vec<OfKind>> {
    let calendar = Calendar::read(HOLIDAYS)?;
    let early = |l: &&str| !l.starts_with("2026") && !l.starts_with("2025");
    let early = Calendar::read(&HOLIDAYS.lines().filter(early).collect::<Vec<_>>().join("\n"))?;
    let kinds = crate::rooms::FLOWS;
    let parts = all.div_ceil(PART * kinds.len() as u64);
    let waiting = Mutex::new(kinds.iter());
    let done = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(text) = next(&waiting) {
                    let one = of_kind(text, &calendar, &early, parts);
                    if let Ok(mut done) = done.lock() {
                        done.push(one);
                    }
                }
            });
        }
    });
    let done = done.into_inner().map_err(|_| Error::internal("a trial ended early"))?;
    done.into_iter().collect()
}

fn next<'t>(waiting: &Mutex<std::slice::Iter<'t, &'static str>>) -> Option<&'t &'static str> {
    waiting.lock().ok()?.next()
}

fn of_kind(text: &str, calendar: &Calendar, early: &Calendar, parts: u64) -> Result<OfKind> {
    let definition = Definition::read(text)?;
    let permissions = crate::rooms::permissions();
    let roles = |code: &str| -> Vec<String> {
        let found = permissions.iter().find(|p| p.code == code);
        found.map(|p| p.roles.iter().map(|r| (*r).to_owned()).collect()).unwrap_or_default()
    };
    let roles: BTreeMap<&str, Vec<String>> =
        definition.permissions().into_iter().map(|p| (p, roles(p))).collect();
    let roles_of = |permission: &str| roles.get(permission).cloned().unwrap_or_default();
    let ground = Ground {
        definition: &definition,
        text,
        calendar,
        early,
        roles_of: &roles_of,
        start: day_start(jiff::civil::date(2024, 1, 5)) + 9 * 3_600_000,
    };
    let mut tried = Tried::default();
    let steps = definition.actions.len().max(30) * 2;
    for part in 0..parts {
        trial::run(&ground, SEED + part * PART, PART, steps, &mut tried);
    }
    Ok(OfKind { tried, definition })
}

pub fn run(sequences: u64, report: &mut Report) -> Result<()> {
    let kinds = tried(sequences)?;
    let sum = |of: fn(&Tried) -> u64| kinds.iter().map(|k| of(&k.tried)).sum::<u64>() as f64;
    for kind in &kinds {
        let t = &kind.tried;
        report.tell(
            &format!("sequences of {}", kind.definition.kind),
            t.sequences as f64,
            "",
            format!("{} asked, {} accepted, {} ended; {:?}", t.asked, t.accepted, t.ended, t.violations),
        );
    }
    report.add("random sequences", sum(|t| t.sequences), "", Wanted::AtLeast(sequences as f64), "all kinds");
    let how = "separation of duty, fold and projection, dead ends, gaps of numbers, clocks over twice";
    report.add("violations", sum(|t| t.violated), "", Wanted::AtMost(0.0), how);
    let never: Vec<String> = kinds.iter().flat_map(OfKind::untried).collect();
    report.add("actions never done", never.len() as f64, "", Wanted::AtMost(0.0), never.join(" "));
    Ok(())
}
