//! 复检: the laboratory that was drawn tests the spare again, item by item; what it signs is final.
//!
//! Only what failed and was asked for is repeated, under the limits that were frozen in the first report. What was not asked
//! for, or cannot be rechecked, stands: the failure is overturned only where nothing of it is left.

use std::collections::BTreeSet;

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Cx};
use serde_json::{Value, json};

use super::assay::{decide, seen, under};
use super::custody::of_lab;
use super::entry::entered;
use super::{recheck_draw, step};
use crate::model::{Assay, Issue, Kept, NotRechecked, Recheck, Results, Sample, TestResult, Unfit};
use crate::rules::judge::{self, Judged, Limit, Outcome};
use crate::rules::{microbial, seal};
use crate::store;
use crate::store::samples;
use crate::store::tests::{self, Round};

/// Whether the asker stands in the laboratory that rechecks this sample now.
pub fn is_at(act: &Act, sample: &Sample) -> bool {
    sample.status == "recheck"
        && !sample.recheck_lab.is_empty()
        && act.who().scope_for("sampling.lab").covers("", Some(&sample.recheck_lab))
}

/// Items asked for: those that are rechecked, and those that are not with why.
pub fn wanted(tx: &mut Tx, id: &str) -> Result<(Vec<String>, Vec<NotRechecked>)> {
    let (asked, refused) = samples::asked(tx, id)?;
    Ok((read(&asked)?, read(&refused)?))
}

/// Items that are rechecked; empty before an application.
pub fn asked(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    let (items, _) = samples::asked(tx, id)?;
    read(&items)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    match text {
        "" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(Error::internal),
    }
}

/// What failed in the first report, with its corrections.
fn failed(tx: &mut Tx, id: &str) -> Result<Vec<Judged>> {
    let all = super::corrections::stands(tx, id)?;
    Ok(all.into_iter().filter(|j| j.outcome == Outcome::Fails).collect())
}

/// What still fails: what failed, without what a recheck overturned.
pub fn still_failing(tx: &mut Tx, id: &str) -> Result<Vec<Judged>> {
    let again = tests::verdicts(tx, Round::Again, id)?;
    let overturned = |item: &str| again.iter().any(|j| j.item == item && j.outcome != Outcome::Fails);
    Ok(failed(tx, id)?.into_iter().filter(|j| !overturned(&j.item)).collect())
}

/// Items of an application that cannot be rechecked, with why (2.10): what lives cannot be counted again; nothing of a spare past
/// its day can.
pub fn refused(
    tx: &mut Tx,
    sample: &Sample,
    items: &[String],
    now: kit_base::Millis,
) -> Result<Vec<NotRechecked>> {
    let told: Value = serde_json::from_str(&sample.sheet).map_err(Error::internal)?;
    let expires = told.get("expires").and_then(Value::as_str).unwrap_or("");
    let today = china_day(now).to_string();
    let spoilt = !expires.is_empty() && expires < today.as_str();
    let all = failed(tx, &sample.id)?;
    let mut out = Vec::new();
    for item in items {
        let unit = all.iter().find(|j| j.item == *item).map_or("", |j| j.unit.as_str());
        let why = match (microbial(item, unit, &today)?, spoilt) {
            (true, _) => "微生物指标不合格，不予复检".to_owned(),
            (_, true) => format!("备份样品保质期至 {expires}，已超过，不予复检"),
            _ => continue,
        };
        out.push(NotRechecked { item: item.clone(), why });
    }
    Ok(out)
}

/// The application is admitted for the items that can be rechecked; the others are kept with why they are not.
pub fn admitted(act: &mut Act, sample: &Sample) -> Result<()> {
    let items = asked(act.tx, &sample.id)?;
    let not = refused(act.tx, sample, &items, act.now)?;
    let left: Vec<&String> = items.iter().filter(|i| !not.iter().any(|n| n.item == **i)).collect();
    let refused = if not.is_empty() { String::new() } else { json!(not).to_string() };
    samples::set_asked(act.tx, &sample.id, &json!(left).to_string(), &refused)
}

/// Items to be tested again: those asked for; of a sum or ratio, the parts that were tested.
pub fn to_repeat(tx: &mut Tx, sample: &Sample) -> Result<Vec<String>> {
    let tested: Vec<String> =
        tests::results(tx, Round::First, &sample.id)?.into_iter().map(|r| r.item).collect();
    let asked = asked(tx, &sample.id)?;
    let mut out = BTreeSet::new();
    for judged in failed(tx, &sample.id)?.into_iter().filter(|j| asked.contains(&j.item)) {
        if tested.contains(&judged.item) {
            out.insert(judged.item);
            continue;
        }
        let parts = judged.limit.iter().flat_map(|l| judge::parts(&l.bound));
        out.extend(parts.filter(|p| tested.contains(p)).cloned());
    }
    Ok(out.into_iter().collect())
}

/// Results under the limits that the first report froze, for the items that were asked for.
pub fn judged(tx: &mut Tx, sample: &Sample, results: &[TestResult]) -> Result<Vec<Judged>> {
    if results.is_empty() {
        return Ok(Vec::new());
    }
    let asked = asked(tx, &sample.id)?;
    let frozen: Vec<Limit> = failed(tx, &sample.id)?
        .into_iter()
        .filter(|j| asked.contains(&j.item))
        .filter_map(|j| j.limit)
        .collect();
    let all = under(&frozen, sample, results);
    // a part of a sum has no limit of its own here: the sum says what it means
    Ok(all.into_iter().filter(|j| j.limit.is_some() || asked.contains(&j.item)).collect())
}

