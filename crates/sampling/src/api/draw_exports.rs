//! The list of draws as a file: a job makes it, it is fetched when it is done.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Ask, Cx, Download, Json, Route};

use super::{IdPath, READ};
use crate::jobs::EXPORT_DRAWS;
use crate::model::DrawList;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/sample-draws/exports", READ, "导出随机抽样列表", "sampling.draws_export", export),
        Route::get("/api/sample-draws/exports/{id}/file", READ, "导出的随机抽样列表", file),
    ]
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<DrawList>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT_DRAWS.name, "导出随机抽样列表", ask.body.0).await
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT_DRAWS.name).await
}
