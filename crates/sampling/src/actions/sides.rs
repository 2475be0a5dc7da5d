//! The seven streams of both parties: whose each is, what is filled in and attached, who passes it.
//!
//! A side is that of the bureau that sampled, until it is given away: the producer's goes by itself to the bureau of its county, where that
//! is another and on the platform. Whoever has a stream fills it in and passes it; the others see it.

use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_files::{Looked, Takes};
use kit_flow::store::projection::county;
use kit_web::{Act, Actor, Scope};
use serde_json::{Value, json};

use super::samples::{fresh, named, seen};
use super::unknown;
use crate::model::{
    Attached, Given, GivenSample, NamedMaker, NewGiven, NewStream, Review, Sample, StreamFile,
};
use crate::rules::sheet;
use crate::store::disposal as rows;
use crate::store::samples;

/// Photos and papers of a stream.
pub const TAKES: Takes =
    Takes {
        pdf: true, code: "media_form", text: "应为照片（JPEG、PNG、WebP）、MP4 视频、录音或 PDF"
    };
/// Largest of them, bytes.
pub const LARGEST: u64 = 64 << 20;
/// Of one stream.
const MOST: usize = 20;
/// Samples of others that are listed.
const LISTED: i64 = 500;

/// The parties that take part: the place where it was sampled, and its producer where one is named.
pub fn sides(sample: &Sample) -> Vec<&'static str> {
    let named = !told(sample, "maker_name").is_empty() || !sample.producer.is_empty();
    if named { vec!["trade", "producer"] } else { vec!["trade"] }
}

fn told(sample: &Sample, field: &str) -> String {
    let sheet: Value = serde_json::from_str(&sample.sheet).unwrap_or_default();
    sheet.get(field).and_then(Value::as_str).unwrap_or("").trim().to_owned()
}

/// The producer that is named, and which bureau is asked about it.
pub fn maker(tx: &mut Tx, sample: &Sample) -> Result<NamedMaker> {
    let known = if sample.producer.is_empty() { None } else { parties::brief(tx, &sample.producer)? };
    let mut maker = NamedMaker {
        name: told(sample, "maker_name"),
        address: told(sample, "maker_address"),
        told_at: rows::producer_told(tx, &sample.id)?,
        ..NamedMaker::default()
    };
    if let Some(party) = known {
        let far = county(&party.division) != county(&sample.division);
        if maker.name.is_empty() {
            maker.name = party.name;
        }
        if maker.address.is_empty() {
            maker.address = party.address;
        }
        if far {
            maker.bureau =
                accounts::in_charge(tx, county(&party.division))?.map(|b| b.name).unwrap_or_default();
        }
        (maker.division, maker.elsewhere) = (party.division, far);
    } else {
        maker.elsewhere = !maker.name.is_empty();
    }
    if maker.address.is_empty() {
        maker.address = told(sample, "maker_region");
    }
    Ok(maker)
}

/// The streams of the producer go to its own bureau, once, and whoever gets them is told; those of the place stay where it was sampled.
pub fn give_first(act: &mut Act, sample: &Sample) -> Result<()> {
    let had = rows::given(act.tx, &sample.id)?;
    if !had.iter().any(|g| g.side == "trade") {
        keep(act, sample, ("trade", &codes()?), &sample.division, "")?;
    }
    if sides(sample).contains(&"producer")
        && !give_away(act, sample)?
        && !had.iter().any(|g| g.side == "producer")
    {
        keep(act, sample, ("producer", &codes()?), &sample.division, "")?;
    }
    Ok(())
}

/// The producer's side goes to the bureau of its county; whether it did now or before.
pub fn give_away(act: &mut Act, sample: &Sample) -> Result<bool> {
    if rows::given(act.tx, &sample.id)?.iter().any(|g| g.side == "producer") {
        return Ok(true);
    }
    let maker = maker(act.tx, sample)?;
    if maker.bureau.is_empty() {
        return Ok(false);
    }
    hand_over(act, sample, ("producer", &codes()?), &maker.division, "")?;
    Ok(true)
}

fn codes() -> Result<Vec<String>> {
    Ok(sheet::stream_forms()?.streams.iter().map(|s| s.code.clone()).collect())
}

