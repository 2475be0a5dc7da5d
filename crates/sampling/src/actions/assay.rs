//! The laboratory's side: by blind code only.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Scope};
use serde_json::{Value, json};

use super::custody::{of_lab, take_over};
use super::entry::entered;
use super::{signer, step};
use crate::model::{
    Assay, Correction, Decided, HandTo, Issue, Kept, NewCorrection, Over, Results, Sample, TestResult,
};
use crate::rules::dec::Dec;
use crate::rules::judge::{self, Food, Found, Judged, Limit, Outcome, verdict};
use crate::rules::{reading, seal};
use crate::store;
use crate::store::samples;
use crate::store::tests::{self, Round};

/// Whether a laboratory's people may see a sample: it was taken, and sent to them.
pub fn is_of(own: &Scope, sample: &Sample) -> bool {
    let Scope::Businesses(own) = own else { return false };
    sample.taken_at.is_some()
        && own.iter().any(|b| *b == sample.lab || !b.is_empty() && *b == sample.recheck_lab)
}

/// What a laboratory sees.
pub fn view(tx: &mut Tx, own: &Scope, s: Sample) -> Result<Assay> {
    let tested_here = matches!(own, Scope::Businesses(own) if own.contains(&s.lab));
    let mut parts = store::custody::parts(tx, &s.id)?;
    for hand in parts.iter_mut().flat_map(|p| &mut p.hands) {
        // where it came from is not told before the report is issued
        let outside = !matches!(own, Scope::Businesses(own) if own.contains(&hand.holder));
        if outside && s.issued_at.is_none() {
            hand.holder = String::new();
            hand.holder_name = "抽样单位".into();
            (hand.person, hand.person_name) = (String::new(), String::new());
        }
        (hand.giver, hand.giver_name) = (String::new(), String::new());
    }
    let mut items = match s.quota.as_str() {
        "" => Vec::new(),
        quota => store::plans::cell(tx, quota)?.map(|c| c.items).unwrap_or_default(),
    };
    for item in store::plans::asked(tx, &s.id)? {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    let at = if tested_here { &s.lab } else { &s.recheck_lab };
    let readings = store::readings::of_sample(tx, &s.id, at)?;
    let (results, judged) = if tested_here {
        let results = tests::results(tx, Round::First, &s.id)?;
        let judged = match s.issued_at {
            Some(_) => tests::verdicts(tx, Round::First, &s.id)?,
            None if results.is_empty() || s.kind == "monitor" => Vec::new(),
            None => judged(tx, &s, &results)?,
        };
        (results, judged)
    } else {
        items = super::recheck::to_repeat(tx, &s)?;
        let results = tests::results(tx, Round::Again, &s.id)?;
        let judged = match s.rechecked_at {
            Some(_) => tests::verdicts(tx, Round::Again, &s.id)?,
            None => super::recheck::judged(tx, &s, &results)?,
        };
        (results, judged)
    };
    let spare = parts.iter().find(|p| p.part == "spare");
    let here = spare.and_then(|p| p.hands.last()).is_some_and(|h| h.holder == s.lab);
    let hand_to = match tested_here && here && s.status == "recheck" && !s.recheck_lab.is_empty() {
        true => store::labs::by_id(tx, &s.recheck_lab)?.map(|l| HandTo { lab: l.id, name: l.name }),
        false => None,
    };
    let came = spare.and_then(|p| p.hands.iter().find(|h| h.holder == s.recheck_lab)).map(|h| h.from_at);
    Ok(Assay {
        hand_to,
        spare_at: if tested_here { None } else { came },
        rechecked_at: if tested_here { None } else { s.rechecked_at },
        recheck: !tested_here,
        kind: s.kind,
        category: s.category,
        food: s.food,
        status: s.status,
        flags: s.flags,
        received_at: s.received_at,
        issued_at: s.issued_at,
        // what the first laboratory found is not told to the one that repeats it
        verdict: if tested_here { s.verdict } else { String::new() },
        items,
        parts,
        results,
        judged,
        corrections: if tested_here { tests::corrections(tx, &s.id)? } else { Vec::new() },
        readings,
        recheck_verdict: s.recheck_verdict,
        simulated: s.simulated,
        blind: s.blind,
    })
}

/// The sample as the laboratory of the asker sees it now.
pub fn seen(act: &mut Act, id: &str) -> Result<Assay> {
    let found = samples::by_id(act.tx, id)?.ok_or_else(super::unknown)?;
    view(act.tx, &act.cx.who.scope_for("sampling.lab"), found)
}

/// Of the laboratory that tests, not of the one that rechecks. Errors: not found, `not_first_lab`.
fn testing(act: &mut Act, blind: &str) -> Result<Sample> {
    let sample = of_lab(act, blind)?;
    match act.cx.who.scope_for("sampling.lab").covers("", Some(&sample.lab)) {
        true => Ok(sample),
        false => Err(Error::forbidden("not_first_lab", "只有承检机构可以办理")),
    }
}

/// The laboratory accepts: what was offered is theirs, and the test begins.
///
/// Errors: those of custody and the flow; `seal_broken`.
pub fn accept(act: &mut Act, blind: &str, over: &Over) -> Result<Assay> {
    let sample = testing(act, blind)?;
    if !over.seal_whole {
        let text = "封条破损的样品应当拒收并写明理由";
        return Err(Error::invalid("seal_whole", "seal_broken", text));
    }
    let taken = take_over(act, &sample, over)?;
    if !taken.iter().any(|p| p == "test") {
        return Err(Error::conflict("nothing_offered", "没有收到检样，不能开始检验"));
    }
    samples::set_received(act.tx, &sample.id, act.now)?;
    step(act, &sample, "sampling.test", "accept", Value::Null)?;
    act.note(json!({ "blind": blind, "parts": taken }));
    seen(act, &sample.id)
}

/// A part for a recheck, or a spare that comes later. With the spare in its hands the time of a recheck begins.
pub fn receive(act: &mut Act, blind: &str, over: &Over) -> Result<Assay> {
    let sample = of_lab(act, blind)?;
    act.who().need("sampling.test")?;
    if sample.status == "taken" {
        return Err(Error::conflict("accept_first", "请先收样，或写明理由拒收"));
    }
    let rechecks = super::recheck::is_at(act, &sample);
    if rechecks && !over.seal_whole {
        let text = "备份样品封条破损的，不能签收，请与移交单位核实";
        return Err(Error::invalid("seal_whole", "seal_broken", text));
    }
    let taken = take_over(act, &sample, over)?;
    // an older definition had the bureau say so
    if rechecks && taken.iter().any(|p| p == "spare") && super::signed_by_lab(act, &sample.id)? {
        step(act, &sample, "sampling.test", "spare_handed", Value::Null)?;
    }
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "blind": blind, "parts": taken }));
    seen(act, &sample.id)
}

