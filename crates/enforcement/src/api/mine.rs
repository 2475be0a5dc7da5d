//! Cases against one's own business: what was served, and what it answers.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, evidence};
use crate::actions::{answers, mine};
use crate::model::mine::{MyAct, MyCase, MyCaseView, MyFile, MyGiven};

pub fn routes() -> Vec<Route> {
    const OWN: Access = Access::Needs(mine::OWN);
    vec![
        Route::get("/api/enforcement/mine", OWN, "本单位的案件", list),
        Route::get("/api/enforcement/mine/{id}", OWN, "本单位的一个案件", open),
        Route::post(
            "/api/enforcement/mine/{id}/acts",
            OWN,
            "陈述申辩、要求听证、报告缴款、申请延期缴纳",
            "enforcement.answer",
            answer,
        ),
        Route::post(
            "/api/enforcement/mine/{id}/files",
            OWN,
            "提交随陈述申辩等附送的材料",
            "enforcement.answer_file",
            hand_in,
        ),
        Route::get("/api/enforcement/mine/{id}/files/{file}", OWN, "本单位附送的材料", file),
    ]
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<MyCase>>> {
    cx.read(mine::list).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<MyCaseView>> {
    cx.read(move |tx, cx| mine::view(tx, cx, &ask.path.id)).await.map(Json)
}

async fn answer(cx: Cx, ask: Ask<IdPath, (), Json<MyAct>>) -> Result<Json<MyCaseView>> {
    cx.act(move |act| mine::act(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn hand_in(cx: Cx, ask: Ask<IdPath, MyGiven, Raw>) -> Result<Json<MyFile>> {
    let id = ask.path.id;
    // who may not is refused before a byte is kept
    let of = id.clone();
    cx.read(move |tx, cx| answers::due(tx, cx, &of)).await?;
    let given = kit_uploads::given(&cx, ask.body, ask.query.upload.as_deref(), answers::LARGEST).await?;
    let (files, kept) = (cx.house.files.clone(), given.kept);
    let looked = tokio::task::spawn_blocking(move || files.look(kept, &answers::TAKES)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| answers::add(act, &id, &given.name, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: String,
    file: String,
}

async fn file(cx: Cx, ask: Ask<FilePath>) -> Result<Download> {
    let found = cx.read(move |tx, cx| answers::open(tx, cx, &ask.path.id, &ask.path.file)).await?;
    evidence::download(&cx, &found)
}
