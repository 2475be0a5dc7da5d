//! Yearly plans.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};

use super::IdPath;
use crate::actions::plans;
use crate::jobs::EXPORT;
use crate::model::{NewPlan, Plan, PlanBegun, PlanItem, PlanItemQuery, PlanView};

pub fn routes() -> Vec<Route> {
    let read = Access::Needs("inspection.progress");
    let yearly = Access::Needs("inspection.yearly");
    vec![
        Route::get("/api/inspection-plans", read, "年度监督检查计划", list),
        Route::post("/api/inspection-plans", yearly, "编制年度监督检查计划", "inspection.yearly", begin),
        Route::get("/api/inspection-plans/{id}", read, "年度计划与进度", open),
        Route::get("/api/inspection-plans/{id}/items", read, "年度计划中的主体", items),
        Route::post(
            "/api/inspection-plans/{id}/items/exports",
            read,
            "导出年度计划中的主体",
            "inspection.plan.export",
            export,
        ),
        Route::get("/api/inspection-plans/exports/{id}/file", read, "导出的年度计划", file),
    ]
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<Plan>>> {
    cx.read(|tx, cx| plans::list(tx, &cx.who)).await.map(Json)
}

async fn begin(cx: Cx, ask: Ask<(), (), Json<NewPlan>>) -> Result<Json<PlanBegun>> {
    cx.act(move |act| plans::begin(act, &ask.body.0)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PlanView>> {
    cx.read(move |tx, cx| plans::progress(tx, &cx.who, &ask.path.id)).await.map(Json)
}

async fn items(cx: Cx, ask: Ask<IdPath, PlanItemQuery>) -> Result<Json<Page<PlanItem>>> {
    cx.read(move |tx, cx| plans::items(tx, &cx.who, &ask.path.id, &ask.query, cx.now())).await.map(Json)
}

async fn export(cx: Cx, ask: Ask<IdPath, (), Json<Wanted<PlanItemQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    let job = cx.act(move |act| plans::export(act, &ask.path.id, format, list)).await?;
    Ok(Json(Queued { job }))
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}
