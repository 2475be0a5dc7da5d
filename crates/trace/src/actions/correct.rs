//! Declaring an event wrong (更正): the event stays, what it did to stock is undone, both are shown.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use crate::actions::acting_party;
use crate::store::events;

/// Declares an event wrong. Possible while nothing has used the lots it made.
///
/// Errors: `event_unknown`, `reason_missing`, `event_corrected` (twice), `lots_used` (correct the later ones first).
pub fn declare_wrong(act: &mut Act, id: &str, reason: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这条记录");
    let no = events::no_of_id(act.tx, id)?.ok_or_else(unknown)?;
    let (kind, party, division, first, lots, declared) =
        events::for_correction(act.tx, no)?.ok_or_else(unknown)?;
    acting_party(act.tx, act.who(), Some(&party)).map_err(|_| unknown())?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明更正原因"));
    }
    if lots > 0 && events::uses(act.tx, first, lots)? > 0 {
        let text = "这条记录得到的批次已经流转，请先更正后面的记录";
        return Err(Error::conflict("lots_used", text));
    }
    let user = act.who().user.clone();
    events::correct(act.tx, no, reason, &user, act.now)
        .map_err(|e| if e.code == "unique_violation" { already() } else { e })?;
    if !declared {
        for (lot, amount) in events::inputs_of(act.tx, no)? {
            events::return_stock(act.tx, lot, amount.unwrap_or(0))?;
        }
        events::empty_stock(act.tx, first, lots)?;
    }
    act.subject("event", id, &division);
    act.note(json!({ "kind": kind, "reason": reason }));
    Ok(())
}

fn already() -> Error {
    Error::conflict("event_corrected", "这条记录已经声明过更正")
}
