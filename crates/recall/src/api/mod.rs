//! Routes of recalls. What is done to the case goes over `/api/cases/{id}/acts`.

pub mod drills;
mod followers;
mod holders;
mod open;
mod outside;
mod work;

use kit_base::{Error, Result};
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::actions::{begin, look, named, seen, trace};
use crate::jobs::{EXPORT, ExportInput};
use crate::model::{Detail, NewRecall, Place, Preview, Recall, RecallQuery, TaskQuery, TaskRow};
use crate::store;

const READ: Access = Access::Needs("recall.read");
const BEGIN: Access = Access::Needs("recall.begin");
const SUPERVISE: Access = Access::Needs("recall.supervise");
const VISIT: Access = Access::Needs("recall.visit");

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/recalls", READ, "召回列表", list),
        Route::post("/api/recalls", BEGIN, "发起召回", "recall.begin", create),
        Route::get("/api/recalls/preview", BEGIN, "召回一个批次会涉及多少", preview),
        Route::get("/api/recalls/exports/{id}/file", READ, "导出的召回任务", file),
        Route::get("/api/recalls/{id}", READ, "召回", open),
        Route::get("/api/recalls/{id}/tasks", READ, "召回任务：每个持有单位一条", tasks),
        Route::get("/api/recalls/{id}/places", READ, "持有单位在地图上的位置", places),
        Route::post("/api/recalls/{id}/tasks/exports", READ, "导出召回任务", "recall.export", export),
        Route::post("/api/recalls/{id}/scope", SUPERVISE, "重新查找持有单位", "recall.scope", again),
    ];
    routes.extend(holders::routes());
    routes.extend(outside::routes());
    routes.extend(work::routes());
    routes.extend(followers::routes());
    routes.extend(drills::routes());
    routes.extend(open::routes());
    routes
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

async fn list(cx: Cx, ask: Ask<(), RecallQuery>) -> Result<Json<Page<Recall>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::recalls::list(tx, &cx.who.scope, &ask.query)?;
        let items = page.items.into_iter().map(|r| named(tx, r)).collect::<Result<_>>()?;
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewRecall>>) -> Result<Json<Recall>> {
    cx.act(move |act| begin::begin(act, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct LotQuery {
    lot: i64,
}

/// Of a batch whose producer is within the asker's reach. Errors: `lot_unknown`.
async fn preview(cx: Cx, ask: Ask<(), LotQuery>) -> Result<Json<Preview>> {
    let read = cx.read(move |tx, cx| {
        let found = trace::preview(tx, &cx.house, ask.query.lot)?;
        match cx.who.scope.covers(&found.division, Some(&found.party)) {
            true => Ok(found),
            false => Err(Error::invalid("lot", "lot_unknown", "没有这个批次，或其生产者不在您的范围内")),
        }
    });
    read.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Detail>> {
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.read", &ask.path.id)?;
        look::detail(tx, cx, recall)
    });
    read.await.map(Json)
}

async fn tasks(cx: Cx, ask: Ask<IdPath, TaskQuery>) -> Result<Json<Page<TaskRow>>> {
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.read", &ask.path.id)?;
        store::tasks::list(tx, &recall.id, &ask.query, cx.now())
    });
    read.await.map(Json)
}

async fn places(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Place>>> {
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.read", &ask.path.id)?;
        store::tasks::places(tx, &recall.id, cx.now())
    });
    read.await.map(Json)
}

async fn export(cx: Cx, ask: Ask<IdPath, (), Json<Wanted<TaskQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    let job = cx.act(move |act| {
        let recall = seen(act.tx, act.who(), "recall.read", &ask.path.id)?;
        let input = ExportInput { recall: recall.id.clone(), format, list, actor: act.who().name.clone() };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT.name, &text, "导出召回任务")?;
        act.subject("recall", &recall.id, &recall.division);
        act.note(json!({ "list": input.list, "format": input.format }));
        Ok(job)
    });
    Ok(Json(Queued { job: job.await? }))
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}

async fn again(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Recall>> {
    let done = cx.act(move |act| {
        let mut recall = seen(act.tx, act.who(), "recall.supervise", &ask.path.id)?;
        begin::want(act, &mut recall)?;
        store::recalls::follow(act.tx, &recall)?;
        act.subject("recall", &recall.id, &recall.division);
        Ok(recall)
    });
    done.await.map(Json)
}
