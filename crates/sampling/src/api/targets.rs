//! Changes of plans, and proposals of targeted sampling.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};

use super::{IdPath, READ};
use crate::actions::{changes, plans, targets};
use crate::jobs::targets as jobs;
use crate::model::Progress;
use crate::model::targets::{DeclineTarget, PlanChange, PlanVersion, TakeTarget, Target, TargetQuery};

const PLAN: Access = Access::Needs("sampling.plan");

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/sample-plans/{id}/changes",
            PLAN,
            "调整抽检计划的指标",
            "sampling.plan_change",
            change,
        ),
        Route::get("/api/sample-plans/{id}/changes", READ, "抽检计划的历次调整", versions),
        Route::get("/api/sample-targets", READ, "靶向抽检建议", list),
        Route::get("/api/sample-targets/{id}", READ, "一条靶向抽检建议", one),
        Route::post("/api/sample-targets/{id}/take", PLAN, "采纳靶向抽检建议", "sampling.target_take", take),
        Route::post(
            "/api/sample-targets/{id}/decline",
            PLAN,
            "不采纳靶向抽检建议",
            "sampling.target_decline",
            decline,
        ),
        Route::post(
            "/api/sample-targets/compute",
            PLAN,
            "重新计算靶向抽检建议",
            "sampling.target_compute",
            compute,
        ),
        Route::post(
            "/api/sample-targets/exports",
            READ,
            "导出靶向抽检建议",
            "sampling.target_export",
            export,
        ),
        Route::get("/api/sample-targets/exports/{id}/file", READ, "导出的靶向抽检建议", exported),
    ]
}

async fn change(cx: Cx, ask: Ask<IdPath, (), Json<PlanChange>>) -> Result<Json<Progress>> {
    cx.act(move |act| changes::change(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn versions(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<PlanVersion>>> {
    let read = cx.read(move |tx, cx| {
        let seen = plans::seen(tx, &cx.who.scope, &ask.path.id)?;
        changes::versions(tx, &seen.plan.id)
    });
    read.await.map(Json)
}

async fn list(cx: Cx, ask: Ask<(), TargetQuery>) -> Result<Json<Page<Target>>> {
    cx.read(move |tx, cx| targets::list(tx, cx, &ask.query)).await.map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Target>> {
    cx.read(move |tx, cx| targets::one(tx, cx, &ask.path.id)).await.map(Json)
}

async fn take(cx: Cx, ask: Ask<IdPath, (), Json<TakeTarget>>) -> Result<Json<Target>> {
    cx.act(move |act| targets::take(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn decline(cx: Cx, ask: Ask<IdPath, (), Json<DeclineTarget>>) -> Result<Json<Target>> {
    cx.act(move |act| targets::decline(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn compute(cx: Cx, _: Ask) -> Result<Json<Queued>> {
    let job = cx
        .act(|act| {
            let job = act.enqueue(jobs::COMPUTE.name, "", "计算靶向抽检建议")?;
            act.subject("job", &job, "");
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<TargetQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, jobs::EXPORT.name, "导出靶向抽检建议", ask.body.0).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, jobs::EXPORT.name).await
}
