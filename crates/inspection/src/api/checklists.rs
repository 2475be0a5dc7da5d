//! Checklists and kinds of inspection.

use kit_base::{Error, Result};
use kit_web::{Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::READ;
use crate::actions::checklists;
use crate::model::{Checklist, ChecklistHead, VisitKind, kinds};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/visit-kinds", READ, "检查类型", all_kinds),
        Route::get("/api/checklists", READ, "检查要点表", list),
        Route::get("/api/checklists/{hash}", READ, "一版检查要点表", open),
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
