//! Who may do which step of a test, said before anyone tries.

use std::sync::Arc;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_flow::state::State;
use kit_flow::{Flows, engine, guard};
use kit_web::{Act, Actor, Cx, Scope};
use serde_json::json;

use super::{assay, unknown};
use crate::model::{Assign, Choice, Desk, Sample, Step, Steps};
use crate::store;

/// Steps of a laboratory with the permission that each wants.
const STEPS: [(&str, &str, &str); 6] = [
    ("accept", "收样", "sampling.test"),
    ("reject", "拒收", "sampling.test"),
    ("enter", "录入结果", "sampling.test"),
    ("verify", "校核", "sampling.verify"),
    ("send_back", "退回重录", "sampling.verify"),
    ("issue", "签发报告", "sampling.issue"),
];

/// Steps of the laboratory that rechecks: with the action of each, and the permission that it wants.
const AGAIN: [(&str, &str, &str, &str); 6] = [
    ("receive", "签收备样", "spare_handed", "sampling.test"),
    ("unfit", "报告备样不能检验", "spare_unfit", "sampling.test"),
    ("enter", "录入复检结果", "recheck_enter", "sampling.test"),
    ("verify", "校核", "recheck_verify", "sampling.verify"),
    ("send_back", "退回重录", "recheck_back", "sampling.verify"),
    // signing is two actions that differ in what they come to
    ("issue", "签发复检报告", "recheck_upheld", "sampling.issue"),
];

/// Each step for the asker, of the laboratory that tests or of the one that rechecks. Errors: not found.
pub fn of(tx: &mut Tx, cx: &Cx, blind: &str) -> Result<Steps> {
    let own = cx.who.scope_for("sampling.lab");
    let sample =
        store::samples::by_blind(tx, blind)?.filter(|s| assay::is_of(&own, s)).ok_or_else(unknown)?;
    let (analyst, analyst_name) = store::listing::analyst(tx, &sample.id)?;
    let first = own.covers("", Some(&sample.lab));
    let flows = cx.house.held::<Flows>();
    let gone = || Error::internal("the case of a sample is gone");
    let case = engine::load(tx, &flows, &sample.id)?.ok_or_else(gone)?;
    let around = engine::around_reading(tx, &flows, cx.now())?;
    let view = case.view(&around);
    let who = guard::Who::of(&reaching(cx, &sample), view.definition);
    let tried = |name: &str, permission: &str| -> Result<()> {
        // under older definitions the bureau enters what came of a recheck: there is no such step
        let action = view.definition.action(name);
        let action = action.ok_or_else(|| Error::conflict("action_not_here", "由监管部门登记复检结论"))?;
        match cx.who.may(permission) {
            true => guard::may_do(&view, &who, action),
            false => Err(Error::forbidden("permission_missing", lacking(permission))),
        }
    };
    let mut out = Vec::new();
    if first {
        for (code, name, permission) in STEPS {
            // signing is four actions that differ in what they come to
            let done = tried(if code == "issue" { "issue_pass" } else { code }, permission);
            out.push(step(code, name, done.and_then(|()| signs(tx, code, &sample.lab, cx.now()))));
        }
        out.push(step("correct", "声明更正", correcting(cx, &sample, &case.state)));
    } else {
        for (code, name, action, permission) in AGAIN {
            let done = tried(action, permission);
            out.push(step(code, name, done.and_then(|()| signs(tx, code, &sample.recheck_lab, cx.now()))));
        }
    }
    let people = if first { colleagues(tx, &cx.who, &sample, cx.now())? } else { Vec::new() };
    Ok(Steps { steps: out, analyst, analyst_name, people })
}

/// Of signing: whether the laboratory may sign reports on this day.
fn signs(tx: &mut Tx, code: &str, lab: &str, now: Millis) -> Result<()> {
    if code == "issue" { assay::may_sign(tx, lab, now) } else { Ok(()) }
}

/// Whom the asker may give a test to: who signs reports to any colleague, others to themselves. After the report nobody.
fn colleagues(tx: &mut Tx, who: &Actor, sample: &Sample, now: Millis) -> Result<Vec<Choice>> {
    if sample.closed_at.is_some() || sample.issued_at.is_some() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    if who.may("sampling.issue") {
        for user in accounts::of_business(tx, &sample.lab, now)? {
            let name = accounts::name_of(tx, &user)?.unwrap_or_default();
            out.push(Choice { user, name, of_lab: true });
        }
    } else if who.may("sampling.test") {
        out.push(Choice { user: who.user.clone(), name: who.name.clone(), of_lab: true });
    }
    // who took or sealed it does nothing in its test
    out.retain(|c| c.user != sample.sampler1 && c.user != sample.sampler2);
    Ok(out)
}

