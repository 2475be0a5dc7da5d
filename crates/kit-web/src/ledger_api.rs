//! The ledger as anybody may read it (C2SP tlog-tiles): checkpoint, tiles of hashes, bundles of entries.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use kit_base::{Error, Millis, Result};
use kit_ledger::tree::{WIDTH, tile_path};
use kit_ledger::{Ledger, store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::Json;
use crate::ask::Ask;
use crate::cx::Cx;
use crate::route::{Access, Route};

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/api/ledger", OPEN, "防篡改账本的状态和公钥", state),
        Route::get("/ledger/checkpoint", OPEN, "账本检查点（tlog-checkpoint）", checkpoint),
        Route::get("/ledger/tile/entries/{*path}", OPEN, "账本条目（tlog-tiles）", entries),
        Route::get("/ledger/tile/{level}/{*path}", OPEN, "账本哈希分片（tlog-tiles）", tile),
    ]
}

/// Where the ledger stands.
#[derive(Serialize, JsonSchema)]
struct State {
    /// Name of the log, as its checkpoints have it.
    origin: String,
    /// Public key for checking checkpoints and proofs offline.
    key: String,
    /// Leaves under the latest checkpoint.
    size: i64,
    /// When it was made, ms UTC; `null` while there is none.
    checkpoint_at: Option<Millis>,
    /// Leaves that wait for the next checkpoint.
    waiting: i64,
}

async fn state(cx: Cx, _: Ask) -> Result<Json<State>> {
    cx.read(|tx, cx| {
        let key = cx.house.held::<Ledger>().public_key();
        let latest = store::latest(tx)?;
        let size = latest.as_ref().map_or(0, |c| c.size);
        Ok(State {
            origin: key.name().to_owned(),
            key: key.to_string(),
            size,
            checkpoint_at: latest.map(|c| c.at),
            waiting: store::last_leaf(tx)? - size,
        })
    })
    .await
    .map(Json)
}

fn answer(bytes: Vec<u8>, media: &'static str, cache: &'static str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// A tile of one width never changes.
fn for_ever(bytes: Vec<u8>) -> Response {
    answer(bytes, "application/octet-stream", "public, max-age=31536000, immutable")
}

async fn checkpoint(cx: Cx, _: Ask) -> Result<Response> {
    let latest = cx.read(|tx, _| store::latest(tx)).await?;
    let latest = latest.ok_or_else(|| Error::not_found("账本还没有检查点"))?;
    Ok(answer(latest.note.into_bytes(), "text/plain; charset=utf-8", "no-cache"))
}

#[derive(Deserialize, JsonSchema)]
struct TilePath {
    /// 0 to 63
    level: String,
    /// `x001/x234/067`, with `.p/W` for one that is not full
    path: String,
}

#[derive(Deserialize, JsonSchema)]
struct EntriesPath {
    path: String,
}

fn no_tile() -> Error {
    Error::not_found("没有这个账本分片")
}

async fn tile(cx: Cx, ask: Ask<TilePath>) -> Result<Response> {
    let level: u8 = ask.path.level.parse().map_err(|_| no_tile())?;
    if level > 63 || level.to_string() != ask.path.level {
        return Err(no_tile());
    }
    let (no, width) = tile_path(&ask.path.path)?;
    let bytes = cx.read(move |tx, _| store::tile(tx, level, no)).await?;
    let wanted = width.unwrap_or(WIDTH) as usize * 32;
    Ok(for_ever(bytes.get(..wanted).ok_or_else(no_tile)?.to_vec()))
}

async fn entries(cx: Cx, ask: Ask<EntriesPath>) -> Result<Response> {
    let (no, width) = tile_path(&ask.path.path)?;
    let first = no.checked_mul(WIDTH).and_then(|n| i64::try_from(n).ok()).ok_or_else(no_tile)?;
    let last = first.checked_add(width.unwrap_or(WIDTH) as i64).ok_or_else(no_tile)?;
    let found = cx.read(move |tx, _| {
        if last > store::size(tx)? {
            return Err(no_tile());
        }
        store::entries(tx, first, last)
    });
    let mut bytes = Vec::new();
    for entry in found.await? {
        let length = u16::try_from(entry.len()).map_err(Error::internal)?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry.as_bytes());
    }
    Ok(for_ever(bytes))
}
