//! Draws of places, foods and people for tasks.

use kit_base::Result;
use kit_draw::DrawFile;
use kit_draw::store::{Draw, DrawQuery};
use kit_web::{Access, Ask, Cx, Json, Page, Route};

use super::{IdPath, READ};
use crate::actions::draws::{self, ROOM};
use crate::model::{DrawTasks, DrawTasksMade, NewSampleDraw, SampleDrawView};

pub fn routes() -> Vec<Route> {
    const PLAN: Access = Access::Needs("sampling.plan");
    vec![
        Route::get("/api/sample-draws", READ, "抽样的随机抽取", list),
        Route::post("/api/sample-draws", PLAN, "承诺一次抽样的随机抽取", "sampling.draw_new", commit),
        Route::get("/api/sample-draws/{id}", READ, "一次抽样的随机抽取", open),
        Route::post("/api/sample-draws/{id}/run", PLAN, "抽取单位、食品和抽样人员", "sampling.drawn", run),
        Route::post(
            "/api/sample-draws/{id}/tasks",
            PLAN,
            "按抽取结果派发抽样任务",
            "sampling.draw_tasks",
            tasks,
        ),
        Route::get("/api/sample-draws/{id}/file", READ, "一次抽样的随机抽取的复算文件", own_file),
        Route::get("/api/public/sample-draws/{id}", Access::Public, "任何人可以复算的抽样抽取文件", file),
    ]
}

async fn list(cx: Cx, ask: Ask<(), DrawQuery>) -> Result<Json<Page<Draw>>> {
    cx.read(move |tx, cx| kit_draw::store::list(tx, ROOM, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn commit(cx: Cx, ask: Ask<(), (), Json<NewSampleDraw>>) -> Result<Json<Draw>> {
    cx.act(move |act| draws::commit(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<SampleDrawView>> {
    cx.read(move |tx, cx| draws::view(tx, cx, &ask.path.id)).await.map(Json)
}

async fn run(cx: Cx, ask: Ask<IdPath>) -> Result<Json<SampleDrawView>> {
    cx.act(move |act| draws::run(act, &ask.path.id)).await.map(Json)
}

async fn tasks(cx: Cx, ask: Ask<IdPath, (), Json<DrawTasks>>) -> Result<Json<DrawTasksMade>> {
    cx.act(move |act| draws::tasks(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn own_file(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawFile>> {
    cx.read(move |tx, cx| draws::own_file(tx, &cx.who, &ask.path.id)).await.map(Json)
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawFile>> {
    cx.read(move |tx, _| draws::file(tx, &ask.path.id)).await.map(Json)
}