/// Gives a test to a colleague. Errors: not found, `analyst_unknown`.
pub fn assign(act: &mut Act, blind: &str, new: &Assign) -> Result<()> {
    let sample = super::custody::of_lab(act, blind)?;
    let (who, now) = (act.who().clone(), act.now);
    let colleagues = colleagues(act.tx, &who, &sample, now)?;
    let found = colleagues.iter().find(|c| c.user == new.analyst).ok_or_else(|| {
        let text = "只能指派本机构、没有参与抽样的人员；签字人可以指派他人，检验人员只能领取";
        Error::invalid("analyst", "analyst_unknown", text)
    })?;
    store::listing::assign(act.tx, &sample.id, (&found.user, &found.name), &who.name, now)?;
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "blind": blind, "analyst": found.user }));
    Ok(())
}

fn step(code: &str, name: &str, tried: Result<()>) -> Step {
    let (why, code_why) = match &tried {
        Ok(()) => (String::new(), String::new()),
        Err(e) => (e.message.clone(), e.code.to_string()),
    };
    Step { code: code.into(), name: name.into(), may: tried.is_ok(), why, code_why }
}

fn lacking(permission: &str) -> &'static str {
    match permission {
        "sampling.test" => "由检验人员办理：您的岗位没有收样和录入结果的权限",
        "sampling.verify" => "由校核人员办理：您的岗位没有校核的权限",
        _ => "由授权签字人办理：您的岗位没有签发报告的权限",
    }
}

fn correcting(cx: &Cx, sample: &Sample, case: &State) -> Result<()> {
    if sample.issued_at.is_none() {
        return Err(Error::conflict("not_issued", "报告尚未签发，结果有误由校核人退回重录"));
    }
    match cx.who.may("sampling.issue") {
        true => apart(case, &cx.who.user),
        false => Err(Error::forbidden("permission_missing", lacking("sampling.issue"))),
    }
}

/// A correction is declared by whom the separation lets sign: nobody who took, sealed, entered or verified. Errors: `same_person`.
pub fn apart(case: &State, user: &str) -> Result<()> {
    let did = |action: &str| case.doers.get(action).into_iter().flatten().any(|p| p.user == user);
    match ["take", "seal", "enter", "verify"].into_iter().any(did) {
        true => Err(Error::forbidden("same_person", "录入、校核或抽样的人不能声明更正，请由其他签字人办理")),
        false => Ok(()),
    }
}

/// The asker as [`super::step`] would let them in.
fn reaching(cx: &Cx, sample: &Sample) -> Actor {
    let mut who = cx.who.clone();
    let mut scopes = (*who.scopes).clone();
    for (_, _, permission) in STEPS {
        if who.may(permission) {
            scopes.insert(permission, Scope::Divisions(vec![sample.division.clone()]));
        }
    }
    who.scopes = Arc::new(scopes);
    who
}

/// What waits at the asker's laboratory.
pub fn desk(tx: &mut Tx, own: &[String]) -> Result<Desk> {
    let mut out = Desk::default();
    for id in own {
        if out.lab.is_none() {
            out.lab = store::labs::by_id(tx, id)?;
        }
    }
    for (step, count) in [
        ("accept", &mut out.accept),
        ("enter", &mut out.enter),
        ("verify", &mut out.verify),
        ("check", &mut out.check),
        ("issue", &mut out.issue),
        ("issued", &mut out.issued),
        ("recheck", &mut out.recheck),
        ("recheck_receive", &mut out.recheck_receive),
        ("recheck_enter", &mut out.recheck_enter),
        ("recheck_verify", &mut out.recheck_verify),
        ("recheck_issue", &mut out.recheck_issue),
        ("hand", &mut out.hand),
    ] {
        *count = store::listing::waiting(tx, own, step)?;
    }
    Ok(out)
}

/// Who may take a sample of a place for a laboratory: its officers, and people of the laboratory.
pub fn samplers(tx: &mut Tx, division: &str, lab: &str, now: Millis) -> Result<Vec<Choice>> {
    let mut out: Vec<Choice> = accounts::officers_at(tx, division, now)?
        .into_iter()
        .map(|(user, name)| Choice { user, name, of_lab: false })
        .collect();
    if store::labs::by_id(tx, lab)?.is_some() {
        for user in accounts::of_business(tx, lab, now)? {
            let name = accounts::name_of(tx, &user)?.unwrap_or_default();
            out.push(Choice { user, name, of_lab: true });
        }
    }
    Ok(out)
}
