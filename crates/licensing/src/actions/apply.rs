//! Handing in: the bytes are kept first, then looked at; without a fault the case begins.

use std::collections::BTreeMap;
use std::io::Read as _;

use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::codes::tidy;
use kit_base::{Defect, Error, Result};
use kit_db::Tx;
use kit_files::{Files, Kept};
use kit_flow::{Ask, Flows, New, engine};
use kit_web::{Act, Cx, Scope};
use parties::Brief;
use serde_json::{Map, Value, json};

use super::mandates::acting;
use super::telling;
use crate::model::forms::Form;
use crate::model::matters::{ActKind, Matter};
use crate::model::{Asked, Fault, Handed, Note, Permit};
use crate::rules::forms::{Around, Scope as FormScope, check, face};
use crate::rules::{reference, windows};
use crate::store::permits::{self as store, NewRow, NewSubmission};
use crate::store::{licences, registers};

/// Largest form, bytes.
pub const LARGEST: u64 = 2 << 20;

/// What is applied for, looked up.
pub struct Looked {
    pub matter: &'static Matter,
    pub act: &'static ActKind,
    pub form: &'static Form,
    pub mode: String,
    pub party: Brief,
    /// Business that acts for it; empty none.
    pub agent: String,
    /// The licence that it is about; empty for a new one.
    pub licence: String,
    /// Its last day; empty without end or unknown.
    pub expires: String,
    pub version: i64,
}

/// Finds out what somebody wants to apply for, and whether they may for that business.
///
/// Errors: `matter_unknown`, `act_unknown`, `mode_unknown`, `form_version`, `party_unknown`, `matter_elsewhere`,
/// `licence_unknown`.
pub fn look(tx: &mut Tx, cx: &Cx, asked: &Asked) -> Result<(Looked, Cx)> {
    let matter = reference::matter(&asked.matter)?;
    let unknown = || Error::invalid("act", "act_unknown", format!("{}没有这种申请", matter.name));
    let act = matter.act(&asked.act).ok_or_else(unknown)?;
    let mode = asked.mode.clone().unwrap_or_default();
    if !mode.is_empty() && !act.mode.contains(&mode) {
        let text = format!("{}（{}）不能用这种方式办理", matter.name, act.name);
        return Err(Error::invalid("mode", "mode_unknown", text));
    }
    let (party, cx, agent) = acting(tx, cx, asked.party.as_deref(), &matter.code)?;
    let form = reference::form_version(&matter.form, asked.version)?;
    if !matter.covers(&party.division) {
        let text = format!("{}不适用于{}所在地，请选择所在省份的事项", matter.name, party.name);
        return Err(Error::invalid("matter", "matter_elsewhere", text));
    }
    let licence = tidy(asked.licence.as_deref().unwrap_or(""));
    let expires = match act.code == "new" {
        true => String::new(),
        false => last_day(tx, matter, &party, &licence)?,
    };
    let licence = if act.code == "new" { String::new() } else { licence };
    let looked = Looked { matter, act, form, mode, party, agent, licence, expires, version: form.version };
    Ok((looked, cx))
}

/// The last day of the licence that an application is about: issued here, or recorded with the business.
///
/// Errors: `licence_unknown`, `licence_ended`.
fn last_day(tx: &mut Tx, matter: &Matter, party: &Brief, number: &str) -> Result<String> {
    let unknown = || {
        let text = format!("{}名下没有编号为“{number}”的{}，请核对证书", party.name, matter.name);
        Error::invalid("licence", "licence_unknown", text)
    };
    if let Some(own) = licences::last(tx, number)? {
        if own.party != party.id || own.kind != matter.licence {
            return Err(unknown());
        }
        if matches!(own.status.as_str(), "cancelled" | "revoked") {
            let text = format!("“{number}”已注销或撤销，请按新办申请");
            return Err(Error::conflict("licence_ended", text).at("licence"));
        }
        return Ok(own.expires);
    }
    let held = parties::licences(tx, &party.id)?;
    let held = held.into_iter().find(|l| l.number == number && l.kind == matter.licence);
    Ok(held.ok_or_else(unknown)?.expires)
}

/// Facts about the application that conditions may ask for.
pub fn facts(matter: &Matter, act: &str, mode: &str, division: &str) -> BTreeMap<&'static str, String> {
    let province = division.get(..2).unwrap_or("").to_owned();
    BTreeMap::from([
        ("$act", act.to_owned()),
        ("$mode", mode.to_owned()),
        ("$province", province),
        ("$matter", matter.code.clone()),
    ])
}

