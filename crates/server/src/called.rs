//! What one room's finding calls for in others: rooms never name one another, so the server puts it together.

use findings::samples::Told;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_flow::Flows;
use kit_web::{Access, Act, Ask, Cx, Json, Route};
use recall::Cause;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let may = Access::Needs("investigation.write");
    let path = "/api/investigations/{id}/recalls";
    vec![Route::post(path, may, "对排查中的一批食品提请召回", "investigation.recall", ask_recall)]
}

/// A failure that stands: a lead of a case below each finding, and a recall of the batch, to be ordered by a leader, who confirms its level.
/// Where nobody knows of which batch it was, the leader is told that none was begun. All of it in the transaction of the verdict, so that no
/// failure stands without them.
pub fn failed(act: &mut Act, sample: &str) -> Result<()> {
    let Some(found) = sampling::failure(act, sample)? else { return Ok(()) };
    for party in &found.parties {
        let open = findings::open_of(act.tx, party, act.now)?;
        let of_sample = |f: &&findings::Finding| f.source == "sample" && f.source_ref == found.sample_no;
        if let Some(finding) = open.iter().find(of_sample)
            && enforcement::of_finding(act.tx, &finding.id)?.is_empty()
        {
            enforcement::lead_of_finding(act, &finding.id, party, &found.what)?;
        }
    }
    let rapid = rapid::ordered(act.tx, sample)?;
    let lot = found.lot.or_else(|| rapid.as_ref().and_then(|(_, lot)| *lot));
    let Some(lot) = lot else { return no_batch(act, sample, &found) };
    let (source, source_ref) = match &rapid {
        Some((number, _)) => ("rapid", number.as_str()),
        None => ("sample", found.sample_no.as_str()),
    };
    let reason: String = found.what.chars().take(400).collect();
    let today = china_day(act.now).to_string();
    let proposal = recall::proposed(found.items.iter().map(String::as_str), found.grave, &today)?;
    let cause =
        Cause { lot, grade: proposal.grade, cause: proposal.cause, reason: &reason, source, source_ref };
    let opened = recall::open_for(act, &cause)?;
    let proposed =
        format!("建议{}级召回（{}）", ["一", "二", "三"][(proposal.grade - 1) as usize], proposal.why);
    tell(act, &opened, &format!("{reason}。{proposed}"))
}

/// The leaders of the place where food failed that is tied to no batch: nothing on the platform says what to recall.
fn no_batch(act: &mut Act, sample: &str, found: &sampling::Failure) -> Result<()> {
    let body = format!(
        "{}。样品没有关联批次，系统没有自动立案召回。请核实批次和流向：查到批次的，在召回中发起；批次不在平台的，通报其生产者所在地",
        found.what.chars().take(400).collect::<String>()
    );
    let leaders = accounts::near(act.tx, &["leader"], &found.division, "", "", act.now)?;
    let message = |leader: accounts::Near| notices::New {
        user: leader.user,
        kind: "task",
        title: "不合格食品没有关联批次，未能自动召回".to_owned(),
        body: body.clone(),
        link: format!("/samples/{sample}"),
        simulated: found.simulated,
    };
    let messages: Vec<notices::New> = leaders.into_iter().map(message).collect();
    notices::send(act, &messages)
}

/// A failure that stood is overturned, whole or in part: what was begun for it ends where nobody has made it theirs yet, and whoever
/// leads it hears of the rest. In the transaction of the new conclusion.
pub fn taken_back(act: &mut Act, case: &kit_flow::Case, action: &str) -> Result<()> {
    let Some(back) = sampling::taken_back(act, &case.id, action)? else { return Ok(()) };
    let rapid = rapid::ordered(act.tx, &case.id)?;
    let source = match &rapid {
        Some((number, _)) => ("rapid", number.as_str()),
        None => ("sample", back.sample_no.as_str()),
    };
    let ground = recall::Ground { source, batch: back.batch, stands: back.other.is_some() };
    let recalls = recall::ground_changed(act, &ground, &back.change)?;
    let mut cases = Vec::new();
    for finding in &back.findings {
        cases.extend(enforcement::ground_changed(act, finding, &back.change)?);
    }
    let mut said: Vec<String> = Vec::new();
    let decide = if back.change.whole { "请决定是否继续" } else { "请核对" };
    let word = |told: &Told, ended: &str| match told.ended {
        true => format!("{}{ended}", told.number),
        false => format!("{}{decide}", told.number),
    };
    said.extend(recalls.iter().map(|r| word(r, "尚未责令，已自动撤回")));
    if let (true, Some(other)) = (back.change.whole && !recalls.is_empty(), &back.other) {
        said.push(format!("同一批次另有不合格样品 {other}，召回不撤回"));
    }
    said.extend(cases.iter().map(|c| word(c, "尚未立案，线索已自动终结")));
    if said.is_empty() {
        return Ok(());
    }
    let leaders = accounts::near(act.tx, &["leader"], &back.division, "", "", act.now)?;
    let body: String = format!("{}。{}", back.change.text, said.join("；")).chars().take(900).collect();
    let message = |leader: accounts::Near| notices::New {
        user: leader.user,
        kind: "task",
        title: "抽检不合格结论有变".to_owned(),
        body: body.clone(),
        link: format!("/samples/{}", case.id),
        simulated: back.simulated,
    };
    let messages: Vec<notices::New> = leaders.into_iter().map(message).collect();
    notices::send(act, &messages)
}

/// Whoever may order it knows at once.
fn tell(act: &mut Act, recall: &str, reason: &str) -> Result<()> {
    let flows = act.cx.house.held::<Flows>();
    let case = kit_flow::engine::load(act.tx, &flows, recall)?;
    let case = case.ok_or_else(|| Error::internal("the recall just begun is gone"))?;
    if case.state.flags.contains("ordered") {
        return Ok(());
    }
    let division = case.state.opened.division.clone();
    let simulated = case.state.opened.simulated;
    let leaders = accounts::near(act.tx, &["leader"], &division, "", "", act.now)?;
    let messages: Vec<notices::New> = leaders
        .into_iter()
        .map(|leader| notices::New {
            user: leader.user,
            kind: "task",
            title: "不合格食品待责令召回".to_owned(),
            body: format!("{reason}。召回已自动立案，请确认级别和原因后责令召回，或作废并说明理由"),
            link: format!("/recalls/{recall}"),
            simulated,
        })
        .collect();
    notices::send(act, &messages)
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

/// What an investigation found.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A lot that the investigation reached.
    lot: i64,
    /// 1, 2, 3
    grade: i64,
    /// safety, label, illegal, carcass, spoilt
    cause: String,
    /// For the public, at most 400 characters.
    reason: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Opened {
    /// Id of the recall, also of one of this batch that goes on already.
    id: String,
}

/// Errors: not found, `lot_not_reached`, those of the room of recalls.
async fn ask_recall(cx: Cx, ask: Ask<IdPath, (), Json<Wanted>>) -> Result<Json<Opened>> {
    let Json(wanted) = ask.body;
    cx.act(move |act| {
        let case = investigation::reaching(act.tx, act.cx, &ask.path.id, wanted.lot)?;
        let cause = Cause {
            lot: wanted.lot,
            grade: wanted.grade,
            cause: &wanted.cause,
            reason: &wanted.reason,
            source: "investigation",
            source_ref: &case.no,
        };
        let id = recall::open_for(act, &cause)?;
        tell(act, &id, &wanted.reason)?;
        act.subject("investigation", &case.id, &case.division);
        act.note(json!({ "recall": id, "lot": wanted.lot }));
        Ok(Opened { id })
    })
    .await
    .map(Json)
}
