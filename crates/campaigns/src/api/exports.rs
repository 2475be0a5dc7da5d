//! The list of campaigns as a file: a job makes it, it is fetched when it is done.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::out::{Exported, Format};
use kit_web::{Act, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{IdPath, READ};
use crate::jobs::{EXPORT, ExportInput};
use crate::model::CampaignQuery;
use crate::store::campaigns::checked;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/campaigns/exports", READ, "导出你点我检活动", "campaigns.export", export),
        Route::get("/api/campaigns/exports/{id}/file", READ, "导出的你点我检活动", file),
    ]
}

/// The list as it is filtered, and in which form it is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Wanted {
    format: Format,
    list: CampaignQuery,
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    checked(&list)?;
    let queue = move |act: &mut Act| {
        let (scope, actor) = (act.who().scope.clone(), act.who().name.clone());
        let input = ExportInput { format, list, scope, actor };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT.name, &text, "导出你点我检活动")?;
        act.subject("job", &job, "");
        act.note(json!({ "list": input.list, "format": input.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let left: Exported = http::result(&cx, ask.path.id, EXPORT.name).await?;
    http::stored(&cx, &left.file, left.file_name)
}