/// The laboratory does not take it; it stays with who brought it.
pub fn reject(act: &mut Act, blind: &str, reason: &str) -> Result<Assay> {
    let sample = testing(act, blind)?;
    step(act, &sample, "sampling.test", "reject", json!({ "reason": reason }))?;
    for part in ["test", "spare"] {
        store::custody::end_offer(act.tx, &sample.id, part)?;
    }
    act.note(json!({ "blind": blind, "rejected": reason }));
    seen(act, &sample.id)
}

/// Results by form, file or program.
///
/// Errors: `results_missing`, `results_many`, `item_twice`, `item_unaccredited`, `result_form`, `lod_form`, those of the flow.
pub fn enter(act: &mut Act, blind: &str, new: &Results) -> Result<Assay> {
    let sample = testing(act, blind)?;
    let items = entered(act, &sample, &sample.lab, &new.items)?;
    step(act, &sample, "sampling.test", "enter", Value::Null)?;
    let revision = tests::revision(act.tx, Round::First, &sample.id)? + 1;
    let user = act.who().user.clone();
    tests::add_results(act.tx, Round::First, (&sample.id, revision), &items, &user, act.now)?;
    let digest = seal::results(&sample.id, revision, &items, &user, act.now);
    act.tx.fact(seal::RESULTS, format!("{}#{revision}", sample.id), digest);
    act.note(json!({ "blind": blind, "revision": revision, "items": items.len() }));
    seen(act, &sample.id)
}

/// The verifier sends it back, or signs.
pub fn verify(act: &mut Act, blind: &str, back: Option<&str>) -> Result<Assay> {
    let sample = testing(act, blind)?;
    let (action, form) = match back {
        Some(reason) => ("send_back", json!({ "reason": reason })),
        None => ("verify", Value::Null),
    };
    step(act, &sample, "sampling.verify", action, form)?;
    act.note(json!({ "blind": blind, "action": action }));
    seen(act, &sample.id)
}

