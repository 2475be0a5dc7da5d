//! Platforms that the feed is pushed to.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Route};

use super::risk::IdPath;
use crate::actions::platforms;
use crate::model::platforms::{Delivery, NewPlatform, Platform, Switch};

pub fn routes() -> Vec<Route> {
    const LIST: Access = Access::Needs("credit.list");
    const KEEP: Access = Access::Needs("credit.platforms");
    let one = "/api/credit/platforms/{id}";
    vec![
        Route::get("/api/credit/platforms", LIST, "推送平台", list),
        Route::post("/api/credit/platforms", KEEP, "登记推送平台", "credit.platform", add),
        Route::delete(one, KEEP, "删除推送平台", "credit.platform_drop", remove),
        Route::get("/api/credit/platforms/{id}/deliveries", LIST, "推送记录", deliveries),
        Route::post(
            "/api/credit/platforms/{id}/switch",
            KEEP,
            "恢复或暂停推送",
            "credit.platform_switch",
            switch,
        ),
    ]
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<Platform>>> {
    cx.read(|tx, cx| platforms::list(tx, &cx.who)).await.map(Json)
}

async fn add(cx: Cx, ask: Ask<(), (), Json<NewPlatform>>) -> Result<Json<Platform>> {
    cx.act(move |act| platforms::add(act, &ask.body.0)).await.map(Json)
}

async fn remove(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| platforms::remove(act, &ask.path.id)).await.map(|()| NoContent)
}

async fn deliveries(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Delivery>>> {
    cx.read(move |tx, cx| platforms::deliveries(tx, &cx.who, &ask.path.id)).await.map(Json)
}

async fn switch(cx: Cx, ask: Ask<IdPath, (), Json<Switch>>) -> Result<Json<Platform>> {
    cx.act(move |act| platforms::switch(act, &ask.path.id, ask.body.0.active)).await.map(Json)
}
