//! Scores against the published ones, and rule by rule.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use kit_base::PartialDate;

use super::*;
use crate::network::*;

pub(super) fn station(id: &str) -> Station {
    Station { id: id.into(), ..Station::default() }
}

pub(super) fn delivery(id: &str, from: &str, to: &str) -> Delivery {
    Delivery { id: id.into(), from: from.into(), to: to.into(), ..Delivery::default() }
}

pub(super) fn relation(from: &str, into: &str) -> Relation {
    Relation { from: from.into(), into: into.into() }
}

/// farm –f→ plant –p→ shop, and the plant also –q→ inn, without relations; the shop has the case
fn chain() -> Network {
    let mut network = Network {
        stations: ["farm", "plant", "shop", "inn"].map(station).into(),
        deliveries: vec![
            delivery("f", "farm", "plant"),
            delivery("p", "plant", "shop"),
            delivery("q", "plant", "inn"),
        ],
        ..Network::default()
    };
    network.stations[2].mark.weight = 1.0;
    network
}

fn run(network: &Network) -> HashMap<String, Score> {
    network.check().unwrap();
    let scores = score(network, &Settings::of(network)).unwrap();
    scores.stations.into_iter().chain(scores.deliveries).map(|s| (s.id.clone(), s)).collect()
}

/// Ids whose score is not 0, sorted, joined by blanks.
fn scored(network: &Network) -> String {
    let with = run(network).into_values().filter(|s| s.score != 0.0);
    with.map(|s| s.id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn only_relations_and_cross_contamination_feed() {
    let mut network = chain();
    assert_eq!(scored(&network), "p plant shop");
    network.relations = vec![relation("f", "p")];
    assert_eq!(scored(&network), "f farm p plant shop");
    network.relations = vec![relation("f", "q")];
    assert_eq!(scored(&network), "p plant shop");
    network.stations[1].mark.cross_contamination = true;
    assert_eq!(scored(&network), "f farm p plant shop");
}

#[test]
fn dates_bound_cross_contamination_but_not_relations() {
    let table = [
        (Some("2026-03-02"), Some("2026-03-01"), false),
        (Some("2026-03-01"), Some("2026-03-01"), true),
        (Some("2026-03-02"), Some("2026-03"), true),
        (Some("2026-04"), Some("2026-03-31"), false),
        (Some("2026"), Some("2025-12-31"), false),
        (Some("2026-03-02"), None, true),
        (None, Some("2020"), true),
    ];
    for (arrival, departure, feeds) in table {
        // a missing arrival is the departure, and the other way round
        for swapped in [false, true] {
            let mut network = chain();
            let date = |text: Option<&str>| text.map(|t| t.parse::<PartialDate>().unwrap());
            network.stations[1].mark.cross_contamination = true;
            network.enforce_temporal_order = true;
            let (f, p) = (date(arrival), date(departure));
            if swapped {
                network.deliveries[0].departure = f;
                network.deliveries[1].arrival = p;
            } else {
                network.deliveries[0].arrival = f;
                network.deliveries[1].departure = p;
            }
            let expected = if feeds { "f farm p plant shop" } else { "p plant shop" };
            assert_eq!(scored(&network), expected, "{arrival:?} {departure:?} {swapped}");
            network.enforce_temporal_order = false;
            assert_eq!(scored(&network), "f farm p plant shop");
            network.enforce_temporal_order = true;
            network.relations = vec![relation("f", "p")];
            assert_eq!(scored(&network), "f farm p plant shop");
        }
    }
}

#[test]
fn cross_contaminated_moves_share_what_follows_them() {
    let mut network = chain();
    network.stations.push(station("mill"));
    network.deliveries.push(delivery("m", "mill", "plant"));
    network.relations = vec![relation("f", "p")];
    for (f, m, expected) in [
        (true, true, "f farm m mill p plant shop"),
        (true, false, "f farm p plant shop"),
        (false, true, "f farm p plant shop"),
    ] {
        network.deliveries[0].mark.cross_contamination = f;
        network.deliveries[3].mark.cross_contamination = m;
        assert_eq!(scored(&network), expected);
    }
    network.deliveries[0].mark.cross_contamination = true;
    network.enforce_temporal_order = true;
    network.deliveries[1].departure = Some("2026-03-01".parse().unwrap());
    network.deliveries[3].arrival = Some("2026-03-02".parse().unwrap());
    assert_eq!(scored(&network), "f farm p plant shop");
    // of another recipient
    network.enforce_temporal_order = false;
    network.deliveries[3].to = "inn".into();
    assert_eq!(scored(&network), "f farm p plant shop");
}

#[test]
fn what_is_killed_passes_nothing_on() {
    let mut related = chain();
    related.relations = vec![relation("f", "p")];
    let mut plant = related.clone();
    plant.stations[1].mark.kill_contamination = true;
    assert_eq!(scored(&plant), "p shop");
    let mut killed = related.clone();
    killed.deliveries[0].mark.kill_contamination = true;
    assert_eq!(scored(&killed), "p plant shop");
    let mut last = related.clone();
    last.deliveries[1].mark.kill_contamination = true;
    assert_eq!(scored(&last), "shop", "a killed move does not reach its recipient");
    last.deliveries[1].mark.weight = 1.0;
    assert_eq!(scored(&last), "f farm p plant shop", "but what leads to it reaches it");
}

#[test]
fn weights_count_once_and_over_their_own_sums() {
    let mut network = chain();
    network.relations = vec![relation("f", "p"), relation("f", "q"), relation("p", "f")];
    network.stations[2].mark.weight = 3.0;
    network.stations[3].mark.weight = -1.0;
    network.deliveries[2].mark.weight = -1.0;
    let scores = run(&network);
    let of = |id: &str| (scores[id].score, scores[id].positive, scores[id].negative, scores[id].normalized);
    assert_eq!(of("farm"), (1.0 / 3.0, 1.0, 1.0, 1.0 / 3.0));
    assert_eq!(of("f"), of("farm"));
    assert_eq!(of("q"), (-2.0 / 3.0, 0.0, 1.0, -2.0 / 3.0));
    assert_eq!(of("inn"), (-1.0 / 3.0, 0.0, 0.5, -1.0 / 3.0));
    assert_eq!(of("shop"), (1.0, 1.0, 0.0, 1.0));
}

#[test]
fn nothing_weighted_scores_nothing() {
    let mut network = chain();
    network.stations[2].mark.weight = 0.0;
    assert_eq!(scored(&network), "");
    assert_eq!(score(&network, &Settings::default()).unwrap().common_links(), CommonLinks::default());
}

#[test]
fn observed_elements_flag_what_lies_around_them() {
    let flags = |network: &Network, forward: bool| {
        let with = run(network).into_values().filter(|s| if forward { s.forward } else { s.backward });
        with.map(|s| s.id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    let mut network = chain();
    network.relations = vec![relation("f", "p")];
    network.deliveries[0].mark.observed = true;
    assert_eq!((flags(&network, true).as_str(), flags(&network, false).as_str()), ("p plant shop", "farm"));
    network.deliveries[0].mark.observed = false;
    network.stations[1].mark.observed = true;
    assert_eq!((flags(&network, true).as_str(), flags(&network, false).as_str()), ("inn p q shop", "f farm"));
    // in a circle an observed move lies forward and backward of itself; by itself alone it does not
    network.stations[1].mark.observed = false;
    network.deliveries[1].mark.observed = true;
    assert_eq!((flags(&network, true).as_str(), flags(&network, false).as_str()), ("shop", "f farm plant"));
    network.relations.push(relation("p", "f"));
    assert_eq!(flags(&network, true), "f p plant shop");
    assert_eq!(flags(&network, false), "f farm p plant");
}

#[test]
fn a_group_is_one_station() {
    let mut network = chain();
    network.stations.push(station("branch"));
    network.stations[4].mark.cross_contamination = true;
    network.stations[4].mark.weight = 1.0;
    network.groups = vec![Group { id: "works".into(), stations: vec!["plant".into(), "branch".into()] }];
    let scores = score(&network, &Settings::of(&network)).unwrap();
    let ids: Vec<_> = scores.stations.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["farm", "works", "shop", "inn"]);
    assert_eq!(scores.stations[1].score, 1.0, "its own weight and that of the shop");
    assert_eq!(scores.stations[0].score, 1.0, "the plant is cross-contaminated through its branch");
    let mut settings = Settings::of(&network);
    settings.stations.insert("works".into(), Mark::default());
    let scores = score(&network, &settings).unwrap();
    assert_eq!((scores.stations[0].score, scores.stations[1].score), (0.0, 1.0));
}

#[test]
fn settings_stand_in_for_marks_and_are_checked() {
    let network = chain();
    let mark = Mark { weight: 2.0, ..Mark::default() };
    let mut settings = Settings::default();
    settings.stations.insert("shop".into(), Mark::default());
    settings.deliveries.insert("q".into(), mark);
    let scores = score(&network, &settings).unwrap();
    assert_eq!(scores.deliveries[2].score, 1.0);
    assert_eq!(
        scores.common_links(),
        CommonLinks { stations: vec!["plant".into()], deliveries: vec!["q".into()] }
    );
    settings.deliveries.insert("x".into(), mark);
    let error = score(&network, &settings).unwrap_err();
    assert_eq!((&*error.code, error.field.as_deref()), ("delivery_unknown", Some("settings/deliveries/x")));
    settings.deliveries.remove("x");
    settings.stations.insert("inn".into(), Mark { weight: f64::NAN, ..Mark::default() });
    assert_eq!(score(&network, &settings).unwrap_err().code, "weight_invalid");
}

#[test]
fn the_output_has_full_numbers_in_the_order_of_the_network() {
    let mut network = chain();
    network.deliveries[2].mark.weight = 2.0;
    network.stations[0].id = "a,\"b".into();
    network.deliveries[0].from = "a,\"b".into();
    let scores = score(&network, &Settings::of(&network)).unwrap();
    let json = scores.to_json().unwrap();
    let third = r#""score":0.3333333333333333,"positive":0.3333333333333333,"negative":0.0"#;
    assert!(json.starts_with(r#"{"stations":{"a,\"b":{"score":0.0,"#), "{json}");
    assert!(json.contains(&format!(
        r#""shop":{{{third},"normalized":0.3333333333333333,"forward":false,"backward":false}}"#
    )));
    let csv = scores.to_csv();
    assert!(csv.contains("station,\"a,\"\"b\",0,0,0,0,false,false\n"), "{csv}");
    assert!(
        csv.contains("delivery,q,0.6666666666666666,0.6666666666666666,0,0.6666666666666666,false,false\n"),
        "{csv}"
    );
}

#[test]
fn wrong_files_are_refused_with_place_and_reason() {
    let table = [
        ("{", "json_syntax", "line 1 column 1"),
        ("[]", "field_type", ""),
        (r#"{"deliveries":[]}"#, "field_missing", "stations"),
        (r#"{"stations":{},"deliveries":[]}"#, "field_type", "stations"),
        (r#"{"stations":[{"id":1},{"id":"1"}],"deliveries":[]}"#, "id_duplicate", "stations/1/id"),
        (r#"{"stations":[{"id":1.5}],"deliveries":[]}"#, "field_type", "stations/0/id"),
        (r#"{"stations":[{}],"deliveries":[]}"#, "field_missing", "stations/0/id"),
        (r#"{"stations":[{"id":1,"weight":"NaN"}],"deliveries":[]}"#, "weight_invalid", "stations/0/weight"),
        (r#"{"stations":[{"id":1,"weight":1e300}],"deliveries":[]}"#, "weight_invalid", "stations/0/weight"),
        (r#"{"stations":[{"id":1,"weight":1e999}],"deliveries":[]}"#, "json_syntax", "line 1 column 35"),
        (r#"{"stations":[{"id":1,"observed":1}],"deliveries":[]}"#, "field_type", "stations/0/observed"),
        (
            r#"{"stations":[],"deliveries":[{"id":1,"from":1,"to":2}]}"#,
            "station_unknown",
            "deliveries/0/from",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[{"id":1,"from":1,"to":1,"arrival":"2026-02-30"}]}"#,
            "date_impossible",
            "deliveries/0/arrival",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[{"id":1,"from":1,"to":1,"departure":20260230}]}"#,
            "date_syntax",
            "deliveries/0/departure",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[{"id":1,"from":1,"to":1}],"relations":[{"from":1,"into":1}]}"#,
            "relation_self",
            "relations/0",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[{"id":1,"from":1,"to":1}],"relations":[{"from":1,"into":9}]}"#,
            "delivery_unknown",
            "relations/0/into",
        ),
        (r#"{"stations":[],"deliveries":[],"groups":[{"id":1}]}"#, "field_missing", "groups/0/stations"),
        (
            r#"{"stations":[],"deliveries":[],"groups":[{"id":1,"stations":[]}]}"#,
            "group_empty",
            "groups/0/stations",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[],"groups":[{"id":"g","stations":[1,2]}]}"#,
            "station_unknown",
            "groups/0/stations/1",
        ),
        (
            r#"{"stations":[{"id":1}],"deliveries":[],"groups":[{"id":"g","stations":[1]},{"id":"h","stations":[1]}]}"#,
            "group_overlap",
            "groups/1/stations/0",
        ),
        (
            r#"{"stations":[{"id":1},{"id":2}],"deliveries":[],"groups":[{"id":2,"stations":[1]}]}"#,
            "id_duplicate",
            "groups/0/id",
        ),
    ];
    for (text, code, place) in table {
        let error = investigate_file(text.as_bytes()).unwrap_err();
        assert_eq!((&*error.code, error.field.as_deref()), (code, Some(place)), "{text}");
    }
    let many = r#"{"stations":[{"id":1},{"id":1}],"deliveries":[{"id":1,"from":1,"to":7}]}"#;
    assert_eq!(investigate_file(many.as_bytes()).unwrap_err().defects.len(), 2);
}

/// The folder of real networks, where it is there.
fn shared(name: &str) -> Option<Vec<u8>> {
    let home = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let path = PathBuf::from(home).join("../../../shared/data/networks").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    bytes
}

#[test]
fn the_published_scores_of_a_real_incident_are_met() {
    let Some(bytes) = shared("eu-network.json") else { return };
    let network = Network::read(&bytes[..]).unwrap();
    let mut compared = 0;
    for (timed, name) in
        [(true, "eu-network.expected-temporal.json"), (false, "eu-network.expected-untimed.json")]
    {
        let Some(expected) = shared(name) else { return };
        let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
        let settings = Settings { enforce_temporal_order: timed, ..Settings::of(&network) };
        let found = score(&network, &settings).unwrap().to_json().unwrap();
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        for part in ["stations", "deliveries"] {
            let (found, expected) = (found[part].as_object().unwrap(), expected[part].as_object().unwrap());
            assert!(found.keys().eq(expected.keys()), "{name} {part}");
            for (id, expected) in expected {
                compared += same_score(&found[id], expected, &format!("{name} {part} {id}"));
            }
        }
    }
    assert_eq!(compared, 12_348);
}

fn same_score(found: &serde_json::Value, expected: &serde_json::Value, place: &str) -> usize {
    for field in ["score", "positive", "negative", "normalized"] {
        let (a, b) = (found[field].as_f64().unwrap(), expected[field].as_f64().unwrap());
        assert!((a - b).abs() <= 1e-12, "{place} {field}: {a} is not {b}");
    }
    for field in ["forward", "backward"] {
        assert_eq!(found[field], expected[field], "{place} {field}");
    }
    6
}
