//! Pages ready to be sent, the last of them kept for ten seconds.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use kit_base::Millis;
use kit_web::House;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

/// How old a page may be.
const FRESH: Millis = 10_000;
/// Pages kept at most.
const KEPT: usize = 4_096;

/// A page ready to be sent.
#[derive(Debug)]
pub struct Rendered {
    status: StatusCode,
    html: Bytes,
    tag: String,
}

impl Rendered {
    pub(super) fn new(status: StatusCode, html: String) -> Self {
        let tag = format!("W/\"{}\"", &hex::encode(Sha256::digest(&html))[..16]);
        Self { status, html: Bytes::from(html), tag }
    }

    /// The answer; only pages that found something may be kept by others.
    pub fn answer(&self) -> Response {
        let mut response = Response::new(Body::from(self.html.clone()));
        *response.status_mut() = self.status;
        let found = self.status == StatusCode::OK;
        let cache = if found { "public, max-age=10" } else { "no-store" };
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, "text/html; charset=utf-8");
        put(header::CACHE_CONTROL, cache);
        if found {
            put(header::ETAG, &self.tag);
        }
        response
    }
}

/// The pages shown last, each for ten seconds; the server holds it in the house. Works without it, only slower.
#[derive(Default)]
pub struct Pages(Mutex<HashMap<String, (Millis, Arc<Rendered>)>>);

impl Pages {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The page under this address, while it is fresh.
    pub fn get(&self, address: &str, now: Millis) -> Option<Arc<Rendered>> {
        let kept = self.0.lock();
        kept.get(address).filter(|(at, _)| (0..FRESH).contains(&(now - at))).map(|(_, page)| page.clone())
    }

    /// Keeps a page that found something.
    pub fn keep(&self, address: &str, now: Millis, page: &Arc<Rendered>) {
        if page.status != StatusCode::OK {
            return;
        }
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.retain(|_, (at, _)| (0..FRESH).contains(&(now - *at)));
        }
        if kept.len() < KEPT {
            kept.insert(address.to_owned(), (now, page.clone()));
        }
    }

    /// Forgets all, since something was recalled or withdrawn.
    pub fn forget(&self) {
        self.0.lock().clear();
    }
}

/// The kept pages of this house, if it keeps any.
pub fn kept(house: &House) -> Option<Arc<Pages>> {
    house.try_held::<Pages>()
}
