//! How long steps took, as the log of a case has them: from the first start of their clock to the act that ends them.
//!
//! A clock that ran out and was started anew says nothing new of when the step was due: the first end counts.

use std::collections::BTreeMap;

use kit_base::{Millis, Result};
use kit_flow::log::{Effect, Entry};

use super::statistics::Step;

/// A step that its clocks alone tell of.
pub struct Timed {
    pub code: &'static str,
    pub name: &'static str,
    pub what: &'static str,
    /// Its clock, then that of its longer term.
    pub clocks: &'static [&'static str],
    /// Acts that end it.
    pub ends: &'static [&'static str],
}

/// In the order in which they come.
pub const TIMED: [Timed; 9] = [
    timed("tell", "报送", "签发不合格报告到报送结论", &["tell"], &["tell"]),
    timed("admit", "复检受理", "申请复检到决定受理", &["admit"], &["admit", "no_recheck"]),
    timed("draw_lab", "确定复检机构", "受理到抽定机构", &["draw_lab", "draw_lab_more"], &["draw_lab"]),
    timed(
        "hand_spare",
        "移交备样",
        "抽定机构到签收备样",
        &["hand_spare", "hand_spare_more"],
        &["spare_handed"],
    ),
    timed(
        "recheck_report",
        "复检",
        "签收备样到签发复检报告",
        &["recheck_report"],
        &["recheck_upheld", "recheck_overturned"],
    ),
    timed(
        "accept_objection",
        "异议受理",
        "提出异议到决定受理",
        &["accept_objection"],
        &["objection_accept", "objection_refuse"],
    ),
    timed("review", "异议审核", "受理到审核完成", &["review"], &["objection_holds", "objection_fails"]),
    timed(
        "accept_sampling",
        "抽样过程异议受理",
        "提出异议到决定受理",
        &["accept_sampling"],
        &["sampling_accept", "sampling_refuse"],
    ),
    timed(
        "review_sampling",
        "抽样过程异议审核",
        "受理到审核完成",
        &["review_sampling"],
        &["sampling_holds", "sampling_fails"],
    ),
];

const fn timed(
    code: &'static str,
    name: &'static str,
    what: &'static str,
    clocks: &'static [&'static str],
    ends: &'static [&'static str],
) -> Timed {
    Timed { code, name, what, clocks, ends }
}

/// What a log tells of steps.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Place in [`TIMED`], and the step; one may come more than once.
    pub steps: Vec<(usize, Step)>,
    /// When each clock ran out first, or would have; by code.
    pub first_late: BTreeMap<String, Millis>,
}

/// A step on its way.
#[derive(Default)]
struct Open {
    from: Millis,
    late_from: Millis,
    /// Clocks of it that run.
    running: Vec<String>,
    /// It was over: what is started after that changes nothing.
    over: bool,
}

/// Reads a log from its beginning. Errors: an entry that cannot be read.
pub fn read(entries: &[Entry]) -> Result<Read> {
    let mut out = Read::default();
    let mut open: BTreeMap<usize, Open> = BTreeMap::new();
    let mut over: Vec<String> = Vec::new();
    for entry in entries {
        let body = entry.read()?;
        for effect in &body.effects {
            first_late(effect, &mut out.first_late, &mut over);
            follow(effect, entry.occurred_at, &mut open);
        }
        let ended = body.effects.iter().any(|e| matches!(e, Effect::Ended(_)));
        let all: Vec<usize> = open.keys().copied().collect();
        for at in all {
            let done = TIMED[at].ends.contains(&entry.action.as_str());
            // left in another way: nobody took this step
            let left = open.get(&at).is_some_and(|o| o.running.is_empty() && !o.over);
            if !done && !left && !ended {
                continue;
            }
            if let Some(o) = open.remove(&at).filter(|_| done) {
                let step =
                    Step { from: Some(o.from), until: Some(entry.occurred_at), late_from: Some(o.late_from) };
                out.steps.push((at, step));
            }
        }
    }
    let waits =
        |(at, o): (usize, Open)| (at, Step { from: Some(o.from), until: None, late_from: Some(o.late_from) });
    out.steps.extend(open.into_iter().map(waits));
    Ok(out)
}