/// Hands a form in. The bytes stand in the file store already; what is wrong with them is answered and kept, and no case
/// begins.
pub fn hand_in(act: &mut Act, asked: &Asked, kept: &Kept, bytes: &[u8]) -> Result<Handed> {
    let (looked, cx) = look(act.tx, act.cx, asked)?;
    let (content, mut defects) = read(bytes);
    defects.extend(faults(act, &looked, &content)?);
    let id = act.id();
    act.subject("submission", &id, &looked.party.division);
    act.note(json!({ "matter": looked.matter.code, "act": looked.act.code, "defects": defects.len(), "file": kept.hash }));
    if !defects.is_empty() {
        let faults: Vec<Fault> = defects.into_iter().map(Fault::from).collect();
        keep(act, &looked, &id, "", kept, &faults)?;
        return Ok(Handed { submission: id, permit: String::new(), number: String::new(), defects: faults });
    }
    let notes = notes(act, &looked, &content)?;
    let permit = begin(act, &cx, &looked, &id, &content, &notes)?;
    keep(act, &looked, &id, &permit.id, kept, &[])?;
    telling::begun(act, &named(permit.clone()))?;
    if let Some(draft) = &asked.draft {
        store::drop_draft(act.tx, &act.cx.who.user, draft)?;
    }
    act.subject("case", &permit.id, &looked.party.division);
    Ok(Handed { submission: id, permit: permit.id, number: permit.number, defects: Vec::new() })
}

/// The form as it came, read; what is no JSON object is a defect of the whole.
fn read(bytes: &[u8]) -> (Map<String, Value>, Vec<Defect>) {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => (map, Vec::new()),
        _ => {
            let message = "申请表应为 JSON 对象，请用本系统的表单填写".to_owned();
            (Map::new(), vec![Defect { place: String::new(), code: "form_syntax".into(), message }])
        }
    }
}

/// Every fault: of the form, of the rule, of who applies.
fn faults(act: &mut Act, looked: &Looked, content: &Map<String, Value>) -> Result<Vec<Defect>> {
    let files = store::files_of(act.tx, &looked.party.id)?;
    let there = |id: &str| files.iter().any(|f| f.id == id);
    let around = Around {
        facts: facts(looked.matter, &looked.act.code, &looked.mode, &looked.party.division),
        list: &reference::list,
        file: &there,
    };
    let mut defects = check(looked.form, content, &around);
    let scope = FormScope::top(content, &around.facts);
    let asked = !matches!(looked.act.code.as_str(), "cancel" | "reissue");
    for refusal in looked.matter.refuse.iter().filter(|r| asked && scope.holds(&r.when)) {
        defects.push(Defect {
            place: refusal.field.clone(),
            code: "rule_refused".into(),
            message: format!("{}（{}）", refusal.text, refusal.source),
        });
    }
    if looked.act.code != "cancel" {
        defects.extend(super::registers::banned(act, content)?);
        defects.extend(super::registers::unregistered(act, content)?);
    }
    defects.extend(untimely(act, looked)?);
    let (party, matter) = (&looked.party.id, &looked.matter.code);
    if let Some(number) = store::open_twin(act.tx, party, matter, &looked.act.code, &looked.licence)? {
        let message = format!("同样的申请（{number}）正在办理，请等待办结或先撤回");
        defects.push(Defect { place: String::new(), code: "permit_open".into(), message });
    }
    Ok(defects)
}

/// A renewal that is too early, or after the end.
fn untimely(act: &mut Act, looked: &Looked) -> Result<Vec<Defect>> {
    let Some((days, end)) = renewal(act, looked)? else { return Ok(Vec::new()) };
    let (code, message) = match windows::timing(days, end, china_day(act.now)) {
        windows::Timing::Early => {
            let open = days.open.map(|d| d.to_string()).unwrap_or_default();
            ("renew_early", format!("有效期至 {end}，{open} 起才能申请延续"))
        }
        windows::Timing::Over => ("renew_over", format!("有效期已于 {end} 届满，请按新办申请")),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Defect { place: "$act".into(), code: code.into(), message }])
}

/// The days of a renewal; `None` where there is no window or no end.
fn renewal(act: &mut Act, looked: &Looked) -> Result<Option<(windows::Days, Date)>> {
    let (Some(window), "renew") = (&looked.matter.renew, looked.act.code.as_str()) else { return Ok(None) };
    let Ok(end) = looked.expires.parse::<Date>() else { return Ok(None) };
    let calendar = act.cx.house.held::<Flows>().calendar(act.tx)?;
    Ok(Some((windows::days(&calendar, window, end), end)))
}

