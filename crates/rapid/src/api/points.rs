//! Points, their devices and what these send.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, OPEN, READ};
use crate::actions::devices::{LARGEST, receive};
use crate::actions::points;
use crate::line::{Line, LineView};
use crate::model::{Device, NewDevice, NewPoint, Point, PointView, RefusedMessage, Registered, Taken};
use crate::store;

const SET_UP: Access = Access::Needs("rapid.points");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/rapid/mine", READ, "快检是否与本单位有关", mine),
        Route::get("/api/rapid/points", READ, "快检点", all_points),
        Route::post("/api/rapid/points", SET_UP, "设立快检点", "rapid.point", add_point),
        Route::get("/api/rapid/points/{id}", READ, "一个快检点", one_point),
        Route::get("/api/rapid/points/{id}/devices", READ, "快检设备", devices),
        Route::post("/api/rapid/points/{id}/devices", SET_UP, "登记快检设备", "rapid.device", register),
        Route::delete("/api/rapid/devices/{id}", SET_UP, "注销快检设备", "rapid.device_end", withdraw),
        Route::get("/api/rapid/line", READ, "设备消息的连接（MQTT）", line),
        Route::post(
            "/api/rapid/messages/{point}/{device}",
            OPEN,
            "快检设备上报（签名）",
            "rapid.message",
            message,
        ),
        Route::get("/api/rapid/refused", READ, "未收下的设备消息", refused),
    ]
}

/// For the menu.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RapidMine")]
struct Mine {
    /// The asker's bureau supervises them, or its business tests, has a point, or was tested.
    concerned: bool,
}

async fn mine(cx: Cx, _: Ask) -> Result<Json<Mine>> {
    cx.read(|tx, cx| Ok(Mine { concerned: points::concerned(tx, &cx.who)? })).await.map(Json)
}

async fn all_points(cx: Cx, _: Ask) -> Result<Json<Vec<Point>>> {
    cx.read(|tx, cx| store::points::points(tx, &cx.who.scope)).await.map(Json)
}

async fn add_point(cx: Cx, ask: Ask<(), (), Json<NewPoint>>) -> Result<Json<Point>> {
    cx.act(move |act| points::create(act, &ask.body.0)).await.map(Json)
}

async fn one_point(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PointView>> {
    let now = cx.now();
    cx.read(move |tx, cx| points::view(tx, &cx.who, &ask.path.id, now)).await.map(Json)
}

async fn line(cx: Cx, _: Ask) -> Result<Json<LineView>> {
    let mut view = cx.house.held::<Line>().view();
    // where the broker stands is nobody's business outside of the bureau
    if matches!(cx.who.scope, Scope::Businesses(_)) {
        view.broker.clear();
        if !view.error.is_empty() {
            view.error = "没有连上消息代理".into();
        }
    }
    Ok(Json(view))
}

async fn devices(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Device>>> {
    let read = cx.read(move |tx, cx| {
        let point = points::seen(tx, &cx.who, "rapid.read", &ask.path.id)?;
        store::points::devices(tx, &point.id)
    });
    read.await.map(Json)
}

async fn register(cx: Cx, ask: Ask<IdPath, (), Json<NewDevice>>) -> Result<Json<Registered>> {
    cx.act(move |act| points::register(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn withdraw(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| points::withdraw(act, &ask.path.id)).await.map(|()| NoContent)
}

#[derive(Deserialize, JsonSchema)]
struct From {
    point: String,
    device: String,
}

/// No account: who speaks is shown by the signature. What is refused is kept, and answered with nothing taken.
async fn message(cx: Cx, ask: Ask<From, (), Raw>) -> Result<Json<Vec<Taken>>> {
    let bytes = ask.body.bytes(LARGEST).await?;
    let From { point, device } = ask.path;
    cx.act(move |act| receive(act, &point, &device, &bytes)).await.map(Json)
}

async fn refused(cx: Cx, _: Ask) -> Result<Json<Vec<RefusedMessage>>> {
    cx.read(|tx, cx| store::points::refused(tx, &cx.who.scope)).await.map(Json)
}
