//! A network file (溯源网络) into the ledger: read here, where its form is known, and recorded by trace, whole or not at all.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;

use kit_base::{Error, Kind as Refusal, Millis, Result};
use kit_jobs::{Kind, Running};
use kit_sheets::{Place, Reach};
use kit_web::{Actor, Cx, House, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trace::actions::network::{self as ledger, Delivery, Imported, Network, Station};
use trace::store::networks;

/// The largest network file.
pub const LIMIT: u64 = 256 << 20;

pub const IMPORT: Kind<House> = Kind { name: "investigation.network_import", run };

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NetworkInput {
    /// Hash of the kept file, and its name.
    pub file: String,
    pub name: String,
    pub division: Option<String>,
    pub dry_run: bool,
    /// When it was asked for: an import of this file since then is that of an earlier run of the same job.
    pub asked_at: Millis,
    pub user: String,
    pub actor: String,
    pub reach: Reach,
}

/// What became of a network file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct NetworkAccount {
    /// Nothing was kept: this is what the import would do.
    pub dry_run: bool,
    pub stations: u64,
    pub deliveries: u64,
    pub relations: u64,
    /// Id of the import, to begin a case from; empty where nothing was kept.
    pub import: String,
    /// Faults: with any, nothing went in.
    pub rejected: u64,
    pub defects: Vec<Place>,
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: NetworkInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    job.progress(0, None, "正在读取")?;
    let account = match bring(house, job, &input) {
        Ok(account) => account,
        Err(e) if matches!(e.kind, Refusal::Internal | Refusal::Unavailable) => return Err(e),
        Err(e) => refused(&input, e),
    };
    serde_json::to_string(&account).map_err(Error::internal)
}

fn refused(input: &NetworkInput, error: Error) -> NetworkAccount {
    let mut defects: Vec<Place> = error.defects.into_iter().map(Place::from).collect();
    if defects.is_empty() {
        let place = error.field.unwrap_or_default();
        defects.push(Place { place, code: error.code.into_owned(), message: error.message });
    }
    let rejected = defects.len() as u64;
    NetworkAccount { dry_run: input.dry_run, rejected, defects, ..NetworkAccount::default() }
}

fn bring(house: &House, job: &Running, input: &NetworkInput) -> Result<NetworkAccount> {
    let kept = house.files.get(&input.file)?.ok_or_else(|| Error::internal("the network file is gone"))?;
    let mut bytes = Vec::new();
    kept.take(LIMIT + 1).read_to_end(&mut bytes)?;
    let network = Network { name: input.name.clone(), file: input.file.clone(), ..read(&bytes)? };
    drop(bytes);
    let (file, asked_at) = (input.file.clone(), input.asked_at);
    let before = house.db.read_blocking(move |tx| networks::by_file(tx, &file))?;
    if let Some(done) = before.filter(|import| import.at >= asked_at && !input.dry_run) {
        let (stations, deliveries) = (done.stations as u64, done.deliveries as u64);
        let relations = done.relations as u64;
        let account =
            NetworkAccount { stations, deliveries, relations, import: done.id, ..Default::default() };
        return Ok(account);
    }
    let total = (network.stations.len() + network.deliveries.len()) as u64;
    job.progress(0, Some(total), "正在写入账本")?;
    let who = Actor {
        user: input.user.clone(),
        name: input.actor.clone(),
        permissions: Arc::new(["trace.declare"].into()),
        scope: Scope::from(input.reach.clone()),
        ..Actor::public()
    };
    let cx = Cx::internal(Arc::new(house.clone()), who, "trace.network_import");
    let done = record(&cx, network, input.division.clone(), input.dry_run)?;
    job.progress(total, Some(total), "完成")?;
    Ok(NetworkAccount {
        dry_run: input.dry_run,
        stations: done.stations,
        deliveries: done.deliveries,
        relations: done.relations,
        import: if input.dry_run { String::new() } else { done.import },
        ..NetworkAccount::default()
    })
}

/// Records a network; a dry run does all of it and undoes it with its transaction, the answer travels beside.
pub fn record(cx: &Cx, network: Network, division: Option<String>, dry_run: bool) -> Result<Imported> {
    let slot: Arc<parking_lot::Mutex<Option<Imported>>> = Arc::default();
    let told = Arc::clone(&slot);
    let done = cx.act_blocking(move |act| {
        let done = ledger::import(act, &network, division.as_deref())?;
        if dry_run {
            *told.lock() = Some(done);
            return Err(Error::conflict("dry_run", "试导入，未保存"));
        }
        Ok(done)
    });
    match done {
        Err(e) if e.code == "dry_run" => {
            slot.lock().take().ok_or_else(|| Error::internal("a dry run without an answer"))
        }
        done => done,
    }
}

/// What the reader of the investigation leaves aside: where stations are, and lot numbers.
#[derive(Deserialize)]
struct Besides {
    #[serde(default)]
    stations: Vec<StationBesides>,
    #[serde(default)]
    deliveries: Vec<DeliveryBesides>,
}

#[derive(Deserialize)]
struct StationBesides {
    #[serde(default)]
    address: Value,
    #[serde(default)]
    city: Value,
    #[serde(default)]
    country: Value,
}

#[derive(Deserialize)]
struct DeliveryBesides {
    #[serde(default)]
    lot: Value,
}

/// A network file as the ledger takes it, without its name and hash. Errors: those of [`crate::network::Network::read`].
pub fn read(bytes: &[u8]) -> Result<Network> {
    let read = crate::network::Network::read(bytes)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let besides: Besides = serde_json::from_slice(bytes).map_err(Error::internal)?;
    let stations: HashMap<&str, usize> =
        read.stations.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
    let deliveries: HashMap<&str, usize> =
        read.deliveries.iter().enumerate().map(|(i, d)| (d.id.as_str(), i)).collect();
    let at = |of: &HashMap<&str, usize>, id: &str| {
        of.get(id).copied().ok_or_else(|| Error::internal(format!("{id} passed the check and is not there")))
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let mut out = Network::default();
    for (station, more) in read.stations.iter().zip(&besides.stations) {
        let parts = [text(&more.address), text(&more.city), text(&more.country)];
        let place = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ");
        out.stations.push(Station { id: station.id.clone(), name: station.name.clone(), place });
    }
    for (delivery, more) in read.deliveries.iter().zip(&besides.deliveries) {
        out.deliveries.push(Delivery {
            id: delivery.id.clone(),
            from: at(&stations, &delivery.from)?,
            to: at(&stations, &delivery.to)?,
            product: delivery.product.clone(),
            lot: text(&more.lot),
            departure: delivery.departure,
            arrival: delivery.arrival,
        });
    }
    for relation in &read.relations {
        out.relations.push((at(&deliveries, &relation.from)?, at(&deliveries, &relation.into)?));
    }
    Ok(out)
}