/// What is no fault and yet to be looked at.
fn notes(act: &mut Act, looked: &Looked, content: &Map<String, Value>) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    let mut note = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    let today = china_day(act.now);
    if let Some((days, end)) = renewal(act, looked)?
        && windows::timing(days, end, today) == windows::Timing::Late
    {
        let pause = looked.matter.renew.as_ref().is_some_and(|w| w.late == "pause");
        let text = if pause {
            format!("，{end} 届满后至准予延续前应暂停经营")
        } else {
            String::new()
        };
        note("renew_late", format!("逾期申请延续（应在 {} 前申请）{text}", days.shut));
    }
    let changed = content.get("changed_on").and_then(Value::as_str).and_then(|d| d.parse::<Date>().ok());
    if let (Some(rule), Some(changed)) = (&looked.matter.change_within, changed) {
        let calendar = act.cx.house.held::<Flows>().calendar(act.tx)?;
        let due = calendar.deadline(day_start(changed), rule.period)?;
        if act.now >= due.late_from {
            note(
                "change_late",
                format!("变化发生于 {changed}，应在 {} 前申请变更（{}）", due.last_day, rule.source),
            );
        }
    }
    if !looked.matter.kinds.contains(&looked.party.kind) {
        note("kind_other", "申请事项与登记的业态不一致，请核对".to_owned());
    }
    notes.extend(super::registers::differs(act, content)?);
    Ok(notes)
}

/// Begins the case and the row beside it.
fn begin(
    act: &mut Act,
    cx: &Cx,
    looked: &Looked,
    submission: &str,
    content: &Map<String, Value>,
    notes: &[Note],
) -> Result<Permit> {
    let flows = act.cx.house.held::<Flows>();
    let mut terms = Map::new();
    for term in &looked.matter.terms {
        terms.insert(term.code.clone(), serde_json::to_value(term.period).map_err(Error::internal)?);
    }
    if let Some((days, end)) = renewal(act, looked)?
        && windows::timing(days, end, china_day(act.now)) == windows::Timing::InTime
        && looked.matter.flow == "permit"
    {
        let hours = (day_start(end) + 86_400_000 - act.now + 3_599_999) / 3_600_000;
        terms.insert("renew_end".into(), json!({ "unit": "hours", "count": hours }));
    }
    let mut data = Map::new();
    data.insert("terms".into(), Value::Object(terms));
    let new = New {
        title: format!("{}：{}（{}）", looked.party.name, looked.matter.name, looked.act.name),
        division: looked.party.division.clone(),
        business: looked.party.id.clone(),
        simulated: looked.party.simulated,
        data,
        ..New::default()
    };
    let case = engine::open(&mut Act::inside(act.tx, cx, act.now), &flows, &looked.matter.flow, &new)?;
    let content = serde_json::to_string(content).map_err(Error::internal)?;
    let row = NewRow {
        id: &case.id,
        number: &case.state.opened.number,
        matter: &looked.matter.code,
        act: &looked.act.code,
        mode: &looked.mode,
        party: &looked.party.id,
        party_name: &looked.party.name,
        agent: &looked.agent,
        division: &looked.party.division,
        licence: &looked.licence,
        form: &looked.form.code,
        form_version: looked.version,
        submission,
        content: &content,
        notes: &serde_json::to_string(notes).map_err(Error::internal)?,
        status: &case.state.status,
        phase: "open",
        received_at: act.now,
        due_at: case.state.next_due(),
        simulated: looked.party.simulated,
    };
    store::insert(act.tx, &row)?;
    store::by_id(act.tx, &case.id)?.ok_or_else(|| Error::internal("the permit just kept is gone"))
}

fn keep(act: &mut Act, looked: &Looked, id: &str, permit: &str, kept: &Kept, faults: &[Fault]) -> Result<()> {
    let row = NewSubmission {
        id,
        permit,
        party: &looked.party.id,
        matter: &looked.matter.code,
        act: &looked.act.code,
        mode: &looked.mode,
        form: &looked.form.code,
        form_version: looked.version,
        file: &kept.hash,
        size: i64::try_from(kept.size).unwrap_or(i64::MAX),
        user: &act.who().user.clone(),
        user_name: &act.who().name.clone(),
        received_at: act.now,
        defects: &serde_json::to_string(faults).map_err(Error::internal)?,
    };
    store::add_submission(act.tx, &row)
}

