//! What this room adds to cases of its kind.

use std::collections::BTreeSet;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::log::{Body, Effect, Entry};
use kit_flow::state::Phase;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::json;

use crate::{KIND, store};

pub const HOOKS: Hooks = Hooks { facts, before, after, ..Hooks::none(KIND) };

/// Actions that come with more than a form, and so only over this room.
const OWN: [&str; 6] =
    ["again_negative", "again_positive", "sample", "sample_conforms", "sample_fails", "sample_none"];

/// Whose test of what it is: what a result may be used for hangs on it.
fn facts(act: &mut Act, case: &Case) -> Result<BTreeSet<String>> {
    of(act.tx, &case.id)
}

fn of(tx: &mut Tx, id: &str) -> Result<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    if let Some(p) = store::positives::positive(tx, id)? {
        if p.official {
            out.insert("official".to_owned());
        }
        if p.goods == "farm" {
            out.insert("farm".to_owned());
        }
    }
    Ok(out)
}

/// Errors: `use_rapid`.
fn before(act: &mut Act, _: &Case, ask: &Ask) -> Result<()> {
    let own = ask.action.as_deref().is_some_and(|a| OWN.contains(&a));
    match own && act.cx.route == "/api/cases/{id}/acts" {
        true => Err(Error::conflict("use_rapid", "请在快检页面办理")),
        false => Ok(()),
    }
}

/// Columns follow the log; food goes free or stays where it is.
fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(positive) = store::positives::positive(act.tx, &case.id)? else {
        // the first entry: the row is written next, by the one who begins it
        return Ok(());
    };
    let state = &case.state;
    let flags = match state.flags.is_empty() {
        true => String::new(),
        false => format!(",{},", state.flags.iter().cloned().collect::<Vec<_>>().join(",")),
    };
    let closed = matches!(state.phase, Phase::Ended(_)).then_some(entry.at);
    store::positives::set_course(act.tx, &case.id, &state.status, phase(&state.phase), &flags, closed)?;
    let entered = |status: &str| body.effects.contains(&Effect::Entered(status.to_owned()));
    // what was terminated or void keeps nobody's food either
    if entered("released") || (closed.is_some() && !matches!(state.status.as_str(), "failed" | "settled")) {
        trace::holds::lift(act, &case.id, "快检阳性已解除")?;
    }
    if entered("settled") {
        let what = format!("快检不合格（{}，{}），被检测人无异议", positive.food, positive.item);
        let found = json!({
            "source": "sample", "source_ref": positive.number, "party": positive.party, "what": what,
            "rule": "食品安全法第三十四条", "severity": "serious",
        });
        let finding = serde_json::from_value(found).map_err(Error::internal)?;
        let found =
            findings::discover(act, &findings::Discovered { finding, simulated: positive.simulated })?;
        store::positives::set_finding(act.tx, &case.id, &found.id)?;
    }
    Ok(())
}
