//! The list of draws as a file: a job makes it, it is fetched when it is done.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Route};

use super::IdPath;
use crate::jobs::EXPORT_DRAWS;
use crate::model::DrawQuery;

const DRAW: Access = Access::Needs("inspection.draw");

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/draws/exports", DRAW, "导出双随机抽取列表", "inspection.draws_export", export),
        Route::get("/api/draws/exports/{id}/file", DRAW, "导出的双随机抽取列表", file),
    ]
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<DrawQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, EXPORT_DRAWS.name, "导出双随机抽取列表", ask.body.0).await
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT_DRAWS.name).await
}
