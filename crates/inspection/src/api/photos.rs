//! Photos of visits: hand in, list, look at.

use findings::evidence::{self, LARGEST, Taken};
use kit_base::{Error, Kind, Millis, Result};
use kit_web::{Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, READ, VISIT};
use crate::actions::photos;
use crate::actions::visits::seen;
use crate::model::VisitPhoto;
use crate::store;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/visits/{id}/photos", READ, "检查的照片和录像", list),
        Route::post(
            "/api/visits/{id}/photos",
            VISIT,
            "提交检查的照片、录像、录音、签名",
            "inspection.photo",
            add,
        )
        .streaming(),
        Route::get("/api/visits/{id}/photos/{sha256}", READ, "照片原件", file),
    ]
}

async fn list(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<VisitPhoto>>> {
    cx.read(move |tx, cx| photos::list(tx, &cx.who, &ask.path.id)).await.map(Json)
}

/// How a photo was taken, as the app tells it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
struct PhotoQuery {
    /// What the device counted; compared where it is given.
    sha256: Option<String>,
    /// Code of the item, `signature`, or nothing.
    item: Option<String>,
    /// A finished upload (`/api/uploads`) instead of a body.
    upload: Option<String>,
    /// Time by the device, ms UTC.
    taken_at: Option<Millis>,
    /// Degrees, WGS-84.
    lon: Option<f64>,
    lat: Option<f64>,
    /// Metres.
    accuracy: Option<i64>,
    /// 1: taken in the app, not chosen from an album.
    in_app: Option<i64>,
}

async fn add(cx: Cx, ask: Ask<IdPath, PhotoQuery, Raw>) -> Result<Json<VisitPhoto>> {
    let (id, q) = (ask.path.id, ask.query);
    let taken = Taken {
        stage: "found".into(),
        taken_at: q.taken_at,
        lon: q.lon,
        lat: q.lat,
        accuracy: q.accuracy,
        in_app: q.in_app,
        ..Taken::default()
    };
    findings::fixed::check_taken(&taken)?;
    // who may not is refused before a byte is kept
    let of = id.clone();
    cx.read(move |tx, cx| seen(tx, &cx.who, "inspection.visit", &of).map(drop)).await?;
    let given = kit_uploads::given(&cx, ask.body, q.upload.as_deref(), LARGEST).await?;
    if q.sha256.as_deref().is_some_and(|told| !told.eq_ignore_ascii_case(&given.kept.hash)) {
        let text = "收到的文件与设备上的不一致，请重新上传";
        return Err(Error::invalid("sha256", "photo_hash", text));
    }
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || evidence::look(&files, given.kept)).await;
    let looked = looked.map_err(Error::internal)??;
    let item = q.item.unwrap_or_default();
    cx.act(move |act| photos::add(act, &id, &item, &taken, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: String,
    sha256: String,
}

async fn file(cx: Cx, ask: Ask<FilePath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这张照片，或不在您的范围内");
    let found = cx.read(move |tx, cx| {
        let visit = seen(tx, &cx.who, "inspection.read", &ask.path.id)?;
        store::photos::by_file(tx, &visit.id, &ask.path.sha256)?.ok_or_else(unknown)
    });
    let found = found.await?;
    let file = cx.house.files.get(&found.sha256)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "audio/mp4" => ("audio/mp4", "m4a"),
        "video/mp4" => ("video/mp4", "mp4"),
        "video/webm" => ("video/webm", "webm"),
        _ => return Err(Error::new(Kind::Internal, "internal", "unknown media")),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", &found.sha256[..12])))
}
