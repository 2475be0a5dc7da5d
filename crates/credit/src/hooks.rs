//! What this room adds to cases of the 严重违法失信名单.

use kit_base::Result;
use kit_flow::log::{Body, Effect, Entry, How};
use kit_flow::papers::Words;
use kit_flow::state::Phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::{Map, Value};

use crate::SERIOUS;
use crate::actions::lists;

pub const HOOKS: Hooks = Hooks { before, after, ..Hooks::none(SERIOUS) };

/// What documents of a case name of its row: ground, number of the penalty, conduct.
pub const WORDS: Words =
    Words { kind: SERIOUS, fields, names: &["serious.ground", "serious.penalty", "serious.what"] };

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    if let Some(row) = lists::begun_for(act.tx, &case.id)? {
        out.insert("serious.ground".into(), row.ground.into());
        out.insert("serious.penalty".into(), row.penalty.into());
        out.insert("serious.what".into(), row.what.into());
    }
    Ok(out)
}

/// Errors: `repair_early`, `repair_again`.
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    match ask.action.as_deref() {
        Some("apply") => lists::may_apply(act, case),
        _ => Ok(()),
    }
}

/// List, file, public page and platforms follow the log.
fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    for effect in &body.effects {
        match effect {
            Effect::Did(action) if action == "list" => lists::listed(act, case, entry.at)?,
            Effect::Entered(status) if status == "removed" => {
                let repaired = case.state.flags.contains("repaired");
                let why = if repaired { "信用修复，提前移出" } else { "公示期满" };
                lists::removed(act, case, entry.at, why)?;
            }
            _ => {}
        }
    }
    if case.state.phase == Phase::Ended(How::Void) {
        lists::removed(act, case, entry.at, "列入决定作废")?;
    }
    Ok(())
}
