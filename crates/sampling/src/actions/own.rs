//! What a business sees of its own samples: that one was taken, and what came of it once it was served.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::state::Run;
use kit_flow::{Ask, Case, Flows, engine, guard};
use kit_web::{Act, Cx, Page, Scope};

use super::{objections, recheck, recheck_draw, sides, unknown};
use crate::model::{
    Objection, OwnAct, OwnCorrection, OwnDocument, OwnPaper, OwnRecheck, OwnSample, Sample, SampleQuery,
};
use crate::rules::judge::Outcome;
use crate::store::disposal::producer_told;
use crate::store::{corrected, labs, samples, tests};

/// The permission of all of it.
const OWN: &str = "sampling.own";
/// Documents that the business gets where it was sampled there, and as the producer that was sent its notice.
const HANDED: [&str; 3] = ["report", "notice", "recheck_report"];
const PRODUCER: [&str; 3] = ["report", "producer_notice", "recheck_report"];
/// Documents that a bureau gets with a side.
const ASKED: [&str; 4] = ["assist", "report", "producer_notice", "recheck_report"];
/// What a business says to a result that was served.
const SAID: [&str; 4] = ["accept_result", "apply", "object", SAMPLING];
/// Said of how it was sampled, from then on and before there is any result.
const SAMPLING: &str = "object_sampling";

/// What the asker's businesses were sampled for, the latest first.
pub fn list(tx: &mut Tx, cx: &Cx, q: &SampleQuery) -> Result<Page<OwnSample>> {
    let Scope::Businesses(own) = cx.who.scope_for(OWN) else { return Err(unknown()) };
    let page = samples::of_business(tx, &own, q)?;
    let mut items = Vec::with_capacity(page.items.len());
    for sample in page.items {
        items.push(view(tx, cx, sample)?);
    }
    Ok(Page { items, total: page.total, page: page.page, size: page.size })
}

/// That a sample failed is told by serving it; one that conforms needs no service.
fn told(sample: &Sample) -> bool {
    sample.served_at.is_some() || sample.closed_at.is_some()
}

fn view(tx: &mut Tx, cx: &Cx, s: Sample) -> Result<OwnSample> {
    let as_producer = !cx.who.scope_for(OWN).covers("", Some(&s.party));
    // a producer sees it from its notice on
    let told = as_producer || told(&s);
    let all = if told { recheck::still_failing(tx, &s.id)? } else { Vec::new() };
    let flows = cx.house.held::<Flows>();
    let case = engine::load(tx, &flows, &s.id)?.ok_or_else(unknown)?;
    let may = may(tx, cx, &s, &case)?;
    let objections = if as_producer { Vec::new() } else { objections::of(tx, &case)? };
    Ok(OwnSample {
        failing: all.into_iter().filter(|j| j.outcome == Outcome::Fails).collect(),
        verdict: if told { outcome(tx, &s)? } else { String::new() },
        corrections: if told { corrections(tx, &s.id)? } else { Vec::new() },
        status: if told { s.status.clone() } else { "taken".into() },
        overturned: s.flags.iter().any(|f| f == "overturned"),
        papers: if as_producer { Vec::new() } else { papers(tx, &s.id)? },
        documents: if told { documents(tx, &s.id, &case, handed_as(as_producer))? } else { Vec::new() },
        as_producer,
        may,
        objections,
        recheck: if told { again(tx, cx, &s)? } else { None },
        id: s.id,
        sample_no: s.sample_no,
        food: s.food,
        taken_at: s.taken_at,
        served_at: s.served_at,
    })
}

/// What it was given on the spot, once it was sealed.
fn papers(tx: &mut Tx, id: &str) -> Result<Vec<OwnPaper>> {
    if crate::store::papers::code(tx, id)?.is_empty() {
        return Ok(Vec::new());
    }
    let one = |(code, name): (&str, &str)| OwnPaper { code: code.to_owned(), name: name.to_owned() };
    Ok(super::papers::PAPERS.map(one).to_vec())
}

/// With what was declared of it since.
fn outcome(tx: &mut Tx, s: &Sample) -> Result<String> {
    let corrected = corrected::outcome(tx, &s.id)?;
    Ok(if corrected.is_empty() { s.verdict.clone() } else { corrected })
}

fn corrections(tx: &mut Tx, id: &str) -> Result<Vec<OwnCorrection>> {
    let all = tests::corrections(tx, id)?.into_iter();
    let own = all.map(|c| OwnCorrection {
        item: c.item,
        before: c.before_result,
        after: c.after_result,
        unit: c.unit,
        outcome: c.outcome,
        reason: c.reason,
        at: c.at,
    });
    Ok(own.collect())
}

/// Which laboratory repeats it, and how that was drawn.
fn again(tx: &mut Tx, cx: &Cx, s: &Sample) -> Result<Option<OwnRecheck>> {
    let (asked, refused) = recheck::wanted(tx, &s.id)?;
    if asked.is_empty() && refused.is_empty() {
        return Ok(None);
    }
    let drawn = !s.recheck_lab.is_empty();
    Ok(Some(OwnRecheck {
        asked,
        refused,
        lab_name: labs::by_id(tx, &s.recheck_lab)?.map(|l| l.name).unwrap_or_default(),
        file_url: if drawn { recheck_draw::url(cx, &s.recheck_draw) } else { String::new() },
        at: s.rechecked_at,
        verdict: s.recheck_verdict.clone(),
    }))
}

