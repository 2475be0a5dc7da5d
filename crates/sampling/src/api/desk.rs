//! Laboratories, limits, plans, published notices.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Raw, Route};

use super::{IdPath, READ};
use crate::actions::{desk, plans, published};
use crate::model::{
    Imported, Lab, LimitQuery, LimitRow, NewLab, NewPlan, NewState, Plan, Progress, PublishedQuery,
    PublishedRow,
};
use crate::store;

const PLAN: Access = Access::Needs("sampling.plan");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/labs", READ, "检验机构", labs),
        Route::get("/api/labs/{id}", READ, "检验机构与资质能力", lab),
        Route::post("/api/labs", Access::Needs("sampling.labs"), "登记检验机构", "sampling.lab", put_lab),
        Route::post(
            "/api/labs/{id}/state",
            Access::Needs("sampling.labs"),
            "检验机构停止或恢复承检",
            "sampling.lab_state",
            lab_state,
        ),
        Route::get("/api/limits", Access::SignedIn, "限量", limits),
        Route::post(
            "/api/limits/import",
            Access::Needs("sampling.limits"),
            "导入限量表",
            "sampling.limits",
            import,
        ),
        Route::get("/api/limits/starting", Access::SignedIn, "起步限量表", starting),
        Route::post(
            "/api/limits/starting",
            Access::Needs("sampling.limits"),
            "导入起步限量表",
            "sampling.limits",
            take_starting,
        ),
        Route::get(
            "/api/limits/files/{id}/rejected",
            Access::Needs("sampling.limits"),
            "未导入的限量行",
            limits_rejected,
        ),
        Route::get("/api/sample-plans", READ, "抽检计划", plan_list),
        Route::post("/api/sample-plans", PLAN, "制定抽检计划", "sampling.plan_new", create),
        Route::get("/api/sample-plans/{id}", READ, "抽检计划的进度", progress),
        Route::get("/api/published-samples", READ, "已导入的公布信息", published_list),
        Route::post(
            "/api/published-samples/import",
            Access::Needs("sampling.import"),
            "导入公布的抽检信息",
            "sampling.import",
            publish,
        ),
        Route::get("/api/published-samples/files/{id}/rejected", READ, "未导入的行", rejected),
    ]
}

async fn labs(cx: Cx, _: Ask) -> Result<Json<Vec<Lab>>> {
    cx.read(|tx, _| store::labs::all(tx)).await.map(Json)
}

async fn lab(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Lab>> {
    let read = cx.read(move |tx, _| {
        store::labs::by_id(tx, &ask.path.id)?.ok_or_else(|| Error::not_found("没有这个检验机构"))
    });
    read.await.map(Json)
}

async fn put_lab(cx: Cx, ask: Ask<(), (), Json<NewLab>>) -> Result<Json<Lab>> {
    cx.act(move |act| desk::put_lab(act, &ask.body.0)).await.map(Json)
}

async fn lab_state(cx: Cx, ask: Ask<IdPath, (), Json<NewState>>) -> Result<Json<Lab>> {
    cx.act(move |act| desk::set_lab_state(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn limits(cx: Cx, ask: Ask<(), LimitQuery>) -> Result<Json<Page<LimitRow>>> {
    cx.read(move |tx, _| store::limits::list(tx, &ask.query)).await.map(Json)
}

async fn import(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<Imported>> {
    let sent = kit_uploads::given(&cx, ask.body, None, 64 << 20).await?;
    let gone = || Error::internal("the table just kept is gone");
    let file = cx.house.files.get(&sent.kept.hash)?.ok_or_else(gone)?;
    cx.act(move |act| desk::import_limits(act, file, &sent.name)).await.map(Json)
}

/// As a file, to be looked at, mended and imported, or taken as it is.
async fn starting(_: Cx, _: Ask) -> Result<Download> {
    let text = format!("\u{feff}{}", desk::STARTING);
    Ok(Download::bytes(text.into_bytes(), "text/csv; charset=utf-8", "起步限量表.csv"))
}

async fn take_starting(cx: Cx, _: Ask) -> Result<Json<Imported>> {
    let table = std::io::Cursor::new(desk::STARTING.as_bytes());
    cx.act(move |act| desk::import_limits(act, table, "起步限量表.csv")).await.map(Json)
}

async fn limits_rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let none = || Error::not_found("没有未导入的行");
    let read = cx.read(move |tx, _| store::readings::file(tx, &ask.path.id)?.ok_or_else(none));
    let (name, hash) = read.await?;
    returned(&cx, &name, &hash)
}

/// Rows that came back, as a file.
pub fn returned(cx: &Cx, name: &str, hash: &str) -> Result<Download> {
    let none = || Error::not_found("没有未导入的行");
    let file = if hash.is_empty() { None } else { cx.house.files.get(hash)? };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(Download::file(file.ok_or_else(none)?, "text/csv; charset=utf-8", format!("{stem}-未导入的行.csv")))
}

async fn plan_list(cx: Cx, _: Ask) -> Result<Json<Vec<Plan>>> {
    cx.read(|tx, cx| store::plans::list(tx, &cx.who.scope)).await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewPlan>>) -> Result<Json<Progress>> {
    cx.act(move |act| desk::create_plan(act, &ask.body.0)).await.map(Json)
}

async fn progress(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Progress>> {
    cx.read(move |tx, cx| plans::seen(tx, &cx.who.scope, &ask.path.id)).await.map(Json)
}

async fn published_list(cx: Cx, ask: Ask<(), PublishedQuery>) -> Result<Json<Page<PublishedRow>>> {
    cx.read(move |tx, cx| store::published::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn publish(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<Imported>> {
    let sent = kit_uploads::given(&cx, ask.body, None, 64 << 20).await?;
    let files = cx.house.files.clone();
    let looked =
        tokio::task::spawn_blocking(move || published::look_all(&files, &sent.kept.hash, &sent.name)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| published::keep_all(act, &looked)).await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let none = || Error::not_found("没有未导入的行，或不在您的范围内");
    let found = cx.read(move |tx, cx| {
        let found = store::published::file(tx, &ask.path.id)?;
        found.filter(|(_, _, division)| cx.who.scope.covers(division, None)).ok_or_else(none)
    });
    let (name, hash, _) = found.await?;
    returned(&cx, &name, &hash)
}
