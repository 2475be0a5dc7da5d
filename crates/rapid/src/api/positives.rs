//! Positives and their course. What is done to one beyond these goes over `/api/cases/{id}/acts`.

use findings::samples::{Order, Sampling};
use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Page, Route};

use super::{IdPath, READ};
use crate::actions::positives;
use crate::model::{Positive, PositiveQuery, PositiveView};
use crate::store;

pub fn routes() -> Vec<Route> {
    const HANDLE: Access = Access::Needs("rapid.handle");
    vec![
        Route::get("/api/rapid/positives", READ, "快检阳性", list_positives),
        Route::get("/api/rapid/positives/{id}", READ, "一条快检阳性", one),
        Route::post("/api/rapid/positives/{id}/sample", HANDLE, "送法定检验", "rapid.sample", order),
    ]
}

async fn list_positives(cx: Cx, ask: Ask<(), PositiveQuery>) -> Result<Json<Page<Positive>>> {
    let read = cx.read(move |tx, cx| {
        let mut page = store::positives::positives(tx, &cx.who.scope, &ask.query)?;
        for p in &mut page.items {
            p.party_name = parties::brief(tx, &p.party)?.map(|b| b.name).unwrap_or_default();
            p.point_name = store::points::point(tx, &p.point)?.map(|o| o.name).unwrap_or_default();
        }
        Ok(page)
    });
    read.await.map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PositiveView>> {
    let sampling = cx.house.held::<Sampling>();
    let read = cx.read(move |tx, cx| {
        let positive = positives::seen(tx, &cx.who, "rapid.read", &ask.path.id)?;
        positives::view(tx, &sampling, positive)
    });
    read.await.map(Json)
}

async fn order(cx: Cx, ask: Ask<IdPath, (), Json<Order>>) -> Result<Json<PositiveView>> {
    cx.act(move |act| positives::order(act, &ask.path.id, &ask.body.0)).await.map(Json)
}
