//! Capture through the real HTTP API over loopback: signed in, validated, authorised, audited, durable; beside the same
//! rows inserted as one bare batch into the same tables, and reads while all that is written.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kit_base::{Error, Result};
use kit_db::{Db, Param, SqliteOptions};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use trace::model::LotNo;
use trace::store::events::{EVENT_COLUMNS, LOT_COLUMNS, STOCK_COLUMNS};

use super::Options;
use super::report::{Report, Wanted};
use super::town::Town;
use super::watch::{Times, Watch, timed};
use super::wire::Connection;
use crate::keep::{self, Keep};
use crate::serve;

/// Lines of a batch.
const BATCH: usize = 10_000;
/// Who record single events at the same time.
const CLIENTS: usize = 16;
/// Who read while others write.
const READERS: usize = 4;
/// Single events that each client records.
const SINGLES: usize = 250;
const READS: usize = 500;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    let town = Town::new(&work.join("writes"))?;
    let lots = town.harvest(1_000)?;
    let batches = (options.events as usize).div_ceil(BATCH).max(1);
    let bare = bare(&work.join("bare"), &town, batches)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let keep = town.house.held::<Keep>();
    if options.stream_to.is_some() {
        let copies = keep::Settings {
            data: work.join("writes"),
            stream_to: options.stream_to.clone(),
            stream_keep_hours: 168,
            stream_base_hours: 24,
            ..keep::Settings::default()
        };
        keep.begin(&town.house, copies)?;
    }
    let measured = runtime.block_on(measure(&town, lots, batches, bare, report));
    if let Some(progress) = keep.progress() {
        let how = "the continuous copy was made beside these writes";
        report.tell("segments of the continuous copy", progress.taken as f64, "taken", how.to_owned());
        if let Some(error) = progress.error {
            return Err(Error::internal(format!("the continuous copy did not go on: {error}")));
        }
    }
    keep.end();
    measured
}

async fn measure(
    town: &Town,
    lots: Vec<LotNo>,
    batches: usize,
    bare: f64,
    report: &mut Report,
) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let service = serve::app(&town.house).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let cookie = town.sign_in(&address, "owner").await?;
    let at = Arc::new(At { address, cookie, shop: town.shop.clone(), lots });

    let watch = Watch::start();
    at.batches(batches).await?;
    let through = (batches * BATCH) as f64 / watch.elapsed().as_secs_f64();
    report.tell(
        "events in batches through HTTP",
        through,
        "a second",
        format!("{batches} requests of {BATCH} lines"),
    );
    report.tell(
        "bare batch of the same rows",
        bare,
        "a second",
        "events, lots, inputs, stock; one transaction a batch",
    );
    let how = "deliveries with event, lot, input, two stock rows";
    report.add("capture against the bare batch", through / bare, "of it", Wanted::AtLeast(0.3), how);

    let (rate, slowest) = at.singles().await?;
    let how = format!("{CLIENTS} clients, one event a request, each answered after its commit");
    report.add("single events through HTTP", rate, "a second", Wanted::AtLeast(1_000.0), how);
    report.add("slowest of a hundred single events", slowest * 1e3, "ms", Wanted::AtMost(50.0), "p99");

    let alone = at.reads().await?;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (at, stop) = (Arc::clone(&at), Arc::clone(&stop));
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                at.batches(1).await?;
            }
            Ok::<(), Error>(())
        })
    };
    let beside = at.reads().await?;
    stop.store(true, Ordering::Relaxed);
    writer.await.map_err(Error::internal)??;
    let how = format!("{READERS} readers of lots, beside one writer of batches");
    report.add("reads while writing", beside / alone, "of their rate", Wanted::AtLeast(0.7), how);
    server.abort();
    Ok(())
}

/// Where and as whom, and what is sold.
struct At {
    address: String,
    cookie: String,
    shop: String,
    lots: Vec<LotNo>,
}

impl At {
    fn delivery(&self, n: usize) -> Value {
        let lot = self.lots[n % self.lots.len()];
        json!({ "kind": "ship", "counterpart": self.shop, "takes": [{ "lot": lot, "amount": 1 }] })
    }

    async fn batches(&self, count: usize) -> Result<()> {
        let items: Vec<Value> = (0..BATCH).map(|n| self.delivery(n)).collect();
        let body = json!({ "mode": "all", "items": items }).to_string().into_bytes();
        let mut connection = Connection::open(&self.address).await?;
        for _ in 0..count {
            connection.post("/api/moves", &self.cookie, &body).await?;
        }
        Ok(())
    }

