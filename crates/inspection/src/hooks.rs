//! What this room adds to cases of its kind: people must fit before, columns follow after.

use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, Entry};
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::Value;

use crate::actions::visits::fit_officers;
use crate::actions::{look, plans};
use crate::{KIND, SITE_CHECK, rules, store};

const fn of(kind: &'static str) -> Hooks {
    Hooks { before, after, ..Hooks::none(kind) }
}

pub const HOOKS: [Hooks; 2] = [of(KIND), of(SITE_CHECK)];

/// A record comes with its answers, over its own route; people who are named fit.
///
/// Errors: `record_route`, `officers_few`, those of [`fit_officers`].
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    match ask.action.as_deref() {
        Some("record") if act.cx.route != crate::api::RECORD_ROUTE => {
            let text = "检查记录请在检查页面或手机端提交";
            Err(Error::conflict("record_route", text))
        }
        Some("reassign") => {
            let visit = store::visits::by_id(act.tx, &case.id)?;
            let visit = visit.ok_or_else(|| Error::internal("a visit without a row"))?;
            let officers = users(ask.form.get("officers"));
            if officers.len() < 2 {
                let text = "须有两名以上检查人员";
                return Err(Error::invalid("form/officers", "officers_few", text));
            }
            fit_officers(act, &visit.division, &visit.party, &officers)
                .map(drop)
                .map_err(|e| e.at("form/officers"))
        }
        _ => Ok(()),
    }
}

fn users(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Columns about the course of a visit follow its log.
fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(mut visit) = store::visits::by_id(act.tx, &case.id)? else {
        // the first entry: the row is written next, by the one who begins it
        return Ok(());
    };
    let state = &case.state;
    for effect in &body.effects {
        match effect {
            Effect::Did(action) if action == "record" => visit.recorded_at = Some(entry.occurred_at),
            Effect::Did(action) if action == "reassign" => reassigned(act, &mut visit, &body.form)?,
            Effect::Issued { code, number, .. } if code == "record" => visit.record_no.clone_from(number),
            Effect::Started { clock, due, .. } | Effect::Moved { clock, due, .. } if clock == "publicity" => {
                visit.publish_by = Some(due.late_from);
            }
            Effect::Entered(status) if status == "published" => visit.published_at = Some(entry.at),
            // whoever takes a reassignment back has the people of before
            Effect::Undone => restored(act, &mut visit, &state.data)?,
            _ => {}
        }
    }
    if let Some(Value::String(conclusion)) =
        state.data.get("amended").or_else(|| state.data.get("conclusion"))
    {
        visit.conclusion.clone_from(conclusion);
    }
    let ended = phase(&state.phase);
    if ended == "void" && visit.phase != "void" {
        plans::count(act, &visit, -1)?;
        publication::revoke(act, &visit.id, act.now, "检查记录已作废")?;
    }
    visit.status.clone_from(&state.status);
    ended.clone_into(&mut visit.phase);
    visit.level = i64::from(state.level);
    store::visits::set_course(act.tx, &visit)?;
    for effect in &body.effects {
        match effect {
            Effect::Did(action) if action == "record" => plans::count(act, &visit, 1)?,
            Effect::Entered(status) if status == "published" => look::announce(act, &visit)?,
            _ => {}
        }
    }
    Ok(())
}

fn reassigned(act: &mut Act, visit: &mut crate::model::Visit, form: &Value) -> Result<()> {
    let officers = fit_officers(act, &visit.division, &visit.party, &users(form.get("officers")))?;
    store::visits::set_officers(act.tx, &visit.id, &officers)?;
    if let Some(due) = form.get("due").and_then(Value::as_str) {
        visit.due_at = rules::visit::day("due", due)? + 86_400_000;
        due.clone_into(&mut visit.due);
    }
    Ok(())
}

fn restored(
    act: &mut Act,
    visit: &mut crate::model::Visit,
    data: &serde_json::Map<String, Value>,
) -> Result<()> {
    let form = Value::Object(data.clone());
    reassigned(act, visit, &form)
}
