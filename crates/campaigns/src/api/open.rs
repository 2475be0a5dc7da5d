//! What the public sees: pages without script, sign-in or cookie, and the data behind them.

mod forms;
mod mine;
mod parts;

use axum::http::StatusCode;
use axum::response::Response;
use kit_base::text::mask_if_person;
use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_draw::DrawFile;
use kit_web::{Access, Answer as _, Ask, Cx, Form as Sent, Html, Json, Route};
use publication::Look;
use publication::sheet::{self, Cell, Field, Form, Part, Section, Sheet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::vote::{self, From, on_page};
use crate::actions::{draw, look};
use crate::model::{Ballot, Batch, BatchQuery, Campaign, Choice, Count};
use crate::rules::setting;
use crate::store::{batches, campaigns};
use forms::{ballot_form, receipt_form, thanks};
use mine::mine;
use parts::{batch_state, choices, progress, rules, samples};

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/choose", OPEN, "你点我检", index),
        Route::get("/choose/mine", OPEN, "我点的检得怎样了", mine),
        Route::get("/choose/{code}", OPEN, "一次你点我检：选择、进展和结果", one),
        Route::post("/choose/{code}", OPEN, "投票", "campaigns.vote", cast),
        Route::get("/choose/{code}/live", OPEN, "一次你点我检的抽检现场，每分钟更新", live),
        Route::get("/choose/{code}/tally", OPEN, "一次你点我检的全部计票", tally),
        Route::get("/api/public/campaigns/{code}/draw", OPEN, "任何人可以复算的批次抽取文件", file),
    ]
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Query {
    /// 1: large type
    care: Option<String>,
    /// Page of the samples.
    page: Option<i64>,
    /// The code that a voter keeps.
    code: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

fn look_of(care: Option<&str>, address: String) -> Look {
    Look { care: care == Some("1"), address }
}

fn day(text: &str) -> String {
    let part =
        |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    format!("{} 年 {} 月 {} 日", part(0..4), part(5..7), part(8..10))
}

fn at_day(at: Option<kit_base::Millis>) -> String {
    at.map(|at| kit_base::clock::china_day(at).to_string()).unwrap_or_default()
}

fn state_name(state: &str) -> &'static str {
    match state {
        "open" => "正在征集",
        "closed" => "征集已结束，等待抽取",
        "drawn" => "正在抽检",
        _ => "已结束",
    }
}

fn page_of(sheet_of: &Sheet, look: &Look, status: StatusCode) -> Result<Response> {
    let mut response = Html(sheet::sheet(sheet_of, look)?).into_answer();
    *response.status_mut() = status;
    Ok(response)
}

async fn index(cx: Cx, ask: Ask<(), Query>) -> Result<Response> {
    let all = cx.read(|tx, _| campaigns::public(tx)).await?;
    let simulated = all.iter().any(|c| c.simulated);
    let line = |c: &Campaign| {
        let text = format!("{}（{}，{} 条心愿，{} 批次）", c.name, state_name(&c.state), c.wishes, c.batches);
        (text, format!("/choose/{}", c.code))
    };
    let (now, over): (Vec<&Campaign>, Vec<&Campaign>) = all.iter().partition(|c| c.state != "ended");
    let mut sections = Vec::new();
    for (title, of, none) in
        [("进行中", now, "现在没有进行中的活动。"), ("已结束", over, "还没有结束的活动。")]
    {
        let part = match of.is_empty() {
            true => Part::Note(none.into()),
            false => Part::Links(of.into_iter().map(line).collect()),
        };
        sections.push(Section { title: title.into(), parts: vec![part] });
    }
    sections.push(Section {
        title: "我点的检得怎样了".into(), parts: vec![Part::Form(receipt_form(""))]
    });
    let sheet_of = Sheet {
        title: "你点我检".into(),
        sub: "您来点品种、单位和项目，我们按公布的规则抽样，检验结果在这里公布。".into(),
        sections,
        simulated,
        ..Sheet::default()
    };
    sheet::sheet_answer(&sheet_of, &look_of(ask.query.care.as_deref(), "/choose".into()))
}

fn options_of<'o>(options: &'o [Choice], part: &'static str) -> impl Iterator<Item = &'o Choice> {
    options.iter().filter(move |o| o.part == part)
}

fn name_of<'o>(options: &'o [Choice], part: &'static str, code: &'o str) -> &'o str {
    options_of(options, part).find(|o| o.code == code).map_or(code, |o| o.name.as_str())
}

fn mask(part: &str, name: &str) -> String {
    if part == "place" { mask_if_person(name) } else { name.to_owned() }
}

/// Everything of a campaign but the form.
struct Seen {
    campaign: Campaign,
    options: Vec<Choice>,
    counts: Vec<Count>,
    cells: Vec<crate::model::BatchCell>,
    taken: kit_web::Page<Batch>,
    /// Mark of a form that is filled in now; `None`: it is not the time.
    page: Option<String>,
}

fn seen(tx: &mut Tx, cx: &Cx, code: &str, page: Option<i64>) -> Result<Seen> {
    let unknown = || Error::not_found("没有这个活动，请核对地址");
    let campaign = campaigns::by_code(tx, code)?.ok_or_else(unknown)?;
    let from = From { address: cx.address.clone(), agent: cx.agent.clone() };
    let asked = BatchQuery { page, size: Some(20), ..BatchQuery::default() };
    Ok(Seen {
        options: campaigns::options(tx, &campaign.id)?,
        counts: look::counts(tx, &campaign)?,
        cells: batches::cells(tx, &campaign.id)?,
        taken: batches::list(tx, &campaign.id, &asked, true)?,
        page: vote::page(tx, &campaign, &from, cx.now()).ok(),
        campaign,
    })
}

