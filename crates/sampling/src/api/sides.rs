//! 核查处置: whose the streams are, what is filled in and attached; letters to other bureaus.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::samples::kind_of;
use super::{IdPath, READ};
use crate::actions::{duties, letters, sides, unknown};
use crate::model::{
    Answer, Attached, GivenSample, NewGiven, NewStream, Review, Sample, StreamFile, ToldDuty,
};
use crate::rules::sheet::{StreamForms, stream_forms};

const SERVE: Access = Access::Needs("sampling.serve");
const DECIDE: Access = Access::Needs("sampling.decide");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/disposal-streams", READ, "核查处置的七条工作线", streams),
        Route::get("/api/samples/given", READ, "别处抽样、分派给本地核查处置的样品", given),
        Route::post("/api/samples/{id}/streams", SERVE, "填报核查处置", "sampling.stream", fill),
        Route::post("/api/samples/{id}/streams/review", DECIDE, "审核核查处置", "sampling.review", review),
        Route::post("/api/samples/{id}/streams/given", DECIDE, "分派核查处置", "sampling.give", give),
        Route::post("/api/samples/{id}/streams/files", SERVE, "提交核查处置附件", "sampling.attach", attach),
        Route::get("/api/samples/{id}/streams/files/{file}", READ, "核查处置附件", file),
        Route::post("/api/samples/{id}/told", SERVE, "登记结论已报送、通报", "sampling.told", told),
        Route::post("/api/samples/{id}/letters/answer", SERVE, "协查机关复函", "sampling.answer", answer),
    ]
}

async fn streams(_: Cx, _: Ask) -> Result<Json<StreamForms>> {
    stream_forms().cloned().map(Json)
}

async fn given(cx: Cx, _: Ask) -> Result<Json<Vec<GivenSample>>> {
    cx.read(|tx, cx| sides::given_to(tx, &cx.who)).await.map(Json)
}

async fn fill(cx: Cx, ask: Ask<IdPath, (), Json<NewStream>>) -> Result<Json<Sample>> {
    cx.act(move |act| sides::fill(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn review(cx: Cx, ask: Ask<IdPath, (), Json<Review>>) -> Result<Json<Sample>> {
    cx.act(move |act| sides::review(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn give(cx: Cx, ask: Ask<IdPath, (), Json<NewGiven>>) -> Result<Json<Sample>> {
    cx.act(move |act| sides::give(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn attach(cx: Cx, ask: Ask<IdPath, Attached, Raw>) -> Result<Json<StreamFile>> {
    let (path, new) = (ask.path, ask.query);
    // who may not is refused before a byte is kept
    let (id, wanted) = (path.id.clone(), new.clone());
    cx.read(move |tx, cx| sides::may_attach(tx, &cx.who, &id, &wanted).map(drop)).await?;
    let kept = kit_uploads::given(&cx, ask.body, new.upload.as_deref(), sides::LARGEST).await?.kept;
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || files.look(kept, &sides::TAKES)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| sides::attach(act, &path.id, &new, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: String,
    file: String,
}

async fn file(cx: Cx, ask: Ask<FilePath>) -> Result<Download> {
    let found = cx.read(move |tx, cx| sides::attached(tx, &cx.who, &ask.path.id, &ask.path.file)).await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = kind_of(&found.media);
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

async fn told(cx: Cx, ask: Ask<IdPath, (), Json<ToldDuty>>) -> Result<Json<Sample>> {
    cx.act(move |act| duties::tell(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn answer(cx: Cx, ask: Ask<IdPath, (), Json<Answer>>) -> Result<Json<Sample>> {
    cx.act(move |act| letters::answer(act, &ask.path.id, &ask.body.0)).await.map(Json)
}
