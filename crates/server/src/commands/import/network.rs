//! Networks of an incident.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::House;
use serde::Deserialize;
use serde_json::Value;
use trace::actions::network::{self as actions, Delivery, Network, Station};

use super::{Import, Outcome, undone};

/// The largest network file.
const LIMIT: u64 = 256 << 20;

pub fn run(command: &Import, house: &Arc<House>, path: &Path) -> Result<Outcome> {
    let cx = command.cx(house, "trace.network_import")?;
    let mut network = read(path)?;
    network.file = house.files.put(File::open(path)?, LIMIT)?.hash;
    let (division, dry) = (command.division.clone(), command.dry_run);
    let counts = (network.stations.len(), network.deliveries.len(), network.relations.len());
    let done = cx.act_blocking(move |act| {
        let done = actions::import(act, &network, division.as_deref())?;
        if dry { Err(undone()) } else { Ok(done) }
    });
    let mut told = vec![
        format!("主体 {} 个", counts.0),
        format!("交货 {} 批", counts.1),
        format!("批次关系 {} 条", counts.2),
    ];
    match done {
        Err(e) if e.code == "dry_run" => told.push("试运行，未保存".to_owned()),
        other => drop(other?),
    }
    Ok(Outcome { told, ..Outcome::default() })
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

/// A network file as the ledger takes it. Errors: those of [`investigation::network::Network::read`].
pub fn read(path: &Path) -> Result<Network> {
    let read = investigation::network::Network::read(BufReader::new(File::open(path)?))?;
    let bytes = std::fs::read(path)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
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
    let mut out = Network {
        name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        ..Network::default()
    };
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