async fn one(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Response> {
    let code = ask.path.code.trim().to_uppercase();
    let look = look_of(ask.query.care.as_deref(), format!("/choose/{code}"));
    let asked = ask.query.page;
    let seen = cx.read(move |tx, cx| seen(tx, cx, &code, asked)).await?;
    let form = seen
        .page
        .clone()
        .map(|page| ballot_form(&seen.campaign, &seen.options, &Ballot::default(), page, ""));
    page_of(&sheet_of(&seen, form), &look, StatusCode::OK)
}

/// Seconds after which a wall asks again.
const AGAIN: u32 = 60;

/// What is sampled now, for a wall or a phone that lies beside: it asks again each minute.
async fn live(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Response> {
    let code = ask.path.code.trim().to_uppercase();
    let look = look_of(ask.query.care.as_deref(), format!("/choose/{code}/live"));
    let seen = cx.read(move |tx, cx| seen(tx, cx, &code, None)).await?;
    let c = &seen.campaign;
    let sections = match c.drawn > 0 {
        true => vec![progress(&seen), samples(&seen)],
        false => {
            let text =
                Part::Text(format!("{}。抽取之后，这里看得到抽样和检验的进展。", state_name(&c.state)));
            vec![Section { title: String::new(), parts: vec![text] }]
        }
    };
    let at = kit_base::clock::china_text(cx.now()).replace('T', " ");
    let sheet_of = Sheet {
        title: format!("{} 抽检现场", c.name),
        sub: format!("{at} · 每分钟更新"),
        sections,
        simulated: c.simulated,
        screen: (c.state != "ended").then_some(AGAIN),
        ..Sheet::default()
    };
    sheet::sheet_answer(&sheet_of, &look)
}

async fn cast(cx: Cx, ask: Ask<CodePath, Query, Sent<Ballot>>) -> Result<Response> {
    let (code, given) = (ask.path.code.trim().to_uppercase(), ask.body.0);
    let care = Some(given.care.as_str()).filter(|c| !c.is_empty()).or(ask.query.care.as_deref());
    let look = look_of(care, format!("/choose/{code}"));
    let from = From { address: cx.address.clone(), agent: cx.agent.clone() };
    // the log of what was done says that somebody voted, not from where
    let quiet = Cx { address: String::new(), agent: String::new(), ..cx.clone() };
    let (of, ballot) = (code.clone(), given.clone());
    let voted = quiet.act(move |act| vote::vote(act, &of, &ballot, &from)).await;
    match voted {
        Ok(receipt) => page_of(&thanks(&code, &receipt), &look, StatusCode::OK),
        Err(e) if on_page(&e) => {
            let seen = cx.read(move |tx, cx| seen(tx, cx, &code, None)).await?;
            let form = seen
                .page
                .clone()
                .map(|page| ballot_form(&seen.campaign, &seen.options, &given, page, &e.message));
            let status = match e.kind {
                Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                Kind::Conflict => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            page_of(&sheet_of(&seen, form), &look, status)
        }
        Err(e) => Err(e),
    }
}

/// The page of a campaign: first what one can do now, then how it stands, last the rules.
fn sheet_of(s: &Seen, form: Option<Form>) -> Sheet {
    let c = &s.campaign;
    let mut sections = Vec::new();
    if !c.intro.is_empty() {
        sections.push(Section { title: String::new(), parts: vec![Part::Text(c.intro.clone())] });
    }
    if let Some(form) = form {
        sections.push(Section { title: "投票".into(), parts: vec![Part::Form(form)] });
    }
    if !c.summary.is_empty() {
        sections.push(Section { title: "结果".into(), parts: vec![Part::Text(c.summary.clone())] });
    }
    if c.drawn > 0 {
        sections.push(progress(s));
        sections.push(samples(s));
    }
    sections.push(choices(s));
    sections.push(rules(c));
    Sheet {
        title: c.name.clone(),
        sub: format!("{} 至 {} 征集 · {}", day(&c.from_day), day(&c.until_day), state_name(&c.state)),
        sections,
        simulated: c.simulated,
        ..Sheet::default()
    }
}

/// All counts of a campaign, as whoever wants to count again needs them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CampaignTally")]
struct Tally {
    name: String,
    /// open, closed, drawn, ended; the counts stand from `closed` on.
    state: String,
    wishes: i64,
    rules: String,
    rules_hash: String,
    tally_hash: String,
    options: Vec<Choice>,
    counts: Vec<Count>,
}

async fn tally(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Tally>> {
    let code = ask.path.code.trim().to_uppercase();
    let read = cx.read(move |tx, cx| {
        let Seen { campaign, options, counts, .. } = seen(tx, cx, &code, None)?;
        let options = options.into_iter().map(|o| Choice { name: mask(&o.part, &o.name), ..o }).collect();
        Ok(Tally {
            name: campaign.name,
            state: campaign.state,
            wishes: campaign.wishes,
            rules: campaign.rules,
            rules_hash: campaign.rules_hash,
            tally_hash: campaign.tally_hash,
            options,
            counts,
        })
    });
    read.await.map(Json)
}

async fn file(cx: Cx, ask: Ask<CodePath>) -> Result<Json<DrawFile>> {
    let code = ask.path.code.trim().to_uppercase();
    cx.read(move |tx, _| draw::file(tx, &code)).await.map(Json)
}