/// What the limits of the day make of results.
fn judged(tx: &mut Tx, sample: &Sample, results: &[TestResult]) -> Result<Vec<Judged>> {
    let limits = judge::latest(store::limits::on(tx, &sample.made, &sample.category)?);
    Ok(under(&limits, sample, results))
}

pub fn under(limits: &[Limit], sample: &Sample, results: &[TestResult]) -> Vec<Judged> {
    let found: Vec<Found> = results.iter().map(found).collect();
    let food = Food { category: &sample.category, name: &sample.food, day: &sample.made };
    judge::judge(limits, &food, &found)
}

fn found(r: &TestResult) -> Found {
    let readings = reading::read(&r.result).map(|r| r.readings).unwrap_or_default();
    Found { item: r.item.clone(), readings, unit: r.unit.clone(), lod: Dec::parse(&r.lod) }
}

/// The report is signed: what the limits make of the results is frozen.
///
/// Errors: `issued_already`, `item_undecided` (names the items), `decided_unknown`, those of the flow.
pub fn issue(act: &mut Act, blind: &str, new: &Issue) -> Result<Assay> {
    let sample = testing(act, blind)?;
    if sample.issued_at.is_some() {
        return Err(Error::conflict("issued_already", "报告已签发；结果有误的，请声明更正"));
    }
    let results = tests::results(act.tx, Round::First, &sample.id)?;
    let monitor = sample.kind == "monitor";
    let all = if monitor { Vec::new() } else { judged(act.tx, &sample, &results)? };
    let user = act.who().user.clone();
    let said = decide(all, &new.decided, &user)?;
    let all: Vec<Judged> = said.iter().map(|s| s.judged.clone()).collect();
    let (action, word) = match (monitor, verdict(&all), new.grave) {
        (true, ..) => ("issue_monitor", "monitored"),
        (_, Outcome::Fails, true) => ("issue_grave", "fails"),
        (_, Outcome::Fails, false) => ("issue_fail", "fails"),
        (_, Outcome::Conforms, _) => ("issue_pass", "conforms"),
        (_, Outcome::Undecided, _) => {
            return Err(Error::conflict("item_undecided", "没有可以判定的结果"));
        }
    };
    let rows: Vec<Kept> = said.iter().map(Said::kept).collect::<Result<_>>()?;
    tests::add_verdicts(act.tx, Round::First, &sample.id, &rows)?;
    let grave = new.grave && word == "fails";
    samples::set_issued(act.tx, &sample.id, act.now, (word, grave), &user)?;
    let digest = seal::verdict(&sample.id, word, grave, &rows, (&user, act.now));
    act.tx.fact(seal::VERDICT, sample.id.clone(), digest);
    step(act, &sample, "sampling.issue", action, Value::Null)?;
    act.note(json!({ "blind": blind, "verdict": word }));
    seen(act, &sample.id)
}

/// An item of a report before it is kept.
pub struct Said {
    pub judged: Judged,
    pub decided_by: String,
    pub decided_why: String,
}

impl Said {
    pub fn kept(&self) -> Result<Kept> {
        Ok(Kept {
            item: self.judged.item.clone(),
            judged: serde_json::to_string(&self.judged).map_err(Error::internal)?,
            outcome: outcome_word(self.judged.outcome).to_owned(),
            decided_by: self.decided_by.clone(),
            decided_why: self.decided_why.clone(),
        })
    }
}

