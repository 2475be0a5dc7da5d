//! Lists, the desk of a laboratory, sheets of plans, the check of a limit.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Page, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, READ};
use crate::actions::{assay, desk, plans, sheets, steps, unknown};
use crate::jobs::{EXPORT, EXPORT_LIMITS, EXPORT_PUBLISHED};
use crate::model::{
    Assay, AssayQuery, Assign, Choice, Desk, LabSheet, LimitQuery, LimitRow, ListQuery, NewCheck,
    PublishedQuery, QuotaSheet, ResultSheet, SampleRow, Steps,
};
use crate::store::samples::by_blind;
use crate::store::{labs, limits, listing};

const PLAN: Access = Access::Needs("sampling.plan");
const LABS: Access = Access::Needs("sampling.labs");
const LAB: Access = Access::Needs("sampling.lab");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/samples", READ, "样品列表", list),
        Route::post("/api/samples/exports", READ, "导出样品列表", "sampling.export", export),
        Route::get("/api/samples/exports/{id}/file", READ, "导出的样品列表", exported),
        Route::post(
            "/api/limits/exports",
            Access::SignedIn,
            "导出限量表",
            "sampling.export_limits",
            limits_export,
        ),
        Route::get("/api/limits/exports/{id}/file", Access::SignedIn, "导出的限量表", limits_exported),
        Route::post(
            "/api/published-samples/exports",
            READ,
            "导出公布信息",
            "sampling.export_published",
            published_export,
        ),
        Route::get("/api/published-samples/exports/{id}/file", READ, "导出的公布信息", published_exported),
        Route::get("/api/samples/samplers", PLAN, "可派的抽样人员", samplers),
        Route::get("/api/sample-plans/template", PLAN, "抽检计划模板", template),
        Route::ask("/api/sample-plans/sheet", PLAN, "读入抽检计划表格", sheet),
        Route::get("/api/sample-plans/{id}/sheet", READ, "抽检计划与进度表格", written),
        Route::get("/api/assays", LAB, "本机构的盲样", assays),
        Route::get("/api/assays/desk", LAB, "本机构待办的盲样", waiting),
        Route::ask(
            "/api/assays/{blind}/results/read",
            Access::Needs("sampling.test"),
            "读入检验结果表格",
            results,
        ),
        Route::get("/api/labs/template", LABS, "检验能力模板", lab_template),
        Route::ask("/api/labs/sheet", LABS, "读入检验能力表格", lab_sheet),
        Route::get("/api/assays/{blind}/steps", LAB, "盲样各环节由谁办理", of_assay),
        Route::post("/api/assays/{blind}/assign", LAB, "指派检验人员", "sampling.assign", assign),
        Route::post(
            "/api/limits/{id}/check",
            Access::Needs("sampling.limits_check"),
            "核验限量",
            "sampling.limit_check",
            check,
        ),
    ]
}

async fn list(cx: Cx, ask: Ask<(), ListQuery>) -> Result<Json<Page<SampleRow>>> {
    cx.read(move |tx, cx| listing::list(tx, &cx.who.scope, &ask.query, cx.now())).await.map(Json)
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<ListQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT.name, "导出样品", ask.body.0).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}

async fn limits_export(cx: Cx, ask: Ask<(), (), Json<Wanted<LimitQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT_LIMITS.name, "导出限量表", ask.body.0).await
}

async fn limits_exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT_LIMITS.name).await
}

async fn published_export(cx: Cx, ask: Ask<(), (), Json<Wanted<PublishedQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT_PUBLISHED.name, "导出公布信息", ask.body.0).await
}

async fn published_exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT_PUBLISHED.name).await
}

#[derive(Deserialize, JsonSchema)]
struct SamplerQuery {
    division: String,
    lab: Option<String>,
}

async fn samplers(cx: Cx, ask: Ask<(), SamplerQuery>) -> Result<Json<Vec<Choice>>> {
    let read = cx.read(move |tx, cx| {
        let (division, lab) = (&ask.query.division, ask.query.lab.as_deref().unwrap_or(""));
        match cx.who.scope.covers(division, None) {
            true => steps::samplers(tx, division, lab, cx.now()),
            false => Err(Error::forbidden("out_of_scope", "不在您的辖区范围内")),
        }
    });
    read.await.map(Json)
}

