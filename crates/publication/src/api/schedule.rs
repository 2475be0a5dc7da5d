//! The schedule of what is shown, for officers.

use kit_base::Result;
use kit_base::clock::china_day;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::schedule;
use crate::model::{Item, ItemQuery};
use crate::{rules, store};

pub fn routes() -> Vec<Route> {
    const WRITE: Access = Access::Needs("publication.schedule");
    const READ: Access = Access::Needs("publication.read");
    vec![
        Route::get("/api/publication/schedule", READ, "公示安排", list),
        Route::get("/api/publication/terms", READ, "公示种类、期限与依据", terms),
        Route::post("/api/publication/schedule/{id}/hold", WRITE, "暂缓公示", "publication.hold", hold),
        Route::post(
            "/api/publication/schedule/{id}/release",
            WRITE,
            "恢复公示",
            "publication.release",
            release,
        ),
        Route::post(
            "/api/publication/schedule/{id}/withdraw",
            WRITE,
            "撤下公示",
            "publication.withdraw",
            withdraw,
        ),
    ]
}

async fn list(cx: Cx, ask: Ask<(), ItemQuery>) -> Result<Json<Page<Item>>> {
    cx.read(move |tx, cx| store::schedule::list(tx, &cx.who.scope, &ask.query, cx.now())).await.map(Json)
}

async fn terms(cx: Cx, _: Ask) -> Result<Json<Vec<rules::schedule::Term>>> {
    Ok(Json(rules::schedule::terms(&china_day(cx.now()).to_string())))
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    /// 5 to 500 characters
    reason: String,
}

async fn hold(cx: Cx, ask: Ask<IdPath, (), Json<Why>>) -> Result<Json<Item>> {
    cx.act(move |act| schedule::hold(act, &ask.path.id, &ask.body.0.reason)).await.map(Json)
}

async fn release(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Item>> {
    cx.act(move |act| schedule::release(act, &ask.path.id)).await.map(Json)
}

async fn withdraw(cx: Cx, ask: Ask<IdPath, (), Json<Why>>) -> Result<Json<Item>> {
    cx.act(move |act| schedule::withdraw(act, &ask.path.id, &ask.body.0.reason)).await.map(Json)
}
