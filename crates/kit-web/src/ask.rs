//! What handlers are asked: path, query and body, each with its shape for the contract.

use std::any::TypeId;

use axum::extract::{FromRequestParts as _, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures_util::{StreamExt as _, TryStreamExt as _};
use kit_base::{Error, Kind, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::de::value::UnitDeserializer;
use sha2::{Digest, Sha256};

use crate::answer::Json;
use crate::wording::in_chinese;

/// The largest JSON body that is read into memory.
pub const JSON_LIMIT: usize = 32 * 1024 * 1024;

/// A typed request: path parameters, query, body.
pub struct Ask<P = (), Q = (), B = ()> {
    pub path: P,
    pub query: Q,
    pub body: B,
}

/// Path parameters or a query: a struct, or `()` for none.
pub trait Part: DeserializeOwned + JsonSchema + Send + 'static {
    fn shape() -> Option<Schema> {
        if TypeId::of::<Self>() == TypeId::of::<()>() {
            return None;
        }
        let settings =
            schemars::generate::SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        Some(settings.into_generator().into_root_schema_for::<Self>())
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Part for T {}

fn unit<T: Part>() -> Option<T> {
    let none = UnitDeserializer::<serde::de::value::Error>::new();
    (TypeId::of::<T>() == TypeId::of::<()>()).then(|| T::deserialize(none).ok()).flatten()
}

pub(crate) async fn path<T: Part>(parts: &mut Parts) -> Result<T> {
    if let Some(nothing) = unit() {
        return Ok(nothing);
    }
    let Path(value) = Path::<T>::from_request_parts(parts, &())
        .await
        .map_err(|_| Error::not_found("没有这个页面或记录"))?;
    Ok(value)
}

/// Reads a query; a parameter without a value counts as not given.
pub(crate) fn query<T: Part>(query: &str) -> Result<T> {
    if let Some(nothing) = unit() {
        return Ok(nothing);
    }
    let given: Vec<&str> =
        query.split('&').filter(|p| p.split_once('=').is_some_and(|(_, v)| !v.is_empty())).collect();
    let given = given.join("&");
    let pairs = serde_html_form::Deserializer::new(form_urlencoded::parse(given.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|e| {
        let wording = in_chinese(&e.inner().to_string());
        let field = wording.field.unwrap_or_else(|| e.path().to_string());
        Error::invalid(field, "query_syntax", format!("查询参数有误：{}", wording.text))
    })
}

/// A request body.
pub trait Body: Sized + Send {
    /// Media type and schema; `None` for no body.
    fn shape(types: &mut SchemaGenerator) -> Option<(&'static str, Schema)>;
    /// Reads it; `hash` takes the bytes, for idempotency.
    fn read(
        headers: &HeaderMap,
        body: axum::body::Body,
        hash: &mut Sha256,
    ) -> impl Future<Output = Result<Self>> + Send;
}

impl Body for () {
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }
    async fn read(_: &HeaderMap, _: axum::body::Body, _: &mut Sha256) -> Result<Self> {
        Ok(())
    }
}

/// The largest form of a page without script.
const FORM_LIMIT: usize = 64 * 1024;

/// What a form of a page without script sends (`application/x-www-form-urlencoded`).
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send> Body for Form<T> {
    fn shape(types: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/x-www-form-urlencoded", types.subschema_for::<T>()))
    }

    async fn read(headers: &HeaderMap, body: axum::body::Body, hash: &mut Sha256) -> Result<Self> {
        const MEDIA: &str = "application/x-www-form-urlencoded";
        let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !media.starts_with(MEDIA) {
            return Err(Error::invalid("content-type", "body_media", format!("请求体应为 {MEDIA}")));
        }
        let bytes = axum::body::to_bytes(body, FORM_LIMIT)
            .await
            .map_err(|_| Error::new(Kind::TooLarge, "body_too_large", "填写的内容太长"))?;
        hash.update(&bytes);
        let pairs = serde_html_form::Deserializer::new(form_urlencoded::parse(&bytes));
        serde_path_to_error::deserialize(pairs).map(Form).map_err(|e| {
            let wording = in_chinese(&e.inner().to_string());
            let field = wording.field.unwrap_or_else(|| e.path().to_string());
            Error::invalid(field, "form_syntax", format!("填写的内容有误：{}", wording.text))
        })
    }
}

impl<T: DeserializeOwned + JsonSchema + Send> Body for Json<T> {
    fn shape(types: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", types.subschema_for::<T>()))
    }

    async fn read(headers: &HeaderMap, body: axum::body::Body, hash: &mut Sha256) -> Result<Self> {
        let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !media.starts_with("application/json") {
            return Err(Error::invalid("content-type", "body_media", "请求体应为 application/json"));
        }
        let bytes = axum::body::to_bytes(body, JSON_LIMIT)
            .await
            .map_err(|_| Error::new(Kind::TooLarge, "body_too_large", "请求体超过 32 MB，请分批提交"))?;
        hash.update(&bytes);
        parse_json(&bytes).map(Json)
    }
}

/// Reads JSON; a fault names the field, or line and column where it is no JSON at all.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| {
        let inner = e.inner();
        if inner.is_data() {
            let path = e.path().to_string().replace('[', "/").replace("].", "/").replace(['.', ']'], "/");
            let path = path.trim_matches('/').replace("//", "/");
            let wording = in_chinese(&inner.to_string());
            return Error::invalid(below(&path, wording.field), "body_field", wording.text);
        }
        let place = format!("line {} column {}", inner.line(), inner.column());
        Error::invalid(
            place,
            "body_syntax",
            format!("JSON 格式错误，第 {} 行第 {} 列", inner.line(), inner.column()),
        )
    })?;
    json.end().map_err(|e| {
        let place = format!("line {} column {}", e.line(), e.column());
        Error::invalid(
            place,
            "body_syntax",
            format!("JSON 后有多余内容，第 {} 行第 {} 列", e.line(), e.column()),
        )
    })?;
    Ok(value)
}

/// The path of a field below another. The parser counts an unknown field to the path already.
fn below(path: &str, field: Option<String>) -> String {
    match field {
        Some(field) if path.is_empty() => field,
        Some(field) if path.rsplit('/').next() != Some(&field) => format!("{path}/{field}"),
        _ => path.into(),
    }
}

/// A body taken as it comes (a file, a stream of records).
pub struct Raw {
    /// Lower-case media type without parameters.
    pub media: String,
    /// File name the client gave in `X-File-Name` (percent-encoded UTF-8), if any.
    pub name: String,
    headers: HeaderMap,
    body: axum::body::Body,
}

impl Raw {
    /// A header that a protocol of others asks for (`GS1-Capture-Error-Behaviour`); empty where it was not sent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// Spools the body into the file store; bounded memory.
    ///
    /// Errors: `file_too_large`, `upload_broken`.
    pub async fn keep(self, files: &kit_files::Files, limit: u64) -> Result<kit_files::Kept> {
        let mut intake = files.intake(limit)?;
        let mut stream = self.body.into_data_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(broken)?;
            intake = tokio::task::spawn_blocking(move || intake.write(&chunk).map(|()| intake))
                .await
                .map_err(Error::internal)??;
        }
        tokio::task::spawn_blocking(move || intake.keep()).await.map_err(Error::internal)?
    }

    /// The body as it comes.
    pub fn stream(self) -> axum::body::BodyDataStream {
        self.body.into_data_stream()
    }

    /// The body line by line.
    pub fn lines(self) -> Lines {
        Lines { stream: self.body.into_data_stream(), rest: Vec::new(), no: 0, ended: false }
    }

    /// The whole body, for small ones.
    pub async fn bytes(self, limit: usize) -> Result<Vec<u8>> {
        let mut stream = self.body.into_data_stream();
        let mut out = Vec::new();
        while let Some(chunk) = stream.try_next().await.map_err(broken)? {
            if out.len() + chunk.len() > limit {
                return Err(Error::new(Kind::TooLarge, "body_too_large", "请求体过大，请改用文件导入"));
            }
            out.extend_from_slice(&chunk);
        }
        Ok(out)
    }
}

