//! The course of an application: what its case may not do yet, and what follows from each entry.

use std::collections::BTreeSet;

use kit_base::{Error, Result};
use kit_flow::log::{Body, Effect, Entry, How};
use kit_flow::state::Phase;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case};
use kit_web::Act;
use serde_json::{Map, Value};

use super::{apply, issue, telling, visits};
use crate::model::matters::Matter;
use crate::model::{Permit, ShotView};
use crate::rules::forms::Scope;
use crate::rules::reference;
use crate::store::permits as store;

/// What a form of the case says beyond its kind.
///
/// Errors: those of [`visits::before`], `shots_missing`, `visit_needed`, `visit_failed`, `spot_not_here`, `extend_none`, `banned`,
/// `submission_unknown`, `shots_none`.
pub fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let Some(action) = ask.action.as_deref() else { return Ok(()) };
    visits::before(act, case, ask)?;
    let Some(permit) = store::by_id(act.tx, &case.id)? else { return Ok(()) };
    let matter = reference::matter(&permit.matter)?;
    let said = |field: &str| ask.form.get(field);
    match action {
        "mend" => {
            let id = said("submission").and_then(Value::as_str).unwrap_or("");
            let handed = id == permit.submission && store::submission_file(act.tx, &permit.id, id)?.is_some();
            let text = "请在申请页面补正后提交";
            if handed { Ok(()) } else { Err(Error::invalid("form/submission", "submission_unknown", text)) }
        }
        "send_visit" => {
            let remote = said("method").and_then(Value::as_str) == Some("remote");
            if remote { photographed(act, matter, &permit) } else { Ok(()) }
        }
        "ask_shots" => match matter.shots.is_empty() {
            true => Err(Error::conflict("shots_none", no_shots(matter))),
            false => Ok(()),
        },
        "to_decide" => visit_made(matter, &permit, case),
        "grant_on_spot" => {
            let spot = matter.act(&permit.act).is_some_and(|a| a.spot);
            if !spot && permit.mode != "commitment" {
                let text = format!("{}不能当场决定", matter.name);
                return Err(Error::conflict("spot_not_here", text));
            }
            apply::look_again(act, &permit)
        }
        "grant" => {
            if case.state.data.get("visit_result").and_then(Value::as_str) == Some("fail") {
                let text = "现场核查结论为不符合，不能准予";
                return Err(Error::conflict("visit_failed", text));
            }
            apply::look_again(act, &permit)
        }
        "extend" => match matter.term("more") {
            Some(kit_base::workdays::Period::Days(0) | kit_base::workdays::Period::WorkingDays(0)) => {
                Err(Error::conflict("extend_none", format!("{}的办理期限不能延长", matter.name)))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Errors: `visitors_few`.
pub fn two_visitors(form: &Value) -> Result<()> {
    let visitors = form.get("visitors").and_then(Value::as_array);
    let visitors: BTreeSet<&str> = visitors.into_iter().flatten().filter_map(Value::as_str).collect();
    match visitors.len() {
        0 | 1 => Err(Error::invalid("form/visitors", "visitors_few", "核查人员不得少于两人")),
        _ => Ok(()),
    }
}

/// A visit that the rule asks for comes before the decision; a commitment is checked afterwards.
fn visit_made(matter: &Matter, permit: &Permit, case: &Case) -> Result<()> {
    let needed = matter.act(&permit.act).is_some_and(|a| a.visit == "required");
    let made =
        ["visited", "visit_passed", "conclude_visit"].iter().any(|a| case.state.doers.contains_key(*a));
    match needed && !made && permit.mode != "commitment" {
        true => Err(Error::conflict("visit_needed", "须先现场核查（或远程核查）再提请决定")),
        false => Ok(()),
    }
}

/// Photos of a remote survey, and how many there are of each.
pub fn shots(
    matter: &Matter,
    permit: &Permit,
    content: &Map<String, Value>,
    files: &[crate::model::PermitFile],
) -> Vec<ShotView> {
    let facts = apply::facts(matter, &permit.act, &permit.mode, &permit.division);
    let scope = Scope::top(content, &facts);
    let asked = matter.shots.iter().filter(|s| s.when.as_ref().is_none_or(|w| scope.holds(w)));
    let view = asked.map(|s| ShotView {
        code: s.code.clone(),
        name: s.name.clone(),
        hint: s.hint.clone(),
        taken: files.iter().filter(|f| f.shot == s.code && f.received_at >= permit.received_at).count()
            as i64,
    });
    view.collect()
}

fn no_shots(matter: &Matter) -> String {
    format!("{}没有远程核查的拍摄清单，请现场核查", matter.name)
}

/// Every photo that the list asks for was taken. Errors: `shots_missing`, `shots_none`.
fn photographed(act: &mut Act, matter: &Matter, permit: &Permit) -> Result<()> {
    let content = apply::content(act.tx, &permit.id)?;
    let files = store::files_of(act.tx, &permit.party)?;
    let shots = shots(matter, permit, &content, &files);
    if shots.is_empty() {
        return Err(Error::conflict("shots_none", no_shots(matter)));
    }
    let missing: Vec<&str> = shots.iter().filter(|s| s.taken == 0).map(|s| s.name.as_str()).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => {
            let text = format!("申请人还没有拍摄：{}。可先“请申请人拍摄现场照片”", missing.join("、"));
            Err(Error::conflict("shots_missing", text).at("form/method"))
        }
    }
}

/// Columns follow the log; at the end the licence is made, changed or ended.
pub fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(mut permit) = store::by_id(act.tx, &case.id)? else {
        // the first entry: the row is written next, by the one who begins it
        return Ok(());
    };
    follow(&mut permit, case, entry, body);
    store::set_course(act.tx, &permit)?;
    telling::stepped(act, &apply::named(permit.clone()), case, entry, body)?;
    let granted = body.effects.iter().any(|e| matches!(e, Effect::Entered(s) if s == "done"));
    if granted {
        let id = issue::conclude(act, &permit)?;
        store::set_issued(act.tx, &permit.id, &id)?;
        act.subject("case", &permit.id, &permit.division);
    }
    Ok(())
}

fn follow(permit: &mut Permit, case: &Case, entry: &Entry, body: &Body) {
    let state = &case.state;
    for effect in &body.effects {
        match effect {
            // whoever was not told in time is taken as accepted on the day it came
            Effect::Entered(to) if to == "reviewing" && permit.accepted_at.is_none() => {
                permit.accepted_at =
                    Some(if entry.user.is_empty() { permit.received_at } else { entry.occurred_at });
            }
            Effect::Entered(to) if ["issuing", "ended", "done"].contains(&to.as_str()) => {
                permit.decided_at = permit.decided_at.or(Some(entry.occurred_at));
            }
            Effect::Undone => permit.decided_at = None,
            _ => {}
        }
    }
    permit.status.clone_from(&state.status);
    phase(&state.phase).clone_into(&mut permit.phase);
    permit.due_at = state.next_due();
    permit.outcome = match &state.phase {
        Phase::Ended(How::Done) if state.status == "done" => "granted".to_owned(),
        Phase::Ended(How::Done) => ended(&state.flags).to_owned(),
        Phase::Ended(How::Terminated) => "terminated".to_owned(),
        Phase::Ended(How::Void) => "void".to_owned(),
        _ => String::new(),
    };
}

/// How an application ended that was not granted.
fn ended(flags: &BTreeSet<String>) -> &'static str {
    let ways = ["not_accepted", "refused", "withdrawn", "lapsed"];
    let found = ways.into_iter().find(|w| flags.contains(*w));
    found.unwrap_or("not_accepted")
}
