//! The built front ends, compressed ahead and inside the binary.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

/// web/console, as built.
#[derive(RustEmbed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

/// web/field, as built.
#[derive(RustEmbed)]
#[folder = "../../web/field/dist"]
#[allow_missing = true]
struct Field;

/// The phone app reads codes with WebAssembly of its own; nothing else may be compiled, nothing at all evaluated.
const FIELD_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; \
    script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; worker-src 'self'; frame-ancestors 'none'; \
    base-uri 'self'; form-action 'self'";

/// Serves each front end below its name; any path of it that is no file is the page itself (its router reads the rest).
pub fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/console/") }))
        .route("/console", get(|| async { Redirect::permanent("/console/") }))
        .route("/console/", get(console))
        .route("/console/{*path}", get(console))
        .route("/field", get(|| async { Redirect::permanent("/field/") }))
        .route("/field/", get(field))
        .route("/field/{*path}", get(field))
}

async fn console(request: Request) -> Response {
    page::<Console>(request.uri().path().trim_start_matches("/console"), request.headers())
}

async fn field(request: Request) -> Response {
    let mut response = page::<Field>(request.uri().path().trim_start_matches("/field"), request.headers());
    let name = HeaderName::from_static("content-security-policy");
    response.headers_mut().insert(name, HeaderValue::from_static(FIELD_POLICY));
    response
}

fn page<E: RustEmbed>(path: &str, asked: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    if let Some(found) = file::<E>(path, asked) {
        return found;
    }
    let is_page = !path.rsplit('/').next().unwrap_or("").contains('.');
    match file::<E>("index.html", asked) {
        Some(page) if is_page => page,
        _ => (StatusCode::NOT_FOUND, "没有这个页面").into_response(),
    }
}

/// A file in the best encoding the client takes and the build made.
fn file<E: RustEmbed>(path: &str, asked: &HeaderMap) -> Option<Response> {
    let plain = E::get(path)?;
    let accepts = asked.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(name, ending)| {
        let taken = accepts.split(',').any(|a| a.trim().split(';').next() == Some(name));
        taken.then(|| E::get(&format!("{path}.{ending}")).map(|f| (name, f))).flatten()
    });
    let tag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()[..12]));
    if asked.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
        return Some(StatusCode::NOT_MODIFIED.into_response());
    }
    Some(answer(path, tag, plain, packed))
}

fn answer(
    path: &str,
    tag: String,
    plain: EmbeddedFile,
    packed: Option<(&'static str, EmbeddedFile)>,
) -> Response {
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
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        Some("json" | "topojson") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
