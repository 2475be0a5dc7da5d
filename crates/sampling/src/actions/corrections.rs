//! Declared corrections of locked results: judged under the limits that were frozen, beside what stood, seen by everybody, and what
//! follows from them.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::papers::Paper;
use kit_flow::{Flows, engine};
use kit_web::Act;
use serde_json::json;

use super::assay::{outcome_word, seen, testing, under};
use super::{failing, recheck, results, signer, steps};
use crate::model::{Assay, Correction, NewCorrection, Sample, TestResult};
use crate::rules::judge::{Judged, Limit, parts, verdict};
use crate::rules::{reading, seal};
use crate::store::tests::{self, Round};
use crate::store::{corrected, samples};

/// A declared correction of a locked result.
///
/// Errors: `not_issued`, `same_person`, `item_unknown`, `result_form`, `reason_missing`.
pub fn correct(act: &mut Act, blind: &str, new: &NewCorrection) -> Result<Assay> {
    let sample = testing(act, blind)?;
    if sample.issued_at.is_none() {
        return Err(Error::conflict("not_issued", "报告尚未签发，请由校核人退回后重新录入"));
    }
    let flows = act.cx.house.held::<Flows>();
    let case = engine::load(act.tx, &flows, &sample.id)?;
    let case = case.ok_or_else(|| Error::internal("the case of a sample is gone"))?;
    steps::apart(&case.state, &act.who().user)?;
    let correction = made(act, &sample, new)?;
    let before = failing::outcome(act, &sample)?;
    // what was published no longer holds as it stood
    results::withdraw(act, &sample.id, "检验结果已声明更正")?;
    keep(act, &sample, &correction)?;
    let now = comes_to(act.tx, &sample.id, &correction)?;
    corrected::set(act.tx, &sample.id, now)?;
    failing::after_correction(act, &sample, (&before, now), &correction)?;
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "blind": blind, "corrected": correction.item, "outcome": correction.outcome }));
    seen(act, &sample.id)
}

/// What is declared, with what the limits make of all results now.
fn made(act: &mut Act, sample: &Sample, new: &NewCorrection) -> Result<Correction> {
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        return Err(Error::invalid("reason", "reason_missing", "请写明更正理由，不超过 1000 字"));
    }
    let mut results = corrected_results(act.tx, &sample.id)?;
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
    let (judged, outcome) = match sample.kind.as_str() {
        "monitor" => (Vec::new(), "monitored"),
        _ => {
            let all = judged(act.tx, sample, &results, &new.item)?;
            let word = outcome_word(verdict(&all));
            (all, word)
        }
    };
    Ok(Correction {
        id: act.id(),
        item: new.item.clone(),
        before_result: before,
        after_result: new.result.trim().to_owned(),
        unit,
        judged,
        outcome: outcome.to_owned(),
        reason: reason.to_owned(),
        user_name: signer(act)?.name,
        at: act.now,
    })
}

/// The results of the report with every correction of them.
fn corrected_results(tx: &mut Tx, id: &str) -> Result<Vec<TestResult>> {
    let mut results = tests::results(tx, Round::First, id)?;
    for made in tests::corrections(tx, id)? {
        for r in results.iter_mut().filter(|r| r.item == made.item) {
            (r.result, r.unit) = (made.after_result.clone(), made.unit.clone());
        }
    }
    Ok(results)
}

/// Under the limits that were frozen. What the correction does not touch stands as it was, also where a person decided it.
fn judged(tx: &mut Tx, sample: &Sample, results: &[TestResult], item: &str) -> Result<Vec<Judged>> {
    let before = stands(tx, &sample.id)?;
    let frozen: Vec<Limit> =
        tests::verdicts(tx, Round::First, &sample.id)?.into_iter().filter_map(|j| j.limit).collect();
    let touched =
        |j: &Judged| j.item == item || j.limit.iter().flat_map(|l| parts(&l.bound)).any(|part| part == item);
    let as_it_was = |j: Judged| match touched(&j) {
        true => j,
        false => before.iter().find(|b| b.item == j.item).cloned().unwrap_or(j),
    };
    Ok(under(&frozen, sample, results).into_iter().map(as_it_was).collect())
}

fn keep(act: &mut Act, sample: &Sample, c: &Correction) -> Result<()> {
    let user = act.who().user.clone();
    let text = serde_json::to_string(&c.judged).map_err(Error::internal)?;
    let texts = [
        c.id.as_str(),
        &c.item,
        &c.before_result,
        &c.after_result,
        &c.unit,
        &text,
        &c.outcome,
        &c.reason,
        &user,
        &c.user_name,
    ];
    let digest = seal::correction(&sample.id, &texts, c.at);
    tests::add_correction(act.tx, &sample.id, &user, c, &text, &hex::encode(digest))?;
    act.tx.fact(seal::CORRECTION, c.id.clone(), digest);
    Ok(())
}

/// What the sample comes to: of a failure a recheck may have taken the rest away already.
fn comes_to<'c>(tx: &mut Tx, id: &str, c: &'c Correction) -> Result<&'c str> {
    match c.outcome.as_str() {
        "fails" if recheck::still_failing(tx, id)?.is_empty() => Ok("conforms"),
        outcome => Ok(outcome),
    }
}

/// What stands of a report, item by item: what the last correction made of it, else what was issued.
pub fn stands(tx: &mut Tx, id: &str) -> Result<Vec<Judged>> {
    match tests::corrections(tx, id)?.pop() {
        Some(last) if !last.judged.is_empty() => Ok(last.judged),
        _ => tests::verdicts(tx, Round::First, id),
    }
}

/// In words, for whoever holds the report: what was reported, what it is now, what that comes to, and why.
pub fn said(c: &Correction) -> String {
    let outcome = match c.outcome.as_str() {
        "conforms" => "更正后所检项目合格",
        "fails" => "更正后不合格",
        "undecided" => "更正后不能判定",
        _ => "风险监测，不作判定",
    };
    let unit =
        |result: &str| if result.ends_with(c.unit.as_str()) { String::new() } else { format!(" {}", c.unit) };
    format!(
        "{}检验机构声明更正：{}由 {} 更正为 {}{}，{outcome}。理由：{}",
        china_day(c.at),
        c.item,
        c.before_result,
        c.after_result,
        unit(&c.after_result),
        c.reason
    )
}

/// What whoever holds a report may read of it since it was issued.
pub fn remarks(tx: &mut Tx, paper: &Paper) -> Result<Vec<String>> {
    match paper.code.as_str() {
        "report" if samples::by_id(tx, &paper.case)?.is_some() => {
            Ok(tests::corrections(tx, &paper.case)?.iter().map(said).collect())
        }
        _ => Ok(Vec::new()),
    }
}
