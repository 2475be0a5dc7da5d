//! The laboratory's side: by blind code only.

use std::collections::BTreeMap;

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Scope};
use serde_json::{Value, json};

use super::custody::{of_lab, take_over};
use super::entry::entered;
use super::step;
use crate::model::{Assay, Decided, HandTo, Issue, Kept, Over, Results, Sample, TestResult};
use crate::rules::dec::Dec;
use crate::rules::judge::{self, Food, Found, Judged, Limit, Outcome, verdict};
use crate::rules::{self, reading, seal};
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
    let spare_kept = if tested_here { super::duties::spare(tx, &s)? } else { None };
    let sheet: Value = serde_json::from_str(&s.sheet).map_err(Error::internal)?;
    Ok(Assay {
        storage: sheet.get("storage").and_then(Value::as_str).unwrap_or("").to_owned(),
        cold: sheet.as_object().map_or(Ok(false), crate::rules::sheet::cold)?,
        hand_to,
        spare_kept,
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
pub fn testing(act: &mut Act, blind: &str) -> Result<Sample> {
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
/// Errors: `issued_already`, `lab_withdrawn`, `cma_over`, `item_undecided` (names the items), `decided_unknown`, those of the flow.
pub fn issue(act: &mut Act, blind: &str, new: &Issue) -> Result<Assay> {
    let sample = testing(act, blind)?;
    if sample.issued_at.is_some() {
        return Err(Error::conflict("issued_already", "报告已签发；结果有误的，请声明更正"));
    }
    may_sign(act.tx, &sample.lab, act.now)?;
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

/// A report is signed by a laboratory that is accredited on that day (食品安全法第八十四条). Errors: `lab_withdrawn`, `cma_over`.
pub fn may_sign(tx: &mut Tx, lab: &str, now: Millis) -> Result<()> {
    let found = store::labs::by_id(tx, lab)?;
    let found = found.ok_or_else(|| Error::internal("the laboratory of a sample is gone"))?;
    rules::fit(&found, &china_day(now).to_string())
        .map_err(|e| Error::conflict(e.code.clone(), format!("{}，不能签发报告", e.message)))
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
