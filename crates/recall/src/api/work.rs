//! Disposals, call-backs.

use kit_base::Result;
use kit_draw::DrawFile;
use kit_draw::keep::Proof;
use kit_web::{Access, Ask, Cx, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, SUPERVISE, VISIT};
use crate::actions::{business, calls, checks, dispose, look};
use crate::model::{CheckDraw, CheckResult, Disposal, NewDisposal, NewDraw, Watch, Watched};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/recalls/{id}/disposals",
            Access::SignedIn,
            "报告销毁、无害化处理、补救的时间和地点",
            "recall.dispose",
            plan,
        ),
        Route::get("/api/recall-watches", SUPERVISE, "辖区内待见证的处置", watches),
        Route::post("/api/recalls/{id}/disposals/{disposal}", VISIT, "见证处置", "recall.watch", watch),
        Route::post("/api/recalls/{id}/draws", SUPERVISE, "承诺回访抽取的名单与种子", "recall.draw", promise),
        Route::post("/api/recalls/{id}/draws/run", SUPERVISE, "抽取回访单位", "recall.draw_run", draw),
        Route::get(
            "/api/public/recall-draws/{id}",
            Access::Public,
            "任何人可以复算的回访抽取文件",
            draw_file,
        ),
        Route::post("/api/recalls/{id}/checks", SUPERVISE, "登记回访结果", "recall.check", check),
    ]
}

async fn plan(cx: Cx, ask: Ask<IdPath, (), Json<NewDisposal>>) -> Result<Json<Disposal>> {
    let done = cx.act(move |act| {
        let new = &ask.body.0;
        let party = business(act.who(), "recall.hold", new.party.as_deref())?;
        dispose::plan(act, &ask.path.id, &party, new)
    });
    done.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct DisposalPath {
    id: String,
    disposal: String,
}

async fn watches(cx: Cx, _: Ask) -> Result<Json<Vec<Watch>>> {
    cx.read(look::watches).await.map(Json)
}

async fn watch(cx: Cx, ask: Ask<DisposalPath, (), Json<Watched>>) -> Result<NoContent> {
    let done = cx.act(move |act| dispose::watch(act, &ask.path.id, &ask.path.disposal, &ask.body.0));
    done.await.map(|()| NoContent)
}

async fn promise(cx: Cx, ask: Ask<IdPath, (), Json<NewDraw>>) -> Result<Json<Proof>> {
    cx.act(move |act| calls::promise(act, &ask.path.id, ask.body.0.size)).await.map(Json)
}

async fn draw(cx: Cx, ask: Ask<IdPath>) -> Result<Json<CheckDraw>> {
    cx.act(move |act| calls::draw(act, &ask.path.id)).await.map(Json)
}

async fn draw_file(cx: Cx, ask: Ask<IdPath>) -> Result<Json<DrawFile>> {
    cx.read(move |tx, _| calls::file(tx, &ask.path.id)).await.map(Json)
}

async fn check(cx: Cx, ask: Ask<IdPath, (), Json<CheckResult>>) -> Result<NoContent> {
    cx.act(move |act| checks::result(act, &ask.path.id, &ask.body.0)).await.map(|()| NoContent)
}
