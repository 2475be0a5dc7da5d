//! RFC 9457 problem+json, the one form of every refusal.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit_base::{Defect, Error, Kind};
use serde::Serialize;

/// The body of a refusal.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Problem {
    /// `about:blank#code`
    #[serde(rename = "type")]
    pub kind: String,
    /// Chinese text for the person.
    pub title: String,
    pub status: u16,
    /// Stable code for programs.
    pub code: String,
    /// The wrong input field, as a path (`lines/3/amount`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every wrong place, where the input has many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
}

pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Full => StatusCode::INSUFFICIENT_STORAGE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Turns an error into an answer; what is ours to mend goes to the log.
pub fn respond(error: Error) -> Response {
    let status = status(error.kind);
    respond_as(error, status)
}

/// [`respond`] with a status that a protocol of others names and the house has no kind for.
pub fn respond_as(error: Error, status: StatusCode) -> Response {
    if error.kind == Kind::Internal {
        tracing::error!(error = %error, "request failed");
    }
    let problem = Problem {
        kind: format!("about:blank#{}", error.code),
        title: error.message,
        status: status.as_u16(),
        code: error.code.into_owned(),
        field: error.field,
        defects: error.defects,
    };
    let mut response = (status, axum::Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
