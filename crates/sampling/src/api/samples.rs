//! Samples as regulators, samplers and the business see them.

use kit_base::{Error, Result};
use kit_draw::DrawFile;
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::IdPath;
use crate::actions::field::{self, LARGEST};
use crate::actions::samples::{detail, fresh, is_sampler, seen};
use crate::actions::{custody, pack, papers, recheck_draw, samples, sides, step, unknown};
use crate::model::{
    Beside, Detail, Goods, Hold, Media, Missed, NewSample, NewSheet, Offer, Pack, RecheckDraw, Sample, Seal,
    Taken, Task,
};
use crate::rules::sheet::{SheetForm, sheet_form};
use crate::store::samples::media;

const TAKE: Access = Access::Needs("sampling.take");
const SERVE: Access = Access::Needs("sampling.serve");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/sample-sheet", Access::SignedIn, "抽样单的栏目", form),
        Route::post("/api/samples", Access::Needs("sampling.plan"), "派发抽样任务", "sampling.plan", create),
        Route::get("/api/samples/mine", TAKE, "我的抽样任务", mine),
        Route::get("/api/samples/{id}", TAKE_OR_READ, "样品", open),
        Route::get("/api/samples/{id}/pack", TAKE, "离线抽样所需资料", packed),
        Route::post("/api/samples/{id}/goods", TAKE, "扫码填写样品信息", "sampling.scan", goods),
        Route::post("/api/samples/{id}/hold", TAKE, "离线抽样锁定", "sampling.hold", hold),
        Route::post("/api/samples/{id}/release", TAKE, "解除离线抽样锁定", "sampling.release", release),
        Route::post("/api/samples/{id}/media", TAKE, "提交抽样照片", "sampling.media", add_media),
        Route::get("/api/samples/{id}/media/{media}", TAKE_OR_READ, "抽样照片原件", file),
        Route::get("/api/samples/{id}/papers/{code}", TAKE_OR_READ, "抽样单、抽样告知书（PDF）", on_paper),
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
        Route::post("/api/samples/{id}/draw", SERVE, "承诺复检机构的名单与种子", "sampling.draw", draw),
        Route::post("/api/samples/{id}/draw/run", SERVE, "随机抽取复检机构", "sampling.draw_run", run),
        Route::get(
            "/api/public/recheck-draws/{id}",
            Access::Public,
            "任何人可以复算的复检机构抽取文件",
            draw_file,
        ),
    ]
}

/// Samplers of a laboratory hold no permission to read; each sees what is their own.
const TAKE_OR_READ: Access = Access::SignedIn;

async fn form(_: Cx, _: Ask) -> Result<Json<SheetForm>> {
    sheet_form().cloned().map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewSample>>) -> Result<Json<Sample>> {
    cx.act(move |act| samples::create(act, &ask.body.0)).await.map(Json)
}

/// Tasks of the asker as a sampler: to be taken, or to be brought to the laboratory.
async fn mine(cx: Cx, _: Ask) -> Result<Json<Vec<Task>>> {
    cx.read(|tx, cx| pack::tasks(tx, &cx.who)).await.map(Json)
}