/// What the asker may say now, each with the last day for it.
fn may(tx: &mut Tx, cx: &Cx, s: &Sample, case: &Case) -> Result<Vec<OwnAct>> {
    let flows = cx.house.held::<Flows>();
    let around = engine::around_reading(tx, &flows, cx.now())?;
    let view = case.view(&around);
    let who = guard::Who::of(&cx.who, view.definition);
    let mut out = Vec::new();
    for code in SAID.into_iter().filter(|code| s.served_at.is_some() || *code == SAMPLING) {
        let Some(action) = view.definition.action(code) else { continue };
        if guard::may_do(&view, &who, action).is_ok() {
            let clock = case.state.clocks.get(code).filter(|c| c.state == Run::Running);
            let last_day = clock.map(|c| c.due.last_day.clone()).unwrap_or_default();
            out.push(OwnAct { action: code.to_owned(), name: action.name.clone(), last_day });
        }
    }
    Ok(out)
}

fn handed_as(producer: bool) -> &'static [&'static str] {
    if producer { &PRODUCER } else { &HANDED }
}

fn documents(tx: &mut Tx, id: &str, case: &Case, handed: &[&str]) -> Result<Vec<OwnDocument>> {
    let kept = kit_flow::store::papers::codes(tx, id)?;
    let given = case.state.documents.iter().filter(|d| handed.contains(&d.code.as_str()));
    let one = |d: &kit_flow::state::Document| OwnDocument {
        name: case.pinned.definition.document(&d.code).map(|x| x.name.clone()).unwrap_or_default(),
        verify: kept.iter().find(|(n, _)| *n == d.number).map(|(_, v)| v.clone()).unwrap_or_default(),
        number: d.number.clone(),
        at: d.issued_at,
        void: d.annulled_at.is_some(),
    };
    Ok(given.rev().map(one).collect())
}

/// What was given to the business when it was sampled. Errors: not found.
pub fn paper(tx: &mut Tx, cx: &Cx, id: &str, code: &str) -> Result<kit_docs::pdf::Official> {
    let sample = samples::by_id(tx, id)?.ok_or_else(unknown)?;
    match cx.who.scope_for(OWN) {
        Scope::Businesses(own) if own.contains(&sample.party) => super::papers::paper(tx, cx, &sample, code),
        _ => Err(unknown()),
    }
}

/// A sample of the asker's business of which it was told. Errors: not found.
fn own(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Sample> {
    of_business(tx, scope, id).and_then(|s| if told(&s) { Ok(s) } else { Err(unknown()) })
}

/// One that was taken at the asker's business. Errors: not found.
fn of_business(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Sample> {
    let sample = samples::by_id(tx, id)?.ok_or_else(unknown)?;
    match scope {
        Scope::Businesses(own) if own.contains(&sample.party) && sample.taken_at.is_some() => Ok(sample),
        _ => Err(unknown()),
    }
}

/// Whether somebody may have a document because it went to their business, or to their bureau with a side of the disposal; answers the
/// case.
///
/// Errors: not found.
pub fn handed(tx: &mut Tx, cx: &Cx, id: &str, number: &str) -> Result<Case> {
    let codes = match cx.who.may(OWN) {
        true => own_codes(tx, &cx.who.scope_for(OWN), id)?,
        false => sides::shared(tx, &cx.who, "sampling.read", id).map(|_| ASKED.as_slice())?,
    };
    let flows = cx.house.held::<Flows>();
    let case = engine::load(tx, &flows, id)?.ok_or_else(unknown)?;
    let given = case.state.documents.iter().any(|d| d.number == number && codes.contains(&d.code.as_str()));
    if given { Ok(case) } else { Err(unknown()) }
}

/// Which documents of a sample went to the asker's business. Errors: not found.
fn own_codes(tx: &mut Tx, scope: &Scope, id: &str) -> Result<&'static [&'static str]> {
    let sample = samples::by_id(tx, id)?.ok_or_else(unknown)?;
    let Scope::Businesses(all) = scope else { return Err(unknown()) };
    match () {
        () if all.contains(&sample.party) => own(tx, scope, id).map(|_| handed_as(false)),
        () if all.contains(&sample.producer) && producer_told(tx, id)?.is_some() => Ok(handed_as(true)),
        () => Err(unknown()),
    }
}

/// What the business says to a result that was served. Errors: not found, `action_unknown`, those of the flow and of the hooks.
pub fn object(act: &mut Act, id: &str, said: &Objection) -> Result<OwnSample> {
    let scope = act.who().scope_for("sampling.object");
    let sample = of_business(act.tx, &scope, id)?;
    if !SAID.contains(&said.action.as_str()) {
        let text = "只能认可结论、申请复检、提出异议或对抽样过程提出异议";
        return Err(Error::invalid("action", "action_unknown", text));
    }
    if sample.served_at.is_none() && said.action != SAMPLING {
        return Err(unknown());
    }
    super::as_reader(act, &sample, |act| {
        let flows = act.cx.house.held::<Flows>();
        engine::take(act, &flows, &sample.id, &Ask::action(&said.action, said.form.clone()))
    })?;
    let sample = super::samples::fresh(act.tx, &sample.id)?;
    view(act.tx, act.cx, sample)
}
