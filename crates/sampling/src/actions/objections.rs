//! 异议: what was said against a sample, and what came of it, as the log of its case has it.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::log::{Body, Entry};
use kit_flow::state::Run;
use kit_flow::{Case, store};
use serde_json::Value;

use crate::model::Objected;

/// Of a case, the first first.
pub fn of(tx: &mut Tx, case: &Case) -> Result<Vec<Objected>> {
    let mut out: Vec<Objected> = Vec::new();
    for entry in store::log::entries(tx, &case.id)? {
        let body: Body = serde_json::from_str(&entry.body).map_err(Error::internal)?;
        let text = |field: &str| body.form.get(field).and_then(Value::as_str).unwrap_or("").to_owned();
        match entry.action.as_str() {
            "object" => out.push(raised(&entry, text("about"), text("objection"))),
            "object_sampling" => out.push(raised(&entry, "sampling".to_owned(), text("sampling_said"))),
            action => {
                let Some((sampling, state)) = answer(action) else { continue };
                let open = |o: &&mut Objected| (o.about == "sampling") == sampling && awaits(&o.state);
                // under older definitions one action was for both
                let last = match out.iter_mut().rev().find(open) {
                    Some(last) => last,
                    None => match out.last_mut() {
                        Some(last) if awaits(&last.state) => last,
                        _ => continue,
                    },
                };
                (last.state, last.state_at) = (state.to_owned(), entry.at);
                last.decision = text("decision");
            }
        }
    }
    for objected in out.iter_mut().filter(|o| awaits(&o.state)) {
        match case.state.is_open() {
            true => objected.last_day = last_day(case, objected),
            false => "ended".clone_into(&mut objected.state),
        }
    }
    Ok(out)
}

fn raised(entry: &Entry, about: String, said: String) -> Objected {
    Objected {
        about,
        said,
        at: entry.occurred_at,
        state: "raised".to_owned(),
        state_at: entry.at,
        decision: String::new(),
        last_day: String::new(),
    }
}

/// Whether an action answers one of the course of sampling, and how.
fn answer(action: &str) -> Option<(bool, &'static str)> {
    let (kind, word) = action.split_once('_')?;
    let state = match word {
        "accept" => "accepted",
        "refuse" => "refused",
        "holds" => "holds",
        "fails" => "fails",
        _ => return None,
    };
    match kind {
        "objection" => Some((false, state)),
        "sampling" => Some((true, state)),
        _ => None,
    }
}

fn awaits(state: &str) -> bool {
    matches!(state, "raised" | "accepted")
}

/// Until when the next word on it is due.
fn last_day(case: &Case, objected: &Objected) -> String {
    let clock = match (objected.about.as_str(), objected.state.as_str()) {
        ("sampling", "raised") => "accept_sampling",
        ("sampling", _) => "review_sampling",
        (_, "raised") => "accept_objection",
        _ => "review",
    };
    let running = case.state.clocks.get(clock).filter(|c| c.state == Run::Running);
    running.map(|c| c.due.last_day.clone()).unwrap_or_default()
}