/// Writes whose streams are; answers the name of the bureau.
fn keep(
    act: &mut Act,
    sample: &Sample,
    (side, streams): (&str, &[String]),
    division: &str,
    by: &str,
) -> Result<String> {
    let bureau = accounts::bureau_of(act.tx, division)?.unwrap_or_default();
    for stream in streams {
        let given = Given {
            side: side.to_owned(),
            stream: stream.clone(),
            division: division.to_owned(),
            bureau: bureau.clone(),
            at: act.now,
            by_name: by.to_owned(),
        };
        rows::give(act.tx, &sample.id, &given)?;
    }
    Ok(bureau)
}

/// Gives streams to the people of a place, and tells them.
fn hand_over(
    act: &mut Act,
    sample: &Sample,
    (side, streams): (&str, &[String]),
    division: &str,
    by: &str,
) -> Result<()> {
    let bureau = keep(act, sample, (side, streams), division, by)?;
    let when = if sample.status == "disposal" { "" } else { "不合格确认之后" };
    let known = sheet::stream_forms()?;
    let name = known.sides.iter().find(|s| s.code == side).map_or("", |s| s.name.as_str());
    let name = name.split('（').next().unwrap_or("");
    let body = format!(
        "{}（{}）不合格，{name}一方的核查处置（{} 条工作线）已分派给{bureau}，请{when}填报并审核",
        sample.sample_no,
        sample.food,
        streams.len()
    );
    let me = act.who().user.clone();
    let near = accounts::near(act.tx, &["leader", "officer"], division, "", "", act.now)?;
    let message = |user: String| notices::New {
        user,
        kind: "task",
        title: "核查处置已分派".to_owned(),
        body: body.clone(),
        link: format!("/samples/{}", sample.id),
        simulated: sample.simulated,
    };
    let list: Vec<notices::New> =
        near.into_iter().filter(|n| n.user != me).map(|n| message(n.user)).collect();
    notices::send(act, &list)
}

/// Gives streams that are not passed to another bureau or station (分派).
///
/// Errors: those of [`disposing`], `side_unknown`, `side_absent`, `stream_unknown`, `stream_passed`, `stream_elsewhere`, `bureau_unknown`.
pub fn give(act: &mut Act, id: &str, new: &NewGiven) -> Result<Sample> {
    let sample = disposing(act, id, "sampling.decide")?;
    act.who().need_at("sampling.decide", &sample.division, None)?;
    if !sides(&sample).contains(&new.side.as_str()) {
        return Err(Error::invalid("side", "side_absent", "这一方没有参与"));
    }
    let known = codes()?;
    if let Some(i) = new.streams.iter().position(|s| !known.contains(s)) {
        return Err(Error::invalid(format!("streams/{i}"), "stream_unknown", "没有这条处置工作线"));
    }
    let had = rows::of_sample(act.tx, id)?;
    let passed = |s: &String| had.iter().any(|h| h.side == new.side && h.stream == *s && h.state == "passed");
    if new.streams.iter().any(passed) {
        return Err(Error::conflict("stream_passed", "这一项已审核通过，不能再分派"));
    }
    let streams: Vec<String> = match new.streams.is_empty() {
        true => known.into_iter().filter(|s| !passed(s)).collect(),
        false => new.streams.clone(),
    };
    if streams.is_empty() {
        return Err(Error::conflict("stream_passed", "这一方的各项均已审核通过"));
    }
    let maker = maker(act.tx, &sample)?;
    let near = county(&new.division) == county(&sample.division);
    let theirs = new.side == "producer"
        && !maker.division.is_empty()
        && county(&new.division) == county(&maker.division);
    if !near && !theirs {
        let text = "只能分派给抽样地的监管机构；生产一方也可以分派给生产者所在县区的监管机构";
        return Err(Error::invalid("division", "stream_elsewhere", text));
    }
    if accounts::in_charge(act.tx, county(&new.division))?.is_none() {
        return Err(Error::invalid("division", "bureau_unknown", "该地在平台上没有监管机构"));
    }
    let by = act.who().name.clone();
    hand_over(act, &sample, (&new.side, &streams), &new.division, &by)?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "streams": streams, "division": new.division }));
    fresh(act.tx, id)
}

