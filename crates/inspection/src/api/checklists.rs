//! Checklists and kinds of inspection.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::READ;
use crate::actions::checklists;
use crate::model::{Checklist, ChecklistHead, VisitKind, kinds};
use crate::rules::xlsform;

const BRING: Access = Access::Needs("inspection.checklists");
/// A checklist is a few dozen kilobytes.
const LARGEST: usize = 4 << 20;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/visit-kinds", READ, "检查类型", all_kinds),
        Route::get("/api/checklists", READ, "检查要点表", list),
        Route::get("/api/checklists/{hash}", READ, "一版检查要点表", open),
        Route::get("/api/checklists/{hash}/xlsform", READ, "检查要点表（XLSForm 工作簿）", export),
        Route::post(
            "/api/checklists",
            BRING,
            "导入检查要点表（XLSForm 工作簿）",
            "inspection.checklist",
            bring,
        ),
    ]
}

async fn all_kinds(_: Cx, _: Ask) -> Result<Json<Vec<VisitKind>>> {
    Ok(Json(kinds().to_vec()))
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<ChecklistHead>>> {
    cx.read(|tx, _| checklists::newest(tx)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
pub struct HashPath {
    pub hash: String,
}

async fn open(cx: Cx, ask: Ask<HashPath>) -> Result<Json<Checklist>> {
    let read = cx.read(move |tx, _| {
        checklists::by_hash(tx, &ask.path.hash)?.ok_or_else(|| Error::not_found("没有这份检查要点表"))
    });
    read.await.map(Json)
}

async fn export(cx: Cx, ask: Ask<HashPath>) -> Result<Download> {
    let found = cx.read(move |tx, _| {
        checklists::by_hash(tx, &ask.path.hash)?.ok_or_else(|| Error::not_found("没有这份检查要点表"))
    });
    let found = found.await?;
    let bytes = crate::rules::book::book(&xlsform::sheets(&found))?;
    let name = format!("{}（第{}版）.xlsx", found.head.name, found.head.version);
    Ok(Download::bytes(bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name))
}

async fn bring(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<ChecklistHead>> {
    let bytes = ask.body.bytes(LARGEST).await?;
    let form =
        tokio::task::spawn_blocking(move || checklists::read(bytes)).await.map_err(Error::internal)??;
    cx.act(move |act| checklists::bring(act, form)).await.map(Json)
}
