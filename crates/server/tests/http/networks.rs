//! The real network and its published scores, opened from its file and brought into the ledger.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::investigation::{begun, text};
use crate::world::{World, each};

pub fn networks() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/networks");
    if folder.join("eu-network.json").exists() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not here", folder.display());
    None
}

/// Compares scores with the published ones; `at` tells under which id an element stands here. Answers how many values.
pub fn compare(found: &Value, expected: &Value, at: impl Fn(&str, &str) -> Option<String>) -> usize {
    let mut values = 0;
    for list in ["stations", "deliveries"] {
        for (id, score) in expected[list].as_object().unwrap() {
            let here = at(list, id).map_or(Value::Null, |id| found[list][id].clone());
            for (field, want) in score.as_object().unwrap() {
                match want {
                    Value::Bool(want) => assert_eq!(here[field], *want, "{list} {id} {field}"),
                    want => {
                        let (got, want) = (here[field].as_f64().unwrap_or(f64::NAN), want.as_f64().unwrap());
                        assert!((got - want).abs() <= 1e-12, "{list} {id} {field}: {got} {want}");
                    }
                }
                values += 1;
            }
        }
    }
    values
}

pub fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub const EXPECTED: [(bool, &str); 2] =
    [(true, "eu-network.expected-temporal.json"), (false, "eu-network.expected-untimed.json")];

#[test]
fn the_real_network_opened_from_its_file_has_the_published_scores() {
    let Some(folder) = networks() else { return };
    let file = std::fs::read(folder.join("eu-network.json")).unwrap();
    each(async |w| {
        let investigator = w.sign_in("investigator").await;
        let opened = investigator.upload(
            "/api/investigations/import?title=x",
            "application/json",
            "eu.json",
            file.clone(),
        );
        let case = opened.await.expect(200);
        assert_eq!((case["stations"].as_i64(), case["deliveries"].as_i64()), (Some(381), Some(648)));
        let path = format!("/api/investigations/{}", text(&case, "id"));
        let network = investigator.get(&format!("{path}/network")).await.expect(200);
        assert_eq!(network["relations"].as_array().unwrap().len(), 735);
        let mut values = 0;
        for (timed, name) in EXPECTED {
            let mut marks = case["marks"].clone();
            marks["enforce_temporal_order"] = timed.into();
            let found = investigator.post(&format!("{path}/score"), &marks).await.expect(200);
            values += compare(&found, &json_of(&folder.join(name)), |_, id| Some(id.to_owned()));
        }
        assert_eq!(values, 12_348);
        let frozen = investigator.post(&format!("{path}/freeze"), &json!({})).await.expect(200);
        assert_eq!(text(&frozen, "state"), "frozen");
        investigator
            .post(&format!("{path}/export?what=counties"), &json!({}))
            .await
            .refused(409, "case_of_network");
        let bad = br#"{"stations":[{"id":1}],"deliveries":[{"id":"d","from":1,"to":2}]}"#.to_vec();
        let refused =
            investigator.upload("/api/investigations/import", "application/json", "bad.json", bad).await;
        assert_eq!(refused.refused(422, "station_unknown")["field"], "deliveries/0/to");
    });
}

#[test]
fn the_real_network_brought_into_the_ledger_has_the_published_scores() {
    let Some(folder) = networks() else { return };
    each(async |w| {
        let path = folder.join("eu-network.json");
        let bytes = std::fs::read(&path).unwrap();
        let kept = w.house.files.put(&bytes[..], u64::MAX).unwrap();
        let read = investigation::network::Network::read(&bytes[..]).unwrap();
        let import = bring_in(&w, &read, &kept.hash).await;
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "networks": [import] })).await;
        assert_eq!(case["deliveries"], 648);
        let at = format!("/api/investigations/{}", text(&case, "id"));
        let view = investigator.post(&format!("{at}/view"), &json!({})).await.expect(200);
        assert_eq!(
            (view["counts"]["reached"].as_i64(), view["counts"]["relations"].as_i64()),
            (Some(648), Some(735))
        );
        assert_eq!(view["totals"][0]["unknown_amount"], 648, "unknown, not zero");
        let (stations, deliveries) = w
            .house
            .db
            .read(move |tx| {
                let stations = trace::store::networks::stations(tx, &import)?;
                Ok((stations, trace::store::networks::deliveries(tx, &import)?))
            })
            .await
            .unwrap();
        let stations: std::collections::HashMap<String, String> = stations.into_iter().collect();
        let deliveries: std::collections::HashMap<String, i64> = deliveries.into_iter().collect();
        let mut values = 0;
        for (timed, name) in EXPECTED {
            let mut marks = case["marks"].clone();
            marks["enforce_temporal_order"] = timed.into();
            let found = investigator.post(&format!("{at}/score"), &marks).await.expect(200);
            values += compare(&found, &json_of(&folder.join(name)), |list, id| match list {
                "stations" => stations.get(id).cloned(),
                _ => deliveries.get(id).map(i64::to_string),
            });
        }
        assert_eq!(values, 12_348);
    });
}

async fn bring_in(w: &World, read: &investigation::network::Network, file: &str) -> String {
    use trace::actions::network::{Delivery, Network, Station, import};
    let place = |id: &str| read.stations.iter().position(|s| s.id == id).unwrap();
    let at = |id: &str| read.deliveries.iter().position(|d| d.id == id).unwrap();
    let network = Network {
        name: "eu-network.json".into(),
        file: file.to_owned(),
        stations: read
            .stations
            .iter()
            .map(|s| Station { id: s.id.clone(), name: s.name.clone(), place: String::new() })
            .collect(),
        deliveries: read
            .deliveries
            .iter()
            .map(|d| Delivery {
                id: d.id.clone(),
                from: place(&d.from),
                to: place(&d.to),
                product: d.product.clone(),
                lot: String::new(),
                departure: d.departure,
                arrival: d.arrival,
            })
            .collect(),
        relations: read.relations.iter().map(|r| (at(&r.from), at(&r.into))).collect(),
    };
    let mut who = Actor::house("test");
    who.permissions = Arc::new(["trace.declare"].into());
    let cx = Cx::internal(w.house.clone(), who, "trace.network_import");
    let done = cx.act(move |act| import(act, &network, Some("410902"))).await.unwrap();
    done.import
}
