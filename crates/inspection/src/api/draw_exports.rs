//! The list of draws as a file: a job makes it, it is fetched when it is done.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::out::{Exported, Format};
use kit_web::{Access, Act, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::IdPath;
use crate::jobs::{DrawsInput, EXPORT_DRAWS};
use crate::model::DrawQuery;

const DRAW: Access = Access::Needs("inspection.draw");

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/draws/exports", DRAW, "导出双随机抽取列表", "inspection.draws_export", export),
        Route::get("/api/draws/exports/{id}/file", DRAW, "导出的双随机抽取列表", file),
    ]
}

/// In which form the list is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Wanted {
    format: Format,
    #[allow(dead_code, reason = "every list sends its query; this one has nothing to narrow by")]
    list: DrawQuery,
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted>>) -> Result<Json<Queued>> {
    let format = ask.body.0.format;
    let queue = move |act: &mut Act| {
        let (scope, actor) = (act.who().scope.clone(), act.who().name.clone());
        let input = DrawsInput { format, scope, actor };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT_DRAWS.name, &text, "导出双随机抽取列表")?;
        act.subject("job", &job, "");
        act.note(json!({ "format": input.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let left: Exported = http::result(&cx, ask.path.id, EXPORT_DRAWS.name).await?;
    http::stored(&cx, &left.file, left.file_name)
}