/// A body read line by line; bounded memory.
pub struct Lines {
    stream: axum::body::BodyDataStream,
    rest: Vec<u8>,
    no: u64,
    ended: bool,
}

/// The longest line that is read.
pub const LINE_LIMIT: usize = 256 * 1024;

impl Lines {
    /// Waits for a line, then answers it with what has arrived behind it, at most `most` lines: number from 1, and text.
    /// Empty lines are passed over; nothing at all is the end.
    ///
    /// Errors: `line_too_long`, `upload_broken`.
    pub async fn next(&mut self, most: usize) -> Result<Vec<(u64, Vec<u8>)>> {
        let mut out = Vec::new();
        loop {
            self.split(most, &mut out)?;
            if out.len() >= most || (self.ended && self.rest.is_empty()) {
                return Ok(out);
            }
            let piece = if out.is_empty() {
                self.stream.next().await
            } else {
                match futures_util::FutureExt::now_or_never(self.stream.next()) {
                    Some(piece) => piece,
                    None => return Ok(out),
                }
            };
            match piece {
                Some(piece) => self.rest.extend_from_slice(&piece.map_err(broken)?),
                None => self.ended = true,
            }
        }
    }

    fn split(&mut self, most: usize, out: &mut Vec<(u64, Vec<u8>)>) -> Result<()> {
        let mut from = 0;
        while out.len() < most {
            let end = match memchr::memchr(b'\n', &self.rest[from..]) {
                Some(at) => from + at,
                None if self.ended && from < self.rest.len() => self.rest.len(),
                None => break,
            };
            self.no += 1;
            let line = self.rest[from..end].trim_ascii();
            if line.len() > LINE_LIMIT {
                return Err(long(self.no));
            }
            if !line.is_empty() {
                out.push((self.no, line.to_vec()));
            }
            from = (end + 1).min(self.rest.len());
        }
        self.rest.drain(..from);
        if out.len() < most && self.rest.len() > LINE_LIMIT {
            return Err(long(self.no + 1));
        }
        Ok(())
    }
}

