//! What handlers answer.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

/// An answer that can say its shape for the contract.
pub trait Answer: Send {
    /// Status, media type, and the schema of a JSON body.
    fn shape(types: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>);
    fn into_answer(self) -> Response;
}

/// A JSON body, in or out.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: Serialize + JsonSchema + Send> Answer for Json<T> {
    fn shape(types: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (200, "application/json", Some(types.subschema_for::<T>()))
    }

    fn into_answer(self) -> Response {
        let mut response = axum::Json(self.0).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// An answer that also sets a cookie.
pub struct WithCookie<A> {
    pub answer: A,
    /// The whole `Set-Cookie` value.
    pub cookie: HeaderValue,
}

impl<A: Answer> Answer for WithCookie<A> {
    fn shape(types: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        A::shape(types)
    }

    fn into_answer(self) -> Response {
        let mut response = self.answer.into_answer();
        response.headers_mut().append(header::SET_COOKIE, self.cookie);
        response
    }
}

/// Done, nothing to tell.
pub struct NoContent;

impl Answer for NoContent {
    fn shape(_: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (204, "", None)
    }

    fn into_answer(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// A page of HTML.
pub struct Html(pub String);

impl Answer for Html {
    fn shape(_: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (200, "text/html", None)
    }

    fn into_answer(self) -> Response {
        axum::response::Html(self.0).into_response()
    }
}

/// The policy of files: whatever they are, opened in place they run nothing.
pub const SHUT: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// A file to save or show.
pub struct Download {
    pub body: Body,
    pub media: &'static str,
    /// Name offered for saving; may be Chinese. Empty: shown in place.
    pub name: String,
}

impl Download {
    pub fn bytes(bytes: Vec<u8>, media: &'static str, name: impl Into<String>) -> Self {
        Self { body: Body::from(bytes), media, name: name.into() }
    }

    /// A kept file, sent in pieces of 64 KiB as the client takes them.
    pub fn file(file: std::fs::File, media: &'static str, name: impl Into<String>) -> Self {
        let pieces =
            futures_util::stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
                let mut piece = vec![0; 64 * 1024];
                let n = tokio::io::AsyncReadExt::read(&mut file, &mut piece).await?;
                piece.truncate(n);
                Ok::<_, std::io::Error>((n > 0).then_some((piece, file)))
            });
        // compression asks once more after the end
        let pieces = futures_util::StreamExt::fuse(pieces);
        Self { body: Body::from_stream(pieces), media, name: name.into() }
    }
}

impl Answer for Download {
    fn shape(_: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (200, "*/*", None)
    }

    fn into_answer(self) -> Response {
        let mut response = self.body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SHUT));
        if !self.name.is_empty() {
            let value = format!("attachment; filename*=UTF-8''{}", percent(&self.name));
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
        }
        response
    }
}

/// RFC 5987 encoding of a file name.
fn percent(name: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An answer made by hand (a stream of events, a redirect).
impl Answer for Response {
    fn shape(_: &mut SchemaGenerator) -> (u16, &'static str, Option<Schema>) {
        (200, "*/*", None)
    }

    fn into_answer(self) -> Response {
        self
    }
}

/// Lists are counted no further than this; a total that reaches it means "at least".
pub const COUNTED: i64 = 100_000;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Rows in all, under the filter; [`COUNTED`] where there are at least so many.
    pub total: i64,
    /// From 1.
    pub page: i64,
    /// Rows a page.
    pub size: i64,
}

/// The page and size asked for, within bounds: page from 1, size 1 to 200, 20 by default.
pub fn paging(page: Option<i64>, size: Option<i64>) -> (i64, i64) {
    (page.unwrap_or(1).clamp(1, 1_000_000), size.unwrap_or(20).clamp(1, 200))
}
