//! The list of draws as a file: a job makes it, it is fetched when it is done.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::out::{Exported, Format};
use kit_web::{Act, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{IdPath, READ};
use crate::jobs::{EXPORT_DRAWS, ExportInput};
use crate::model::DrawList;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/sample-draws/exports", READ, "导出随机抽样列表", "sampling.draws_export", export),
        Route::get("/api/sample-draws/exports/{id}/file", READ, "导出的随机抽样列表", file),
    ]
}

/// The list as it is filtered, and in which form it is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Wanted {
    format: Format,
    list: DrawList,
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    let queue = move |act: &mut Act| {
        let (scope, actor) = (act.who().scope.clone(), act.who().name.clone());
        let input = ExportInput { format, list, scope, actor };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT_DRAWS.name, &text, "导出随机抽样列表")?;
        act.subject("job", &job, "");
        act.note(json!({ "list": input.list, "format": input.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let left: Exported = http::result(&cx, ask.path.id, EXPORT_DRAWS.name).await?;
    http::stored(&cx, &left.file, left.file_name)
}
