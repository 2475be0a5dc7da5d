//! Evidence: hand in, list, look at.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, READ};
use crate::actions::evidence::{self, LARGEST};
use crate::actions::findings::seen;
use crate::model::{Evidence, Taken};
use crate::store;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/findings/{id}/evidence", READ, "问题的证据", list),
        Route::post(
            "/api/findings/{id}/evidence",
            Access::Needs("findings.evidence"),
            "提交证据（照片、视频、录音）",
            "findings.evidence",
            add,
        ),
        Route::get("/api/findings/{id}/evidence/{evidence}/file", READ, "证据原件", file),
    ]
}

async fn list(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Evidence>>> {
    let read = cx.read(move |tx, cx| {
        let found = seen(tx, &cx.who, "findings.read", &ask.path.id)?;
        store::evidence::of_finding(tx, &found.id)
    });
    read.await.map(Json)
}

async fn add(cx: Cx, ask: Ask<IdPath, Taken, Raw>) -> Result<Json<Evidence>> {
    let (path, taken) = (ask.path, ask.query);
    // who may not is refused before a byte is kept
    let id = path.id.clone();
    cx.read(move |tx, cx| seen(tx, &cx.who, "findings.evidence", &id).map(drop)).await?;
    crate::rules::check_taken(&taken)?;
    let kept = kit_uploads::given(&cx, ask.body, taken.upload.as_deref(), LARGEST).await?.kept;
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || evidence::look(&files, kept)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| evidence::add(act, &path.id, &taken, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: String,
    evidence: String,
}

async fn file(cx: Cx, ask: Ask<FilePath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这份证据，或不在您的范围内");
    let found = cx.read(move |tx, cx| {
        let finding = seen(tx, &cx.who, "findings.read", &ask.path.id)?;
        store::evidence::by_id(tx, &finding.id, &ask.path.evidence)?.ok_or_else(unknown)
    });
    let found = found.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "audio/mp4" => ("audio/mp4", "m4a"),
        "video/webm" => ("video/webm", "webm"),
        _ => ("video/mp4", "mp4"),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}
