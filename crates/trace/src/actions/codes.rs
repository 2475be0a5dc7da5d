//! Trace codes: one per product and batch, printed on labels, voided for a reason.

use kit_base::codes::platform;
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use crate::actions::acting_party;
use crate::model::LotNo;
use crate::store::codes::{self, TraceCode};
use crate::store::lots;

/// The trace code of the batch that a lot belongs to; made where there is none yet. Only the business that made the
/// batch gives it a code.
pub fn code_for(act: &mut Act, lot: LotNo, labels: i64) -> Result<TraceCode> {
    let unknown = || Error::not_found("没有这个批次");
    let lot = lots::by_no(act.tx, lot)?.ok_or_else(unknown)?;
    // a batch that the asker does not see is not there, whoever made it
    let holder = parties::brief(act.tx, &lot.holder)?.ok_or_else(unknown)?;
    if !act.who().scope.covers(&holder.division, Some(&lot.holder)) {
        return Err(unknown());
    }
    let origin =
        if lot.origin == lot.no { lot } else { lots::by_no(act.tx, lot.origin)?.ok_or_else(unknown)? };
    let maker = acting_party(act.tx, act.who(), Some(&origin.holder)).map_err(|_| {
        Error::forbidden("code_not_maker", "追溯码由生产该批次的主体赋码，请使用包装上已有的追溯码")
    })?;
    let code = match codes::by_lot(act.tx, origin.no)? {
        Some(code) if code.voided_at.is_some() => {
            return Err(Error::conflict("code_voided", "该批次的追溯码已作废"));
        }
        Some(code) => code,
        None => {
            let text = platform::new(platform::Kind::Trace, act.ids());
            codes::insert(act.tx, &text, origin.no, &maker.id, &maker.division, act.now)?;
            codes::by_lot(act.tx, origin.no)?.ok_or_else(|| Error::internal("trace code vanished"))?
        }
    };
    codes::printed(act.tx, &code.code, labels)?;
    act.subject("trace_code", &code.code, &maker.division);
    act.note(json!({ "lot": origin.no, "labels": labels }));
    Ok(code)
}

/// Voids a trace code (作废): scanning it says so from now on.
pub fn void(act: &mut Act, code: &str, reason: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这个追溯码");
    let found = codes::by_code(act.tx, code)?.ok_or_else(unknown)?;
    acting_party(act.tx, act.who(), Some(&found.party)).map_err(|_| unknown())?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明作废原因"));
    }
    if !codes::void(act.tx, code, act.now, reason)? {
        return Err(Error::conflict("code_voided", "该追溯码已经作废"));
    }
    act.subject("trace_code", code, &found.division);
    act.note(json!({ "reason": reason }));
    Ok(())
}
