//! Routes of enforcement. What is done to a case goes over the flow kit: `/api/cases/{id}/acts`.

mod evidence;
mod mine;
mod penalties;

use kit_base::{Error, Result};
use kit_docs::pdf;
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::cases::{begin, named, seen};
use crate::actions::certificate::{self, Certificate};
use crate::model::{CaseQuery, EnforcementCase, NewCase};
use crate::store;

const READ: Access = Access::Needs("enforcement.read");
const HANDLE: Access = Access::Needs("enforcement.handle");

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/enforcement/cases", READ, "案件列表", list),
        Route::post("/api/enforcement/cases", HANDLE, "登记案件线索", "enforcement.begin", create),
        Route::get("/api/enforcement/cases/{id}", READ, "案件", open),
        Route::get("/api/enforcement/cases/{id}/certificate", READ, "办案程序证明", proof),
        Route::get("/api/enforcement/cases/{id}/certificate.pdf", READ, "办案程序证明（PDF）", proof_pdf),
    ];
    routes.extend(evidence::routes());
    routes.extend(mine::routes());
    routes.extend(penalties::routes());
    routes
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

async fn list(cx: Cx, ask: Ask<(), CaseQuery>) -> Result<Json<Page<EnforcementCase>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::cases::list(tx, &cx.who.scope, &ask.query)?;
        Ok(Page { items: named(tx, page.items)?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewCase>>) -> Result<Json<EnforcementCase>> {
    cx.act(move |act| begin(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<EnforcementCase>> {
    cx.read(move |tx, cx| seen(tx, &cx.who, "enforcement.read", &ask.path.id)).await.map(Json)
}

async fn proof(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Certificate>> {
    cx.read(move |tx, cx| certificate::certificate(tx, cx, &ask.path.id).map(|c| c.0)).await.map(Json)
}

async fn proof_pdf(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| {
        let (made, case) = certificate::certificate(tx, cx, &ask.path.id)?;
        let county = kit_flow::store::projection::county(&case.state.opened.division).to_owned();
        let organ = accounts::in_charge(tx, &county)?.map(|b| b.name).unwrap_or_default();
        Ok((made, organ, kit_base::clock::china_day(case.state.updated_at).to_string()))
    });
    let (made, organ, day) = read.await?;
    let address = format!("{}/console/enforcement/{}", cx.house.public_url, made.case);
    let name = format!("程序证明-{}.pdf", made.number);
    let paper = certificate::paper(&made, &organ, &address, &day);
    let set = tokio::task::spawn_blocking(move || pdf::official(&paper));
    Ok(Download::bytes(set.await.map_err(Error::internal)??, "application/pdf", name))
}
