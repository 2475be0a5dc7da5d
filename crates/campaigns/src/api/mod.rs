//! The room's route table; what the public sees is in [`open`].

mod exports;
mod open;

use kit_base::Result;
use kit_draw::store::Draw;
use kit_web::answer::paging;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::{batches, draw, letters, look, own, plan};
use crate::model::{
    Batch, BatchQuery, Campaign, CampaignDetail, CampaignEnd, CampaignQuery, CampaignTasks,
    CampaignTasksMade, Letter, NewCampaign, PageQuery, Post, Wish,
};
use crate::store;

const READ: Access = Access::Needs("campaigns.read");
const EDIT: Access = Access::Needs("campaigns.edit");
const PUBLISH: Access = Access::Needs("campaigns.publish");

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/campaigns", READ, "你点我检活动", list),
        Route::post("/api/campaigns", EDIT, "策划一次你点我检", "campaigns.new", create),
        Route::get("/api/campaigns/{id}", READ, "一次你点我检", open),
        Route::put("/api/campaigns/{id}", EDIT, "修改未发布的活动", "campaigns.edit", edit),
        Route::post(
            "/api/campaigns/{id}/publish",
            PUBLISH,
            "发布规则、开始征集",
            "campaigns.publish",
            publish,
        ),
        Route::post("/api/campaigns/{id}/close", PUBLISH, "提前截止征集", "campaigns.close", close),
        Route::post("/api/campaigns/{id}/draw", EDIT, "承诺抽样批次的名单与种子", "campaigns.draw", commit),
        Route::post("/api/campaigns/{id}/draw/run", EDIT, "抽取抽样批次", "campaigns.drawn", run),
        Route::post("/api/campaigns/{id}/tasks", EDIT, "派发抽样任务", "campaigns.tasks", tasks),
        Route::post("/api/campaigns/{id}/end", PUBLISH, "结束活动、寄出结果", "campaigns.end", end),
        Route::get("/api/campaigns/{id}/batches", READ, "抽样批次", list_batches),
        Route::get("/api/campaigns/{id}/wishes", READ, "群众写下的心愿", wishes),
        Route::get("/api/campaigns/{id}/letters", READ, "待寄出的结果（号码打码）", list_letters),
        Route::post(
            "/api/campaigns/{id}/letters/take",
            Access::Needs("campaigns.letters"),
            "取走待寄出的结果",
            "campaigns.letters",
            take,
        ),
    ];
    routes.extend(exports::routes());
    routes.extend(open::routes());
    routes
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

async fn list(cx: Cx, ask: Ask<(), CampaignQuery>) -> Result<Json<Page<Campaign>>> {
    cx.read(move |tx, cx| store::campaigns::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewCampaign>>) -> Result<Json<Campaign>> {
    cx.act(move |act| plan::create(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<CampaignDetail>> {
    cx.read(move |tx, cx| look::detail(tx, cx, &ask.path.id)).await.map(Json)
}

async fn edit(cx: Cx, ask: Ask<IdPath, (), Json<NewCampaign>>) -> Result<Json<Campaign>> {
    cx.act(move |act| plan::edit(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn publish(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Campaign>> {
    cx.act(move |act| plan::publish(act, &ask.path.id)).await.map(Json)
}

async fn close(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Campaign>> {
    cx.act(move |act| plan::close(act, &ask.path.id)).await.map(Json)
}

async fn commit(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Draw>> {
    cx.act(move |act| draw::commit(act, &ask.path.id)).await.map(Json)
}

async fn run(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Campaign>> {
    cx.act(move |act| draw::run(act, &ask.path.id)).await.map(Json)
}

async fn tasks(cx: Cx, ask: Ask<IdPath, (), Json<CampaignTasks>>) -> Result<Json<CampaignTasksMade>> {
    cx.act(move |act| batches::tasks(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn end(cx: Cx, ask: Ask<IdPath, (), Json<CampaignEnd>>) -> Result<Json<Campaign>> {
    cx.act(move |act| plan::end(act, &ask.path.id, &ask.body.0.summary)).await.map(Json)
}

async fn list_batches(cx: Cx, ask: Ask<IdPath, BatchQuery>) -> Result<Json<Page<Batch>>> {
    let read = cx.read(move |tx, cx| {
        let of = own(tx, &cx.who, "campaigns.read", &ask.path.id)?;
        store::batches::list(tx, &of.id, &ask.query, false)
    });
    read.await.map(Json)
}

async fn wishes(cx: Cx, ask: Ask<IdPath, PageQuery>) -> Result<Json<Page<Wish>>> {
    let (page, size) = paging(ask.query.page, ask.query.size);
    let read = cx.read(move |tx, cx| {
        let of = own(tx, &cx.who, "campaigns.read", &ask.path.id)?;
        let (items, total) = store::ballots::wishes(tx, &of.id, size, (page - 1) * size)?;
        Ok(Page { items, total, page, size })
    });
    read.await.map(Json)
}

async fn list_letters(cx: Cx, ask: Ask<IdPath, PageQuery>) -> Result<Json<Page<Letter>>> {
    let (page, size) = paging(ask.query.page, ask.query.size);
    let read = cx.read(move |tx, cx| {
        let of = own(tx, &cx.who, "campaigns.read", &ask.path.id)?;
        let (items, total) = store::ballots::letters(tx, &of.id, size, (page - 1) * size)?;
        Ok(Page { items, total, page, size })
    });
    read.await.map(Json)
}

async fn take(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Post>>> {
    cx.act(move |act| letters::take(act, &ask.path.id)).await.map(Json)
}
