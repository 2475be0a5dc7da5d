//! Random flows of samples in each of the three modes, without a database: the definition, the rules of custody and the rules of
//! separation as the room uses them, watched by a twin that knows only who did what and who gave what to whom.
//!
//! `SHIAN_SAMPLE_FLOWS=1000000 cargo test --release -p sampling --test flows -- --nocapture` for the figure: that many in each mode;
//! 300 otherwise.

mod cast;
mod chance;
mod flow;
mod twin;
mod wish;

use std::collections::{BTreeMap, BTreeSet};

use kit_base::Millis;
use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_flow::Definition;
use kit_flow::definition::hash_of;

use cast::{Ground, cast};
use chance::Chance;
use flow::Flow;

const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");
const COUNTY: &str = "410902";
/// When the flows run; the modes of that day hold.
const DAY: &str = "2026-03-03";
const HOUR: Millis = 3_600_000;
const MODES: [&str; 3] = ["inner", "outer", "quality"];
const PARTS: [&str; 2] = ["test", "spare"];
/// Lots of flows, each with chances of its own: a run is the same on every machine, however many cores it has.
const LOTS: u64 = 16;

#[derive(Default)]
struct Report {
    flows: u64,
    asked: u64,
    done: BTreeMap<String, u64>,
    handed: u64,
    ended: u64,
    faults: u64,
    first: Vec<String>,
}

fn run(ground: &Ground, mode: &'static str, flows: u64, seed: u64) -> Report {
    let mut report = Report::default();
    let mut tried = seed;
    let start = day_start(jiff::civil::date(2026, 1, 5)) + 9 * HOUR;
    while report.flows < flows {
        tried += 1;
        let mut chance = Chance(tried.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        chance.next();
        let Some(mut flow) = Flow::begin(ground, mode, &mut chance, start) else { continue };
        for _ in 0..400 {
            if flow.state.as_ref().is_some_and(|s| !s.is_open()) {
                break;
            }
            flow.step(&mut chance);
            report.asked += 1;
        }
        let faults = flow.faults();
        report.flows += 1;
        report.ended += u64::from(flow.state.as_ref().is_some_and(|s| !s.is_open()));
        report.handed += flow.hands.values().map(|h| h.len() as u64 - 1).sum::<u64>();
        flow.twin.did.iter().for_each(|(a, _)| *report.done.entry(a.clone()).or_default() += 1);
        report.faults += faults.len() as u64;
        report.first.extend(faults.into_iter().take(1).map(|f| format!("{mode} seed {tried}: {f}")));
        report.first.truncate(20);
    }
    report
}

#[test]
fn nobody_holds_two_separated_roles_and_custody_has_no_gap() {
    let asked = std::env::var("SHIAN_SAMPLE_FLOWS").ok().and_then(|n| n.parse::<u64>().ok());
    let flows = asked.unwrap_or(300);
    let definition = Definition::read(sampling::FLOW).unwrap();
    let calendar = Calendar::read(HOLIDAYS).unwrap();
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get());
    for mode in MODES {
        let mut all = Report::default();
        let reports: Vec<Report> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..workers)
                .map(|w| {
                    let (definition, calendar) = (&definition, &calendar);
                    scope.spawn(move || {
                        let people = cast(definition);
                        let rights = people.iter().map(|p| (p.signer.user.clone(), p.who.clone())).collect();
                        let hash = hash_of(sampling::FLOW);
                        let ground =
                            Ground { definition, hash, calendar, people, rights, facts: BTreeSet::new() };
                        let lot = |n| run(&ground, mode, flows.div_ceil(LOTS), n << 40);
                        (0..LOTS).skip(w).step_by(workers).map(lot).collect::<Vec<Report>>()
                    })
                })
                .collect();
            running.into_iter().flat_map(|r| r.join().unwrap()).collect()
        });
        for r in reports {
            all.flows += r.flows;
            all.asked += r.asked;
            all.handed += r.handed;
            all.ended += r.ended;
            all.faults += r.faults;
            all.first.extend(r.first);
            r.done.into_iter().for_each(|(a, n)| *all.done.entry(a).or_default() += n);
        }
        eprintln!(
            "{mode}: {} flows, {} wishes, {} hand-overs, {} ended, {} faults; {:?}",
            all.flows, all.asked, all.handed, all.ended, all.faults, all.done
        );
        assert!(all.faults == 0, "{:#?}", all.first);
        // the run means something only where flows come to every role; a few hundred come to all of it
        for action in
            ["take", "seal", "accept", "enter", "verify", "issue_pass", "issue_fail", "recheck_enter"]
        {
            assert!(all.done.contains_key(action), "{mode}: nobody came to {action}");
        }
        assert!(all.handed > all.flows / 10, "{mode}: little changed hands");
    }
}
