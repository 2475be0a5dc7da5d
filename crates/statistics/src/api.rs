//! The room's route table.

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_flow::Flows;
use kit_flow::flows::Pinned;
use kit_sheets::XLSX;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_sheets::out::Exported;
use kit_web::{Access, Act, Ask, Cx, Download, Json, Page, Route, answer::paging};
use parties::asked;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::actions::{ask, behind, count, place, sheet};
use crate::jobs::{EXPORT, ExportInput};
use crate::model::{
    BehindQuery, BehindRow, KindName, NewReport, Query, Report, ReportQuery, ReportView, Statistics,
    Subscribe, Subscribed, TemplateView,
};

const READ: &str = "statistics.read";
const NEEDS: Access = Access::Needs(READ);
const REPORTS: Access = Access::Needs("reports.read");
const PDF: &str = "application/pdf";

pub fn routes() -> Vec<Route> {
    let make = Access::Needs("reports.make");
    vec![
        Route::get("/api/statistics", NEEDS, "统计分析", open),
        Route::get("/api/statistics/file", NEEDS, "统计分析表格", file),
        Route::get("/api/statistics/kinds", NEEDS, "案卷的类别", kinds),
        Route::get("/api/statistics/cases", NEEDS, "统计数字背后的案卷", cases),
        Route::post(
            "/api/statistics/cases/exports",
            NEEDS,
            "导出统计数字背后的案卷",
            "statistics.export",
            export,
        ),
        Route::get("/api/statistics/cases/exports/{id}/file", NEEDS, "导出的案卷", export_file),
        Route::get("/api/reports", REPORTS, "统计报表", list),
        Route::get("/api/reports/templates", REPORTS, "报表样式与订阅", templates),
        Route::post("/api/reports", make, "生成统计报表", "reports.make", begin),
        Route::post("/api/reports/subscribe", REPORTS, "订阅统计报表", "reports.subscribe", subscribe),
        Route::get("/api/reports/{id}", REPORTS, "一份统计报表", view),
        Route::get("/api/reports/{id}/xlsx", REPORTS, "统计报表表格", xlsx),
        Route::get("/api/reports/{id}/pdf", REPORTS, "统计报表 PDF", pdf),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

fn made(tx: &mut kit_db::Tx, cx: &Cx, q: &Query) -> Result<Statistics> {
    let scope = cx.who.scope_for(READ);
    let division = asked::division(q.division.as_deref(), &scope)?;
    let period = place::period(q.from.as_deref(), q.to.as_deref(), cx.now())?;
    let mut made = count::made(tx, &cx.house, &division, period, cx.now())?;
    let above = asked::above(&division);
    if above != division && scope.covers(above, None) {
        above.clone_into(&mut made.above);
    }
    let flows = cx.house.held::<Flows>();
    for k in &mut made.kinds {
        k.readable = flows.latest(&k.kind).is_ok_and(|p| cx.who.may(&p.definition.read));
    }
    Ok(made)
}

async fn open(cx: Cx, ask: Ask<(), Query>) -> Result<Json<Statistics>> {
    cx.read(move |tx, cx| made(tx, cx, &ask.query)).await.map(Json)
}

/// The same as a sheet.
async fn file(cx: Cx, ask: Ask<(), Query>) -> Result<Download> {
    let found = cx.read(move |tx, cx| made(tx, cx, &ask.query)).await?;
    let (house, actor) = (cx.house.clone(), cx.who.name.clone());
    let left = tokio::task::spawn_blocking(move || sheet::places(&house, &actor, &found)).await;
    let left: Exported = serde_json::from_str(&left.map_err(Error::internal)??).map_err(Error::internal)?;
    kept(&cx, &left.file, XLSX, left.file_name)
}

/// Kinds of case, and which of them the asker may see.
async fn kinds(cx: Cx, _: Ask) -> Result<Json<Vec<KindName>>> {
    let flows = cx.house.held::<Flows>();
    let kind = |k: &Arc<Pinned>| KindName {
        kind: k.definition.kind.clone(),
        name: k.definition.name.clone(),
        readable: cx.who.may(&k.definition.read),
    };
    Ok(Json(flows.kinds().map(kind).collect()))
}

/// The cases behind a figure, of the kinds that the asker may see.
async fn cases(cx: Cx, ask: Ask<(), BehindQuery>) -> Result<Json<Page<BehindRow>>> {
    let read = cx.read(move |tx, cx| {
        let wanted = behind::wanted(&cx.who, &cx.house, &ask.query, cx.now())?;
        behind::page(tx, &cx.house, &wanted, paging(ask.query.page, ask.query.size))
    });
    read.await.map(Json)
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<BehindQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    let queue = move |act: &mut Act| {
        let wanted = behind::wanted(act.who(), &act.cx.house, &list, act.now)?;
        let input = ExportInput { format, wanted, actor: act.who().name.clone() };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT, &text, "导出案卷")?;
        act.subject("job", &job, "");
        act.note(json!({ "list": input.wanted, "format": input.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

async fn export_file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT).await
}

async fn list(cx: Cx, ask: Ask<(), ReportQuery>) -> Result<Json<Page<Report>>> {
    cx.read(move |tx, cx| ask::list(tx, &cx.house, &cx.who.scope_for("reports.read"), &ask.query))
        .await
        .map(Json)
}

async fn templates(cx: Cx, _: Ask) -> Result<Json<Vec<TemplateView>>> {
    cx.read(|tx, cx| ask::kinds(tx, &cx.house, &cx.who.user, cx.now())).await.map(Json)
}

async fn begin(cx: Cx, ask: Ask<(), (), Json<NewReport>>) -> Result<Json<Report>> {
    cx.act(move |act| ask::begin(act, &ask.body.0)).await.map(Json)
}

async fn subscribe(cx: Cx, ask: Ask<(), (), Json<Subscribe>>) -> Result<Json<Subscribed>> {
    cx.act(move |act| ask::subscribe(act, &ask.body.0)).await.map(Json)
}

async fn view(cx: Cx, ask: Ask<IdPath>) -> Result<Json<ReportView>> {
    let read = cx.read(move |tx, cx| {
        ask::view(tx, &cx.house, &cx.who.scope_for("reports.read"), &cx.who.user, &ask.path.id)
    });
    read.await.map(Json)
}

async fn xlsx(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let r = found(&cx, ask.path.id).await?;
    kept(&cx, &r.xlsx, XLSX, format!("{} {} {}.xlsx", r.place, r.name, r.period))
}

async fn pdf(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let r = found(&cx, ask.path.id).await?;
    kept(&cx, &r.pdf, PDF, format!("{} {} {}.pdf", r.place, r.name, r.period))
}

async fn found(cx: &Cx, id: String) -> Result<Report> {
    cx.read(move |tx, cx| ask::one(tx, &cx.house, &cx.who.scope_for("reports.read"), &id)).await
}

/// A kept file. Errors: `file_missing` where it was not made.
fn kept(cx: &Cx, hash: &str, media: &'static str, name: String) -> Result<Download> {
    if hash.is_empty() {
        return Err(Error::conflict("file_missing", "这份报表还没有这种文件，原因见报表页"));
    }
    let file = cx.house.files.get(hash)?;
    let file = file.ok_or_else(|| Error::internal("a kept file is gone"))?;
    Ok(Download::file(file, media, name))
}
