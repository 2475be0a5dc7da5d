//! Effectiveness checks: what holders that were drawn ([`super::calls`]) say when they are called.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::{goes_on, seen};
use crate::model::CheckResult;
use crate::rules;
use crate::store::checks;

/// What somebody was told on the telephone. Errors: not found, `case_ended`, `note_length`, `check_done`.
pub fn result(act: &mut Act, id: &str, said: &CheckResult) -> Result<()> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    rules::text("note", &said.note, 0, 500, "说明")?;
    let said = CheckResult {
        // whoever was not reached told nothing
        informed: said.informed && said.reached,
        stopped: said.stopped && said.reached,
        ..said.clone()
    };
    let (name, now) = (act.who().name.clone(), act.now);
    if !checks::result(act.tx, id, &said, &name, now)? {
        return Err(Error::conflict("check_done", "没有抽到这家单位，或已登记过结果"));
    }
    act.subject("recall", id, &recall.division);
    act.note(json!({ "party": said.party, "reached": said.reached }));
    Ok(())
}
