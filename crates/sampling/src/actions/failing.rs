//! What follows from a declared correction, in its transaction: the bureau is told at once; what still conforms, or stands as failing, is
//! published as it is now; what has come to fail begins its course.
//!
//! A case that ended with a report that conformed cannot go on, and nobody was served: the failure does not stand of itself. So findings are
//! opened about the place and its producer, and a sample is to be taken again, as a case of its own that names the old one; what that
//! one comes to is served and may be rechecked and objected to as any other.

use findings::samples::Change;
use kit_base::Result;
use kit_base::clock::china_day;
use kit_web::{Act, Actor, Scope};

use super::{corrections, disposal, recheck, results, samples, steps};
use crate::model::{Correction, NewSample, Sample};
use crate::rules::judge::{Judged, parts};
use crate::store;
use crate::store::corrected;

/// `before`, `now`: what the sample came to until now, and comes to.
///
/// Errors: those of findings and samples that begin.
pub fn after_correction(
    act: &mut Act,
    sample: &Sample,
    (before, now): (&str, &str),
    c: &Correction,
) -> Result<()> {
    let stood = sample.confirmed_at.is_some() && sample.overturned_at.is_none();
    let ended = sample.closed_at.is_some();
    let mut done = String::new();
    match now {
        "fails" if stood => {
            let text = format!("抽检结论有变（{}）：{}", sample.sample_no, corrections::said(c));
            disposal::undo_with(act, sample, &change(false, &text))?;
        }
        "fails" if before != "fails" && ended => done = begin(act, sample)?,
        "conforms" if stood && ended => {
            let text = format!("抽检不合格结论已被推翻（{}）：检验机构声明更正", sample.sample_no);
            disposal::undo_with(act, sample, &change(true, &text))?;
            done = "已办结的不合格不再成立，公示与召回提示已撤下，请核对已采取的措施".into();
        }
        "conforms" if before == "fails" && ended => {
            let text = format!("更正后又声明更正（{}）：{}", sample.sample_no, corrections::said(c));
            disposal::end_findings(act, &sample.id, &change(true, &text))?;
            done = "因上次更正开立的问题已终结；复查抽样请决定是否继续".into();
        }
        "conforms" if before == "fails" => done = "请审核；属实的，以“检验机构声明更正”办结".into(),
        _ => {}
    }
    results::publish(act, &sample.id)?;
    tell(act, sample, c, &done)
}

fn change(whole: bool, text: &str) -> Change {
    Change { whole, text: text.chars().take(480).collect() }
}

/// Findings, and a sample to be taken again; what was begun, in words.
fn begin(act: &mut Act, sample: &Sample) -> Result<String> {
    let failing = recheck::still_failing(act.tx, &sample.id)?;
    let opened = disposal::open_findings(act, sample, &failing)?;
    corrected::set_findings(act.tx, &sample.id, &opened)?;
    match again(act, sample, &failing)? {
        Some(next) => Ok(format!("已开立问题，并派发复查抽样 {}", next.sample_no)),
        None => Ok("已开立问题；没有可派的检验机构或两名抽样人员，请另行派发复查抽样".into()),
    }
}

/// A sample of the same food at the same place, as the house; `None` where no laboratory or no two people are to be had.
fn again(act: &mut Act, sample: &Sample, failing: &[Judged]) -> Result<Option<Sample>> {
    let results = store::tests::results(act.tx, store::tests::Round::First, &sample.id)?;
    let tested = |item: &str| results.iter().any(|r| r.item == item);
    let mut items: Vec<String> = Vec::new();
    for j in failing {
        let of = j.limit.iter().flat_map(|l| parts(&l.bound)).filter(|p| tested(p)).cloned();
        items.extend(of.chain(tested(&j.item).then(|| j.item.clone())));
    }
    items.sort();
    items.dedup();
    items.retain(|i| i.chars().count() <= 60);
    items.truncate(50);
    let Some(lab) = laboratory(act, sample, &items)? else { return Ok(None) };
    let mut people = steps::samplers(act.tx, &sample.division, &lab, act.now)?;
    people.retain(|p| !p.of_lab || sample.mode == "inner");
    people.sort_by_key(|p| (p.user != sample.sampler1 && p.user != sample.sampler2, p.user.clone()));
    let samplers: Vec<String> = people.into_iter().take(2).map(|p| p.user).collect();
    if samplers.len() < 2 {
        return Ok(None);
    }
    let new = NewSample {
        party: sample.party.clone(),
        site: store::samples::site(act.tx, &sample.id)?,
        quota: String::new(),
        source: "county".into(),
        mode: sample.mode.clone(),
        kind: "supervision".into(),
        stage: sample.stage.clone(),
        category: sample.category.clone(),
        food: sample.food.clone(),
        lab,
        samplers,
        items,
    };
    let mut who = Actor::house("检验更正");
    let all = Scope::Divisions(vec![String::new()]);
    who.permissions = std::sync::Arc::new(["sampling.plan", "sampling.read"].into());
    who.scopes = std::sync::Arc::new([("sampling.plan", all.clone()), ("sampling.read", all)].into());
    let mut cx = act.cx.clone();
    cx.who = who;
    let next = samples::create(&mut kit_web::Act::inside(act.tx, &cx, act.now), &new)?;
    corrected::set_follows(act.tx, &next.id, &sample.id)?;
    Ok(Some(next))
}

/// That of the first sample where it may still be given samples, else another that can do the items.
fn laboratory(act: &mut Act, sample: &Sample, items: &[String]) -> Result<Option<String>> {
    let today = china_day(act.now).to_string();
    let mut all = store::labs::all(act.tx)?;
    all.sort_by_key(|l| l.id != sample.lab);
    for lab in all.iter().filter(|l| crate::rules::fit(l, &today).is_ok()) {
        let able = store::labs::by_id(act.tx, &lab.id)?.map(|l| l.items).unwrap_or_default();
        if items.iter().all(|i| able.iter().any(|a| a.item == *i)) {
            return Ok(Some(lab.id.clone()));
        }
    }
    Ok(None)
}

/// The bureau of the place, and the business where it knows the result.
fn tell(act: &mut Act, sample: &Sample, c: &Correction, done: &str) -> Result<()> {
    let near = accounts::near(act.tx, &["leader", "officer"], &sample.division, "", "", act.now)?;
    let said = corrections::said(c);
    let message = |user: String, body: String, link: String| notices::New {
        user,
        kind: "task",
        title: "检验结果声明更正".to_owned(),
        body: body.chars().take(900).collect(),
        link,
        simulated: sample.simulated,
    };
    let of = format!("{}（{}）：{said}", sample.sample_no, sample.food);
    let body = if done.is_empty() { of.clone() } else { format!("{of}。{done}") };
    let mut list: Vec<notices::New> =
        near.into_iter().map(|n| message(n.user, body.clone(), format!("/samples/{}", sample.id))).collect();
    if sample.served_at.is_some() || sample.closed_at.is_some() {
        let own = accounts::of_business(act.tx, &sample.party, act.now)?;
        list.extend(own.into_iter().map(|user| message(user, of.clone(), "/own-samples".into())));
    }
    notices::send(act, &list)
}

/// What a report comes to now: conforms, fails, undecided, monitored.
pub fn outcome(act: &mut Act, sample: &Sample) -> Result<String> {
    let corrected = corrected::outcome(act.tx, &sample.id)?;
    Ok(if corrected.is_empty() { sample.verdict.clone() } else { corrected })
}
