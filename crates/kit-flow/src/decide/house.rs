//! What the house does by itself: each of these does nothing where it was done.

use kit_base::{Error, Result};
use serde_json::{Map, Value};

use super::{Deciding, Take, remind_at};
use crate::clock;
use crate::guard::{View, Who};
use crate::log::{Draft, Effect};
use crate::state::{Run, Timer};

/// What the house does when a clock is over; `None` where it is not over (any more), so that doing it twice is doing it
/// once.
pub fn expire(view: View, code: &str, take: &mut dyn Take) -> Result<Option<Draft>> {
    let over = view.state.is_open()
        && view
            .state
            .clocks
            .get(code)
            .is_some_and(|t| t.state == Run::Running && t.due.late_from <= view.now);
    if !over {
        return Ok(None);
    }
    let house = Who::house();
    let now = view.now;
    let kind = view.definition.clock(code);
    let action = kind.and_then(|c| c.expiry.as_deref()).and_then(|code| view.definition.action(code));
    let action = action.filter(|a| a.from.contains(&view.state.status));
    let mut deciding = Deciding::new(view, &house, now, take);
    match action {
        Some(action) => {
            // first, so that what the action starts anew is not ended by it
            deciding.push(Effect::Expired(code.to_owned()))?;
            deciding.act(action, &Map::new())?;
            Ok(Some(deciding.draft(&action.code, "", Value::Null)))
        }
        None => {
            deciding.push(Effect::Expired(code.to_owned()))?;
            Ok(Some(deciding.draft("op.expired", "", Value::Null)))
        }
    }
}

/// Marks a clock as nearly over; `None` where that was done.
pub fn remind(view: View, code: &str, take: &mut dyn Take) -> Result<Option<Draft>> {
    let soon = |t: &Timer| t.state == Run::Running && t.remind_at.is_some_and(|at| at <= view.now);
    if !view.state.is_open() || !view.state.clocks.get(code).is_some_and(soon) {
        return Ok(None);
    }
    let now = view.now;
    let mut deciding = Deciding::new(view, &Who::house(), now, take);
    deciding.push(Effect::Reminded(code.to_owned()))?;
    Ok(Some(deciding.draft("op.reminded", "", Value::Null)))
}

/// Works out running clocks anew after a calendar was announced; `None` where none moves.
pub fn recount(view: View, take: &mut dyn Take) -> Result<Option<Draft>> {
    let mut moved = Vec::new();
    for (code, timer) in view.state.running().filter(|_| view.state.is_open()) {
        let due = clock::due(view.calendar, timer.anchor, timer.left)?;
        if due != timer.due {
            let remind_at = remind_at(view.definition.clock(code), due.late_from, view.now);
            let remind_at = timer.remind_at.and(remind_at);
            moved.push(Effect::Moved { clock: code.clone(), due, remind_at });
        }
    }
    if moved.is_empty() {
        return Ok(None);
    }
    let now = view.now;
    let mut deciding = Deciding::new(view, &Who::house(), now, take);
    moved.into_iter().try_for_each(|effect| deciding.push(effect))?;
    Ok(Some(deciding.draft("op.recounted", "节假日安排公布，重新计算期限", Value::Null)))
}

/// What another room tells of: an action of the definition that is the house's to do; `None` where the case is not where
/// it could be done (any more). What is suspended or locked is told as well.
///
/// Errors: `internal` where the definition has no such action, those of the form.
pub fn told(view: View, code: &str, form: &Value, take: &mut dyn Take) -> Result<Option<Draft>> {
    let action = view.definition.action(code).filter(|a| a.by_room);
    let action = action.ok_or_else(|| Error::internal(format!("no room may tell of {code}")))?;
    if !view.state.is_open() || !action.from.contains(&view.state.status) {
        return Ok(None);
    }
    let form = crate::form::check(&action.form, form)?;
    let now = view.now;
    let mut deciding = Deciding::new(view, &Who::house(), now, take);
    deciding.act(action, &form)?;
    Ok(Some(deciding.draft(code, "", Value::Object(form))))
}

/// A child case came to its end; `None` where that is known.
pub fn child_ended(view: View, child: &str, take: &mut dyn Take) -> Result<Option<Draft>> {
    if !view.state.children.iter().any(|c| c.case == child && !c.ended) {
        return Ok(None);
    }
    let now = view.now;
    let mut deciding = Deciding::new(view, &Who::house(), now, take);
    deciding.push(Effect::ChildEnded(child.to_owned()))?;
    Ok(Some(deciding.draft("op.child_ended", "", Value::Null)))
}
