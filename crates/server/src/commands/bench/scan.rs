//! The public page over loopback HTTP, beside a handler on the same listener that answers a constant.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as UrlPath, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kit_base::{Error, Result};
use kit_web::House;
use publication::Pages;
use tokio::net::TcpListener;

use super::report::{Report, Wanted};
use super::town::Town;
use super::watch::{Times, timed};
use super::wire::Connection;
use crate::serve;

const CODES: usize = 2_000;
/// Connections, each asking again as soon as it is answered.
const CONNECTIONS: usize = 8;
const ROUNDS: usize = 5;
const CONSTANT: &str = "/bench/constant";
const DATA: &str = "/bench/data/";

pub fn run(work: &Path, report: &mut Report) -> Result<()> {
    let town = Town::new(&work.join("scan"))?;
    let lots = town.harvest(CODES)?;
    let codes = town.codes(lots)?;
    let pages: Vec<String> = codes.iter().map(|code| format!("/t/{code}")).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&town, pages, report))
}

async fn measure(town: &Town, pages: Vec<String>, report: &mut Report) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let app = serve::app(&town.house)
        .route(CONSTANT, get(|| async { "ok" }))
        .route(&format!("{DATA}{{code}}"), get(data_alone).with_state(town.house.clone()));
    let service = app.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    size(&address, &pages[0], report).await?;
    let constants: Arc<[String]> = vec![CONSTANT.to_owned(); pages.len()].into();
    let one: Arc<[String]> = vec![pages[0].clone(); pages.len()].into();
    let data_of: Arc<[String]> = pages.iter().map(|page| page.replacen("/t/", DATA, 1)).collect();
    let pages: Arc<[String]> = pages.into();
    let [mut constant, mut found, mut fresh, mut kept] =
        [Times::default(), Times::default(), Times::default(), Times::default()];
    for _ in 0..ROUNDS {
        for (paths, times) in
            [(&constants, &mut constant), (&data_of, &mut found), (&pages, &mut fresh), (&one, &mut kept)]
        {
            town.house.held::<Pages>().forget();
            let watch = super::watch::Watch::start();
            ask_all(&address, paths).await?;
            times.add(watch.elapsed());
        }
    }
    server.abort();
    let rate = |times: &Times| pages.len() as f64 / times.median();
    let how = format!(
        "loopback HTTP, {CONNECTIONS} connections, client in the same process, median of {ROUNDS} rounds"
    );
    report.tell("constant handler", rate(&constant), "a second", how);
    report.tell(
        "scan pages, each code once",
        rate(&fresh),
        "a second",
        format!("{CODES} codes, nothing kept"),
    );
    report.tell("scan pages, one code", rate(&kept), "a second", "kept for ten seconds");
    report.add(
        "scan page data against the constant",
        rate(&found) / rate(&constant),
        "of it",
        Wanted::AtLeast(0.33),
        "all that the page tells, found anew for each code, over HTTP",
    );
    report.tell(
        "scan page made anew against the constant",
        rate(&fresh) / rate(&constant),
        "of it",
        "data, HTML and its ETag",
    );
    report.tell("scan page kept against the constant", rate(&kept) / rate(&constant), "of it", "");
    data(town, &pages, report)
}

/// What a page tells, found anew, without making the page of it.
async fn data_alone(State(house): State<Arc<House>>, UrlPath(code): UrlPath<String>) -> Response {
    let at = house.clone();
    match house.db.glance(move |tx| publication::scan_data(tx, &at, &code)).await {
        Ok(found) => {
            std::hint::black_box(found);
            "ok".into_response()
        }
        Err(e) => kit_web::problem::respond(e),
    }
}

/// The data of the page alone, called as a function.
fn data(town: &Town, pages: &[String], report: &mut Report) -> Result<()> {
    let codes: Vec<&str> = pages.iter().filter_map(|page| page.strip_prefix("/t/")).collect();
    let (done, time) = timed(|| {
        tokio::task::block_in_place(|| {
            for code in &codes {
                town.house.db.read_blocking(|tx| publication::scan_data(tx, &town.house, code))?;
            }
            Ok::<(), Error>(())
        })
    });
    done?;
    report.tell(
        "data of a scan page",
        time.as_secs_f64() / codes.len() as f64 * 1e6,
        "µs",
        "one thread, function call, no HTTP",
    );
    Ok(())
}

/// What a first view moves: the page and its style sheets, compressed as a browser asks for it.
async fn size(address: &str, page: &str, report: &mut Report) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    let plain = connection.get(page, "identity").await?;
    let html = String::from_utf8_lossy(&plain).into_owned();
    let mut sent = connection.get(page, "br").await?.len();
    for part in html.split("href=\"").skip(1) {
        let href = part.split('"').next().unwrap_or("");
        if href.contains(".css") {
            sent += connection.get(href, "br").await?.len();
        }
    }
    report.add(
        "scan page on first view",
        sent as f64,
        "bytes",
        Wanted::AtMost(14.0 * 1024.0),
        "bodies of page and style sheets, brotli",
    );
    report.tell("scan page before compression", plain.len() as f64, "bytes", "the HTML alone");
    Ok(())
}

async fn ask_all(address: &str, paths: &Arc<[String]>) -> Result<()> {
    let mut clients = tokio::task::JoinSet::new();
    for first in 0..CONNECTIONS {
        let (paths, mut connection) = (Arc::clone(paths), Connection::open(address).await?);
        clients.spawn(async move {
            for path in paths.iter().skip(first).step_by(CONNECTIONS) {
                connection.get(path, "identity").await?;
            }
            Ok::<(), Error>(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done.map_err(Error::internal)??;
    }
    Ok(())
}
