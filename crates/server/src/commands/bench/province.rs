//! A province's businesses: dossiers, the first page of every list, the grades and the plan of the year.

use std::path::Path;

use findings::{Discovered, NewFinding, discover};
use kit_base::{Error, Result};
use kit_web::{Actor, Cx, House};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Options;
use super::report::{Report, Wanted};
use super::town::Town;
use super::watch::{Times, Watch, timed};
use super::wire::Connection;
use crate::serve;

/// One business of so many has an open finding.
const FINDINGS: usize = 20;
const FINDINGS_AT_ONCE: usize = 1_000;
const DOSSIERS: usize = 2_000;
/// Each list is asked so often.
const ROUNDS: usize = 7;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    let town = Town::new(&work.join("province"))?;
    let (shops, time) = timed(|| town.settle(options.businesses));
    let shops = shops?;
    report.tell("businesses of a province", time.as_secs_f64(), "s", format!("{} brought in", shops.len()));
    find(&town, &shops, report)?;
    let (graded, time) = timed(|| graded(&town.house));
    report.tell("risk grades of all", time.as_secs_f64(), "s", format!("{} grades", graded?));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(ask(&town, &shops, report))
}

fn find(town: &Town, shops: &[String], report: &mut Report) -> Result<()> {
    let found: Vec<String> = shops.iter().step_by(FINDINGS).cloned().collect();
    let watch = Watch::start();
    for part in found.chunks(FINDINGS_AT_ONCE) {
        let part = part.to_vec();
        let cx = Cx::internal(town.house.clone(), Actor::house("bench"), "findings.report");
        cx.act_blocking(move |act| {
            part.into_iter().try_for_each(|party| discover(act, &finding(party)).map(drop))
        })?;
    }
    let how = format!("{} with case, task, clock, number and ledger", found.len());
    report.tell("findings opened", watch.elapsed().as_secs_f64(), "s", how);
    Ok(())
}

fn finding(party: String) -> Discovered {
    let finding = NewFinding {
        source: "model".into(),
        source_ref: String::new(),
        party,
        site: String::new(),
        what: "食品与非食品混放".into(),
        rule: "食品安全法第三十三条".into(),
        severity: "general".into(),
        found_at: None,
    };
    Discovered { finding, simulated: true }
}

fn graded(house: &House) -> Result<u64> {
    let mut all = 0;
    loop {
        match credit::jobs::tick(house)? {
            0 => return Ok(all),
            new => all += new,
        }
    }
}

async fn ask(town: &Town, shops: &[String], report: &mut Report) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let service = serve::app(&town.house).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let cookie = town.sign_in(&address, "leader").await?;
    plan(town, &address, &cookie, report).await?;
    dossiers(&address, &cookie, shops, report).await?;
    lists(&address, &cookie, report).await?;
    server.abort();
    Ok(())
}

async fn plan(town: &Town, address: &str, cookie: &str, report: &mut Report) -> Result<()> {
    let year = kit_base::clock::china_day(town.house.clock.now()).year();
    let body = json!({ "year": year, "division": "4109" }).to_string();
    Connection::open(address).await?.post("/api/inspection-plans", cookie, body.as_bytes()).await?;
    let house = town.house.clone();
    let watch = Watch::start();
    let run = move || kit_jobs::run_due(&*house, &crate::rooms::job_kinds(), &house.db, &house.clock);
    tokio::task::spawn_blocking(run).await.map_err(Error::internal)??;
    let time = watch.elapsed().as_secs_f64();
    report.add("plan of the year", time, "s", Wanted::AtMost(60.0), "every business with its grade");
    Ok(())
}

async fn dossiers(address: &str, cookie: &str, shops: &[String], report: &mut Report) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    let mut times = Times::default();
    for shop in shops.iter().step_by((shops.len() / DOSSIERS).max(1)) {
        let watch = Watch::start();
        connection.read(&format!("/api/parties/{shop}"), cookie).await?;
        times.add(watch.elapsed());
    }
    report.tell("dossier, median", times.median() * 1e3, "ms", "over HTTP, one connection");
    let how = format!("{DOSSIERS} businesses of all counties, each once");
    report.add("dossier, 95 of 100", times.share(0.95) * 1e3, "ms", Wanted::AtMost(50.0), how);
    Ok(())
}

/// Every route that answers a list without being asked for anything: the median of its first pages.
async fn lists(address: &str, cookie: &str, report: &mut Report) -> Result<()> {
    let mut found: Vec<(f64, &'static str)> = Vec::new();
    for route in crate::rooms::routes() {
        if route.method != axum::http::Method::GET || route.path.contains('{') {
            continue;
        }
        let mut times = Times::default();
        for _ in 0..ROUNDS {
            let watch = Watch::start();
            let body = Connection::open(address).await?.read(route.path, cookie).await;
            let time = watch.elapsed();
            // what this person may not see, or what wants a question, is no list of theirs
            let Ok(body) = body else { break };
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            if body.is_array() || body["items"].is_array() {
                times.add(time);
            }
        }
        if times.median() > 0.0 {
            found.push((times.median() * 1e3, route.path));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let slow: Vec<String> = found.iter().take(5).map(|(ms, path)| format!("{path} {ms:.1} ms")).collect();
    let slowest = found.first().map_or(0.0, |(ms, _)| *ms);
    report.tell("lists asked for", found.len() as f64, "routes", "as the leader of the city");
    let how = format!("first page, median of {ROUNDS}; slowest: {}", slow.join(", "));
    report.add("slowest list of all", slowest, "ms", Wanted::AtMost(200.0), how);
    Ok(())
}
