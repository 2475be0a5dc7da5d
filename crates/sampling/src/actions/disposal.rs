//! When it fails: the draw of the laboratory that rechecks, what follows from a confirmed failure, and the seven streams.

use findings::Discovered;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trace::live::LiveGraph;
use trace::model::LotNo;

use super::samples::{fresh, seen};
use super::step;
use crate::model::{Draw, NewStream, Review, Sample};
use crate::rules::judge::{Judged, Outcome};
use crate::rules::{self, sheet};
use crate::store;
use crate::store::samples;

/// Draws the laboratory that rechecks, from the published list, never the first one.
///
/// Errors: `pool_empty`, `drawn_already`, those of the flow.
pub fn draw(act: &mut Act, id: &str) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.serve", id)?;
    act.who().need_at("sampling.serve", &sample.division, None)?;
    if !sample.recheck_lab.is_empty() {
        return Err(Error::conflict("drawn_already", "复检机构已经抽定"));
    }
    let items = to_repeat(act, id)?;
    let today = china_day(act.now).to_string();
    let mut pool = Vec::new();
    for lab in store::labs::all(act.tx)? {
        if !lab.recheck || lab.id == sample.lab || rules::fit(&lab, &today).is_err() {
            continue;
        }
        let able = store::labs::by_id(act.tx, &lab.id)?.map(|l| l.items).unwrap_or_default();
        if items.iter().all(|i| able.iter().any(|a| a.item == *i)) {
            pool.push(lab.id);
        }
    }
    let seed: [u8; 32] = act.ids().bytes();
    let draw = drawn(&seed, pool).ok_or_else(|| {
        let text = "复检机构名录中没有其他具备这些项目资质的机构，请先登记";
        Error::conflict("pool_empty", text)
    })?;
    step(act, &sample, "sampling.serve", "draw_lab", Value::Null)?;
    let text = serde_json::to_string(&draw).map_err(Error::internal)?;
    samples::set_drawn(act.tx, id, &draw.drawn, &text)?;
    act.note(json!({ "drawn": draw.drawn, "of": draw.pool.len(), "commitment": draw.commitment }));
    fresh(act.tx, id)
}

/// Items that a laboratory must be able to test: those that failed; of a sum or ratio that failed, the parts that were tested.
fn to_repeat(act: &mut Act, id: &str) -> Result<Vec<String>> {
    let tested: Vec<String> = store::tests::results(act.tx, id)?.into_iter().map(|r| r.item).collect();
    let mut out = Vec::new();
    for judged in failing(act, id)? {
        if tested.contains(&judged.item) {
            out.push(judged.item);
            continue;
        }
        let parts = judged.limit.iter().flat_map(|l| rules::judge::parts(&l.bound));
        out.extend(parts.filter(|p| tested.contains(p)).cloned());
    }
    Ok(out)
}

/// The one whose hash with the seed is the lowest; `None` of an empty pool. Anyone can do it again from what is kept.
pub fn drawn(seed: &[u8; 32], mut pool: Vec<String>) -> Option<Draw> {
    pool.sort_unstable();
    pool.dedup();
    let ticket = |id: &String| {
        let mut hasher = Sha256::new();
        hasher.update(seed);
        hasher.update(id.as_bytes());
        <[u8; 32]>::from(hasher.finalize())
    };
    let drawn = pool.iter().min_by_key(|id| ticket(id))?.clone();
    Some(Draw { commitment: hex::encode(Sha256::digest(seed)), seed: hex::encode(seed), pool, drawn })
}

/// What failed, as it was frozen.
pub fn failing(act: &mut Act, id: &str) -> Result<Vec<Judged>> {
    let all = store::tests::verdicts(act.tx, id)?;
    Ok(all.into_iter().filter(|j| j.outcome == Outcome::Fails).collect())
}

/// In words: `腐霉利 0.55 mg/kg（≤0.2 mg/kg）`.
pub fn told(failing: &[Judged]) -> String {
    let one = |j: &Judged| match &j.limit {
        Some(l) => format!(
            "{} {} {}（{}，{}）",
            j.item,
            j.result,
            j.unit,
            l.standard,
            rules::judge::words(&l.bound, &l.unit)
        ),
        None => format!("{} {} {}", j.item, j.result, j.unit),
    };
    failing.iter().map(one).collect::<Vec<_>>().join("；")
}

/// The failure stands: findings are opened, the lot and what came of it are marked.
pub fn confirm(act: &mut Act, id: &str) -> Result<()> {
    let Some(sample) = samples::by_id(act.tx, id)? else { return Ok(()) };
    if sample.confirmed_at.is_some() {
        return Ok(());
    }
    let failing = failing(act, id)?;
    let what: String =
        format!("抽检不合格：{}，{}", sample.food, told(&failing)).chars().take(1_900).collect();
    let mut standards: Vec<String> =
        failing.iter().filter_map(|j| j.limit.as_ref().map(|l| l.standard.clone())).collect();
    standards.dedup();
    let rule = if standards.is_empty() {
        "食品安全法第三十四条".to_owned()
    } else {
        standards.join("、")
    };
    let mut about = vec![sample.party.clone()];
    if !sample.producer.is_empty() && sample.producer != sample.party {
        about.push(sample.producer.clone());
    }
    let mut first = String::new();
    for party in about {
        let finding = serde_json::from_value(json!({
            "source": "sample", "source_ref": sample.sample_no, "party": party, "what": what,
            "rule": rule.chars().take(490).collect::<String>(), "severity": "serious",
        }));
        let finding = finding.map_err(Error::internal)?;
        let opened = findings::discover(act, &Discovered { finding, simulated: sample.simulated })?;
        if first.is_empty() {
            first = opened.id;
        }
    }
    let (certain, possible) = match sample.lot {
        Some(lot) => {
            let (certain, possible) = scope(act, lot)?;
            mark(act, &sample, lot, &failing)?;
            (Some(certain), Some(possible))
        }
        None => (None, None),
    };
    samples::set_confirmed(act.tx, id, act.now, &first, certain, possible)
}

