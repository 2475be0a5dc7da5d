//! `/api/uploads`: tus 1.0.0 with creation, expiration, checksum and termination.
//!
//! The offset of an upload is asked with `HEAD` (or `GET`, with JSON); that ends a transfer of it that is still under way, so
//! that the answer stays true. Where a network lets no `PATCH` through, `POST` with `X-HTTP-Method-Override: PATCH` does
//! the same.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kit_base::{Error, Kind, Millis, Result};
use kit_web::{Access, Answer, Ask, Cx, Json, NoContent, Raw, Route};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::protocol::{self, Checksum, MISMATCH, PIECE, http_date, metadata, number, put, refusal};
use crate::store::{self, Stored};
use crate::{PERMISSION, Uploads, blocking, transfer};

pub fn routes() -> Vec<Route> {
    let may = Access::Needs(PERMISSION.code);
    vec![
        Route::get("/api/uploads", may, "我的上传", list),
        Route::post("/api/uploads", may, "开始上传（tus）", "uploads.begin", begin).streaming(),
        Route::get("/api/uploads/{id}", may, "上传到了哪里（tus，HEAD 同此）", offset),
        Route::patch("/api/uploads/{id}", may, "续传（tus）", "uploads.send", send).streaming(),
        Route::post("/api/uploads/{id}", may, "续传（不能用 PATCH 的网络）", "uploads.send", send_by_post)
            .streaming(),
        Route::delete("/api/uploads/{id}", may, "取消上传（tus）", "uploads.cancel", cancel),
    ]
}

/// An upload of the person who asks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Upload {
    pub id: String,
    /// File name as it was told; may be empty.
    pub name: String,
    /// Media type as it was told; may be empty.
    pub media: String,
    /// Bytes in all.
    pub size: i64,
    /// Bytes that are kept: where to go on.
    pub offset: i64,
    /// All bytes are there; an import takes it by its id.
    pub done: bool,
    /// An import has taken it.
    pub used: bool,
    pub created_at: Millis,
    /// Gone after this.
    pub expires_at: Millis,
}

