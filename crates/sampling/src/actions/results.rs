//! What the public may read of a sample: of supervision alone, conforming once its report is issued, failing once nobody can object.

use kit_base::{Millis, Result};
use kit_web::Act;
use serde_json::{Value, json};

use super::{disposal, failing, recheck};
use crate::model::{Media, STAGES, Sample};
use crate::store::{self, samples};

/// A result that the public may read.
#[derive(Debug, Clone)]
struct PublicResult {
    /// What is announced: the sample, or what its recheck left of it. Of one there is one announcement.
    pub about: String,
    /// Where it was sampled.
    pub party: String,
    pub division: String,
    pub sample_no: String,
    /// Food, brand, producer and outcome: what people search by.
    pub title: String,
    /// By Chinese heading; no person by name.
    pub content: Value,
    /// When the report was issued, or the failure stood.
    pub at: Millis,
    /// Where it was taken, WGS-84 (longitude, latitude), by the photos taken there; none of food bought over the network.
    pub site: Option<(f64, f64)>,
}

/// The kinds of photos that are taken where the food is, the surest first.
const ON_SITE: [&str; 5] = ["door", "shelf", "sample", "seal", "people"];

/// Where the first photo of the surest kind was taken that tells it, and that was taken there.
fn site(photos: &[Media]) -> Option<(f64, f64)> {
    let sure = |m: &&Media| !m.doubts.iter().any(|d| ["album", "edited"].contains(&d.as_str()));
    let of =
        |kind: &str| photos.iter().filter(|m| m.kind == kind).filter(sure).find_map(|m| m.lon.zip(m.lat));
    ON_SITE.iter().find_map(|kind| of(kind))
}

/// Under what a result is announced that a recheck changed after it was published.
fn again(id: &str) -> String {
    format!("{id}/recheck")
}

/// Takes away what was published of a sample. It is told once more where a recheck left part of a failure, or a correction left it
/// publishable.
pub fn withdraw(act: &mut Act, id: &str, why: &str) -> Result<()> {
    let corrections = store::tests::corrections(act.tx, id)?.len();
    for about in [id.to_owned(), again(id)] {
        for no in 0..=corrections {
            publication::revoke(act, &corrected(&about, no), act.now, why)?;
        }
    }
    Ok(())
}

/// Under what a result is announced after so many corrections.
fn corrected(about: &str, corrections: usize) -> String {
    match corrections {
        0 => about.to_owned(),
        no => format!("{about}/correction{no}"),
    }
}

/// A result that the public may read goes on the pages at once: every day for an objection is over by then.
pub fn publish(act: &mut Act, id: &str) -> Result<()> {
    let Some(result) = public_result(act, id)? else { return Ok(()) };
    let issuer = accounts::bureau_of(act.tx, &result.division)?.unwrap_or_else(|| "市场监督管理部门".into());
    let new = publication::Announcement {
        kind: "sample",
        about: &result.about,
        party: &result.party,
        number: &result.sample_no,
        title: &result.title,
        content: result.content,
        issuer: &issuer,
        decided_at: result.at,
        from: Some(act.now),
        until: None,
    };
    publication::announce_at(act, &new, result.site).map(drop)
}

/// `None` of what is not published: monitoring, samples without a report, failures that do not stand.
fn public_result(act: &mut Act, id: &str) -> Result<Option<PublicResult>> {
    let published = |s: &Sample| s.kind == "supervision" && s.overturned_at.is_none();
    let Some(sample) = samples::by_id(act.tx, id)?.filter(published) else { return Ok(None) };
    let now = failing::outcome(act, &sample)?;
    let failing = recheck::still_failing(act.tx, id)?;
    let fails = sample.confirmed_at.is_some() && !failing.is_empty();
    let conforms = sample.verdict == "conforms" && now == "conforms" && sample.closed_at.is_some();
    if !fails && !conforms {
        return Ok(None);
    }
    let told: Value = serde_json::from_str(&sample.sheet).map_err(kit_base::Error::internal)?;
    let text = |code: &str| told.get(code).and_then(Value::as_str).unwrap_or("").trim().to_owned();
    let corrections = store::tests::corrections(act.tx, id)?;
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
    let mut content = json!({
        "食品": name, "商标": text("brand"), "规格": text("spec"), "批号": text("batch"), "生产日期": sample.made, "标称生产者": maker,
        "抽样环节": stage, "结论": if fails { "不合格" } else { "合格" },
        "不合格项目": if fails { disposal::told(&failing) } else { String::new() },
    });
    if !corrections.is_empty() {
        let all: Vec<String> = corrections.iter().map(super::corrections::said).collect();
        content["更正声明"] = json!(all.join("；"));
    }
    let site = match text("sampling_type") == "network" {
        true => None,
        false => site(&samples::media(act.tx, id)?),
    };
    let about = if recheck::narrowed(act.tx, &sample)? { again(id) } else { id.to_owned() };
    Ok(Some(PublicResult {
        about: corrected(&about, corrections.len()),
        division: sample.division,
        party: sample.party,
        sample_no: sample.sample_no,
        title: format!("{name}{of} {outcome}"),
        content,
        site,
        at: if fails { sample.confirmed_at } else { sample.issued_at }.unwrap_or(act.now),
    }))
}