/// Errors: `items_missing`, `item_not_asked`, those of [`entered`] and of the flow.
pub fn enter(act: &mut Act, sample: &Sample, new: &Results) -> Result<Assay> {
    let items = entered(act, sample, &sample.recheck_lab, &new.items)?;
    let wanted = to_repeat(act.tx, sample)?;
    if let Some(i) = items.iter().position(|r| !wanted.contains(&r.item)) {
        let text = format!("只复检已受理的不合格项目：{}", wanted.join("、"));
        return Err(Error::invalid(format!("items/{i}/item"), "item_not_asked", text));
    }
    let lacks: Vec<&str> =
        wanted.iter().filter(|w| !items.iter().any(|r| r.item == **w)).map(String::as_str).collect();
    if !lacks.is_empty() {
        let text = format!("还缺复检项目：{}", lacks.join("、"));
        return Err(Error::invalid("items", "items_missing", text));
    }
    step(act, sample, "sampling.test", "recheck_enter", Value::Null)?;
    let revision = tests::revision(act.tx, Round::Again, &sample.id)? + 1;
    let user = act.who().user.clone();
    tests::add_results(act.tx, Round::Again, (&sample.id, revision), &items, &user, act.now)?;
    let digest = seal::results(&sample.id, revision, &items, &user, act.now);
    act.tx.fact(seal::AGAIN, format!("{}#{revision}", sample.id), digest);
    act.note(json!({ "blind": sample.blind, "recheck": revision, "items": items.len() }));
    seen(act, &sample.id)
}

/// The spare cannot be tested: a leader of the bureau decides whether the recheck goes on.
///
/// Errors: not found, those of the flow.
pub fn unfit(act: &mut Act, blind: &str, new: &Unfit) -> Result<Assay> {
    let sample = of_lab(act, blind)?;
    if !is_at(act, &sample) {
        return Err(super::unknown());
    }
    let form = json!({ "found": new.found, "finding": new.finding });
    step(act, &sample, "sampling.test", "spare_unfit", form)?;
    act.note(json!({ "blind": blind, "unfit": new.found }));
    seen(act, &sample.id)
}

/// The verifier sends it back, or signs.
pub fn verify(act: &mut Act, sample: &Sample, back: Option<&str>) -> Result<Assay> {
    let (action, form) = match back {
        Some(reason) => ("recheck_back", json!({ "reason": reason })),
        None => ("recheck_verify", Value::Null),
    };
    step(act, sample, "sampling.verify", action, form)?;
    act.note(json!({ "blind": sample.blind, "action": action }));
    seen(act, &sample.id)
}

/// The report of the recheck: it upholds, or nothing of the failure is left.
///
/// Errors: `rechecked_already`, those of [`decide`] and of the flow.
pub fn issue(act: &mut Act, sample: &Sample, new: &Issue) -> Result<Assay> {
    if sample.rechecked_at.is_some() {
        return Err(Error::conflict("rechecked_already", "复检报告已签发，复检结论为最终结论"));
    }
    super::assay::may_sign(act.tx, &sample.recheck_lab, act.now)?;
    let results = tests::results(act.tx, Round::Again, &sample.id)?;
    let user = act.who().user.clone();
    let said = decide(judged(act.tx, sample, &results)?, &new.decided, &user)?;
    if said.is_empty() {
        return Err(Error::conflict("item_undecided", "没有可以判定的复检结果"));
    }
    let rows: Vec<Kept> = said.iter().map(|s| s.kept()).collect::<Result<_>>()?;
    tests::add_verdicts(act.tx, Round::Again, &sample.id, &rows)?;
    let left = still_failing(act.tx, &sample.id)?;
    let (action, word) = match left.is_empty() {
        true => ("recheck_overturned", "overturned"),
        false => ("recheck_upheld", "upheld"),
    };
    samples::set_rechecked(act.tx, &sample.id, act.now, &user, word)?;
    let digest = seal::verdict(&sample.id, word, false, &rows, (&user, act.now));
    act.tx.fact(seal::FINAL, sample.id.clone(), digest);
    step(act, sample, "sampling.issue", action, Value::Null)?;
    act.note(json!({ "blind": sample.blind, "recheck": word }));
    seen(act, &sample.id)
}

/// Whether a recheck took something of a failure that was confirmed before it.
pub fn narrowed(tx: &mut Tx, sample: &Sample) -> Result<bool> {
    let before = sample.confirmed_at.zip(sample.rechecked_at).is_some_and(|(c, r)| c < r);
    Ok(before && still_failing(tx, &sample.id)?.len() < failed(tx, &sample.id)?.len())
}

/// What regulators see of it; `None` before an application.
pub fn view(tx: &mut Tx, cx: &Cx, sample: &Sample) -> Result<Option<Recheck>> {
    let (asked, refused) = samples::asked(tx, &sample.id)?;
    if asked.is_empty() {
        return Ok(None);
    }
    Ok(Some(Recheck {
        lab: sample.recheck_lab.clone(),
        lab_name: store::labs::by_id(tx, &sample.recheck_lab)?.map(|l| l.name).unwrap_or_default(),
        asked: read(&asked)?,
        refused: read(&refused)?,
        draw: recheck_draw::view(tx, cx, sample)?,
        results: tests::results(tx, Round::Again, &sample.id)?,
        judged: tests::verdicts(tx, Round::Again, &sample.id)?,
        at: sample.rechecked_at,
        verdict: sample.recheck_verdict.clone(),
    }))
}
