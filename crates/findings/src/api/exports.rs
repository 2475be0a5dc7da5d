//! The list of findings as a file: a job makes it, it is fetched when it is done.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Ask, Cx, Download, Json, Route};

use super::{IdPath, READ};
use crate::jobs::EXPORT;
use crate::model::FindingQuery;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/findings/exports", READ, "导出问题列表", "findings.export", export),
        Route::get("/api/findings/exports/{id}/file", READ, "导出的问题列表", file),
    ]
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<FindingQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT.name, "导出问题", ask.body.0).await
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}
