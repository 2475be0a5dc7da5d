//! What the public may read of a sample: of supervision alone, conforming once its report is issued, failing once nobody can object.

use kit_base::{Millis, Result};
use kit_web::Act;
use serde_json::{Value, json};

use super::{disposal, recheck};
use crate::model::{STAGES, Sample};
use crate::store::samples;

/// A result that the public may read.
#[derive(Debug, Clone)]
pub struct PublicResult {
    /// What is announced: the sample, or what its recheck left of it. Of one there is one announcement.
    pub about: String,
    /// Where it was sampled.
    pub party: String,
    pub sample_no: String,
    /// Food, brand, producer and outcome: what people search by.
    pub title: String,
    /// By Chinese heading; no person by name.
    pub content: Value,
    /// When the report was issued, or the failure stood.
    pub at: Millis,
}

/// Under what a result is announced that a recheck changed after it was published.
fn again(id: &str) -> String {
    format!("{id}/recheck")
}

/// Takes away what was published of a sample. It is told once more only where a recheck left part of a failure.
pub fn withdraw(act: &mut Act, id: &str, why: &str) -> Result<()> {
    for about in [id.to_owned(), again(id)] {
        publication::revoke(act, &about, act.now, why)?;
    }
    Ok(())
}

/// `None` of what is not published: monitoring, samples without a report, failures that do not stand.
pub fn public_result(act: &mut Act, id: &str) -> Result<Option<PublicResult>> {
    let published = |s: &Sample| s.kind == "supervision" && s.overturned_at.is_none();
    let Some(sample) = samples::by_id(act.tx, id)?.filter(published) else { return Ok(None) };
    let fails = sample.confirmed_at.is_some();
    let conforms = sample.verdict == "conforms" && sample.closed_at.is_some();
    if !fails && !conforms {
        return Ok(None);
    }
    let told: Value = serde_json::from_str(&sample.sheet).map_err(kit_base::Error::internal)?;
    let text = |code: &str| told.get(code).and_then(Value::as_str).unwrap_or("").trim().to_owned();
    let failing = recheck::still_failing(act.tx, id)?;
    let name = if text("name").is_empty() { sample.food.clone() } else { text("name") };
    let maker = text("maker_name");
    let marks: Vec<String> =
        [text("brand"), if maker.is_empty() { String::new() } else { format!("{maker}生产") }]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect();
    let of = if marks.is_empty() { String::new() } else { format!("（{}）", marks.join("，")) };
    let outcome = match fails {
        true => format!("不合格：{}", failing.iter().map(|j| j.item.as_str()).collect::<Vec<_>>().join("、")),
        false => "合格".to_owned(),
    };
    let stage = STAGES.iter().find(|s| s.0 == sample.stage).map_or("", |s| s.1);
    let content = json!({
        "食品": name, "商标": text("brand"), "规格": text("spec"), "批号": text("batch"), "生产日期": sample.made, "标称生产者": maker,
        "抽样环节": stage, "结论": if fails { "不合格" } else { "合格" },
        "不合格项目": if fails { disposal::told(&failing) } else { String::new() },
    });
    let about = if recheck::narrowed(act.tx, &sample)? { again(id) } else { id.to_owned() };
    Ok(Some(PublicResult {
        about,
        party: sample.party,
        sample_no: sample.sample_no,
        title: format!("{name}{of} {outcome}"),
        content,
        at: if fails { sample.confirmed_at } else { sample.issued_at }.unwrap_or(act.now),
    }))
}