/// What no rule decides is decided by the one who signs, with why.
///
/// Errors: `why_missing`, `decided_unknown`, `item_undecided` (names the items).
pub fn decide(mut all: Vec<Judged>, decided: &[Decided], user: &str) -> Result<Vec<Said>> {
    let mut whys: BTreeMap<usize, String> = BTreeMap::new();
    for (i, said) in decided.iter().enumerate() {
        if said.why.trim().is_empty() || said.why.chars().count() > 500 {
            return Err(Error::invalid(format!("decided/{i}/why"), "why_missing", "请写明人工判定的依据"));
        }
        let at = all.iter().position(|j| j.item == said.item && j.outcome == Outcome::Undecided);
        let at = at.ok_or_else(|| {
            let text = "规则已能判定的项目不能人工判定";
            Error::invalid(format!("decided/{i}/item"), "decided_unknown", text)
        })?;
        all[at].outcome = if said.conforms { Outcome::Conforms } else { Outcome::Fails };
        all[at].rule = format!("{}；人工判定：{}", all[at].rule, said.why.trim());
        whys.insert(at, said.why.trim().to_owned());
    }
    let open: Vec<&str> =
        all.iter().filter(|j| j.outcome == Outcome::Undecided).map(|j| j.item.as_str()).collect();
    if !open.is_empty() {
        let text = format!("以下项目规则不能判定，请由签发人判定并写明依据：{}", open.join("、"));
        return Err(Error::conflict("item_undecided", text));
    }
    let said = |(i, judged)| {
        let why = whys.get(&i).cloned();
        let decided_by = why.as_ref().map(|_| user.to_owned()).unwrap_or_default();
        Said { judged, decided_by, decided_why: why.unwrap_or_default() }
    };
    Ok(all.into_iter().enumerate().map(said).collect())
}

pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Conforms => "conforms",
        Outcome::Fails => "fails",
        Outcome::Undecided => "undecided",
    }
}

/// A declared correction of a locked result: judged under the limits that were frozen, beside what stood.
///
/// Errors: `not_issued`, `item_unknown`, `result_form`, `reason_missing`, `same_person`.
pub fn correct(act: &mut Act, blind: &str, new: &NewCorrection) -> Result<Assay> {
    let sample = testing(act, blind)?;
    if sample.issued_at.is_none() {
        return Err(Error::conflict("not_issued", "报告尚未签发，请由校核人退回后重新录入"));
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        return Err(Error::invalid("reason", "reason_missing", "请写明更正理由，不超过 1000 字"));
    }
    let mut results = tests::results(act.tx, Round::First, &sample.id)?;
    for made in tests::corrections(act.tx, &sample.id)? {
        for r in results.iter_mut().filter(|r| r.item == made.item) {
            (r.result, r.unit) = (made.after_result.clone(), made.unit.clone());
        }
    }
    let at = results.iter().position(|r| r.item == new.item);
    let at = at.ok_or_else(|| Error::invalid("item", "item_unknown", "报告中没有这个项目"))?;
    let read = reading::read(&new.result)
        .ok_or_else(|| Error::invalid("result", "result_form", "结果应为数值、<数值、未检出或检出"))?;
    let before = results[at].result.clone();
    let unit = [new.unit.trim(), &read.unit, &results[at].unit.clone()]
        .into_iter()
        .find(|u| !u.is_empty())
        .unwrap_or("")
        .to_owned();
    results[at].result = new.result.trim().to_owned();
    results[at].unit.clone_from(&unit);
    let frozen: Vec<Limit> =
        tests::verdicts(act.tx, Round::First, &sample.id)?.into_iter().filter_map(|j| j.limit).collect();
    let all = under(&frozen, &sample, &results);
    let outcome = if sample.kind == "monitor" { "monitored" } else { outcome_word(verdict(&all)) };
    let by = signer(act)?;
    let correction = Correction {
        id: act.id(),
        item: new.item.clone(),
        before_result: before,
        after_result: new.result.trim().to_owned(),
        unit,
        judged: if sample.kind == "monitor" { Vec::new() } else { all },
        outcome: outcome.to_owned(),
        reason: reason.to_owned(),
        user_name: by.name,
        at: act.now,
    };
    // what was published no longer holds as it stood
    super::results::withdraw(act, &sample.id, "检验结果已声明更正")?;
    let (c, text) = (&correction, serde_json::to_string(&correction.judged).map_err(Error::internal)?);
    let texts = [
        c.id.as_str(),
        &c.item,
        &c.before_result,
        &c.after_result,
        &c.unit,
        &text,
        &c.outcome,
        &c.reason,
        &by.user,
        &c.user_name,
    ];
    let digest = seal::correction(&sample.id, &texts, c.at);
    tests::add_correction(act.tx, &sample.id, &by.user, c, &text, &hex::encode(digest))?;
    act.tx.fact(seal::CORRECTION, c.id.clone(), digest);
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "blind": blind, "corrected": correction.item, "outcome": outcome }));
    seen(act, &sample.id)
}
