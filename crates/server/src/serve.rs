//! The HTTP server: router, headers, graceful stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::serve::{Listener, ListenerExt as _};
use kit_base::{Error, Kind, Result};
use kit_web::House;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use trace::store::partitions;

use crate::keep::{self, Keep};
use crate::tls::{Door, Tls};
use crate::watch::Watch;
use crate::{assets, mqtt, rooms, watch};

/// Everything the server answers.
pub fn app(house: &Arc<House>) -> Router {
    let watching = house.held::<Watch>();
    kit_web::router(house, rooms::routes())
        .merge(assets::routes())
        .merge(watch::routes(house))
        .fallback(|| async { kit_web::problem::respond(Error::not_found("没有这个地址")) })
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(kit_uploads::speak))
        .layer(middleware::from_fn(move |request, next| watch::measure(watching.clone(), request, next)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            kit_web::problem::respond(Error::internal("handler panicked"))
        }))
        .layer(middleware::from_fn_with_state(house.https_only(), headers))
}

/// What every answer carries: nothing from elsewhere is loaded, nobody frames us.
async fn headers(State(https_only): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"),
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; \
             object-src 'none'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
        ),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https_only {
        // browsers come back by https alone, for two years
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response.headers_mut().remove(header::SERVER);
    response
}

/// How people come in.
#[derive(Default)]
pub struct Ways {
    /// TLS of the server itself; plain HTTP for a proxy on this machine where there is none.
    pub tls: Option<Arc<Tls>>,
    /// Where http is listened to only to send it to https.
    pub redirect: Option<SocketAddr>,
    /// The broker over which devices push results.
    pub devices: Option<mqtt::Settings>,
}

async fn bind(address: SocketAddr) -> Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address)
        .await
        .map_err(|e| Error::new(Kind::Conflict, "address_in_use", format!("无法监听 {address}：{e}")))
}

/// Listens until the process is told to stop, then finishes what is under way.
///
/// Errors: `address_in_use`.
pub async fn run(
    house: Arc<House>,
    address: SocketAddr,
    ways: Ways,
    copies: keep::Settings,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let listener = bind(address).await?;
    let at = listener.local_addr()?;
    let mut beside = Vec::new();
    if let Some(tls) = &ways.tls {
        house.speak_tls();
        beside.push(tokio::spawn(tls.clone().follow()));
    }
    if let Some(from) = ways.redirect {
        let (listener, app) = (bind(from).await?, crate::tls::redirect(&house.public_url));
        beside.push(tokio::spawn(async move {
            if let Err(e) = axum::serve(listener, app).await {
                tracing::warn!(error = %e, "http is not sent to https any more");
            }
        }));
    }
    let (keep, hands) = (house.held::<Keep>(), house.clone());
    let begin = move || keep.begin(&hands, copies);
    tokio::task::spawn_blocking(begin).await.map_err(Error::internal)??;
    house.db.write(|tx| partitions::ahead(tx, partitions::LEAST)).await?;
    crate::duties::begin(&house).await?;
    let duties = tokio::spawn(keep_duties(house.clone()));
    let kinds = rooms::job_kinds();
    let (db, clock, hands) = (house.db.clone(), house.clock.clone(), house.clone());
    let start = move || kit_jobs::Worker::start(hands, kinds, db, clock, 2);
    let worker = tokio::task::spawn_blocking(start).await.map_err(Error::internal)??;
    let ledger = house.held::<kit_ledger::Ledger>();
    let sequencer = kit_ledger::Sequencer::start(ledger, house.db.clone(), house.clock.clone())?;
    ready(at);
    beside.push(tokio::spawn(crate::duties::count_scans(house.clone())));
    beside.push(tokio::spawn(crate::duties::rest(house.clone())));
    if let Some(settings) = ways.devices {
        beside.push(tokio::spawn(mqtt::listen(house.clone(), settings)));
    }
    let service = app(&house).into_make_service_with_connect_info::<SocketAddr>();
    match ways.tls {
        Some(tls) => until_stopped(&house, Door::open(listener, tls)?, service).await?,
        None => until_stopped(&house, listener, service).await?,
    }
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    duties.abort();
    crate::duties::flush_scans(&house).await;
    stop(house, worker, sequencer).await
}

/// A duty that could not queue its next round (the disk was full) is taken up again.
async fn keep_duties(house: Arc<House>) {
    loop {
        tokio::time::sleep(Duration::from_secs(600)).await;
        if let Err(e) = crate::duties::begin(&house).await {
            tracing::warn!(error = %e, "duties not queued");
        }
    }
}

/// How long requests under way may take after the process was told to stop; those that take longer are cut off, and
/// their work is kept whole or not at all.
const GRACE: Duration = Duration::from_secs(20);

async fn until_stopped<L: Listener<Addr = SocketAddr>>(
    house: &House,
    listener: L,
    service: axum::extract::connect_info::IntoMakeServiceWithConnectInfo<Router, SocketAddr>,
) -> Result<()> {
    let watch = house.held::<Watch>();
    let (told, mut heard) = tokio::sync::watch::channel(false);
    let signal = async move {
        told_to_stop().await;
        tracing::info!("told to stop");
        watch.stopping();
        // nobody listens any more only where the server has ended already
        let _ = told.send(true);
    };
    let late = async move {
        let _ = heard.wait_for(|told| *told).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = axum::serve(listener.tap_io(|_| {}), service).with_graceful_shutdown(signal) => done?,
        () = late => tracing::warn!("requests still under way were cut off"),
    }
    Ok(())
}

/// Ends what works in the background, keeps the graph, and brings the last commits to the continuous copy.
async fn stop(house: Arc<House>, worker: kit_jobs::Worker, sequencer: kit_ledger::Sequencer) -> Result<()> {
    let end = move || -> Result<()> {
        worker.stop();
        sequencer.stop();
        let saved = house.held::<trace::live::LiveGraph>().save();
        if let Err(e) = saved {
            // it is rebuilt at the next start
            tracing::warn!(error = %e, "snapshot of the trace graph not written");
        }
        house.held::<Keep>().end();
        Ok(())
    };
    tokio::task::spawn_blocking(end).await.map_err(Error::internal)?
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
