//! Declaring an event wrong (更正声明): the event stays, what it did to stock is undone, what was meant may be recorded with
//! it, and everywhere both are shown, each pointing at the other.

use kit_base::{Error, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::acting_party;
use crate::actions::moves::{self, Source};
use crate::live::LiveGraph;
use crate::model::{EventNo, LotNo, NewMove};
use crate::store::corrections::{self, Correction};
use crate::store::{bulk, events};

/// What is declared.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub reason: String,
    /// What was meant: recorded in the same transaction, as an act of the same business.
    pub instead: Option<NewMove>,
    /// What was meant, where it is recorded already: id of an event of the same business.
    pub replaced_by: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Declared {
    /// The event declared wrong.
    pub event: EventNo,
    /// The event that says what was meant, and the lots it made.
    pub replaced_by: Option<EventNo>,
    pub replaced_by_id: Option<String>,
    pub lots: Vec<LotNo>,
}

/// Declares an event wrong. Possible while nothing has used the lots it made: food that has moved on is corrected from the
/// last step back.
///
/// Errors: `event_unknown`, `reason_missing`, `event_corrected` (twice), `lots_used`, `replacement_two`,
/// `replacement_unknown`, `instead_other_business`, and those of the move under `instead/`.
pub fn declare_wrong(act: &mut Act, id: &str, declaration: &Declaration) -> Result<Declared> {
    let unknown = || Error::not_found("没有这条记录");
    let no = events::no_of_id(act.tx, id)?.ok_or_else(unknown)?;
    let (kind, party, division, first, lots, declared) =
        events::for_correction(act.tx, no)?.ok_or_else(unknown)?;
    acting_party(act.tx, act.who(), Some(&party)).map_err(|_| unknown())?;
    let reason = declaration.reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明更正原因"));
    }
    if corrections::of(act.tx, &[no])?.contains_key(&no) {
        return Err(already());
    }
    undo(act, no, (first, lots), declared)?;
    let meant = replacement(act, no, &party, declaration)?;
    let correction = Correction {
        reason: reason.to_owned(),
        by: act.who().name.clone(),
        at: act.now,
        replaced_by: meant.as_ref().map(|(no, ..)| *no),
        replaced_by_id: None,
        replaced_by_lot: None,
    };
    let user = act.who().user.clone();
    corrections::insert(act.tx, no, &user, &correction)
        .map_err(|e| if e.code == "unique_violation" { already() } else { e })?;
    if let Some(live) = act.cx.house.try_held::<LiveGraph>() {
        act.tx.after_commit(move || live.declared_wrong(first, lots));
    }
    act.subject("event", id, &division);
    act.note(json!({ "kind": kind, "reason": reason, "replaced_by": correction.replaced_by }));
    let (replaced_by, replaced_by_id, lots) = match meant {
        Some((no, id, lots)) => (Some(no), Some(id), lots),
        None => (None, None, Vec::new()),
    };
    Ok(Declared { event: no, replaced_by, replaced_by_id, lots })
}

/// Takes back what the event did to stock.
fn undo(act: &mut Act, no: EventNo, (first, lots): (LotNo, i64), declared: bool) -> Result<()> {
    // held against whoever would ship them just now
    let made: Vec<LotNo> = (first..first + lots).collect();
    bulk::held(act.tx, &made)?;
    if lots > 0 && events::uses(act.tx, first, lots)? > 0 {
        let text = "这条记录得到的批次已经流转，请先更正后面的记录";
        return Err(Error::conflict("lots_used", text));
    }
    if declared {
        return Ok(());
    }
    for (lot, amount) in events::inputs_of(act.tx, no)? {
        events::return_stock(act.tx, lot, amount.unwrap_or(0))?;
    }
    events::empty_stock(act.tx, first, lots)
}

/// Records or finds what was meant: event, id, lots.
fn replacement(
    act: &mut Act,
    wrong: EventNo,
    party: &str,
    declaration: &Declaration,
) -> Result<Option<(EventNo, String, Vec<LotNo>)>> {
    match (&declaration.instead, &declaration.replaced_by) {
        (Some(_), Some(_)) => {
            let text = "正确的记录请重新填写，或选择已登记的一条，二者选一";
            Err(Error::invalid("instead", "replacement_two", text))
        }
        (Some(mv), None) => {
            same_business(act, party, mv)?;
            let source = Source { channel: "form", batch: act.id() };
            let mv = NewMove { party: Some(party.to_owned()), ..mv.clone() };
            let (no, id, lots, _) = moves::record(act, &source, &mv).map_err(|e| e.under("instead"))?;
            Ok(Some((no, id, lots)))
        }
        (None, Some(id)) => {
            let unknown = || {
                Error::invalid(
                    "replaced_by",
                    "replacement_unknown",
                    "没有这条记录，或它不是本主体的另一条记录",
                )
            };
            let no = events::no_of_id(act.tx, id)?.filter(|no| *no != wrong).ok_or_else(unknown)?;
            let (_, owner, _, first, lots, _) = events::for_correction(act.tx, no)?.ok_or_else(unknown)?;
            let stands = owner == party && !corrections::of(act.tx, &[no])?.contains_key(&no);
            if !stands {
                return Err(unknown());
            }
            Ok(Some((no, id.clone(), (first..first + lots).collect())))
        }
        (None, None) => Ok(None),
    }
}

/// What was meant is an act of the business whose event was wrong; whoever names another is told, not passed over.
fn same_business(act: &mut Act, party: &str, mv: &NewMove) -> Result<()> {
    let Some(named) = mv.party.as_deref() else { return Ok(()) };
    if named == party || parties::standing_id(act.tx, named)? == parties::standing_id(act.tx, party)? {
        return Ok(());
    }
    let text = "更正后的记录必须是同一主体的；记到了别的主体名下的，请更正后由该主体重新登记";
    Err(Error::invalid("instead/party", "instead_other_business", text))
}

fn already() -> Error {
    Error::conflict("event_corrected", "这条记录已经声明过更正")
}