/// Fills a stream in. Errors: `not_disposal`, `stream_given`, `stream_passed`, those of the form.
pub fn fill(act: &mut Act, id: &str, new: &NewStream) -> Result<Sample> {
    let sample = disposing(act, id, "sampling.serve")?;
    let form = sheet::stream(&new.side, &new.stream, &new.form)?;
    let which = (new.side.as_str(), new.stream.as_str());
    theirs(act, &sample, "sampling.serve", which)?;
    unpassed(act.tx, id, which)?;
    let who = act.who();
    let (text, by) = (Value::Object(form).to_string(), (who.user.as_str(), who.name.as_str()));
    rows::fill(act.tx, id, which, &text, by, act.now)?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "stream": new.stream }));
    fresh(act.tx, id)
}

fn unpassed(tx: &mut Tx, id: &str, (side, stream): (&str, &str)) -> Result<()> {
    let had = rows::of_sample(tx, id)?;
    match had.iter().any(|s| s.side == side && s.stream == stream && s.state == "passed") {
        true => Err(Error::conflict("stream_passed", "这一项已审核通过，不能再改")),
        false => Ok(()),
    }
}

/// Passes or returns a stream; not by who filled it in. Errors: `not_disposal`, `stream_given`, `stream_unfilled`, `same_person`,
/// `reason_missing`.
pub fn review(act: &mut Act, id: &str, new: &Review) -> Result<Sample> {
    let sample = disposing(act, id, "sampling.decide")?;
    if !new.pass && new.reason.trim().is_empty() || new.reason.chars().count() > 500 {
        return Err(Error::invalid("reason", "reason_missing", "请写明退回原因，不超过 500 字"));
    }
    let which = (new.side.as_str(), new.stream.as_str());
    theirs(act, &sample, "sampling.decide", which)?;
    let had = rows::of_sample(act.tx, id)?;
    let found = had.iter().find(|s| s.side == new.side && s.stream == new.stream && s.state == "filled");
    let found = found.ok_or_else(|| Error::conflict("stream_unfilled", "这一项没有待审核的内容"))?;
    let user = act.who().user.clone();
    if found.filled_by == user {
        return Err(Error::forbidden("same_person", "填报与审核须由两人办理"));
    }
    let state = if new.pass { "passed" } else { "returned" };
    rows::review(act.tx, id, which, state, &user, act.now, new.reason.trim())?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "stream": new.stream, "state": state }));
    fresh(act.tx, id)
}

/// Keeps a photo or paper of a stream; the same bytes again are answered as kept.
///
/// Errors: those of [`may_attach`], `attached_name`, `attached_many`.
pub fn attach(act: &mut Act, id: &str, new: &Attached, looked: &Looked) -> Result<StreamFile> {
    let sample = may_attach(act.tx, act.who(), id, new)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::invalid("name", "attached_name", "请填写附件名称，不超过 100 字"));
    }
    let had = rows::attached(act.tx, id)?;
    let mut own = had.iter().filter(|f| f.side == new.side && f.stream == new.stream);
    if let Some(same) = own.clone().find(|f| f.file == looked.kept.hash) {
        return Ok(same.clone());
    }
    if own.by_ref().count() >= MOST {
        return Err(Error::conflict("attached_many", format!("每条工作线最多 {MOST} 个附件")));
    }
    let file = StreamFile {
        id: act.id(),
        side: new.side.clone(),
        stream: new.stream.clone(),
        name: name.to_owned(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        user_name: act.who().name.clone(),
        at: act.now,
    };
    rows::attach(act.tx, id, &file)?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "side": new.side, "stream": new.stream, "file": file.id }));
    Ok(file)
}

/// Errors: not found, `not_disposal`, `side_unknown`, `stream_unknown`, `stream_given`, `stream_passed`.
pub fn may_attach(tx: &mut Tx, who: &Actor, id: &str, new: &Attached) -> Result<Sample> {
    let sample = shared(tx, who, "sampling.serve", id)?;
    in_disposal(&sample)?;
    sheet::known_stream(&new.side, &new.stream)?;
    whose(tx, who, &sample, "sampling.serve", (&new.side, &new.stream))?;
    unpassed(tx, id, (&new.side, &new.stream))?;
    Ok(sample)
}

