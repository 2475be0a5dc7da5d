//! 回避.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::recusals;
use crate::model::{NewRecusal, Recusal, RecusalQuery};

pub fn routes() -> Vec<Route> {
    let plan = Access::Needs("inspection.plan");
    vec![
        Route::get("/api/recusals", plan, "检查人员回避", list),
        Route::post("/api/recusals", plan, "登记回避", "inspection.recuse", note),
        Route::delete("/api/recusals/{officer}/{party}", plan, "撤销回避", "inspection.unrecuse", take_back),
    ]
}

async fn list(cx: Cx, ask: Ask<(), RecusalQuery>) -> Result<Json<Page<Recusal>>> {
    cx.read(move |tx, cx| recusals::list(tx, &cx.who, &ask.query)).await.map(Json)
}

async fn note(cx: Cx, ask: Ask<(), (), Json<NewRecusal>>) -> Result<Json<Recusal>> {
    cx.act(move |act| recusals::note(act, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct RecusalPath {
    /// User id.
    officer: String,
    party: String,
}

async fn take_back(cx: Cx, ask: Ask<RecusalPath>) -> Result<NoContent> {
    let path = ask.path;
    cx.act(move |act| recusals::take_back(act, &path.officer, &path.party)).await.map(|()| NoContent)
}
