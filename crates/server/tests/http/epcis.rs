//! EPCIS documents in and out: the published ones in place, and small ones for each rule.

use std::path::PathBuf;

use axum::http::Method;
use kit_test::{Client, Reply};
use serde_json::{Value, json};
use trace::epcis::{self, Captured, Contexts, Options, compare};

use crate::world::{World, each};

/// The published documents of a folder; empty, with a line that says so, where the data is not here.
fn published(folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/epcis").join(folder);
    let Ok(entries) = std::fs::read_dir(&root) else {
        eprintln!("SKIPPED: no {}", root.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    files.sort();
    let name = |p: &PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), std::fs::read(p).unwrap())).filter(|(n, _)| !n.ends_with(".md")).collect()
}

async fn send(client: &Client, query: &str, bytes: &[u8], headers: &[(&str, &str)]) -> Reply {
    let media = if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<') {
        "application/xml"
    } else {
        "application/ld+json"
    };
    client.send(Method::POST, &format!("/epcis/capture{query}"), media, bytes.to_vec(), headers).await
}

/// Reads the database beside HTTP, on a thread of its own: the drivers must not wait inside an async test.
pub fn read<T: Send>(w: &World, f: impl FnOnce(&mut kit_db::Tx) -> kit_base::Result<T> + Send) -> T {
    std::thread::scope(|scope| scope.spawn(|| w.house.db.read_blocking(f)).join()).unwrap().unwrap()
}

/// Events and lots reached, and products: what a refused document must leave as it was.
fn state(w: &World) -> (i64, i64, i64) {
    let (events, lots) = read(w, trace::store::events::numbers);
    let (products, _, _) = read(w, |tx| trace::store::lists::counts(tx, &w.factory));
    (events, lots, products)
}

/// All events that the query answers, page by page; `recordTime` is the repository's own and left out.
async fn stored(client: &Client, query: &str) -> Vec<Value> {
    let mut all = crate::epcis_query::pages(client, &format!("/epcis/events?perPage=50{query}")).await;
    all.iter_mut().for_each(|event| drop(event.as_object_mut().unwrap().remove("recordTime")));
    all
}

fn normal_of(event: &Captured) -> Value {
    compare::normal(&event.value, &event.contexts)
}

fn without_record_time(mut normal: Value) -> Value {
    normal.as_object_mut().unwrap().remove("recordTime");
    normal
}

fn encoded(id: &str) -> String {
    id.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn every_published_document_goes_in_traces_and_comes_out_equal() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        for (name, bytes) in ["valid", "xml-valid"].into_iter().flat_map(published) {
            let (_, events) = epcis::read_all(&bytes[..], Options::STRICT).unwrap();
            let done = send(&owner, "", &bytes, &[]).await;
            assert_eq!(done.status, 200, "{name}: {}", done.text());
            let done = done.json();
            let went_in = done["events"].as_u64().unwrap() + done["repeated"].as_u64().unwrap();
            assert_eq!((went_in, done["refused"].as_u64()), (events.len() as u64, Some(0)), "{name}");
            let before = state(&w);
            let again = send(&owner, "", &bytes, &[]).await.expect(200);
            assert_eq!(again["repeated"].as_u64().unwrap(), events.len() as u64, "{name}");
            assert_eq!(state(&w), before, "{name}");
            for event in &events {
                traces(&w, &owner, &name, event).await;
                let Some(id) = &event.event.event_id else { continue };
                let back = owner.get(&format!("/epcis/events/{}", encoded(id))).await.expect(200);
                if event.event.error.is_none() {
                    let same = compare::normal(&back, &Contexts::default()) == normal_of(event);
                    assert!(same, "{name}:\n{back:#}\n{:#}", event.value);
                }
            }
            let all: Vec<Value> =
                stored(&owner, "").await.iter().map(|e| compare::normal(e, &Contexts::default())).collect();
            for event in &events {
                let told = without_record_time(normal_of(event));
                assert!(all.contains(&told), "{name}: not given back: {:#}", event.value);
            }
        }
    });
}

/// Every code that an event moves has a lot with a chain, and the graph agrees with the database on it.
async fn traces(w: &World, client: &Client, name: &str, event: &Captured) {
    for item in epcis::plan(&event.event).iter().flat_map(|m| &m.makes) {
        let lot = read(w, |tx| trace::store::codes::epc_lot(tx, &item.key));
        let Some(lot) = lot else { panic!("{name}: {} has no lot", item.key) };
        let chain = client.get(&format!("/api/lots/{lot}/chain")).await.expect(200);
        let sources = read(w, |tx| trace::store::lots::backward_by_sql(tx, lot));
        assert_eq!(chain["sources"].as_u64().unwrap() + 1, sources.len() as u64, "{name}: {}", item.key);
    }
}