/// Hands in what was to be mended.
///
/// Errors: not found, those of the case; defects as [`hand_in`].
pub fn mend(act: &mut Act, id: &str, version: i64, kept: &Kept, bytes: &[u8]) -> Result<Handed> {
    let (permit, cx) = seen(act.tx, act.cx, "permits.apply", id)?;
    let matter = reference::matter(&permit.matter)?;
    let kind = matter.act(&permit.act).ok_or_else(|| Error::internal("an act that is no more"))?;
    let party = parties::brief(act.tx, &permit.party)?;
    let party = party.ok_or_else(|| Error::internal("the applicant is gone"))?;
    let form = reference::form_version(&permit.form, version)?;
    let expires = licences::last(act.tx, &permit.licence)?.map(|l| l.expires).unwrap_or_default();
    let looked = Looked {
        matter,
        act: kind,
        form,
        mode: permit.mode.clone(),
        party,
        agent: permit.agent.clone(),
        licence: permit.licence.clone(),
        expires,
        version,
    };
    let (content, mut defects) = read(bytes);
    let again = ["permit_open", "renew_over"];
    defects.extend(faults(act, &looked, &content)?.into_iter().filter(|d| !again.contains(&d.code.as_ref())));
    let submission = act.id();
    act.subject("case", id, &permit.division);
    act.note(json!({ "submission": submission, "defects": defects.len(), "file": kept.hash }));
    if !defects.is_empty() {
        let faults: Vec<Fault> = defects.into_iter().map(Fault::from).collect();
        keep(act, &looked, &submission, id, kept, &faults)?;
        return Ok(Handed { submission, permit: String::new(), number: String::new(), defects: faults });
    }
    let notes = serde_json::to_string(&notes(act, &looked, &content)?).map_err(Error::internal)?;
    let content = serde_json::to_string(&content).map_err(Error::internal)?;
    store::set_content(act.tx, id, &submission, &content, &notes, version)?;
    keep(act, &looked, &submission, id, kept, &[])?;
    let flows = act.cx.house.held::<Flows>();
    let ask = Ask::action("mend", json!({ "submission": submission }));
    engine::take(&mut Act::inside(act.tx, &cx, act.now), &flows, id, &ask)?;
    Ok(Handed { submission, permit: permit.id, number: permit.number, defects: Vec::new() })
}

/// An application that somebody may see, and in whose name they do; an agent by the mandate that stands.
///
/// Errors: not found, also where its existence is not theirs to know.
pub fn seen(tx: &mut Tx, cx: &Cx, permission: &'static str, id: &str) -> Result<(Permit, Cx)> {
    let unknown = || Error::not_found("没有这件申请，或不在您的范围内");
    let permit = store::by_id(tx, id)?.ok_or_else(unknown)?;
    if cx.who.may(permission) && cx.who.scope_for(permission).covers(&permit.division, Some(&permit.party)) {
        return Ok((named(permit), cx.clone()));
    }
    let agent = matches!(cx.who.scope_for(permission), Scope::Businesses(own) if own.contains(&permit.agent));
    if permit.agent.is_empty() || !agent {
        return Err(unknown());
    }
    match acting(tx, cx, Some(&permit.party), &permit.matter) {
        Ok((_, cx, _)) => Ok((named(permit), cx)),
        Err(_) => Err(unknown()),
    }
}

/// With the names of matter and act.
pub fn named(mut permit: Permit) -> Permit {
    if let Ok(matter) = reference::matter(&permit.matter) {
        permit.matter_name.clone_from(&matter.name);
        permit.act_name = matter.act(&permit.act).map(|a| a.name.clone()).unwrap_or_default();
    }
    permit
}

/// What was filled in for an application.
pub fn content(tx: &mut Tx, id: &str) -> Result<Map<String, Value>> {
    let text = store::content(tx, id)?.unwrap_or_else(|| "{}".to_owned());
    serde_json::from_str(&text).map_err(Error::internal)
}

/// What the licence will say.
pub fn printed(permit: &Permit, content: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let matter = reference::matter(&permit.matter)?;
    let form = reference::form_version(&permit.form, permit.form_version)?;
    let around = Around {
        facts: facts(matter, &permit.act, &permit.mode, &permit.division),
        list: &reference::list,
        file: &|_| true,
    };
    Ok(face(form, content, &around))
}

/// The bytes of a kept form. Errors: `internal` where they are gone.
pub fn bytes_of(files: &Files, hash: &str) -> Result<Vec<u8>> {
    let file = files.get(hash)?.ok_or_else(|| Error::internal("a submission's bytes are gone"))?;
    let mut out = Vec::new();
    file.take(LARGEST).read_to_end(&mut out)?;
    Ok(out)
}

/// The ban or register that a later step looks at again.
pub fn look_again(act: &mut Act, permit: &Permit) -> Result<()> {
    let content = content(act.tx, &permit.id)?;
    match super::registers::banned(act, &content)?.into_iter().next() {
        Some(defect) => Err(Error::conflict(defect.code, defect.message)),
        None => Ok(()),
    }
}

/// The register behind the adapter of the house; the local one where none is configured.
pub fn register_of(act: &mut Act, uscc: &str) -> Result<Option<crate::model::Registered>> {
    match act.cx.house.try_held::<crate::registry::Register>() {
        Some(register) => register.0.look(act.tx, uscc),
        None => registers::registered(act.tx, uscc),
    }
}