impl From<Stored> for Upload {
    fn from(row: Stored) -> Self {
        Self {
            done: row.done_at.is_some(),
            used: row.file.is_some(),
            id: row.id,
            name: row.name,
            media: row.media,
            size: row.size,
            offset: row.received,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// What one has sent, and how much more may be.
#[derive(Debug, Serialize, JsonSchema)]
struct Uploading {
    /// Newest first.
    items: Vec<Upload>,
    /// Bytes that one upload may have.
    most: u64,
    /// Bytes that all uploads of a person may have that no import has taken yet.
    quota: u64,
    /// Bytes of those there are.
    reserved: i64,
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Uploading>> {
    let settings = cx.house.held::<Uploads>().settings();
    cx.read(move |tx, cx| {
        let items = store::of_owner(tx, &cx.who.user, cx.now())?;
        let reserved = store::reserved(tx, &cx.who.user)?.0;
        let items = items.into_iter().map(Upload::from).collect();
        Ok(Uploading { items, most: settings.most, quota: settings.quota, reserved })
    })
    .await
    .map(Json)
}

/// 201 with the address of the new upload.
struct Begun(Upload);

impl Answer for Begun {
    fn shape(types: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (201, "application/json", Some(types.subschema_for::<Upload>()))
    }

    fn into_answer(self) -> Response {
        let (place, expires) = (format!("/api/uploads/{}", self.0.id), self.0.expires_at);
        let mut answer = Json(self.0).into_answer();
        *answer.status_mut() = StatusCode::CREATED;
        put(&mut answer, "location", place);
        put(&mut answer, "upload-expires", http_date(expires));
        answer
    }
}

/// Uploads of one person that no import has taken yet.
const MOST_OPEN: i64 = 100;

async fn begin(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Begun> {
    let settings = cx.house.held::<Uploads>().settings();
    let size = number("upload-length", ask.body.header("upload-length"))?;
    let (name, media) = metadata(ask.body.header("upload-metadata"))?;
    if size == 0 {
        return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
    }
    if size > settings.most {
        let text = format!("文件超过 {} MB 上限", settings.most >> 20);
        return Err(Error::new(Kind::TooLarge, "file_too_large", text));
    }
    let size = i64::try_from(size).map_err(Error::internal)?;
    let made = cx.act(move |act| {
        let owner = act.who().user.clone();
        let (reserved, open) = store::reserved(act.tx, &owner)?;
        if open >= MOST_OPEN || u64::try_from(reserved + size).map_err(Error::internal)? > settings.quota {
            let text = format!(
                "您未导入的上传已占 {} MB（上限 {} MB、{MOST_OPEN} 个），请先导入或取消其中一些",
                reserved >> 20,
                settings.quota >> 20
            );
            return Err(Error::new(Kind::TooLarge, "upload_quota", text));
        }
        let id = act.id();
        act.subject("upload", &id, "");
        act.note(json!({ "name": name, "bytes": size }));
        let new = Stored {
            id,
            owner,
            name,
            media,
            size,
            received: 0,
            created_at: act.now,
            expires_at: act.now + settings.kept,
            done_at: None,
            file: None,
        };
        store::insert(act.tx, &new)?;
        Ok(Upload::from(new))
    });
    made.await.map(Begun)
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

/// Where an upload is.
struct Offset(Upload);

impl Answer for Offset {
    fn shape(types: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (200, "application/json", Some(types.subschema_for::<Upload>()))
    }

    fn into_answer(self) -> Response {
        let Upload { size, offset, expires_at, .. } = self.0;
        let mut answer = Json(self.0).into_answer();
        put(&mut answer, "upload-offset", offset);
        put(&mut answer, "upload-length", size);
        put(&mut answer, "upload-expires", http_date(expires_at));
        answer
    }
}

async fn own(cx: &Cx, id: &str) -> Result<Stored> {
    let id = id.to_owned();
    let row = cx.read(move |tx, cx| store::by_id(tx, &id, &cx.who.user, cx.now())).await?;
    row.ok_or_else(|| Error::not_found("没有这个上传，或已过期"))
}

async fn offset(cx: Cx, ask: Ask<IdPath>) -> Result<Offset> {
    let mut row = own(&cx, &ask.path.id).await?;
    let turns = cx.house.held::<Uploads>().turns.clone();
    if turns.busy(&row.id) {
        let _turn = turns.take(&row.id, &cx.who.user).await?;
        row = own(&cx, &ask.path.id).await?;
    }
    Ok(Offset(row.into()))
}

/// What became of a piece.
enum Sent {
    Kept {
        offset: i64,
        expires_at: Millis,
    },
    /// With a status of the protocol's own.
    Refused(Error, u16),
}

impl Answer for Sent {
    fn shape(_: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (204, "", None)
    }

    fn into_answer(self) -> Response {
        match self {
            Self::Refused(error, status) => refusal(error, status),
            Self::Kept { offset, expires_at } => {
                let mut answer = StatusCode::NO_CONTENT.into_response();
                put(&mut answer, "upload-offset", offset);
                put(&mut answer, "upload-expires", http_date(expires_at));
                answer
            }
        }
    }
}

async fn send_by_post(cx: Cx, ask: Ask<IdPath, (), Raw>) -> Result<Sent> {
    if !ask.body.header("x-http-method-override").eq_ignore_ascii_case("patch") {
        let text = "续传请用 PATCH，或在 POST 上带 X-HTTP-Method-Override: PATCH";
        return Ok(Sent::Refused(Error::conflict("upload_method", text), 405));
    }
    send(cx, ask).await
}

async fn send(cx: Cx, ask: Ask<IdPath, (), Raw>) -> Result<Sent> {
    let (id, body) = (ask.path.id, ask.body);
    // whose it is comes first: what is not theirs is not there, whatever the headers say
    own(&cx, &id).await?;
    if body.header("tus-resumable") != protocol::VERSION {
        let text = format!("请求头 Tus-Resumable 应为 {}", protocol::VERSION);
        return Ok(Sent::Refused(Error::conflict("tus_version", text), 412));
    }
    if body.media != PIECE {
        let text = format!("续传内容的类型应为 {PIECE}");
        return Ok(Sent::Refused(Error::invalid("content-type", "body_media", text), 415));
    }
    let offset = number("upload-offset", body.header("upload-offset"))?;
    let checksum = match Checksum::read(body.header("upload-checksum")) {
        Err(e) if e.code == "upload_algorithm" => return Ok(Sent::Refused(e, 400)),
        read => read?,
    };
    // on its own: a handler goes away with its connection, what was received stays
    let moved = tokio::spawn(transfer::run(cx, id, offset, body.stream(), checksum));
    match moved.await.map_err(Error::internal)? {
        Ok(row) => Ok(Sent::Kept { offset: row.received, expires_at: row.expires_at }),
        Err(e) if e.code == "upload_checksum" => Ok(Sent::Refused(e, MISMATCH)),
        Err(e) => Err(e),
    }
}

async fn cancel(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    let row = own(&cx, &ask.path.id).await?;
    let turn = cx.house.held::<Uploads>().turns.take(&row.id, &cx.who.user).await?;
    let id = row.id.clone();
    cx.act(move |act| {
        act.subject("upload", &id, "");
        act.note(json!({ "name": row.name, "bytes": row.received }));
        store::delete(act.tx, &id)
    })
    .await?;
    let (files, id) = (cx.house.files.clone(), row.id);
    blocking(move || files.drop_partial(&id)).await?;
    drop(turn);
    Ok(NoContent)
}
