//! Days that begin with a conclusion and go on where its case has ended: telling it to whoever ordered the sample, and keeping the spare.

use kit_base::clock::china_day;
use kit_base::workdays::Period;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_flow::Flows;
use kit_web::Act;
use serde_json::{Value, json};

use super::samples::{fresh, seen};
use crate::model::{Duty, Sample, SpareKept, ToldDuty};
use crate::rules::{settings, spare};
use crate::store;
use crate::store::duties as rows;

/// What begins with which acts: code, name, acts, and the number of working days.
const DUTIES: [(&str, &str, &[&str], &str); 2] = [
    ("tell_pass", "合格结论报送", &["issue_pass"], "tell_pass_days"),
    ("tell_recheck", "通报复检结论", &["recheck_upheld", "recheck_overturned"], "tell_recheck_days"),
];
/// Told of in one go.
const PART: i64 = 200;

/// Begins what an act of the case brings with it.
pub fn begin(act: &mut Act, id: &str, action: &str) -> Result<()> {
    for (code, _, acts, days) in DUTIES {
        if !acts.contains(&action) {
            continue;
        }
        let today = china_day(act.now).to_string();
        let days = u16::try_from(settings::number(days, &today)?).map_err(Error::internal)?;
        let calendar = act.cx.house.held::<Flows>().calendar(act.tx)?;
        let due = calendar.deadline(act.now, Period::WorkingDays(days))?;
        rows::begin(act.tx, id, code, act.now, (&due.last_day.to_string(), due.late_from))?;
    }
    Ok(())
}

/// Of a sample, the first first.
pub fn of(tx: &mut Tx, id: &str, now: Millis) -> Result<Vec<Duty>> {
    let mut out = Vec::new();
    for (code, began_at, last_day, late_from, done_at, done_name, told_to) in rows::of_sample(tx, id)? {
        let Some((_, name, _, days)) = DUTIES.iter().find(|d| d.0 == code) else { continue };
        let cited = settings::cited(days, &china_day(began_at).to_string())?;
        out.push(Duty {
            name: (*name).to_owned(),
            late: done_at.unwrap_or(now) >= late_from,
            statute: cited.source.clone(),
            certainty: cited.certainty.clone(),
            code,
            last_day,
            done_at,
            done_name,
            told_to,
        });
    }
    Ok(out)
}

/// It was told, late or not. Errors: not found, `told_to`, `duty_none`.
pub fn tell(act: &mut Act, id: &str, new: &ToldDuty) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.serve", id)?;
    act.who().need_at("sampling.serve", &sample.division, None)?;
    let to = new.told_to.trim();
    if to.is_empty() || to.chars().count() > 100 {
        return Err(Error::invalid("told_to", "told_to", "请写明报送、通报的单位，不超过 100 字"));
    }
    let by = act.who().name.clone();
    if !rows::done(act.tx, id, &new.code, act.now, (&by, to))? {
        return Err(Error::conflict("duty_none", "没有这一项待报送，或已报送"));
    }
    act.subject("sample", id, &sample.division);
    act.note(json!({ "told": new.code, "to": to }));
    fresh(act.tx, id)
}

/// Leaders are told what is late, each once; how many.
pub fn tick(act: &mut Act) -> Result<i64> {
    let late = rows::late(act.tx, act.now, PART)?;
    let many = late.len() as i64;
    for (id, code) in late {
        rows::said(act.tx, &id, &code)?;
        let Some(sample) = store::samples::by_id(act.tx, &id)? else { continue };
        let name = DUTIES.iter().find(|d| d.0 == code).map_or("", |d| d.1);
        let near = accounts::near(act.tx, &["leader", "officer"], &sample.division, "", "", act.now)?;
        let message = |user: String| notices::New {
            user,
            kind: "expired",
            title: format!("{name}已逾期"),
            body: format!("{}（{}）：{name}期限已过，请尽快办理并登记", sample.sample_no, sample.food),
            link: format!("/samples/{id}"),
            simulated: sample.simulated,
        };
        let list: Vec<notices::New> = near.into_iter().map(|n| message(n.user)).collect();
        notices::send(act, &list)?;
    }
    Ok(many)
}

/// Until when the spare is kept; `None` before there is a conclusion.
pub fn spare(tx: &mut Tx, sample: &Sample) -> Result<Option<SpareKept>> {
    let Some(issued) = sample.issued_at.map(china_day) else { return Ok(None) };
    let corrected = store::corrected::outcome(tx, &sample.id)?;
    let fails = sample.verdict == "fails" || corrected == "fails";
    let cited =
        settings::cited(if fails { "keep_fail_months" } else { "keep_pass_months" }, &issued.to_string())?;
    let months = cited.value.parse().map_err(Error::internal)?;
    let sheet: Value = serde_json::from_str(&sample.sheet).unwrap_or_default();
    let expires = sheet.get("expires").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let kept = spare::until(issued, months, expires)?;
    Ok(Some(SpareKept {
        until: kept.last.to_string(),
        from: kept.free.to_string(),
        by_date: kept.by_date,
        needed: fails && sample.closed_at.is_none() && sample.status != "disposal",
        months,
        statute: cited.source.clone(),
        certainty: cited.certainty.clone(),
    }))
}
