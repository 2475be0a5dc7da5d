//! Tests and their photos.

use findings::evidence::LARGEST;
use findings::samples::Sampling;
use findings::wilson::share;
use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Raw, Route};
use parties::narrow::Days;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, READ};
use crate::actions::{photos, tests};
use crate::model::{Batch, Figure, FigureQuery, Photo, PhotoTaken, Taken, Test, TestQuery, TestView};
use crate::store;

const RECORD: Access = Access::Needs("rapid.record");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/rapid/tests", READ, "快检记录", list),
        Route::post("/api/rapid/tests", RECORD, "登记快检结果", "rapid.record", record),
        Route::get("/api/rapid/tests/{id}", READ, "一条快检记录", one),
        Route::post("/api/rapid/tests/{id}/photos", RECORD, "快检照片", "rapid.photo", photo),
        Route::get("/api/rapid/tests/{id}/photos/{photo}/file", READ, "快检照片原件", file),
        Route::get("/api/rapid/figures", READ, "快检统计", figures),
    ]
}

async fn record(cx: Cx, ask: Ask<(), (), Json<Batch>>) -> Result<Json<Vec<Taken>>> {
    cx.act(move |act| tests::batch(act, &ask.body.0)).await.map(Json)
}

async fn list(cx: Cx, ask: Ask<(), TestQuery>) -> Result<Json<Page<Test>>> {
    let days = Days::of(ask.query.from.as_deref(), ask.query.to.as_deref())?;
    let read = cx.read(move |tx, cx| {
        let page = store::tests::tests(tx, &cx.who.scope, &ask.query, days)?;
        Ok(Page { items: tests::named(tx, page.items)?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<TestView>> {
    let sampling = cx.house.held::<Sampling>();
    cx.read(move |tx, cx| tests::view(tx, &cx.who, &sampling, &ask.path.id)).await.map(Json)
}

async fn photo(cx: Cx, ask: Ask<IdPath, PhotoTaken, Raw>) -> Result<Json<Photo>> {
    let (id, taken) = (ask.path.id, ask.query);
    // who may not is refused before a byte is kept
    let which = id.clone();
    cx.read(move |tx, cx| photos::may_add(tx, &cx.who, &which).map(drop)).await?;
    let kept = kit_uploads::given(&cx, ask.body, taken.upload.as_deref(), LARGEST).await?.kept;
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || files.look(kept, &photos::TAKES)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| photos::add(act, &id, &taken, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct PhotoPath {
    id: String,
    photo: String,
}

async fn file(cx: Cx, ask: Ask<PhotoPath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这张照片，或不在您的范围内");
    let read = cx.read(move |tx, cx| {
        let test = tests::seen(tx, &cx.who, "rapid.read", &ask.path.id)?;
        store::photos::photo(tx, &test.id, &ask.path.photo)?.ok_or_else(unknown)
    });
    let found = read.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        _ => ("image/jpeg", "jpg"),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

async fn figures(cx: Cx, ask: Ask<(), FigureQuery>) -> Result<Json<Vec<Figure>>> {
    let days = Days::of(ask.query.from.as_deref(), ask.query.to.as_deref())?;
    let read = cx.read(move |tx, cx| {
        let cuts = store::tests::figures(tx, &cx.who.scope, &ask.query, days)?;
        let figure =
            |(key, name, valid, hits, invalid)| Figure { key, name, share: share(hits, valid), invalid };
        Ok(cuts.into_iter().map(figure).collect())
    });
    read.await.map(Json)
}
