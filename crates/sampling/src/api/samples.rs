//! Samples as regulators, samplers and the business see them.

use kit_base::{Error, Result};
use kit_flow::{Ask as Acting, Flows, engine};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{IdPath, READ};
use crate::actions::field::{self, LARGEST};
use crate::actions::samples::{detail, fresh, is_sampler, named, seen};
use crate::actions::{custody, disposal, samples, step, unknown};
use crate::model::{
    Detail, Media, NewSample, NewSheet, NewStream, Offer, Review, Sample, SampleQuery, Taken,
};
use crate::rules::sheet::{SheetForm, StreamForms, sheet_form, stream_forms};
use crate::store::samples::{Of, by_id, list as rows, media};

const TAKE: Access = Access::Needs("sampling.take");
const SERVE: Access = Access::Needs("sampling.serve");
const OWN: Access = Access::Needs("sampling.own");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/sample-sheet", Access::SignedIn, "抽样单的栏目", form),
        Route::get("/api/disposal-streams", READ, "核查处置的七条工作线", streams),
        Route::get("/api/samples", READ, "样品列表", list),
        Route::post("/api/samples", Access::Needs("sampling.plan"), "派发抽样任务", "sampling.plan", create),
        Route::get("/api/samples/mine", TAKE, "我的抽样任务", mine),
        Route::get("/api/samples/{id}", TAKE_OR_READ, "样品", open),
        Route::post("/api/samples/{id}/media", TAKE, "提交抽样照片", "sampling.media", add_media),
        Route::get("/api/samples/{id}/media/{media}", TAKE_OR_READ, "抽样照片原件", file),
        Route::post("/api/samples/{id}/sheet", TAKE, "提交抽样单", "sampling.sheet", take),
        Route::post("/api/samples/{id}/seal", TAKE, "共同签封", "sampling.seal", seal),
        Route::post("/api/samples/{id}/missed", TAKE, "拒绝抽样、未抽到样品", "sampling.missed", missed),
        Route::post("/api/samples/{id}/offers", TAKE, "移交样品（交方签字）", "sampling.offer", offer),
        Route::post(
            "/api/samples/{id}/check",
            Access::Needs("sampling.check"),
            "质量复核",
            "sampling.check",
            check,
        ),
        Route::post("/api/samples/{id}/draw", SERVE, "随机抽取复检机构", "sampling.draw", draw),
        Route::post("/api/samples/{id}/streams", SERVE, "填报核查处置", "sampling.stream", fill),
        Route::post(
            "/api/samples/{id}/streams/review",
            Access::Needs("sampling.decide"),
            "审核核查处置",
            "sampling.review",
            review,
        ),
        Route::get("/api/own-samples", OWN, "本企业被抽样品", own),
        Route::post(
            "/api/own-samples/{id}/acts",
            Access::Needs("sampling.object"),
            "认可结论、申请复检、提出异议",
            "sampling.object",
            object,
        ),
    ]
}

/// Samplers of a laboratory hold no permission to read; each sees what is their own.
const TAKE_OR_READ: Access = Access::SignedIn;

async fn form(_: Cx, _: Ask) -> Result<Json<SheetForm>> {
    sheet_form().cloned().map(Json)
}

async fn streams(_: Cx, _: Ask) -> Result<Json<StreamForms>> {
    stream_forms().cloned().map(Json)
}

