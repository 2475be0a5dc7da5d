//! Pages ready to be sent, the last of them kept for ten seconds and no longer than the notices stand as they did.

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

    /// The answer. Others ask again each time: a page that was kept on its way would go on saying that nothing was recalled.
    pub fn answer(&self) -> Response {
        let mut response = Response::new(Body::from(self.html.clone()));
        *response.status_mut() = self.status;
        let found = self.status == StatusCode::OK;
        let cache = if found { "public, no-cache" } else { "no-store" };
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

/// A page as it was made.
struct Kept {
    at: Millis,
    /// Of the notices in the database when it was made; a page of another number is not shown, whichever server set the notice.
    stops: i64,
    page: Arc<Rendered>,
}

impl Kept {
    fn fresh(&self, now: Millis) -> bool {
        (0..FRESH).contains(&(now - self.at))
    }
}

/// The pages shown last, each for ten seconds; the server holds it in the house. Works without it, only slower.
#[derive(Default)]
pub struct Pages(Mutex<HashMap<String, Kept>>);

impl Pages {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The page under this address, while it is fresh and the notices stand as they did.
    pub fn get(&self, address: &str, now: Millis, stops: i64) -> Option<Arc<Rendered>> {
        let kept = self.0.lock();
        kept.get(address).filter(|k| k.fresh(now) && k.stops == stops).map(|k| k.page.clone())
    }

    /// Keeps a page that found something.
    pub fn keep(&self, address: &str, now: Millis, stops: i64, page: &Arc<Rendered>) {
        if page.status != StatusCode::OK {
            return;
        }
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.retain(|_, k| k.fresh(now));
        }
        if kept.len() < KEPT {
            kept.insert(address.to_owned(), Kept { at: now, stops, page: page.clone() });
        }
    }

    /// Forgets all.
    pub fn forget(&self) {
        self.0.lock().clear();
    }
}

/// The kept pages of this house, if it keeps any.
pub fn kept(house: &House) -> Option<Arc<Pages>> {
    house.try_held::<Pages>()
}
