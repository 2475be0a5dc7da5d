//! The laboratory's side: by blind code only.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::sheet::{Book, Limits};
use kit_web::{Act, Scope};
use serde_json::{Value, json};

use super::custody::{of_lab, take_over};
use kit_files::hash_of_fields;

use super::{signer, step};
use crate::model::{Assay, Correction, Issue, Lab, NewCorrection, Over, Results, Sample, TestResult};
use crate::rules::dec::Dec;
use crate::rules::judge::{self, Food, Found, Judged, Limit, Outcome, verdict};
use crate::rules::reading;
use crate::store;
use crate::store::{samples, tests};

/// Results that a sample may have.
const MOST: usize = 400;

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
    let items = match s.quota.as_str() {
        "" => Vec::new(),
        quota => store::plans::cell(tx, quota)?.map(|c| c.items).unwrap_or_default(),
    };
    let results = tests::results(tx, &s.id)?;
    let judged = match s.issued_at {
        Some(_) => tests::verdicts(tx, &s.id)?,
        None if results.is_empty() || s.kind == "monitor" => Vec::new(),
        None => judged(tx, &s, &results)?,
    };
    Ok(Assay {
        recheck: !tested_here,
        kind: s.kind,
        category: s.category,
        food: s.food,
        status: s.status,
        flags: s.flags,
        received_at: s.received_at,
        issued_at: s.issued_at,
        verdict: s.verdict,
        items,
        parts,
        results: if tested_here { results } else { Vec::new() },
        judged: if tested_here { judged } else { Vec::new() },
        corrections: tests::corrections(tx, &s.id)?,
        simulated: s.simulated,
        blind: s.blind,
    })
}

fn seen(act: &mut Act, id: &str) -> Result<Assay> {
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
    step(act, &sample, "sampling.test", "accept", Value::Null)?;
    samples::set_received(act.tx, &sample.id, act.now)?;
    act.note(json!({ "blind": blind, "parts": taken }));
    seen(act, &sample.id)
}

/// A part for a recheck, or a spare that comes later.
pub fn receive(act: &mut Act, blind: &str, over: &Over) -> Result<Assay> {
    let sample = of_lab(act, blind)?;
    act.who().need("sampling.test")?;
    if sample.status == "taken" {
        return Err(Error::conflict("accept_first", "请先收样，或写明理由拒收"));
    }
    let taken = take_over(act, &sample, over)?;
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
    let lab = store::labs::by_id(act.tx, &sample.lab)?;
    let lab = lab.ok_or_else(|| Error::internal("the laboratory of a sample is gone"))?;
    let items = checked(&lab, &new.items)?;
    step(act, &sample, "sampling.test", "enter", Value::Null)?;
    let revision = tests::revision(act.tx, &sample.id)? + 1;
    let user = act.who().user.clone();
    tests::add_results(act.tx, &sample.id, revision, &items, &user, act.now)?;
    let text = serde_json::to_string(&items).map_err(Error::internal)?;
    let digest =
        hash_of_fields::<&str>(&[&sample.id, &revision.to_string(), &text, &user, &act.now.to_string()]);
    act.tx.fact("sample_results", format!("{}#{revision}", sample.id), digest);
    act.note(json!({ "blind": blind, "revision": revision, "items": items.len() }));
    seen(act, &sample.id)
}

/// Results of accredited items that can be read, each with the unit and the limit of detection of its method.
fn checked(lab: &Lab, items: &[TestResult]) -> Result<Vec<TestResult>> {
    if items.is_empty() {
        return Err(Error::invalid("items", "results_missing", "请填写检验结果"));
    }
    if items.len() > MOST {
        return Err(Error::invalid("items", "results_many", format!("一份样品最多 {MOST} 个项目")));
    }
    let mut out: Vec<TestResult> = Vec::with_capacity(items.len());
    for (i, new) in items.iter().enumerate() {
        let place = |field: &str| format!("items/{i}/{field}");
        let (item, method) = (new.item.trim(), new.method.trim());
        if out.iter().any(|o| o.item == item) {
            return Err(Error::invalid(place("item"), "item_twice", format!("{item}填写了两次")));
        }
        let able = lab.items.iter().find(|a| a.item == item && a.method == method);
        let able = able.ok_or_else(|| {
            let text = format!("{item}（{method}）不在本机构的资质能力范围内");
            Error::invalid(place("item"), "item_unaccredited", text)
        })?;
        let read = reading::read(&new.result).ok_or_else(|| {
            let text = "结果应为数值、<数值、未检出、检出，或以分号隔开的多个结果";
            Error::invalid(place("result"), "result_form", text)
        })?;
        let lod = if new.lod.trim().is_empty() { &able.lod } else { &new.lod };
        if !lod.trim().is_empty() && Dec::parse(lod).is_none() {
            return Err(Error::invalid(place("lod"), "lod_form", "检出限应为数字"));
        }
        let unit = [new.unit.trim(), &read.unit, &able.unit].into_iter().find(|u| !u.is_empty());
        out.push(TestResult {
            item: item.to_owned(),
            method: method.to_owned(),
            result: new.result.trim().to_owned(),
            unit: unit.unwrap_or("").to_owned(),
            lod: lod.trim().to_owned(),
        });
    }
    Ok(out)
}

