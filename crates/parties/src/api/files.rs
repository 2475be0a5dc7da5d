//! Sheets in and out.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::lists;
use kit_sheets::out::Format;
use kit_sheets::{ImportResult, Reach};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{IdPath, ListQuery};
use crate::actions::Existing;
use crate::jobs::{ExportInput, ImportInput};
use crate::{reference, sheet};

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

async fn template(_: Cx, _: Ask) -> Result<Download> {
    http::template(&sheet::table(reference::get()), false)
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    /// refuse (by default) or update.
    existing: Option<Existing>,
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
    /// 1: say exactly what the import would do, keep nothing.
    dry_run: Option<u8>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let sent = http::received(&cx, ask.body, ask.query.upload.as_deref(), "主体").await?;
    let name = sent.name;
    let input = ImportInput {
        file: sent.file,
        name: sent.stem,
        existing: ask.query.existing.unwrap_or_default(),
        actor: cx.who.name.clone(),
        reach: Reach::from(&cx.who.scope),
        dry_run: ask.query.dry_run == Some(1),
    };
    let job = cx
        .act(move |act| {
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue(
                "parties.import",
                &text,
                &format!("{}导入主体：{name}", if input.dry_run { "试" } else { "" }),
            )?;
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
    let filter = list.filter(kit_base::clock::china_day(cx.now()))?;
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

async fn imported(cx: Cx, ask: Ask<IdPath>) -> Result<Json<ImportResult>> {
    http::result(&cx, ask.path.id, "parties.import").await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    http::rejected(&cx, ask.path.id, "parties.import").await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, "parties.export").await
}
