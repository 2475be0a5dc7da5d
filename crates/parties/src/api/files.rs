//! Sheets in and out.

use axum::body::Body;
use futures_util::stream;
use kit_base::{Error, Kind, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::{IdPath, ListQuery};
use crate::actions::Existing;
use crate::jobs::{ExportInput, Format, ImportInput, ImportResult, Reach, SHEET_LIMIT};
use crate::{reference, sheet};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::get("/api/parties/template", Needs("parties.import"), "主体导入模板", template),
        Route::post(
            "/api/parties/imports",
            Needs("parties.import"),
            "导入主体（XLSX、CSV）",
            "parties.import",
            import,
        ),
        Route::get("/api/parties/imports/{id}", Needs("parties.import"), "导入结果", imported),
        Route::get("/api/parties/imports/{id}/rejected", Needs("parties.import"), "未导入的行", rejected),
        Route::post("/api/parties/exports", Needs("parties.export"), "导出主体", "parties.export", export),
        Route::get("/api/parties/exports/{id}/file", Needs("parties.export"), "导出文件", exported),
    ]
}

/// A job that was put in the queue; follow it at `/api/jobs/{id}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Queued {
    job: String,
}

async fn template(_: Cx, _: Ask) -> Result<Download> {
    let mut file = std::io::Cursor::new(Vec::new());
    kit_docs::table::template(&sheet::table(reference::get()), &mut file)?;
    Ok(Download::bytes(file.into_inner(), XLSX, "主体导入模板.xlsx"))
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    /// refuse (by default) or update.
    existing: Option<Existing>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let name = ask.body.name.clone();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
    let kept = ask.body.keep(&cx.house.files, SHEET_LIMIT).await?;
    if kept.size == 0 {
        return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
    }
    let input = ImportInput {
        file: kept.hash,
        name: if stem.is_empty() { "主体".to_owned() } else { stem },
        existing: ask.query.existing.unwrap_or_default(),
        actor: cx.who.name.clone(),
        reach: Reach::from(&cx.who.scope),
    };
    let job = cx
        .act(move |act| {
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue("parties.import", &text, &format!("导入主体：{name}"))?;
            act.subject("job", &job, "");
            act.note(json!({ "file": input.file, "name": name, "existing": input.existing }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(default)]
struct ExportBody {
    format: Format,
    /// The list as it is filtered: the query of `/api/parties`.
    list: ListQuery,
    /// Persons and telephone numbers whole; needs the permission for that, and is audited.
    personal: bool,
}

async fn export(cx: Cx, ask: Ask<(), (), Json<ExportBody>>) -> Result<Json<Queued>> {
    let ExportBody { format, list, personal } = ask.body.0;
    let filter = list.filter()?;
    let job = cx
        .act(move |act| {
            if personal {
                act.who().need("parties.personal")?;
            }
            let input = ExportInput {
                format,
                text: list.q.unwrap_or_default(),
                filter,
                reach: Reach::from(&act.who().scope),
                open: personal.then(|| Reach::from(&act.who().scope_for("parties.personal"))),
                actor: act.who().name.clone(),
            };
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue("parties.export", &text, "导出主体")?;
            act.subject("job", &job, "");
            act.note(json!({ "filter": input.filter, "text": input.text, "personal": personal }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

/// The result of the asker's own finished job.
async fn result<T: for<'de> Deserialize<'de> + Send + 'static>(
    cx: &Cx,
    id: String,
    kind: &'static str,
) -> Result<T> {
    let job = cx.read(move |tx, cx| kit_jobs::find(tx, &cx.who.user, &id)).await?;
    let job = job.filter(|j| j.kind == kind).ok_or_else(|| Error::not_found("没有这个任务"))?;
    match job.result.filter(|_| job.state == "done") {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal),
        None => Err(Error::conflict("job_running", "任务还没有完成，请稍候")),
    }
}

async fn imported(cx: Cx, ask: Ask<IdPath>) -> Result<Json<ImportResult>> {
    result(&cx, ask.path.id, "parties.import").await.map(Json)
}

/// A file that a job left.
#[derive(Deserialize)]
struct Left {
    file: String,
    file_name: String,
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let left: Left = result(&cx, ask.path.id, "parties.import").await?;
    if left.file.is_empty() {
        return Err(Error::not_found("所有行都已导入，没有未导入的行"));
    }
    stored(&cx, left).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let left: Left = result(&cx, ask.path.id, "parties.export").await?;
    stored(&cx, left).await
}

/// A kept file as a stream of 64 KiB pieces.
async fn stored(cx: &Cx, left: Left) -> Result<Download> {
    let file = cx.house.files.get(&left.file)?.ok_or_else(|| Error::not_found("文件已清理，请重新导出"))?;
    let media = if left.file_name.ends_with(".csv") { "text/csv; charset=utf-8" } else { XLSX };
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; 64 * 1024];
        let n = file.read(&mut piece).await?;
        piece.truncate(n);
        Ok::<_, std::io::Error>((n > 0).then_some((piece, file)))
    });
    Ok(Download { body: Body::from_stream(pieces), media, name: left.file_name })
}
