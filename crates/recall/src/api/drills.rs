//! Drills: run by hand, by night, and their figures.

use std::sync::Arc;

use kit_base::Result;
use kit_web::answer::paging;
use kit_web::{Access, Actor, Ask, Cx, House, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::drill;
use crate::model::{Drill, DrillFigures, NewDrill};
use crate::rules::setting;
use crate::store::drills as store;

const DRILL: Access = Access::Needs("recall.drill");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/recall-drills", DRILL, "模拟召回列表", list),
        Route::post("/api/recall-drills", DRILL, "进行一次模拟召回", "recall.drill", run),
        Route::get("/api/recall-drills/figures", Access::Public, "模拟召回的公开指标", figures),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct PageQuery {
    page: Option<i64>,
    size: Option<i64>,
}

async fn list(cx: Cx, ask: Ask<(), PageQuery>) -> Result<Json<Page<Drill>>> {
    let (page, size) = paging(ask.query.page, ask.query.size);
    let read = cx.read(move |tx, _| {
        let items = store::latest(tx, size, (page - 1) * size)?;
        Ok(Page { items, total: store::count(tx)?, page, size })
    });
    read.await.map(Json)
}

async fn run(cx: Cx, ask: Ask<(), (), Json<NewDrill>>) -> Result<Json<Drill>> {
    let seed: [u8; 32] = cx.house.ids.bytes();
    let (lot, seed) = match ask.body.0.lot {
        Some(lot) => (lot, String::new()),
        None => (drill::drawn(&cx.house, &seed)?, hex::encode(seed)),
    };
    let found = cx.read(move |tx, cx| drill::run(tx, &cx.house, lot, &seed)).await?;
    cx.act(move |act| drill::keep(act, found, "hand")).await.map(Json)
}

async fn figures(cx: Cx, _: Ask) -> Result<Json<DrillFigures>> {
    cx.read(move |tx, cx| drill::figures(tx, cx.now())).await.map(Json)
}

/// The drills of a night.
pub fn nightly(house: &House) -> Result<usize> {
    let many = setting("night_lots")?;
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("系统"), "recall.drill");
    let mut done = 0;
    for _ in 0..many {
        let seed: [u8; 32] = house.ids.bytes();
        let lot = match drill::drawn(house, &seed) {
            Ok(lot) => lot,
            // a house without a lot has nothing to drill on
            Err(e) if e.code == "no_lots" => return Ok(done),
            Err(e) => return Err(e),
        };
        let found = house.db.read_blocking(|tx| drill::run(tx, house, lot, &hex::encode(seed)))?;
        cx.act_blocking(move |act| drill::keep(act, found, "nightly"))?;
        done += 1;
    }
    Ok(done)
}
