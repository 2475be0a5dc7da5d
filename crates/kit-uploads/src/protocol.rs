//! The words of tus 1.0.0: its headers, and what it wants said with every answer (<https://tus.io/protocols/resumable-upload>).

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_base::{Error, Millis, Result};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

pub const VERSION: &str = "1.0.0";
/// Media type of a piece.
pub const PIECE: &str = "application/offset+octet-stream";
/// tus: “460 Checksum Mismatch”.
pub const MISMATCH: u16 = 460;

/// Answers `OPTIONS` below `/api/uploads`, refuses other versions of the protocol, and puts the version on every answer.
pub async fn speak(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path != "/api/uploads" && !path.starts_with("/api/uploads/") {
        return next.run(request).await;
    }
    let asked = request.headers().get("tus-resumable").map(HeaderValue::as_bytes);
    let mut answer = if *request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else if asked.is_some_and(|version| version != VERSION.as_bytes()) {
        let text = format!("不支持该版本的 tus 协议，请使用 {VERSION}");
        refusal(Error::conflict("tus_version", text), 412)
    } else {
        next.run(request).await
    };
    let said = [
        ("tus-resumable", VERSION),
        ("tus-version", VERSION),
        ("tus-extension", "creation,expiration,checksum,termination"),
        ("tus-checksum-algorithm", "sha1,sha256"),
    ];
    for (name, value) in said {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// A refusal with a status that the protocol names and the house has no kind for.
pub fn refusal(error: Error, status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    kit_web::problem::respond_as(error, status)
}

pub fn put(answer: &mut Response, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        answer.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// `Upload-Expires`, as HTTP writes dates.
pub fn http_date(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A header that is a number of bytes.
///
/// Errors: `upload_header` at the header.
pub fn number(name: &'static str, text: &str) -> Result<u64> {
    let fit = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    fit.then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| Error::invalid(name, "upload_header", format!("请求头 {name} 应为字节数")))
}

/// Name and media type out of `Upload-Metadata: filename 6LGG6IWQLmNzdg==,filetype dGV4dC9jc3Y=`.
///
/// Errors: `upload_header`.
pub fn metadata(text: &str) -> Result<(String, String)> {
    let wrong =
        || Error::invalid("upload-metadata", "upload_header", "请求头 upload-metadata 应为“键 base64 值”");
    let (mut name, mut media) = (String::new(), String::new());
    for pair in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).map_err(|_| wrong())?;
        let value = String::from_utf8(value).map_err(|_| wrong())?;
        let value: String = value.chars().filter(|c| !c.is_control()).take(200).collect();
        match key {
            "filename" | "name" => name = value,
            "filetype" | "type" => media = value,
            _ => {}
        }
    }
    Ok((name, media))
}

/// The checksum of a piece, as it grows.
pub struct Checksum {
    hasher: Hasher,
    wanted: Vec<u8>,
}

enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Reads `Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`; `None` where none is sent.
    ///
    /// Errors: `upload_algorithm` (400), `upload_header`.
    pub fn read(text: &str) -> Result<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let (name, value) = text.split_once(' ').unwrap_or((text, ""));
        let hasher = match name {
            "sha1" => Hasher::Sha1(Sha1::new()),
            "sha256" => Hasher::Sha256(Sha256::new()),
            _ => {
                let text = "校验算法应为 sha1 或 sha256";
                return Err(Error::invalid("upload-checksum", "upload_algorithm", text));
            }
        };
        let wanted = STANDARD.decode(value.trim()).map_err(|_| {
            Error::invalid("upload-checksum", "upload_header", "请求头 upload-checksum 应为“算法 base64 值”")
        })?;
        Ok(Some(Self { hasher, wanted }))
    }

    pub fn add(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(h) => h.update(bytes),
            Hasher::Sha256(h) => h.update(bytes),
        }
    }

    pub fn holds(self) -> bool {
        match self.hasher {
            Hasher::Sha1(h) => h.finalize()[..] == self.wanted[..],
            Hasher::Sha256(h) => h.finalize()[..] == self.wanted[..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_the_protocol_writes_them() {
        let told = metadata("filename 6LGG6IWQLmNzdg==,filetype dGV4dC9jc3Y=,other").unwrap();
        assert_eq!(told, ("豆腐.csv".to_owned(), "text/csv".to_owned()));
        assert_eq!(metadata("").unwrap(), (String::new(), String::new()));
        assert_eq!(metadata("filename %%%").unwrap_err().code, "upload_header");
        for text in ["", "-1", "1e3", "+5", "99999999999999999999"] {
            assert_eq!(number("upload-offset", text).unwrap_err().code, "upload_header", "{text}");
        }
        assert_eq!(number("upload-offset", "70").unwrap(), 70);
        assert_eq!(http_date(1_772_500_000_000), "Tue, 03 Mar 2026 01:06:40 GMT");
    }

    #[test]
    fn checksums_of_the_protocols_own_example_hold() {
        let mut sum = Checksum::read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").unwrap().unwrap();
        sum.add(b"hello ");
        sum.add(b"world");
        assert!(sum.holds());
        let mut sum = Checksum::read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").unwrap().unwrap();
        sum.add(b"hello World");
        assert!(!sum.holds());
        assert_eq!(Checksum::read("md5 xx").err().unwrap().code, "upload_algorithm");
        assert!(Checksum::read("").unwrap().is_none());
    }
}
