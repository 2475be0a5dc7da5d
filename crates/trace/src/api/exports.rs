//! Lists as files: an export is a job, its file is fetched when it is done.

use kit_base::{Error, Result};
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_sheets::out::Format;
use kit_web::{Access, Act, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::jobs::export::{ExportInput, List};
use crate::store::lists::{EventQuery, Ledger, LotQuery, ProductQuery};

const READ: Access = Access::Needs("trace.read");

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/products/exports", READ, "导出产品", "trace.export", products),
        Route::post("/api/lots/exports", READ, "导出批次", "trace.export", lots),
        Route::post("/api/events/exports", READ, "导出流转记录", "trace.export", events),
        Route::post("/api/ledgers/purchases/exports", READ, "导出进货查验台账", "trace.export", purchases),
        Route::post("/api/ledgers/sales/exports", READ, "导出销售台账", "trace.export", sales),
        Route::get("/api/trace-exports/{id}/file", READ, "下载导出的文件", file),
    ]
}

async fn enqueue(cx: Cx, list: List, format: Format) -> Result<Json<Queued>> {
    let queue = move |act: &mut Act| {
        let who = act.who();
        let (scope, actor) = (who.scope.clone(), who.name.clone());
        let title = format!("导出{}", list.title());
        let input = ExportInput { list, format, scope, actor };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue("trace.export", &text, &title)?;
        act.subject("job", &job, "");
        act.note(json!({ "list": input.list, "format": input.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

async fn products(cx: Cx, ask: Ask<(), (), Json<Wanted<ProductQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Products(list), format).await
}

async fn lots(cx: Cx, ask: Ask<(), (), Json<Wanted<LotQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Lots(list), format).await
}

async fn events(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::All, list), format).await
}

async fn purchases(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::Purchases, list), format).await
}

async fn sales(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::Sales, list), format).await
}

#[derive(Deserialize, JsonSchema)]
struct JobPath {
    id: String,
}

async fn file(cx: Cx, ask: Ask<JobPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, "trace.export").await
}
