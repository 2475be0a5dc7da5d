//! The built front ends, compressed ahead and inside the binary.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

/// web/console, as built.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

/// Serves the console below `/console/`; any path of it that is no file is the page itself (its router reads the rest).
pub fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/console/") }))
        .route("/console", get(|| async { Redirect::permanent("/console/") }))
        .route("/console/", get(console))
        .route("/console/{*path}", get(console))
}

async fn console(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches("/console").trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    if let Some(found) = file(path, request.headers()) {
        return found;
    }
    let is_page = !path.rsplit('/').next().unwrap_or("").contains('.');
    match file("index.html", request.headers()) {
        Some(page) if is_page => page,
        _ => (StatusCode::NOT_FOUND, "没有这个页面").into_response(),
    }
}

/// A file in the best encoding the client takes and the build made.
fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    let plain = Console::get(path)?;
    let accepts = asked.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(name, ending)| {
        let taken = accepts.split(',').any(|a| a.trim().split(';').next() == Some(name));
        taken.then(|| Console::get(&format!("{path}.{ending}")).map(|f| (name, f))).flatten()
    });
    let tag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()[..12]));
    if asked.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
        return Some(StatusCode::NOT_MODIFIED.into_response());
    }
    let (encoding, body) = match packed {
        Some((name, packed)) => (Some(name), packed.data),
        None => (None, plain.data),
    };
    // names under assets/ carry a hash of their content
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = (
        [
            (header::CONTENT_TYPE, media(path)),
            (header::CACHE_CONTROL, cache),
            (header::VARY, "accept-encoding"),
        ],
        [(header::ETAG, tag)],
        body.into_owned(),
    )
        .into_response();
    if let Some(name) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(name));
    }
    Some(response)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "topojson" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
