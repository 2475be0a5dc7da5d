//! What machines ask of the house: is it alive, is it ready, how much of everything. No personal data in any of it.

mod figures;
mod health;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kit_base::Error;
use kit_web::House;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Seconds of an answer.
const ANSWERS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// A request by what it is, never by whom or with what values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    /// As declared: `/api/lots/{no}`
    route: String,
    status: u16,
}

/// What is counted while the house serves; held in it.
pub struct Watch {
    answers: Family<Asked, Histogram, fn() -> Histogram>,
    stopping: AtomicBool,
}

impl Default for Watch {
    fn default() -> Self {
        let made: fn() -> Histogram = || Histogram::new(ANSWERS);
        Self { answers: Family::new_with_constructor(made), stopping: AtomicBool::new(false) }
    }
}

impl Watch {
    /// From now on the house is not ready for new work.
    pub fn stopping(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes(house: &Arc<House>) -> Router {
    let (ready, metrics) = (house.clone(), house.clone());
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(move || health::ready(ready.clone())))
        .route("/metrics", get(move |request: Request| serve_metrics(metrics.clone(), request)))
}

/// Measures every answer.
#[allow(clippy::disallowed_methods, reason = "measures")]
pub async fn measure(watch: Arc<Watch>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = method(request.method());
    let path = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let route = path.unwrap_or_else(|| "other".to_owned());
    let response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), begun.elapsed());
    tell(method, &route, status, time);
    watch.answers.get_or_create(&Asked { method, route, status }).observe(time.as_secs_f64());
    response
}

/// The log says route and status; a path may hold a code or an id, and stays out.
fn tell(method: &str, route: &str, status: u16, time: Duration) {
    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(method, route, status, ms, "answered");
    } else {
        tracing::debug!(method, route, status, ms, "answered");
    }
}

fn method(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        _ => "other",
    }
}

async fn serve_metrics(house: Arc<House>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    if !may_read(request.headers(), peer, std::env::var("SHIAN_METRICS_TOKEN").ok().as_deref()) {
        return kit_web::problem::respond(Error::not_found("没有这个地址"));
    }
    let text = tokio::task::spawn_blocking(move || text(&house)).await;
    match text {
        Ok(Ok(text)) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
                .into_response()
        }
        Ok(Err(e)) => kit_web::problem::respond(e),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// With a token set: whoever has it. Without: this machine alone, and not through a proxy, behind which everybody seems
/// to be this machine.
fn may_read(headers: &HeaderMap, peer: Option<SocketAddr>, token: Option<&str>) -> bool {
    match token.filter(|t| !t.is_empty()) {
        Some(token) => {
            let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or("");
            given.strip_prefix("Bearer ").is_some_and(|given| same(given.as_bytes(), token.as_bytes()))
        }
        None => {
            let proxied =
                ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|h| headers.contains_key(*h));
            !proxied && peer.is_some_and(|p| p.ip().is_loopback())
        }
    }
}

/// In a time that does not tell how much of it was right.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn text(house: &Arc<House>) -> kit_base::Result<String> {
    let mut registry = Registry::with_prefix("shian");
    let watch = house.held::<Watch>();
    registry.register("http_answer_seconds", "time to answer, by route and status", watch.answers.clone());
    figures::register(&mut registry, house);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).map_err(Error::internal)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_for_this_machine_or_for_the_token() {
        let (here, there) = ("127.0.0.1:9".parse().ok(), "10.1.2.3:9".parse().ok());
        let with = |name: &'static str, value: &'static str| {
            HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
        };
        let plain = HeaderMap::new();
        for (headers, peer, token, may) in [
            (plain.clone(), here, None, true),
            (plain.clone(), there, None, false),
            (plain.clone(), None, None, false),
            (with("x-forwarded-for", "1.2.3.4"), here, None, false),
            (plain.clone(), here, Some("secret"), false),
            (with("authorization", "Bearer secret"), there, Some("secret"), true),
            (with("authorization", "Bearer secreT"), there, Some("secret"), false),
            (with("authorization", "Bearer "), here, Some(""), true),
        ] {
            assert_eq!(may_read(&headers, peer, token), may, "{headers:?} {peer:?} {token:?}");
        }
    }
}