async fn template(_: Cx, _: Ask) -> Result<Download> {
    http::template(&sheets::plan_table(), false)
}

async fn lab_template(_: Cx, _: Ask) -> Result<Download> {
    http::template(&sheets::lab_table(), false)
}

/// Reads a sheet that came as the body, beside the requests of others.
async fn looked<T: Send + 'static>(
    cx: &Cx,
    body: Raw,
    name: &str,
    read: impl FnOnce(std::fs::File) -> Result<T> + Send + 'static,
) -> Result<Json<T>> {
    let sent = http::received(cx, body, None, name).await?;
    let file = cx.house.files.get(&sent.file)?;
    let file = file.ok_or_else(|| Error::internal("the sheet just kept is gone"))?;
    tokio::task::spawn_blocking(move || read(file)).await.map_err(Error::internal)?.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct SheetQuery {
    /// Whose plan it is to be; cells lie within.
    division: String,
}

async fn sheet(cx: Cx, ask: Ask<(), SheetQuery, Raw>) -> Result<Json<QuotaSheet>> {
    let division = ask.query.division;
    looked(&cx, ask.body, "抽检计划", move |file| sheets::plan(file, &division)).await
}

async fn lab_sheet(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<LabSheet>> {
    looked(&cx, ask.body, "检验能力", sheets::lab).await
}

async fn results(cx: Cx, ask: Ask<BlindPath, (), Raw>) -> Result<Json<ResultSheet>> {
    let blind = ask.path.blind;
    let lab = cx.read(move |tx, cx| {
        let own = cx.who.scope_for("sampling.lab");
        let sample = by_blind(tx, &blind)?.filter(|s| assay::is_of(&own, s)).ok_or_else(unknown)?;
        // the laboratory that rechecks enters by its own abilities
        let id = if own.covers("", Some(&sample.lab)) { sample.lab } else { sample.recheck_lab };
        labs::by_id(tx, &id)?.ok_or_else(unknown)
    });
    let lab = lab.await?;
    looked(&cx, ask.body, "检验结果", move |file| sheets::results(file, &lab)).await
}

async fn written(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let found = cx.read(move |tx, cx| plans::seen(tx, &cx.who.scope, &ask.path.id)).await?;
    let name = format!("{}.xlsx", found.plan.name);
    Ok(Download::bytes(sheets::written(&found)?, kit_sheets::XLSX, name))
}

async fn assays(cx: Cx, ask: Ask<(), AssayQuery>) -> Result<Json<Page<Assay>>> {
    let read = cx.read(move |tx, cx| {
        let Scope::Businesses(own) = &cx.who.scope else { return Err(unknown()) };
        let page = listing::of_labs(tx, own, &cx.who.user, &ask.query)?;
        let mut items = Vec::with_capacity(page.items.len());
        for blind in &page.items {
            let sample = by_blind(tx, blind)?.ok_or_else(unknown)?;
            items.push(assay::view(tx, &cx.who.scope, sample)?);
        }
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn waiting(cx: Cx, _: Ask) -> Result<Json<Desk>> {
    let read = cx.read(|tx, cx| match &cx.who.scope {
        Scope::Businesses(own) => steps::desk(tx, own),
        Scope::Divisions(_) => Err(unknown()),
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct BlindPath {
    blind: String,
}

async fn of_assay(cx: Cx, ask: Ask<BlindPath>) -> Result<Json<Steps>> {
    cx.read(move |tx, cx| steps::of(tx, cx, &ask.path.blind)).await.map(Json)
}

async fn assign(cx: Cx, ask: Ask<BlindPath, (), Json<Assign>>) -> Result<NoContent> {
    cx.act(move |act| steps::assign(act, &ask.path.blind, &ask.body.0)).await.map(|()| NoContent)
}

async fn check(cx: Cx, ask: Ask<IdPath, (), Json<NewCheck>>) -> Result<Json<LimitRow>> {
    let acted = cx.act(move |act| {
        desk::check_limit(act, &ask.path.id, &ask.body.0)?;
        limits::by_id(act.tx, &ask.path.id)?.ok_or_else(|| Error::internal("the limit just checked is gone"))
    });
    acted.await.map(Json)
}