async fn packed(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Pack>> {
    cx.read(move |tx, cx| pack::pack(tx, cx, &ask.path.id)).await.map(Json)
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleScan")]
struct Scanned {
    /// 追溯码, barcode, or the code of the place, as it was read.
    code: String,
}

async fn goods(cx: Cx, ask: Ask<IdPath, (), Json<Scanned>>) -> Result<Json<Goods>> {
    cx.act(move |act| pack::goods(act, &ask.path.id, &ask.body.0.code)).await.map(Json)
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleHoldAsk")]
struct HoldAsk {
    /// The device, as it names itself.
    device: String,
    /// 24 where not said, 48 at most.
    #[serde(default)]
    hours: Option<i64>,
}

async fn hold(cx: Cx, ask: Ask<IdPath, (), Json<HoldAsk>>) -> Result<Json<Hold>> {
    let HoldAsk { device, hours } = ask.body.0;
    cx.act(move |act| pack::hold(act, &ask.path.id, &device, hours)).await.map(Json)
}

async fn release(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| pack::release(act, &ask.path.id)).await.map(|()| NoContent)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Detail>> {
    let read = cx.read(move |tx, cx| {
        let sample = sides::shared(tx, &cx.who, "sampling.read", &ask.path.id)?;
        let reads = cx.who.may("sampling.read");
        let mut detail = detail(tx, cx, sample)?;
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
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || files.look(kept, &field::TAKES)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| field::add_media(act, &path.id, &taken, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct MediaPath {
    id: String,
    media: String,
}

async fn file(cx: Cx, ask: Ask<MediaPath>) -> Result<Download> {
    let found = cx.read(move |tx, cx| {
        let sample = sides::shared(tx, &cx.who, "sampling.read", &ask.path.id)?;
        let all = media(tx, &sample.id)?;
        all.into_iter().find(|m| m.id == ask.path.media).ok_or_else(unknown)
    });
    let found = found.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = kind_of(&found.media);
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

/// Of a kept photo, film or paper: how it is sent, and how its name ends.
pub fn kind_of(media: &str) -> (&'static str, &'static str) {
    match media {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "application/pdf" => ("application/pdf", "pdf"),
        _ => ("video/mp4", "mp4"),
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct PaperPath {
    pub id: String,
    /// sheet 抽样单, informed 抽样告知书
    pub code: String,
}

async fn on_paper(cx: Cx, ask: Ask<PaperPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| {
        let sample = sides::shared(tx, &cx.who, "sampling.read", &ask.path.id)?;
        papers::paper(tx, cx, &sample, &ask.path.code)
    });
    set(read.await?).await
}

/// A paper as PDF.
pub async fn set(paper: kit_docs::pdf::Official) -> Result<Download> {
    let name = format!("{}-{}.pdf", paper.title, paper.number);
    let set = tokio::task::spawn_blocking(move || kit_docs::pdf::official(&paper));
    Ok(Download::bytes(set.await.map_err(Error::internal)??, "application/pdf", name))
}

async fn take(cx: Cx, ask: Ask<IdPath, (), Json<NewSheet>>) -> Result<Json<Sample>> {
    cx.act(move |act| field::take(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn seal(cx: Cx, ask: Ask<IdPath, (), Json<Seal>>) -> Result<Json<Sample>> {
    let mut new = ask.body.0;
    let Some(person) = new.person.take() else {
        return cx.act(move |act| field::seal(act, &ask.path.id, &new)).await.map(Json);
    };
    // the other sampler on the first one's phone; whose phone it is may see the sample
    let id = ask.path.id.clone();
    cx.read(move |tx, cx| match seen(tx, &cx.who, "sampling.read", &id)? {
        s if is_sampler(&cx.who, &s) => Ok(()),
        _ => Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员")),
    })
    .await?;
    let Beside { name, password, totp } = person;
    let other = accounts::beside(&cx, &name, password, totp).await?;
    other.act(move |act| field::seal(act, &ask.path.id, &new)).await.map(Json)
}

async fn missed(cx: Cx, ask: Ask<IdPath, (), Json<Missed>>) -> Result<Json<Sample>> {
    cx.act(move |act| field::missed(act, &ask.path.id, &ask.body.0)).await.map(Json)
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

async fn draw(cx: Cx, ask: Ask<IdPath>) -> Result<Json<RecheckDraw>> {
    cx.act(move |act| recheck_draw::commit(act, &ask.path.id)).await.map(Json)
}

async fn run(cx: Cx, ask: Ask<IdPath>) -> Result<Json<RecheckDraw>> {
    cx.act(move |act| recheck_draw::run(act, &ask.path.id)).await.map(Json)
}

async fn draw_file(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawFile>> {
    cx.read(move |tx, _| recheck_draw::file(tx, &ask.path.id)).await.map(Json)
}