fn long(no: u64) -> Error {
    let text = format!("第 {no} 行超过 256 KB，每行应为一条记录");
    Error::new(Kind::TooLarge, "line_too_long", text).at(format!("line {no}"))
}

fn broken(e: axum::Error) -> Error {
    Error::new(Kind::Invalid, "upload_broken", "上传中断，请重试").because(e)
}

impl Body for Raw {
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/octet-stream", schemars::json_schema!({ "type": "string", "format": "binary" })))
    }

    async fn read(headers: &HeaderMap, body: axum::body::Body, _: &mut Sha256) -> Result<Self> {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
        let media = text("content-type").split(';').next().unwrap_or("").trim().to_lowercase();
        let name =
            form_urlencoded::parse(format!("n={}", text("x-file-name").replace('+', "%2B")).as_bytes())
                .next()
                .map(|(_, v)| v.into_owned())
                .unwrap_or_default();
        Ok(Self { media, name, headers: headers.clone(), body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, JsonSchema)]
    struct Lines {
        lines: Vec<Line>,
    }
    #[derive(Debug, serde::Deserialize, JsonSchema)]
    struct Line {
        amount: i64,
    }

    #[test]
    fn a_wrong_field_is_named_by_its_path() {
        let e = parse_json::<Lines>(br#"{"lines":[{"amount":1},{"amount":"x"}]}"#).unwrap_err();
        assert_eq!((e.code.as_ref(), e.field.as_deref()), ("body_field", Some("lines/1/amount")));
        let e = parse_json::<Lines>(b"{\"lines\":[\n}").unwrap_err();
        assert_eq!((e.code.as_ref(), e.field.as_deref()), ("body_syntax", Some("line 2 column 1")));
        assert_eq!(parse_json::<Lines>(b"{\"lines\":[]} x").unwrap_err().code, "body_syntax");
        assert_eq!(parse_json::<Lines>(br#"{"lines":[{"amount":3}]}"#).unwrap().lines[0].amount, 3);
    }

    #[test]
    fn an_empty_parameter_counts_as_not_given() {
        #[derive(serde::Deserialize, JsonSchema)]
        struct Q {
            page: Option<i64>,
            q: Option<String>,
        }
        let asked: Q = query("page=&q=%E7%B1%B3").unwrap();
        assert_eq!((asked.page, asked.q.as_deref()), (None, Some("米")));
        assert_eq!(query::<Q>("page=x").err().unwrap().field.as_deref(), Some("page"));
    }
}
