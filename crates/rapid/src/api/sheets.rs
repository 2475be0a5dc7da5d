//! Sheets in and out.

use kit_base::{Error, Result};
use kit_sheets::ImportResult;
use kit_sheets::http::{self, Queued};
use kit_sheets::lists::{self, Wanted};
use kit_sheets::out::Format;
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use parties::narrow::Days;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{IdPath, READ};
use crate::actions::points;
use crate::jobs::{EXPORT, IMPORT, ImportInput};
use crate::model::TestQuery;
use crate::sheet;

const RECORD: Access = Access::Needs("rapid.record");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/rapid/template", RECORD, "快检导入模板", template),
        Route::post("/api/rapid/imports", RECORD, "导入快检记录（XLSX、CSV）", "rapid.import", import),
        Route::get("/api/rapid/imports/{id}", RECORD, "快检导入结果", imported),
        Route::get("/api/rapid/imports/{id}/rejected", RECORD, "快检未导入的行", rejected),
        Route::post("/api/rapid/exports", READ, "导出快检记录", "rapid.export", export),
        Route::get("/api/rapid/exports/{id}/file", READ, "导出的快检记录", exported),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct TemplateQuery {
    /// xlsx (by default), csv
    format: Option<Format>,
}

async fn template(_: Cx, ask: Ask<(), TemplateQuery>) -> Result<Download> {
    http::template(&sheet::table(), ask.query.format == Some(Format::Csv))
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    /// Id or code of the point.
    point: String,
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
    /// 1: say exactly what the import would do, keep nothing.
    dry_run: Option<u8>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let ImportQuery { point, upload, dry_run } = ask.query;
    // who may not is refused before a byte is kept
    let point = cx.read(move |tx, cx| points::seen(tx, &cx.who, "rapid.record", &point)).await?;
    let sent = http::received(&cx, ask.body, upload.as_deref(), sheet::SHEET).await?;
    let (name, dry_run) = (sent.name, dry_run == Some(1));
    let job = cx.act(move |act| {
        let actor = act.who().name.clone();
        let input = ImportInput { file: sent.file, name: sent.stem, point: point.id.clone(), actor, dry_run };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let title = format!("{}导入快检记录：{name}", if dry_run { "试" } else { "" });
        let job = act.enqueue(IMPORT.name, &text, &title)?;
        act.subject("rapid_point", &point.id, &point.division);
        act.note(json!({ "file": input.file, "name": name, "job": job }));
        Ok(job)
    });
    Ok(Json(Queued { job: job.await? }))
}

async fn imported(cx: Cx, ask: Ask<IdPath>) -> Result<Json<ImportResult>> {
    http::result(&cx, ask.path.id, IMPORT.name).await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    http::rejected(&cx, ask.path.id, IMPORT.name).await
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<TestQuery>>>) -> Result<Json<Queued>> {
    let list = &ask.body.0.list;
    Days::of(list.from.as_deref(), list.to.as_deref())?;
    lists::export(&cx, EXPORT.name, "导出快检记录", ask.body.0).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}