    /// Events a second, and the time that one in a hundred exceeds.
    async fn singles(self: &Arc<Self>) -> Result<(f64, f64)> {
        let mut clients = tokio::task::JoinSet::new();
        let watch = Watch::start();
        for first in 0..CLIENTS {
            let at = Arc::clone(self);
            clients.spawn(async move {
                let mut connection = Connection::open(&at.address).await?;
                let mut times = Vec::with_capacity(SINGLES);
                for n in 0..SINGLES {
                    let body =
                        json!({ "mode": "all", "items": [at.delivery(first + n * CLIENTS)] }).to_string();
                    let watch = Watch::start();
                    connection.post("/api/moves", &at.cookie, body.as_bytes()).await?;
                    times.push(watch.elapsed());
                }
                Ok::<_, Error>(times)
            });
        }
        let mut times = Times::default();
        while let Some(done) = clients.join_next().await {
            done.map_err(Error::internal)??.into_iter().for_each(|time| times.add(time));
        }
        let rate = (CLIENTS * SINGLES) as f64 / watch.elapsed().as_secs_f64();
        Ok((rate, times.share(0.99)))
    }

    /// Lots read a second.
    async fn reads(self: &Arc<Self>) -> Result<f64> {
        let (mut readers, read) = (tokio::task::JoinSet::new(), Arc::new(AtomicU64::new(0)));
        let watch = Watch::start();
        for first in 0..READERS {
            let (at, read) = (Arc::clone(self), Arc::clone(&read));
            readers.spawn(async move {
                let mut connection = Connection::open(&at.address).await?;
                for n in 0..READS {
                    let lot = at.lots[(first + n * READERS) % at.lots.len()];
                    connection.read(&format!("/api/lots/{lot}"), &at.cookie).await?;
                    read.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), Error>(())
            });
        }
        while let Some(done) = readers.join_next().await {
            done.map_err(Error::internal)??;
        }
        Ok(read.load(Ordering::Relaxed) as f64 / watch.elapsed().as_secs_f64())
    }
}

/// Events a second when the same rows go into the same tables with nothing around them: statements prepared once, one
/// durable transaction a batch, values made beforehand.
fn bare(folder: &Path, town: &Town, batches: usize) -> Result<f64> {
    std::fs::create_dir_all(folder)?;
    let db = Db::open_sqlite(SqliteOptions::file(folder.join("bare.db")))?;
    db.migrate(crate::rooms::SCHEMAS)?;
    let ids: Vec<String> = (0..batches * BATCH).map(|n| town.house.ids.next(n as i64)).collect();
    let (farm, shop, product) = (town.farm.clone(), town.shop.clone(), town.product.clone());
    let mut seconds = 0.0;
    for (batch, ids) in ids.chunks(BATCH).enumerate() {
        let (ids, farm, shop, product) = (ids.to_vec(), farm.clone(), shop.clone(), product.clone());
        let (done, time) = timed(|| {
            db.write_blocking(move |tx| {
                let first = (batch * BATCH) as i64 + 1;
                let no = |n: usize| Param::Int(first + n as i64);
                let text = Param::Text;
                let events = ids.iter().enumerate().map(|(n, id)| {
                    vec![
                        no(n),
                        text(id),
                        text("ship"),
                        text(&farm),
                        text("410902"),
                        text(&shop),
                        text("410902"),
                        text(""),
                        text("2026-03-03"),
                        Param::Int(1_772_500_000_000),
                        Param::Int(1_772_500_000_000),
                        text("u"),
                        text("api"),
                        text(&ids[0]),
                        text(""),
                        no(n),
                        Param::Int(1),
                        Param::Null,
                        text(""),
                        Param::Int(0),
                        Param::Null,
                        Param::Int(1),
                    ]
                });
                tx.insert_many("events", &EVENT_COLUMNS, events)?;
                let lots = (0..BATCH).map(|n| {
                    vec![
                        no(n),
                        no(n),
                        text(&product),
                        text(&shop),
                        text("410902"),
                        text("transit"),
                        Param::Int(1),
                        text("B000001"),
                        text("2026-03-01"),
                        text("2027-03-01"),
                        Param::Int(1),
                        text("g"),
                        text(""),
                    ]
                });
                tx.insert_many("lots", &LOT_COLUMNS, lots)?;
                let inputs = (0..BATCH).map(|n| vec![no(n), Param::Int(n as i64 % 1_000 + 1), Param::Int(1)]);
                tx.insert_many("inputs", &["event", "lot", "amount"], inputs)?;
                let stock = (0..BATCH).map(|n| {
                    vec![
                        no(n),
                        text(&shop),
                        text("410902"),
                        text(&product),
                        text("transit"),
                        text("2027-03-01"),
                        Param::Int(1),
                    ]
                });
                tx.insert_many("stock", &STOCK_COLUMNS, stock)
            })
        });
        done?;
        seconds += time.as_secs_f64();
    }
    Ok((batches * BATCH) as f64 / seconds)
}
