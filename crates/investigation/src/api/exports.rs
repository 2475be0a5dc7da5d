//! What was found, as files.

use kit_base::{Error, Result};
use kit_web::{Ask, Cx, Download, Json, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{IdPath, READ};
use crate::actions;
use crate::jobs::{EXPORT, ExportInput, Exported, What, check};
use crate::model::View;
use crate::store;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/investigations/{id}/export", READ, "导出排查结果", "investigation.export", export),
        Route::get("/api/investigations/exports/{id}/file", READ, "导出的文件", file),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct ExportQuery {
    what: What,
    /// a frozen scope of the case
    scope: Option<String>,
}

/// A job that was put in the queue; follow it at `/api/jobs/{id}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Queued {
    job: String,
}

async fn export(cx: Cx, ask: Ask<IdPath, ExportQuery>) -> Result<Json<Queued>> {
    let ExportQuery { what, scope } = ask.query;
    let view = View { scope, ..View::default() };
    let queued = cx.act(move |act| {
        let reach = act.who().scope.clone();
        let case = actions::case(act.tx, &reach, &ask.path.id)?;
        if let Some(asked) = view.scope.as_deref().filter(|s| !s.is_empty()) {
            // a scope of another case is not there
            let of_case = store::scopes::of_case(act.tx, &case.id)?;
            if !of_case.iter().any(|s| s.id == asked) {
                return Err(Error::not_found("没有这个固定范围").at("scope"));
            }
        }
        check(&case, &view, what)?;
        let prefixes = match &reach {
            Scope::Divisions(prefixes) => prefixes.clone(),
            Scope::Businesses(_) => Vec::new(),
        };
        let actor = act.who().name.clone();
        let input = ExportInput { case: case.id.clone(), what, view, reach: prefixes, actor };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let job = act.enqueue(EXPORT.name, &text, &format!("{}：{}", what.title(), case.no))?;
        act.subject("investigation", &case.id, &case.division);
        act.note(json!({ "what": what, "job": job }));
        Ok(Queued { job })
    });
    queued.await.map(Json)
}

/// The file of the asker's own finished job.
async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let id = ask.path.id;
    let job = cx.read(move |tx, cx| kit_jobs::find(tx, &cx.who.user, &id)).await?;
    let job = job.filter(|j| j.kind == EXPORT.name).ok_or_else(|| Error::not_found("没有这个任务"))?;
    let result = job.result.filter(|_| job.state == "done");
    let result = result.ok_or_else(|| Error::conflict("job_running", "任务还没有完成，请稍候"))?;
    let exported: Exported = serde_json::from_str(&result).map_err(Error::internal)?;
    let left = exported.files.into_iter().next().ok_or_else(|| Error::not_found("没有文件"))?;
    let kept = cx.house.files.get(&left.hash)?.ok_or_else(|| Error::not_found("文件已清理，请重新导出"))?;
    let media = match left.name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    Ok(Download::file(kept, media, left.name))
}
