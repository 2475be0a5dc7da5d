//! The room's route table.

use kit_base::{Error, Result};
use kit_sheets::XLSX;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::{look, signed};
use crate::jobs::EXPORT;
use crate::model::{Anew, FileQuery, FileRow, FileView, Receipt};

const READ: Access = Access::Needs("feedback.read");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/feedback", READ, "反馈周报列表", list),
        Route::get("/api/feedback/{id}", READ, "一份反馈周报", one),
        Route::get("/api/feedback/{id}/file", READ, "反馈周报文件：签名、JSON 或 XLSX", file),
        Route::post(
            "/api/feedback/{id}/receipt",
            Access::Needs("feedback.receipt"),
            "签收反馈周报",
            "feedback.receipt",
            receipt,
        ),
        Route::post(
            "/api/feedback/{id}/anew",
            Access::Needs("feedback.make"),
            "重新生成反馈周报",
            "feedback.anew",
            anew,
        ),
        Route::post("/api/feedback/exports", READ, "导出反馈周报列表", "feedback.export", export),
        Route::get("/api/feedback/exports/{id}/file", READ, "导出的反馈周报列表", exported),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

async fn list(cx: Cx, ask: Ask<(), FileQuery>) -> Result<Json<Page<FileRow>>> {
    cx.read(move |tx, cx| look::list(tx, cx, &ask.query)).await.map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<FileView>> {
    cx.read(move |tx, cx| look::view(tx, cx, &ask.path.id)).await.map(Json)
}

/// Which form of a file is wanted.
#[derive(Deserialize, JsonSchema)]
struct FormQuery {
    /// signed (by default), json, xlsx
    form: Option<String>,
}

async fn file(cx: Cx, ask: Ask<IdPath, FormQuery>) -> Result<Download> {
    let (row, note) = cx
        .read(move |tx, cx| {
            let row = look::seen(tx, &cx.who.scope, &ask.path.id)?;
            let note = look::note(&cx.house, &row)?;
            Ok((row, note))
        })
        .await?;
    let name = |ending: &str| format!("反馈周报-{}-{}-第{}版{ending}", row.name, row.week, row.version);
    match ask.query.form.as_deref().unwrap_or("signed") {
        "signed" => Ok(Download::bytes(note.into_bytes(), "text/plain; charset=utf-8", name(".signed.txt"))),
        "json" => {
            let (json, _) = signed::content_of(&note)?;
            Ok(Download::bytes(json.into_bytes(), "application/json", name(".json")))
        }
        "xlsx" => {
            let gone = || Error::not_found("文件已清理");
            Ok(Download::file(cx.house.files.get(&row.sheet)?.ok_or_else(gone)?, XLSX, name(".xlsx")))
        }
        _ => Err(Error::invalid("form", "form_unknown", "格式应为签名文件、JSON 或 Excel 表格")),
    }
}

async fn receipt(cx: Cx, ask: Ask<IdPath, (), Json<Receipt>>) -> Result<Json<FileRow>> {
    cx.act(move |act| look::receipt(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn anew(cx: Cx, ask: Ask<IdPath, (), Json<Anew>>) -> Result<Json<FileRow>> {
    cx.act(move |act| look::anew(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<FileQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT.name, "导出反馈周报列表", ask.body.0).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}
