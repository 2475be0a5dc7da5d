//! Evidence: hand in, list, look at, review.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{HANDLE, IdPath, READ};
use crate::actions::cases::seen;
use crate::actions::evidence::{self, LARGEST};
use crate::model::{Evidence, Given, NewReview};
use crate::store;

pub fn routes() -> Vec<Route> {
    let evidence = "/api/enforcement/cases/{id}/evidence";
    vec![
        Route::get(evidence, READ, "案件证据", list),
        Route::post(evidence, HANDLE, "提交案件证据", "enforcement.evidence", add),
        Route::post(
            "/api/enforcement/cases/{id}/things",
            HANDLE,
            "登记物证（无文件）",
            "enforcement.evidence",
            add_thing,
        ),
        Route::get("/api/enforcement/cases/{id}/evidence/{evidence}/file", READ, "案件证据原件", file),
        Route::post(
            "/api/enforcement/cases/{id}/evidence/{evidence}/review",
            Access::Needs("enforcement.review"),
            "审核监控设备收集的证据",
            "enforcement.review",
            review,
        ),
    ]
}

async fn list(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Evidence>>> {
    let read = cx.read(move |tx, cx| {
        let of = seen(tx, &cx.who, "enforcement.read", &ask.path.id)?;
        store::evidence::of_case(tx, &of.id)
    });
    read.await.map(Json)
}

async fn add(cx: Cx, ask: Ask<IdPath, Given, Raw>) -> Result<Json<Evidence>> {
    let (path, given) = (ask.path, ask.query);
    // who may not is refused before a byte is kept
    let id = path.id.clone();
    cx.read(move |tx, cx| seen(tx, &cx.who, "enforcement.handle", &id).map(drop)).await?;
    evidence::check(&given)?;
    let kept = kit_uploads::given(&cx, ask.body, given.upload.as_deref(), LARGEST).await?.kept;
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || files.look(kept, &evidence::TAKES))
        .await
        .map_err(Error::internal)??;
    cx.act(move |act| evidence::add(act, &path.id, &given, Some(&looked))).await.map(Json)
}

async fn add_thing(cx: Cx, ask: Ask<IdPath, (), Json<Thing>>) -> Result<Json<Evidence>> {
    let Thing { title, origin } = ask.body.0;
    let given = Given { kind: "thing".into(), title, origin, ..Given::default() };
    cx.act(move |act| evidence::add(act, &ask.path.id, &given, None)).await.map(Json)
}

/// A thing that is kept elsewhere.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CaseThing")]
struct Thing {
    title: String,
    /// Where it comes from and where it is kept.
    origin: String,
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: String,
    evidence: String,
}

async fn file(cx: Cx, ask: Ask<FilePath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这份证据，或不在您的范围内");
    let found = cx.read(move |tx, cx| {
        let of = seen(tx, &cx.who, "enforcement.read", &ask.path.id)?;
        let found = store::evidence::by_id(tx, &of.id, &ask.path.evidence)?;
        Ok((found.filter(|e| !e.file.is_empty()).ok_or_else(unknown)?, of.division))
    });
    let (found, division) = found.await?;
    let subject = format!("enforcement:{}", found.case);
    cx.looked("enforcement.evidence.look", &subject, &division, &found.id).await?;
    download(&cx, &found)
}

/// The file as it came. Errors: not found.
pub fn download(cx: &Cx, found: &Evidence) -> Result<Download> {
    let file = cx.house.files.get(&found.file)?.ok_or_else(|| Error::not_found("没有这份文件"))?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "audio/mp4" => ("audio/mp4", "m4a"),
        "video/webm" => ("video/webm", "webm"),
        "application/pdf" => ("application/pdf", "pdf"),
        _ => ("video/mp4", "mp4"),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

async fn review(cx: Cx, ask: Ask<FilePath, (), Json<NewReview>>) -> Result<Json<Evidence>> {
    cx.act(move |act| evidence::review(act, &ask.path.id, &ask.path.evidence, &ask.body.0)).await.map(Json)
}
