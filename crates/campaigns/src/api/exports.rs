//! The list of campaigns as a file: a job makes it, it is fetched when it is done.

use kit_base::Result;
use kit_sheets::http::Queued;
use kit_sheets::lists::{self, Wanted};
use kit_web::{Ask, Cx, Download, Json, Route};

use super::{IdPath, READ};
use crate::jobs::EXPORT;
use crate::model::CampaignQuery;
use crate::store::campaigns::checked;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/campaigns/exports", READ, "导出你点我检活动", "campaigns.export", export),
        Route::get("/api/campaigns/exports/{id}/file", READ, "导出的你点我检活动", file),
    ]
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<CampaignQuery>>>) -> Result<Json<Queued>> {
    checked(&ask.body.0.list)?;
    lists::export(&cx, EXPORT.name, "导出你点我检活动", ask.body.0).await
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, EXPORT.name).await
}