#[test]
fn every_invalid_document_is_refused_with_its_places_and_leaves_nothing() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let before = state(&w);
        for (name, bytes) in ["invalid", "xml-invalid"].into_iter().flat_map(published) {
            for query in ["", "?lenient=1"] {
                let problem = send(&owner, query, &bytes, &[]).await;
                assert_eq!(problem.status, 422, "{name}: {}", problem.text());
                let problem = problem.json();
                let defects = problem["defects"].as_array().unwrap();
                assert!(!defects.is_empty(), "{name}: {problem}");
                for defect in defects {
                    let told = |field: &str| !defect[field].as_str().unwrap().is_empty();
                    assert!(told("place") && told("code") && told("message"), "{name}: {defect}");
                }
                assert_eq!(state(&w), before, "{name}");
            }
        }
        assert!(stored(&owner, "").await.is_empty());
    });
}

#[test]
fn real_slaughter_records_go_in_lenient_and_strict_says_why_not() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        for (name, bytes) in published("real") {
            let refused = send(&owner, "", &bytes, &[]).await.refused(422, "epcis_invalid");
            assert_eq!(refused["defects"].as_array().unwrap().len(), 20, "{name}");
            assert_eq!(state(&w).0, 0);
            let done = send(&owner, "?lenient=1", &bytes, &[]).await.expect(200);
            assert_eq!((done["events"].as_i64(), done["lots"].as_i64()), (Some(20), Some(20)));
            let (_, events) = epcis::read_all(&bytes[..], Options::LENIENT).unwrap();
            for event in &events {
                traces(&w, &owner, &name, event).await;
            }
            let back = stored(&owner, "&MATCH_anyEPC=410002313503769").await;
            assert_eq!(back.len(), 1);
            assert_eq!(back[0]["cow:company"], "(주)삼세");
            let lots = owner.get("/api/lots?size=50").await.expect(200);
            let lot = &lots["items"][0];
            assert_eq!(
                (lot["declared"].as_bool(), lot["amount"].clone(), lot["on_hand"].clone()),
                (Some(true), json!(null), json!(null))
            );
        }
    });
}

fn document(events: &[Value]) -> Vec<u8> {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-02-01T00:00:00Z",
        "epcisBody": { "eventList": events },
    });
    document.to_string().into_bytes()
}

fn event(kind: &str, at: &str, more: Value) -> Value {
    let mut event = json!({ "type": kind, "eventTime": format!("2026-02-{at}T08:00:00+08:00"), "eventTimeZoneOffset": "+08:00" });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

const RICE: &str = "https://id.gs1.org/01/09521141012345/10/A1";
const SALT: &str = "https://id.gs1.org/01/09521141012345/10/B2";
const CRATE: &str = "https://id.gs1.org/00/106141412345678908";

fn made(class: &str, kg: i64) -> Value {
    let list = json!([{ "epcClass": class, "quantity": kg, "uom": "KGM" }]);
    event("ObjectEvent", "01", json!({ "action": "ADD", "bizStep": "commissioning", "quantityList": list }))
}

fn key(code: &str) -> String {
    epcis::key_of(code)
}

fn lot_of(w: &World, code: &str) -> Option<i64> {
    read(w, |tx| trace::store::codes::epc_lot(tx, &key(code)))
}

fn sources(w: &World, lot: i64) -> Vec<i64> {
    read(w, |tx| trace::store::lots::backward_by_sql(tx, lot))
}

#[test]
fn what_is_packed_comes_out_again_when_all_is_unpacked() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let children = |list: Value| json!({ "action": "ADD", "bizStep": "packing", "parentID": CRATE, "childQuantityList": list });
        let one = |class: &str| json!([{ "epcClass": class, "quantity": 5, "uom": "KGM" }]);
        let events = [
            made(RICE, 5),
            made(SALT, 5),
            event("AggregationEvent", "02", children(one(RICE))),
            event("AggregationEvent", "03", children(one(SALT))),
            event(
                "ObjectEvent",
                "04",
                json!({ "action": "OBSERVE", "bizStep": "shipping", "epcList": [CRATE], "readPoint": { "id": "https://id.gs1.org/414/9521321000018" } }),
            ),
            event(
                "ObjectEvent",
                "05",
                json!({ "action": "OBSERVE", "bizStep": "receiving", "epcList": [CRATE] }),
            ),
        ];
        send(&owner, "", &document(&events), &[]).await.expect(200);
        let (rice, crate_lot) = (lot_of(&w, RICE).unwrap(), lot_of(&w, CRATE).unwrap());
        let before = sources(&w, crate_lot);
        assert!(before.contains(&rice) && before.contains(&lot_of(&w, SALT).unwrap()), "{before:?}");
        let out = event(
            "AggregationEvent",
            "06",
            json!({ "action": "DELETE", "bizStep": "unpacking", "parentID": CRATE }),
        );
        let done = send(&owner, "", &document(&[out]), &[]).await.expect(200);
        assert_eq!(done["lots"], 2);
        assert_eq!(lot_of(&w, CRATE), None);
        for code in [RICE, SALT] {
            let lot = lot_of(&w, code).unwrap();
            assert!(lot > crate_lot && sources(&w, lot).contains(&crate_lot), "{code}");
            let row = owner.get(&format!("/api/lots/{lot}")).await.expect(200);
            assert_eq!(
                (row["lot"]["amount"].as_i64(), row["lot"]["unit"].as_str()),
                (Some(5_000), Some("g"))
            );
        }
    });
}