async fn list(cx: Cx, ask: Ask<(), SampleQuery>) -> Result<Json<Page<Sample>>> {
    let read = cx.read(move |tx, cx| {
        let page = rows(tx, &Of::Office(&cx.who.scope), &ask.query)?;
        let items: Result<Vec<Sample>> = page.items.into_iter().map(|s| named(tx, s)).collect();
        Ok(Page { items: items?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewSample>>) -> Result<Json<Sample>> {
    cx.act(move |act| samples::create(act, &ask.body.0)).await.map(Json)
}

/// Tasks of the asker as a sampler that are not sealed yet.
async fn mine(cx: Cx, _: Ask) -> Result<Json<Vec<Sample>>> {
    let read = cx.read(|tx, cx| {
        let found = crate::store::samples::of_sampler(tx, &cx.who.user)?;
        found.into_iter().map(|s| named(tx, s)).collect()
    });
    read.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Detail>> {
    let read = cx.read(move |tx, cx| {
        let sample = seen(tx, &cx.who, "sampling.read", &ask.path.id)?;
        let reads = cx.who.may("sampling.read");
        let mut detail = detail(tx, sample)?;
        if !reads {
            // a sampler of the laboratory does not learn under which blind code it is tested
            detail.sample.blind = String::new();
            detail.results.clear();
        }
        Ok(detail)
    });
    read.await.map(Json)
}

async fn add_media(cx: Cx, ask: Ask<IdPath, Taken, Raw>) -> Result<Json<Media>> {
    let (path, taken) = (ask.path, ask.query);
    let id = path.id.clone();
    // who may not is refused before a byte is kept
    cx.read(move |tx, cx| match seen(tx, &cx.who, "sampling.read", &id)? {
        s if is_sampler(&cx.who, &s) => Ok(()),
        _ => Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员")),
    })
    .await?;
    let kept = kit_uploads::given(&cx, ask.body, taken.upload.as_deref(), LARGEST).await?.kept;
    let media = field::media_of(&cx.house.files, &kept)?;
    cx.act(move |act| field::add_media(act, &path.id, &taken, &kept, media)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct MediaPath {
    id: String,
    media: String,
}

async fn file(cx: Cx, ask: Ask<MediaPath>) -> Result<Download> {
    let found = cx.read(move |tx, cx| {
        let sample = seen(tx, &cx.who, "sampling.read", &ask.path.id)?;
        let all = media(tx, &sample.id)?;
        all.into_iter().find(|m| m.id == ask.path.media).ok_or_else(unknown)
    });
    let found = found.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "application/pdf" => ("application/pdf", "pdf"),
        _ => ("video/mp4", "mp4"),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

async fn take(cx: Cx, ask: Ask<IdPath, (), Json<NewSheet>>) -> Result<Json<Sample>> {
    cx.act(move |act| field::take(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn seal(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Sample>> {
    cx.act(move |act| field::seal(act, &ask.path.id)).await.map(Json)
}

/// Why there is no sample.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleMissed")]
struct Missed {
    /// The business refused; otherwise there was nothing to be had.
    refused: bool,
    /// 拒检事实认定, 未抽样原因
    reason: String,
    #[serde(default)]
    witness: String,
}

async fn missed(cx: Cx, ask: Ask<IdPath, (), Json<Missed>>) -> Result<Json<Sample>> {
    let acted = cx.act(move |act| {
        let sample = field::own(act, &ask.path.id)?;
        let told = &ask.body.0;
        let (action, form) = match told.refused {
            true => ("refuse", json!({ "missed": told.reason, "witness": told.witness })),
            false => ("miss", json!({ "missed": told.reason })),
        };
        step(act, &sample, "sampling.take", action, form)?;
        fresh(act.tx, &sample.id)
    });
    acted.await.map(Json)
}

async fn offer(cx: Cx, ask: Ask<IdPath, (), Json<Offer>>) -> Result<Json<Sample>> {
    cx.act(move |act| custody::offer(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn check(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Sample>> {
    let acted = cx.act(move |act| {
        let sample = seen(act.tx, act.who(), "sampling.check", &ask.path.id)?;
        act.who().need_at("sampling.check", &sample.division, None)?;
        step(act, &sample, "sampling.check", "check", Value::Null)?;
        fresh(act.tx, &sample.id)
    });
    acted.await.map(Json)
}

async fn draw(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Sample>> {
    cx.act(move |act| disposal::draw(act, &ask.path.id)).await.map(Json)
}

async fn fill(cx: Cx, ask: Ask<IdPath, (), Json<NewStream>>) -> Result<Json<Sample>> {
    cx.act(move |act| disposal::fill(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn review(cx: Cx, ask: Ask<IdPath, (), Json<Review>>) -> Result<Json<Sample>> {
    cx.act(move |act| disposal::review(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

/// A sample as the business sees it: that it was taken, and what came of it once it was served.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct OwnSample {
    id: String,
    sample_no: String,
    food: String,
    taken_at: Option<i64>,
    status: String,
    /// conforms, fails; empty before it was served or closed.
    verdict: String,
    served_at: Option<i64>,
    /// What failed, once it was served.
    failing: Vec<crate::rules::judge::Judged>,
}

async fn own(cx: Cx, ask: Ask<(), SampleQuery>) -> Result<Json<Page<OwnSample>>> {
    let read = cx.read(move |tx, cx| {
        let Scope::Businesses(own) = cx.who.scope.clone() else { return Err(unknown()) };
        let page = rows(tx, &Of::Own(&own), &ask.query)?;
        let mut items = Vec::new();
        for s in page.items {
            let told = s.served_at.is_some() || s.closed_at.is_some();
            let all = if told { crate::store::tests::verdicts(tx, &s.id)? } else { Vec::new() };
            items.push(OwnSample {
                failing: all
                    .into_iter()
                    .filter(|j| j.outcome == crate::rules::judge::Outcome::Fails)
                    .collect(),
                verdict: if told { s.verdict } else { String::new() },
                // that it failed is told by serving it
                status: if told { s.status } else { "taken".into() },
                id: s.id,
                sample_no: s.sample_no,
                food: s.food,
                taken_at: s.taken_at,
                served_at: s.served_at,
            });
        }
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

/// What a business says to a result that was served.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleObjection")]
struct Objection {
    /// accept_result, apply, object
    action: String,
    form: Value,
}

async fn object(cx: Cx, ask: Ask<IdPath, (), Json<Objection>>) -> Result<Json<OwnSample>> {
    let acted = cx.act(move |act| {
        let sample = by_id(act.tx, &ask.path.id)?.ok_or_else(unknown)?;
        let scope = act.who().scope_for("sampling.object");
        if !matches!(&scope, Scope::Businesses(own) if own.contains(&sample.party))
            || sample.served_at.is_none()
        {
            return Err(unknown());
        }
        let said = &ask.body.0;
        if !["accept_result", "apply", "object"].contains(&said.action.as_str()) {
            return Err(Error::invalid("action", "action_unknown", "应为 accept_result、apply 或 object"));
        }
        crate::actions::as_reader(act, &sample, |act| {
            let flows = act.cx.house.held::<Flows>();
            engine::take(act, &flows, &sample.id, &Acting::action(&said.action, said.form.clone()))
        })?;
        let s = fresh(act.tx, &sample.id)?;
        Ok(OwnSample {
            failing: disposal::failing(act, &s.id)?,
            verdict: s.verdict,
            status: s.status,
            id: s.id,
            sample_no: s.sample_no,
            food: s.food,
            taken_at: s.taken_at,
            served_at: s.served_at,
        })
    });
    acted.await.map(Json)
}
