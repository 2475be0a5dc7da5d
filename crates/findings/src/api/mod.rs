//! Routes of findings. What is done to one goes over its case: `/api/cases/{id}/acts`.

mod evidence;
mod exports;

use kit_base::{Error, Result};
use kit_docs::qr::{Level, QUIET, Qr};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use parties::narrow::Days;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::findings::{named, report, seen};
use crate::model::{By, Finding, FindingQuery, NewFinding, Rate};
use crate::store;

const READ: Access = Access::Needs("findings.read");

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/findings", READ, "问题列表", list),
        Route::post("/api/findings", Access::Needs("findings.report"), "登记问题", "findings.report", create),
        Route::get("/api/findings/rates", Access::Needs("findings.rates"), "问题闭环率", rates),
        Route::get("/api/findings/code/{code}", READ, "扫记录上的码找到问题", by_code),
        Route::get("/api/findings/{id}", READ, "问题", open),
        Route::get("/api/findings/{id}/qr.svg", READ, "问题整改码的二维码（SVG）", picture),
    ];
    routes.extend(exports::routes());
    routes.extend(evidence::routes());
    routes
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

async fn list(cx: Cx, ask: Ask<(), FindingQuery>) -> Result<Json<Page<Finding>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::findings::list(tx, &cx.who.scope, &ask.query, cx.now())?;
        Ok(Page { items: named(tx, page.items)?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewFinding>>) -> Result<Json<Finding>> {
    cx.act(move |act| report(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Finding>> {
    cx.read(move |tx, cx| seen(tx, &cx.who, "findings.read", &ask.path.id)).await.map(Json)
}

/// The code on the record, for the phone of the business: signed in there, it answers.
async fn picture(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| seen(tx, &cx.who, "findings.read", &ask.path.id));
    let text = format!("{}/console/findings/code/{}", cx.house.public_url, read.await?.code);
    let svg = Qr::new(&text, Level::Medium)?.svg(QUIET);
    Ok(Download::bytes(svg.into_bytes(), "image/svg+xml", ""))
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

async fn by_code(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Finding>> {
    let read = cx.read(move |tx, cx| {
        let code = ask.path.code.trim().to_uppercase();
        let id = store::findings::id_of_code(tx, &code)?;
        let id = id.ok_or_else(|| Error::not_found("没有这个问题，或不在您的范围内"))?;
        seen(tx, &cx.who, "findings.read", &id)
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct RateQuery {
    /// county, kind, source
    by: Option<String>,
    /// First day found: `2026-01-01`.
    from: Option<String>,
    /// Last day found.
    to: Option<String>,
}

async fn rates(cx: Cx, ask: Ask<(), RateQuery>) -> Result<Json<Vec<Rate>>> {
    let by = By::parse(ask.query.by.as_deref().unwrap_or("county"))?;
    let days = Days::of(ask.query.from.as_deref(), ask.query.to.as_deref())?;
    let (from, to) = (days.from.unwrap_or(0), days.until.unwrap_or(i64::MAX));
    cx.read(move |tx, cx| store::findings::rates(tx, &cx.who.scope, by, from, to)).await.map(Json)
}
