//! Lists that applications are checked against, and mandates.

use kit_base::Result;
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::APPLY;
use super::permits::IdPath;
use crate::actions::mandates::{self, NewMandate};
use crate::actions::registers::{self, Imported};
use crate::actions::telling;
use crate::model::{Ban, Mandate, MandateAct};
use crate::store;

/// Largest sheet, bytes.
const LARGEST: usize = 16 << 20;

pub fn routes() -> Vec<Route> {
    let keep = Access::Needs("permits.registers");
    let mandate = Access::Needs("permits.mandate");
    vec![
        Route::get("/api/licensing/bans", keep, "禁业名单", bans),
        Route::post("/api/licensing/bans", keep, "导入禁业名单", "permits.bans", import_bans),
        Route::post(
            "/api/licensing/register",
            keep,
            "导入营业执照登记信息",
            "permits.register",
            import_register,
        ),
        Route::get("/api/licensing/mandates", APPLY, "委托代办", list),
        Route::post("/api/licensing/mandates", mandate, "委托他人代办", "permits.mandate", give),
        Route::get("/api/licensing/mandates/{id}/acts", APPLY, "委托下办理的事", acts),
        Route::delete("/api/licensing/mandates/{id}", mandate, "撤销委托", "permits.mandate_revoke", revoke),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct BanQuery {
    /// Text in the name or the masked number.
    q: Option<String>,
    page: Option<i64>,
    size: Option<i64>,
}

async fn bans(cx: Cx, ask: Ask<(), BanQuery>) -> Result<Json<Page<Ban>>> {
    let q = ask.query;
    let read = cx.read(move |tx: &mut Tx, _| store::registers::bans(tx, q.q.as_deref(), q.page, q.size));
    read.await.map(Json)
}

async fn import_bans(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<Imported>> {
    let name = ask.body.name.clone();
    let bytes = ask.body.bytes(LARGEST).await?;
    cx.act(move |act| registers::import_bans(act, &name, bytes)).await.map(Json)
}

async fn import_register(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<Imported>> {
    let name = ask.body.name.clone();
    let bytes = ask.body.bytes(LARGEST).await?;
    cx.act(move |act| registers::import_register(act, &name, bytes)).await.map(Json)
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<Mandate>>> {
    cx.read(mandates::mine).await.map(Json)
}

async fn acts(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<MandateAct>>> {
    cx.read(move |tx, cx| telling::history_of(tx, cx, &ask.path.id)).await.map(Json)
}

async fn give(cx: Cx, ask: Ask<(), (), Json<NewMandate>>) -> Result<Json<Mandate>> {
    cx.act(move |act| mandates::give(act, &ask.body.0)).await.map(Json)
}

async fn revoke(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| mandates::revoke(act, &ask.path.id)).await?;
    Ok(NoContent)
}