/// The end of a clock as it stood when it first ran out.
fn first_late(effect: &Effect, all: &mut BTreeMap<String, Millis>, over: &mut Vec<String>) {
    match effect {
        Effect::Started { clock, due, .. }
        | Effect::Resumed { clock, due, .. }
        | Effect::Moved { clock, due, .. }
        | Effect::Renewed { clock, due, .. }
            if !over.contains(clock) =>
        {
            all.insert(clock.clone(), due.late_from);
        }
        Effect::Expired(clock) => over.push(clock.clone()),
        _ => {}
    }
}

fn follow(effect: &Effect, at: Millis, open: &mut BTreeMap<usize, Open>) {
    let of = |clock: &str| TIMED.iter().position(|t| t.clocks.contains(&clock));
    match effect {
        Effect::Started { clock, due, .. } => {
            let Some(step) = of(clock) else { return };
            let o = open.entry(step).or_insert_with(|| Open { from: at, ..Open::default() });
            if !o.over {
                o.late_from = due.late_from;
            }
            o.running.push(clock.clone());
        }
        Effect::Resumed { clock, due, .. }
        | Effect::Moved { clock, due, .. }
        | Effect::Renewed { clock, due, .. } => {
            let found = of(clock).and_then(|step| open.get_mut(&step));
            if let Some(o) = found.filter(|o| !o.over) {
                o.late_from = due.late_from;
            }
        }
        Effect::Expired(clock) | Effect::Stopped(clock) => {
            let Some(o) = of(clock).and_then(|step| open.get_mut(&step)) else { return };
            o.running.retain(|c| c != clock);
            o.over |= matches!(effect, Effect::Expired(_));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn started(clock: &str, late_from: Millis) -> Value {
        let due = json!({ "last_day": "2026-03-05", "late_from": late_from, "provisional": false });
        json!({ "started": { "clock": clock, "left": { "unit": "working_days", "count": 2 }, "due": due, "remind_at": null } })
    }

    /// An entry that counts in minutes.
    fn entry(at: Millis, action: &str, effects: &[Value]) -> Entry {
        let entry = json!({ "case": "c", "seq": 1, "at": at, "occurred_at": at, "user": "", "user_name": "", "action": action,
            "note": "", "body": json!({ "form": {}, "effects": effects, "calendar": 0 }).to_string(), "client_key": "", "before": "", "hash": "" });
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn a_step_that_was_late_is_late_however_often_its_clock_began_anew() {
        let log = [
            entry(10, "issue_fail", &[started("tell", 100), started("serve", 300)]),
            entry(100, "tell_overdue", &[json!({ "expired": "tell" }), started("tell", 200)]),
            entry(150, "tell", &[json!({ "stopped": "tell" })]),
        ];
        let read = read(&log).unwrap();
        let step = Step { from: Some(10), until: Some(150), late_from: Some(100) };
        assert_eq!(read.steps, [(0, step)]);
        assert_eq!((read.first_late["tell"], read.first_late["serve"]), (100, 300));
    }

    #[test]
    fn a_longer_term_makes_it_later_and_what_is_left_undone_is_no_step() {
        let log = [
            entry(10, "admit", &[started("draw_lab", 100)]),
            entry(50, "draw_more", &[started("draw_lab_more", 180), json!({ "stopped": "draw_lab" })]),
            entry(170, "draw_lab", &[json!({ "stopped": "draw_lab_more" }), started("hand_spare", 400)]),
            entry(200, "recheck_stopped", &[json!({ "stopped": "hand_spare" })]),
            entry(300, "object", &[started("accept_objection", 500)]),
        ];
        let read = read(&log).unwrap();
        let drawn = Step { from: Some(10), until: Some(170), late_from: Some(180) };
        let waits = Step { from: Some(300), until: None, late_from: Some(500) };
        assert_eq!(read.steps, [(2, drawn), (5, waits)], "nobody handed the spare over");
    }
}
