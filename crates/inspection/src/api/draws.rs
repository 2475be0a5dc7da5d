//! 双随机 draws.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IdPath;
use crate::actions::draws;
use crate::model::{Draw, DrawFile, DrawQuery, DrawView, DrawVisits, NewDraw};
use crate::store;

pub fn routes() -> Vec<Route> {
    let draw = Access::Needs("inspection.draw");
    vec![
        Route::get("/api/draws", draw, "双随机抽取", list),
        Route::post("/api/draws", draw, "承诺一次双随机抽取", "inspection.draw", commit),
        Route::get("/api/draws/{id}", draw, "一次双随机抽取", open),
        Route::post("/api/draws/{id}/run", draw, "抽取", "inspection.drawn", run),
        Route::post("/api/draws/{id}/visits", draw, "按抽取结果安排检查", "inspection.draw_visits", plan),
        Route::get("/api/public/draws/{id}", Access::Public, "任何人可以复算的抽取文件", file),
    ]
}

async fn list(cx: Cx, ask: Ask<(), DrawQuery>) -> Result<Json<Page<Draw>>> {
    cx.read(move |tx, cx| store::draws::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn commit(cx: Cx, ask: Ask<(), (), Json<NewDraw>>) -> Result<Json<Draw>> {
    cx.act(move |act| draws::commit(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawView>> {
    cx.read(move |tx, cx| draws::view(tx, cx, &ask.path.id)).await.map(Json)
}

async fn run(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawView>> {
    cx.act(move |act| draws::run(act, &ask.path.id)).await.map(Json)
}

/// By when the visits are due.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DueAsk {
    /// `2026-04-30`
    due: String,
}

async fn plan(cx: Cx, ask: Ask<IdPath, (), Json<DueAsk>>) -> Result<Json<DrawVisits>> {
    let (id, due) = (ask.path.id, ask.body.0.due);
    cx.act(move |act| draws::plan(act, &id, &due)).await.map(Json)
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawFile>> {
    cx.read(move |tx, _| draws::file(tx, &ask.path.id)).await.map(Json)
}