/// Lots that came from the batch of this lot (certain), and those that came from other lots of the same product and batch
/// number (possible).
fn scope(act: &mut Act, lot: LotNo) -> Result<(i64, i64)> {
    let found = trace::store::lots::by_no(act.tx, lot)?;
    let found = found.ok_or_else(|| Error::internal("the lot of a sample is gone"))?;
    let live = act.cx.house.held::<LiveGraph>();
    live.catch_up(act.tx)?;
    let number = |no: LotNo| u32::try_from(no).map_err(Error::internal);
    let origin = number(found.origin)?;
    let mut all = vec![origin];
    if !found.batch.is_empty() {
        for other in trace::store::lots::origins_of_batch(act.tx, &found.product, &found.batch)? {
            all.push(number(other.no)?);
        }
    }
    all.sort_unstable();
    all.dedup();
    let graph = live.read();
    let certain = graph.forward(&[origin])?.len() as i64;
    let either = graph.forward(&all)?.len() as i64;
    Ok((certain, either - certain))
}

/// The pages behind the codes say so from now on.
fn mark(act: &mut Act, sample: &Sample, lot: LotNo, failing: &[Judged]) -> Result<()> {
    let county = kit_flow::store::projection::county(&sample.division);
    let issuer = accounts::in_charge(act.tx, county)?.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name);
    let reason: String =
        format!("监督抽检不合格（{}）：{}", sample.sample_no, told(failing)).chars().take(490).collect();
    let notice = json!({ "kind": "recall", "lot": lot, "reason": reason, "issuer": issuer });
    let notice: publication::NewNotice = serde_json::from_value(notice).map_err(Error::internal)?;
    publication::publish_by_house(act, &notice).map(drop)
}

/// Fills a stream in. Errors: `not_disposal`, `stream_passed`, those of the form.
pub fn fill(act: &mut Act, id: &str, new: &NewStream) -> Result<Sample> {
    let sample = disposed(act, id, "sampling.serve")?;
    let form = sheet::stream(&new.side, &new.stream, &new.form)?;
    let had = store::disposal::of_sample(act.tx, id)?;
    if had.iter().any(|s| s.side == new.side && s.stream == new.stream && s.state == "passed") {
        return Err(Error::conflict("stream_passed", "这一项已审核通过，不能再改"));
    }
    let who = act.who();
    let (text, by) = (Value::Object(form).to_string(), (who.user.as_str(), who.name.as_str()));
    store::disposal::fill(act.tx, id, (&new.side, &new.stream), &text, by, act.now)?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "stream": new.stream }));
    fresh(act.tx, id)
}

/// Passes or returns a stream; not by who filled it in. Errors: `not_disposal`, `stream_unfilled`, `same_person`, `reason_missing`.
pub fn review(act: &mut Act, id: &str, new: &Review) -> Result<Sample> {
    let sample = disposed(act, id, "sampling.decide")?;
    if !new.pass && new.reason.trim().is_empty() || new.reason.chars().count() > 500 {
        return Err(Error::invalid("reason", "reason_missing", "请写明退回原因，不超过 500 字"));
    }
    let had = store::disposal::of_sample(act.tx, id)?;
    let found = had.iter().find(|s| s.side == new.side && s.stream == new.stream && s.state == "filled");
    let found = found.ok_or_else(|| Error::conflict("stream_unfilled", "这一项没有待审核的内容"))?;
    let user = act.who().user.clone();
    if found.filled_by == user {
        return Err(Error::forbidden("same_person", "填报与审核须由两人办理"));
    }
    let state = if new.pass { "passed" } else { "returned" };
    let which = (new.side.as_str(), new.stream.as_str());
    store::disposal::review(act.tx, id, which, state, &user, act.now, new.reason.trim())?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "stream": new.stream, "state": state }));
    fresh(act.tx, id)
}

fn disposed(act: &mut Act, id: &str, permission: &str) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), permission, id)?;
    act.who().need_at(permission, &sample.division, None)?;
    match sample.status.as_str() {
        "disposal" => Ok(sample),
        _ => Err(Error::conflict("not_disposal", "不合格尚未确认，或已处置完毕")),
    }
}

/// The parties that take part: the place where it was sampled, and its producer where one is named.
pub fn sides(sample: &Sample) -> Vec<&'static str> {
    let sheet: Value = serde_json::from_str(&sample.sheet).unwrap_or_default();
    let named = sheet.get("maker_name").and_then(Value::as_str).is_some_and(|n| !n.trim().is_empty());
    if named || !sample.producer.is_empty() { vec!["trade", "producer"] } else { vec!["trade"] }
}
