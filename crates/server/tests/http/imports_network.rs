//! The network of an incident into the ledger, from inside and by its file.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::{Actor, Cx};
use serde_json::{Value, json};
use trace::actions::network::{self, Delivery, Imported, Network, Station};

use crate::epcis::read;
use crate::world::{World, each};

fn network_file() -> Option<PathBuf> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/networks/eu-network.json");
    if !path.exists() {
        eprintln!("SKIPPED: no {}", path.display());
        return None;
    }
    Some(path)
}

/// The file read by the test itself.
fn network() -> Option<Network> {
    let value: Value = serde_json::from_slice(&std::fs::read(network_file()?).unwrap()).unwrap();
    let list = |name: &str| value[name].as_array().unwrap().clone();
    let (stations, deliveries) = (list("stations"), list("deliveries"));
    let index = |all: &[Value], id: &Value| all.iter().position(|x| x["id"] == *id).unwrap();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Some(Network {
        name: "eu-network.json".into(),
        file: "ab".repeat(32),
        stations: stations
            .iter()
            .map(|s| Station { id: s["id"].to_string(), name: text(&s["name"]), place: text(&s["city"]) })
            .collect(),
        deliveries: deliveries
            .iter()
            .map(|d| Delivery {
                id: d["id"].to_string(),
                from: index(&stations, &d["from"]),
                to: index(&stations, &d["to"]),
                product: text(&d["product"]),
                lot: String::new(),
                departure: d["departure"].as_str().map(|t| t.parse().unwrap()),
                arrival: d["arrival"].as_str().map(|t| t.parse().unwrap()),
            })
            .collect(),
        relations: list("relations")
            .iter()
            .map(|r| (index(&deliveries, &r["from"]), index(&deliveries, &r["into"])))
            .collect(),
    })
}

fn bring(w: &World, network: Network, division: Option<&str>) -> Result<Imported> {
    let who = Actor { permissions: Arc::new(["trace.declare"].into()), ..Actor::house("test") };
    let cx = Cx::internal(w.house.clone(), who, "trace.network_import");
    let division = division.map(str::to_owned);
    let act = move || cx.act_blocking(move |act| network::import(act, &network, division.as_deref()));
    std::thread::spawn(act).join().unwrap()
}

#[test]
fn a_real_network_becomes_lots_and_its_reach_is_that_of_the_file() {
    let Some(network) = network() else { return };
    each(async |w| {
        let done = bring(&w, network.clone(), Some("410902")).unwrap();
        assert_eq!((done.stations, done.deliveries, done.relations), (381, 648, 735));
        assert_eq!(read(&w, trace::store::events::numbers), (648, 648));
        let keys = read(&w, |tx| trace::store::networks::deliveries(tx, &done.import));
        let lots: HashMap<String, i64> = keys.into_iter().collect();
        assert_eq!(lots.len(), 648);
        let mut inputs = 0;
        for no in 1..=648 {
            inputs += read(&w, |tx| trace::store::events::inputs_of(tx, no)).len();
        }
        assert_eq!(inputs, 735);
        let live = w.house.held::<trace::live::LiveGraph>();
        read(&w, |tx| live.catch_up(tx));
        for start in 0..network.deliveries.len() {
            let mut reached = BTreeSet::from([start]);
            let mut queue = vec![start];
            while let Some(at) = queue.pop() {
                for (_, into) in network.relations.iter().filter(|(from, _)| *from == at) {
                    if reached.insert(*into) {
                        queue.push(*into);
                    }
                }
            }
            let lot = |i: &usize| lots[&network.deliveries[*i].id];
            let wanted: BTreeSet<i64> = reached.iter().map(lot).collect();
            let graph = live.read().forward(&[u32::try_from(lot(&start)).unwrap()]).unwrap();
            let graph: BTreeSet<i64> = graph.into_iter().map(i64::from).collect();
            assert_eq!(graph, wanted, "delivery {}", network.deliveries[start].id);
        }
        // unknown stays unknown, and whose jurisdiction it is sees it
        let investigator = w.sign_in("investigator").await;
        let lots = investigator.get("/api/lots?size=200&sort=no").await.expect(200);
        assert_eq!(lots["total"], 648);
        for lot in lots["items"].as_array().unwrap() {
            assert_eq!(
                (lot["amount"].clone(), lot["on_hand"].clone(), lot["declared"].clone()),
                (json!(null), json!(null), json!(true))
            );
        }
        let dates: BTreeSet<usize> =
            lots["items"].as_array().unwrap().iter().map(|l| l["at"].as_str().unwrap().len()).collect();
        assert!(dates.is_subset(&BTreeSet::from([0, 10])), "{dates:?}");
        let stations = investigator.get("/api/parties?size=1").await.expect(200);
        assert!(stations["total"].as_i64().unwrap() >= 381, "{stations}");
        assert_eq!(bring(&w, network.clone(), Some("410902")).unwrap_err().code, "network_exists");
    });
}

#[test]
fn a_lot_made_from_its_descendant_is_refused_and_leaves_nothing() {
    each(async |w| {
        let station =
            |i: usize| Station { id: format!("s{i}"), name: format!("站点{i}"), place: String::new() };
        let delivery = |i: usize| Delivery {
            id: format!("d{i}"),
            from: i % 2,
            to: (i + 1) % 2,
            product: "奶酪".into(),
            ..Delivery::default()
        };
        let network = Network {
            file: "cd".repeat(32),
            stations: (0..2).map(station).collect(),
            deliveries: (0..3).map(delivery).collect(),
            relations: vec![(0, 1), (1, 2), (2, 0)],
            ..Network::default()
        };
        let error: Error = bring(&w, network.clone(), Some("410902")).unwrap_err();
        assert_eq!(error.code, "lot_cycle");
        assert!(error.message.contains("d0") && error.message.contains(" → "), "{}", error.message);
        assert_eq!(error.defects.len(), 3);
        assert_eq!(read(&w, trace::store::events::numbers), (0, 0));
        let parties = w.sign_in("investigator").await.get("/api/parties?size=1").await.expect(200);
        assert_eq!(parties["total"], 4);
        assert_eq!(bring(&w, network, None).unwrap_err().code, "division_missing");
    });
}
