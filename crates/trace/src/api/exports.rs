//! Lists as files: an export is a job, its file is fetched when it is done.

use kit_base::{Error, Result};
use kit_sheets::http;
use kit_sheets::out::{Exported, Format};
use kit_web::{Access, Act, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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

/// The list as it is filtered, and in which form it is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted<Q> {
    #[serde(default)]
    format: Format,
    /// The query of the list; left out: all of it.
    list: Option<Q>,
}

/// A job that was put in the queue; follow it at `/api/jobs/{id}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct ExportQueued {
    job: String,
}

async fn enqueue(cx: Cx, list: List, format: Format) -> Result<Json<ExportQueued>> {
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
    Ok(Json(ExportQueued { job: cx.act(queue).await? }))
}

async fn products(cx: Cx, ask: Ask<(), (), Json<Wanted<ProductQuery>>>) -> Result<Json<ExportQueued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Products(list.unwrap_or_default()), format).await
}

async fn lots(cx: Cx, ask: Ask<(), (), Json<Wanted<LotQuery>>>) -> Result<Json<ExportQueued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Lots(list.unwrap_or_default()), format).await
}

async fn events(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<ExportQueued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::All, list.unwrap_or_default()), format).await
}

async fn purchases(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<ExportQueued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::Purchases, list.unwrap_or_default()), format).await
}

async fn sales(cx: Cx, ask: Ask<(), (), Json<Wanted<EventQuery>>>) -> Result<Json<ExportQueued>> {
    let Wanted { format, list } = ask.body.0;
    enqueue(cx, List::Events(Ledger::Sales, list.unwrap_or_default()), format).await
}

#[derive(Deserialize, JsonSchema)]
struct JobPath {
    id: String,
}

async fn file(cx: Cx, ask: Ask<JobPath>) -> Result<Download> {
    let left: Exported = http::result(&cx, ask.path.id, "trace.export").await?;
    http::stored(&cx, &left.file, left.file_name)
}