#[test]
fn codes_never_seen_begin_with_an_opening_and_parts_of_a_transformation_are_joined() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let part = |at: &str, more: Value| {
            let mut all = json!({ "transformationID": "urn:epc:id:gdti:952005.00000.mix7", "bizStep": "creating_class_instance" });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            event("TransformationEvent", at, all)
        };
        let list = |class: &str| json!([{ "epcClass": class, "quantity": 3, "uom": "KGM" }]);
        let events = [
            part("01", json!({ "inputQuantityList": list(RICE) })),
            part("02", json!({ "outputQuantityList": list(SALT) })),
        ];
        send(&owner, "", &document(&events), &[]).await.expect(200);
        let opened = owner.get("/api/events?kind=opening").await.expect(200);
        assert_eq!(opened["total"], 1);
        let rice = opened["items"][0]["lot"].as_i64().unwrap();
        assert!(sources(&w, lot_of(&w, SALT).unwrap()).contains(&rice));
    });
}

#[test]
fn a_known_id_with_another_content_is_refused_and_a_declaration_corrects() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let id = "urn:uuid:3f1b7d3e-93c5-4f1d-8f3b-0a7b6f4f2a01";
        let with_id = |mut event: Value| {
            event["eventID"] = json!(id);
            event
        };
        let first = with_id(made(RICE, 5));
        send(&owner, "", &document(std::slice::from_ref(&first)), &[]).await.expect(200);
        let before = state(&w);
        let problem = send(&owner, "", &document(&[made(SALT, 1), with_id(made(RICE, 6))]), &[])
            .await
            .refused(422, "epcis_invalid");
        let defect = &problem["defects"][0];
        assert_eq!(
            (defect["code"].as_str(), defect["place"].as_str()),
            (Some("event_id_taken"), Some("/epcisBody/eventList/1/eventID"))
        );
        assert_eq!(state(&w), before);
        let mut wrong = first.clone();
        wrong["errorDeclaration"] =
            json!({ "declarationTime": "2026-02-03T00:00:00Z", "reason": "did_not_occur" });
        // nobody declares away what another business has told
        let clerk = w.sign_in("clerk").await;
        let problem = send(&clerk, "", &document(std::slice::from_ref(&wrong)), &[])
            .await
            .refused(422, "epcis_invalid");
        assert_eq!(problem["defects"][0]["code"], "event_not_yours");
        send(&owner, "", &document(&[wrong]), &[]).await.expect(200);
        let events = owner.get("/api/events?kind=produce").await.expect(200);
        assert_eq!(events["items"][0]["corrected"], "事件未发生");
        assert!(events["items"][0]["declared"].as_bool().unwrap());
    });
}

#[test]
fn bad_events_fall_alone_only_where_that_was_asked() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let barrels = json!([{ "epcClass": SALT, "quantity": 2, "uom": "BLL" }]);
        let odd = event(
            "ObjectEvent",
            "01",
            json!({ "action": "ADD", "bizStep": "commissioning", "quantityList": barrels }),
        );
        let both = document(&[made(RICE, 5), odd]);
        let problem = send(&owner, "", &both, &[]).await.refused(422, "epcis_invalid");
        let defect = &problem["defects"][0];
        assert_eq!(defect["place"], "/epcisBody/eventList/1/quantityList/0/uom");
        assert_eq!(defect["code"], "unit_unknown");
        assert_eq!(state(&w).0, 0);
        let proceed = [("GS1-Capture-Error-Behaviour", "proceed")];
        let done = send(&owner, "", &both, &proceed).await.expect(200);
        assert_eq!((done["events"].as_i64(), done["refused"].as_i64()), (Some(1), Some(1)));
        send(&owner, "", &both, &[("GS1-Capture-Error-Behaviour", "maybe")])
            .await
            .refused(422, "capture_behaviour");
        // lenient, the amount is unknown and the event keeps what was written
        let done = send(&owner, "?lenient=1", &both, &[]).await.expect(200);
        assert_eq!((done["events"].as_i64(), done["repeated"].as_i64()), (Some(1), Some(1)));
        let lot = lot_of(&w, SALT).unwrap();
        let row = owner.get(&format!("/api/lots/{lot}")).await.expect(200);
        assert_eq!(row["lot"]["amount"], json!(null));
    });
}

