//! The HTTP server: router, headers, graceful stop.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use kit_base::{Error, Kind, Result};
use kit_web::House;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::{assets, rooms};

/// Everything the server answers.
pub fn app(house: &Arc<House>) -> Router {
    kit_web::router(house, rooms::routes())
        .merge(assets::routes())
        .fallback(|| async { kit_web::problem::respond(Error::not_found("没有这个地址")) })
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            kit_web::problem::respond(Error::internal("handler panicked"))
        }))
        .layer(middleware::from_fn(headers))
}

/// What every answer carries: nothing from elsewhere is loaded, nobody frames us.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; \
             object-src 'none'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
        ),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response.headers_mut().remove(header::SERVER);
    response
}

/// Listens until the process is told to stop, then finishes what is under way.
///
/// Errors: `address_in_use`.
pub async fn run(house: Arc<House>, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|e| Error::new(Kind::Conflict, "address_in_use", format!("无法监听 {address}：{e}")))?;
    crate::duties::begin(&house).await?;
    let kinds = rooms::job_kinds();
    let (db, clock, hands) = (house.db.clone(), house.clock.clone(), house.clone());
    let start = move || kit_jobs::Worker::start(hands, kinds, db, clock, 2);
    let worker = tokio::task::spawn_blocking(start).await.map_err(Error::internal)??;
    let ledger = house.held::<kit_ledger::Ledger>();
    let sequencer = kit_ledger::Sequencer::start(ledger, house.db.clone(), house.clock.clone())?;
    ready(listener.local_addr()?);
    let service = app(&house).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await?;
    let stop = move || {
        worker.stop();
        sequencer.stop();
    };
    tokio::task::spawn_blocking(stop).await.map_err(Error::internal)?;
    let live = house.held::<trace::live::LiveGraph>();
    tokio::task::spawn_blocking(move || live.save()).await.map_err(Error::internal)?
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(e) => {
            tracing::error!(error = %e, "no signal handler, stop with ctrl-c");
            let _ = interrupt.await;
            return;
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
