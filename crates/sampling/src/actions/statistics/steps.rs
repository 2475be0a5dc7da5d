//! How long each step took, beside its clock.
//!
//! Steps of every sample come from its columns; those that failing samples alone have come from the log of their case, which knows every
//! run of a clock.

use std::collections::HashMap;

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_flow::Flows;
use kit_flow::diagram::clock_text;
use kit_flow::store::{log, tally};
use kit_web::House;

use crate::model::StepLine;
use crate::rules::statistics::{Step, Steps};
use crate::rules::steps::{TIMED, read};
use crate::store;
use crate::store::statistics::Course;

/// Samples read in one go.
const PART: i64 = 2_000;
/// Steps whose times are columns of the sample, by the code of their clock.
const COLUMNS: [(&str, &str, &str); 5] = [
    ("take", "抽样", "任务下达到封样"),
    ("deliver", "送样", "封样到机构收样"),
    ("report", "检验", "收样到签发报告"),
    ("serve", "送达", "签发不合格报告到送达"),
    ("dispose", "核查处置", "签发不合格报告到办结"),
];
/// As they follow one another: what is disposed of comes last.
const ORDER: [&str; 14] = [
    "take",
    "deliver",
    "report",
    "tell",
    "serve",
    "admit",
    "draw_lab",
    "hand_spare",
    "recheck_report",
    "accept_objection",
    "review",
    "accept_sampling",
    "review_sampling",
    "dispose",
];

/// A line for each step.
pub fn of(
    tx: &mut Tx,
    house: &House,
    range: &[String; 2],
    span: (Millis, Millis),
    now: Millis,
) -> Result<Vec<StepLine>> {
    let mut all: HashMap<&'static str, Steps> = HashMap::new();
    let mut after = String::new();
    loop {
        let part = store::statistics::courses(tx, range, &after, span.0, PART)?;
        let (Some(first), Some(last)) = (part.first(), part.last()) else { break };
        let ends = (first.id.clone(), last.id.clone());
        let mut clocks: HashMap<String, HashMap<String, Millis>> = HashMap::new();
        for c in tally::clocks(tx, crate::KIND, (&ends.0, &ends.1))? {
            clocks.entry(c.case).or_default().insert(c.code, c.late_from);
        }
        for sample in &part {
            let mut late_from = clocks.remove(&sample.id).unwrap_or_default();
            let timed = late_from.keys().any(|c| TIMED.iter().any(|t| t.code == c));
            if timed || sample.late {
                let read = read(&log::entries(tx, &sample.id)?)?;
                late_from.extend(read.first_late);
                for (at, step) in read.steps {
                    all.entry(TIMED[at].code).or_default().add(step, span, now);
                }
            }
            for (code, step) in of_columns(sample, &late_from) {
                all.entry(code).or_default().add(step, span, now);
            }
        }
        after = ends.1;
    }
    let flows = house.held::<Flows>();
    let definition = flows.latest(crate::KIND)?;
    let line = |code: &'static str| {
        let clock = definition.definition.clock(code);
        StepLine {
            step: code.to_owned(),
            name: name(code),
            limit: clock.map_or_else(String::new, clock_text),
            statute: clock.map_or_else(String::new, |c| c.statute.clone()),
            ..all.remove(code).unwrap_or_default().line()
        }
    };
    Ok(ORDER.into_iter().map(line).collect())
}

fn name(code: &str) -> String {
    let columns = COLUMNS.iter().map(|(c, name, what)| (*c, *name, *what));
    let timed = TIMED.iter().map(|t| (t.code, t.name, t.what));
    let found = columns.chain(timed).find(|(c, ..)| *c == code);
    found.map_or_else(String::new, |(_, name, what)| format!("{name}（{what}）"))
}

fn of_columns(s: &Course, late_from: &HashMap<String, Millis>) -> [(&'static str, Step); 5] {
    let fails = s.verdict == "fails";
    let times = [
        (Some(s.opened), s.taken.or(s.closed)),
        (s.taken, s.received.or(s.closed)),
        (s.received, s.issued),
        (s.issued.filter(|_| fails), s.served),
        (s.issued.filter(|_| fails), s.closed),
    ];
    std::array::from_fn(|i| {
        let (code, (from, until)) = (COLUMNS[i].0, times[i]);
        (code, Step { from, until, late_from: late_from.get(code).copied() })
    })
}