/// An attachment that the asker may see. Errors: not found.
pub fn attached(tx: &mut Tx, who: &Actor, id: &str, file: &str) -> Result<StreamFile> {
    let sample = shared(tx, who, "sampling.read", id)?;
    rows::attached(tx, &sample.id)?.into_iter().find(|f| f.id == file).ok_or_else(unknown)
}

fn theirs(act: &mut Act, sample: &Sample, permission: &str, which: (&str, &str)) -> Result<()> {
    let who = act.who();
    whose(act.tx, who, sample, permission, which)
}

/// Whether a stream is the asker's. Errors: `stream_given`.
fn whose(
    tx: &mut Tx,
    who: &Actor,
    sample: &Sample,
    permission: &str,
    (side, stream): (&str, &str),
) -> Result<()> {
    let given = rows::given(tx, &sample.id)?.into_iter().find(|g| g.side == side && g.stream == stream);
    let (division, bureau) = match given {
        Some(g) => (g.division, g.bureau),
        None => (sample.division.clone(), String::new()),
    };
    if who.may(permission) && who.scope_for(permission).covers(&division, None) {
        return Ok(());
    }
    let name = if bureau.is_empty() { "抽样地的监管机构".to_owned() } else { bureau };
    Err(Error::forbidden("stream_given", format!("这一项由{name}办理；需要改由别处办理的，请先重新分派")))
}

/// A sample as [`seen`], also where one of its streams was given to a place within the asker's reach. Errors: not found.
pub fn shared(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Sample> {
    match seen(tx, who, permission, id) {
        Err(e) if e.kind == Kind::NotFound && who.may(permission) => {
            let scope = who.scope_for(permission);
            let given = rows::given(tx, id)?;
            match given.iter().any(|g| scope.covers(&g.division, None)) {
                true => {
                    let found = samples::by_id(tx, id)?.ok_or_else(unknown)?;
                    named(tx, found)
                }
                false => Err(e),
            }
        }
        found => found,
    }
}

/// A sample about whose producer the asker's bureau was asked. Errors: not found, `stream_given`.
pub fn asked(tx: &mut Tx, who: &Actor, id: &str) -> Result<Sample> {
    let sample = shared(tx, who, "sampling.serve", id)?;
    whose(tx, who, &sample, "sampling.serve", ("producer", "start"))?;
    Ok(sample)
}

/// Samples of other counties of which streams were given to the asker's, the latest first.
pub fn given_to(tx: &mut Tx, who: &Actor) -> Result<Vec<GivenSample>> {
    let scope: Scope = who.scope_for("sampling.read");
    let mut all = rows::given_within(tx, &scope, LISTED)?;
    all.retain(|s| !scope.covers(&s.division, None));
    Ok(all)
}

/// Errors: not found, `not_disposal`.
fn disposing(act: &mut Act, id: &str, permission: &str) -> Result<Sample> {
    let who = act.who();
    let sample = shared(act.tx, who, permission, id)?;
    who.need(permission)?;
    in_disposal(&sample)?;
    Ok(sample)
}

fn in_disposal(sample: &Sample) -> Result<()> {
    match sample.status.as_str() {
        "disposal" => Ok(()),
        _ => Err(Error::conflict("not_disposal", "不合格尚未确认，或已处置完毕")),
    }
}

/// Streams of the parties that take part that are not passed yet, by name.
pub fn open(tx: &mut Tx, sample: &Sample) -> Result<Vec<String>> {
    let had = rows::of_sample(tx, &sample.id)?;
    let passed: Vec<(String, String)> =
        had.into_iter().filter(|s| s.state == "passed").map(|s| (s.side, s.stream)).collect();
    sheet::open_streams(&sides(sample), &passed)
}

/// The day on which the producer got the conclusion, as its stream 启动 has it.
pub fn producer_served(tx: &mut Tx, id: &str) -> Result<Option<jiff::civil::Date>> {
    let had = rows::of_sample(tx, id)?;
    let Some(start) = had.iter().find(|s| s.side == "producer" && s.stream == "start") else {
        return Ok(None);
    };
    let form: Value = serde_json::from_str(&start.form).map_err(Error::internal)?;
    Ok(form.get("served").and_then(Value::as_str).and_then(|day| day.parse().ok()))
}