/// Reads a sheet of results: 项目, 方法, 结果, 单位, 检出限, in any order. Errors: `headings_missing`, those of books.
pub fn sheet(file: std::fs::File) -> Result<Results> {
    let mut book =
        Book::open(file, "结果", &Limits { file_bytes: 8 << 20, rows: 5_000, ..Limits::default() })?;
    let at = book.pick("结果");
    let mut columns: Option<BTreeMap<&str, usize>> = None;
    let mut items = Vec::new();
    for row in book.rows(at)? {
        let row = row?;
        let cells: Vec<String> = row.cells.iter().map(|c| c.shown().trim().to_owned()).collect();
        let Some(columns) = &columns else {
            let names = [
                ("item", ["检验项目", "项目", "项目名称"]),
                ("method", ["检验方法", "方法", "检验依据"]),
                ("result", ["检验结果", "结果", "实测值"]),
                ("unit", ["单位", "结果单位", "计量单位"]),
                ("lod", ["检出限", "方法检出限", "LOD"]),
            ];
            let place = |all: &[&str]| cells.iter().position(|c| all.contains(&c.as_str()));
            let found: BTreeMap<&str, usize> =
                names.iter().filter_map(|(key, all)| Some((*key, place(all)?))).collect();
            if found.contains_key("item") && found.contains_key("result") {
                columns = Some(found);
            }
            continue;
        };
        let cell = |key: &str| columns.get(key).and_then(|i| cells.get(*i)).cloned().unwrap_or_default();
        if cell("item").is_empty() && cell("result").is_empty() {
            continue;
        }
        items.push(TestResult {
            item: cell("item"),
            method: cell("method"),
            result: cell("result"),
            unit: cell("unit"),
            lod: cell("lod"),
        });
    }
    match columns {
        Some(_) => Ok(Results { items }),
        None => Err(Error::invalid("body", "headings_missing", "没有找到“项目”和“结果”两列的表头")),
    }
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
    let limits = store::limits::on(tx, &sample.made, &sample.category)?;
    Ok(under(&limits, sample, results))
}

fn under(limits: &[Limit], sample: &Sample, results: &[TestResult]) -> Vec<Judged> {
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
    let results = tests::results(act.tx, &sample.id)?;
    let monitor = sample.kind == "monitor";
    let mut all = if monitor { Vec::new() } else { judged(act.tx, &sample, &results)? };
    let mut decided: BTreeMap<usize, String> = BTreeMap::new();
    for (i, said) in new.decided.iter().enumerate() {
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
        decided.insert(at, said.why.trim().to_owned());
    }
    let open: Vec<&str> =
        all.iter().filter(|j| j.outcome == Outcome::Undecided).map(|j| j.item.as_str()).collect();
    if !open.is_empty() {
        let text = format!("以下项目规则不能判定，请由签发人判定并写明依据：{}", open.join("、"));
        return Err(Error::conflict("item_undecided", text));
    }
    let (action, word) = match (monitor, verdict(&all), new.grave) {
        (true, ..) => ("issue_monitor", "monitored"),
        (_, Outcome::Fails, true) => ("issue_grave", "fails"),
        (_, Outcome::Fails, false) => ("issue_fail", "fails"),
        (_, Outcome::Conforms, _) => ("issue_pass", "conforms"),
        (_, Outcome::Undecided, _) => {
            return Err(Error::conflict("item_undecided", "没有可以判定的结果"));
        }
    };
    let user = act.who().user.clone();
    for (i, one) in all.iter().enumerate() {
        let why = decided.get(&i).map_or(("", ""), |why| (user.as_str(), why.as_str()));
        tests::add_verdict(act.tx, &sample.id, i as i64 + 1, one, outcome_word(one.outcome), why)?;
    }
    samples::set_issued(act.tx, &sample.id, act.now, word, new.grave && word == "fails")?;
    let text = serde_json::to_string(&all).map_err(Error::internal)?;
    let digest = hash_of_fields::<&str>(&[&sample.id, word, &text, &user, &act.now.to_string()]);
    act.tx.fact("sample_verdict", sample.id.clone(), digest);
    step(act, &sample, "sampling.issue", action, Value::Null)?;
    act.note(json!({ "blind": blind, "verdict": word }));
    seen(act, &sample.id)
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
    let mut results = tests::results(act.tx, &sample.id)?;
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
        tests::verdicts(act.tx, &sample.id)?.into_iter().filter_map(|j| j.limit).collect();
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
    let text = serde_json::to_string(&correction).map_err(Error::internal)?;
    let digest = hash_of_fields::<&str>(&[&sample.id, &text, &by.user]);
    tests::add_correction(act.tx, &sample.id, &by.user, &correction, &hex::encode(digest))?;
    act.tx.fact("sample_correction", correction.id.clone(), digest);
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "blind": blind, "corrected": correction.item, "outcome": outcome }));
    seen(act, &sample.id)
}