#[test]
fn hostile_and_broken_documents_are_refused_and_leave_nothing() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let bomb = b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><a>&b;</a>";
        let half = document(&[made(RICE, 5)]);
        let deep = [b"{\"a\":".repeat(10_000), b"1".to_vec()].concat();
        let half: &[u8] = &half[..half.len() - 10];
        for bytes in [&bomb[..], half, &deep, b"", b"  ", b"hello", b"<a>", b"\xff\xfe\x00"] {
            let refused = send(&owner, "", bytes, &[]).await;
            let status = refused.status.as_u16();
            let problem = refused.json();
            assert!(status == 422 || status == 413, "{status} {problem}");
            // nothing at all has no place that could be named
            let named = problem["defects"].as_array().is_some_and(|d| !d.is_empty());
            assert!(named || problem["code"] == "file_empty", "{problem}");
        }
        assert_eq!(state(&w), (0, 0, 0));
        // many lines of one paste: read as they come, each an event of its own
        let line = made(RICE, 1).to_string() + "\n";
        let refused = send(&owner, "", line.repeat(3_000).as_bytes(), &[]).await;
        assert!(refused.status == 200 || refused.status == 422, "{}", refused.text());
    });
}

#[test]
fn queries_filter_and_strangers_see_nothing() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        send(&owner, "", &document(&[made(RICE, 5), made(SALT, 5)]), &[]).await.expect(200);
        assert_eq!(stored(&owner, "&eventType=AggregationEvent").await.len(), 0);
        assert_eq!(stored(&owner, "&eventType=ObjectEvent|AggregationEvent").await.len(), 2);
        assert_eq!(
            stored(&owner, "&GE_eventTime=2026-02-01T00:00:00Z&LT_eventTime=2026-02-02T00:00:00Z")
                .await
                .len(),
            2
        );
        assert_eq!(stored(&owner, "&GE_eventTime=2026-02-01T00:00:01Z").await.len(), 0);
        let urn = encoded("urn:epc:class:lgtin:9521141.001234.A1");
        assert_eq!(stored(&owner, &format!("&MATCH_anyEPCClass={urn}")).await.len(), 1);
        owner.get("/epcis/events?LT_eventTime=yesterday").await.refused(400, "QueryParameterException");
        assert!(stored(&w.sign_in("clerk").await, "").await.is_empty());
        assert_eq!(stored(&w.sign_in("officer1").await, "").await.len(), 2);
        assert!(stored(&w.sign_in("officer2").await, "").await.is_empty());
    });
}

#[test]
fn a_gln_that_is_known_makes_the_other_side() {
    each(async |w| {
        let (owner, clerk) = (w.sign_in("owner").await, w.sign_in("clerk").await);
        let path = format!("/api/parties/{}/keys", w.shop);
        owner.post(&path, &json!({ "code": "9521321000010" })).await.refused(404, "not_found");
        clerk.post(&path, &json!({ "code": "9521321000010" })).await.refused(422, "gs1_check_digit");
        clerk.post(&path, &json!({ "code": "9521321000018" })).await.expect(200);
        let own = format!("/api/parties/{}/keys", w.factory);
        owner
            .post(&own, &json!({ "code": "urn:epc:id:pgln:9521321.00001" }))
            .await
            .refused(409, "code_taken");
        let ship = event(
            "ObjectEvent",
            "02",
            json!({
                "action": "OBSERVE", "bizStep": "shipping",
                "quantityList": [{ "epcClass": RICE, "quantity": 5, "uom": "KGM" }],
                "destinationList": [{ "type": "possessing_party", "destination": "urn:epc:id:pgln:9521321.00001" }],
            }),
        );
        send(&owner, "", &document(&[made(RICE, 5), ship]), &[]).await.expect(200);
        let lot = lot_of(&w, RICE).unwrap();
        let row = clerk.get(&format!("/api/lots/{lot}")).await.expect(200);
        assert_eq!(
            (row["lot"]["holder"].as_str(), row["lot"]["state"].as_str()),
            (Some(w.shop.as_str()), Some("transit"))
        );
    });
}
