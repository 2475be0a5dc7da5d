//! The EPCIS query interface: each answer against a plain filter over all events that were exported.

use std::collections::BTreeSet;

use axum::http::Method;
use kit_test::{Client, Reply};
use serde_json::{Value, json};
use trace::epcis::{Options, read_all};

use crate::world::{World, each, moved, product};

fn events_of(reply: &Value) -> Vec<Value> {
    reply["epcisBody"]["queryResults"]["resultsBody"]["eventList"].as_array().unwrap().clone()
}

/// Where the `Link` header leads next.
fn next_of(reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().unwrap();
    let url = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    Some(url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned())
}

/// All events of an answer, page by page.
pub async fn pages(client: &Client, path: &str) -> Vec<Value> {
    let (mut out, mut path) = (Vec::new(), path.to_owned());
    loop {
        let reply = client.get(&path).await;
        let next = next_of(&reply);
        out.extend(events_of(&reply.expect(200)));
        match next {
            Some(next) => path = next,
            None => return out,
        }
    }
}

fn ids(events: &[Value]) -> Vec<String> {
    events.iter().map(|e| e["eventID"].as_str().unwrap().to_owned()).collect()
}

/// A stream of numbers that is the same at each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const RICE: &str = "https://id.gs1.org/01/09521141012345";

/// Two businesses that make, send, take, sell and lose; documents of one of them between.
async fn small_world(w: &World, dice: &mut Dice) {
    let (owner, clerk) = (w.sign_in("owner").await, w.sign_in("clerk").await);
    let with_code = product(&owner, "卤水豆腐", Some("6901234567892")).await;
    let without = product(&owner, "豆腐干", None).await;
    let mut lots = Vec::new();
    for i in 0..12 {
        let at = ["2026-02-01", "2026-02", "2026", "2026-02-10T10:00:00+08:00", "2026-02-11"][dice.below(5)];
        let batch = format!("A{}", dice.below(3));
        let made = json!({ "product": dice.of(&[&with_code, &without]), "batch": batch, "amount": 10_000 + dice.below(5) * 250 });
        let lot = match (dice.below(3), lots.last().copied()) {
            (0, Some(from)) => {
                json!({ "kind": "produce", "at": at, "takes": [{ "lot": from, "amount": 500 }], "makes": [made] })
            }
            (1, _) => json!({ "kind": "opening", "at": at, "makes": [made] }),
            _ => json!({ "kind": "produce", "at": at, "makes": [made] }),
        };
        lots.push(moved(&owner, lot).await);
        let from = *dice.of(&lots);
        let take = json!([{ "lot": from, "amount": 100 }]);
        match dice.below(4) {
            0 => drop(moved(&owner, json!({ "kind": "sell", "takes": take })).await),
            1 => drop(moved(&owner, json!({ "kind": "loss", "reason": "破损", "takes": take })).await),
            _ => {
                let ship = json!({ "kind": "ship", "counterpart": w.shop, "doc_no": format!("S/{i}"), "takes": take });
                let transit = moved(&owner, ship).await;
                moved(&clerk, json!({ "kind": "receive", "takes": [{ "lot": transit }] })).await;
            }
        }
        if dice.below(2) == 0 {
            let document = captured(dice, i);
            let media = "application/ld+json";
            owner.send(Method::POST, "/epcis/capture", media, document, &[]).await.expect(200);
        }
    }
    let sold = owner.get("/api/events?kind=sell").await.expect(200);
    if let Some(id) = sold["items"][0]["id"].as_str() {
        owner.post(&format!("/api/events/{id}/correction"), &json!({ "reason": "记错了" })).await.expect(200);
    }
}

fn captured(dice: &mut Dice, i: usize) -> Vec<u8> {
    let class = format!("{RICE}/10/L{}", dice.below(3));
    let place = format!("https://id.gs1.org/414/9521321000018/254/{}", dice.below(2));
    let list = json!([{ "epcClass": class, "quantity": 1 + dice.below(3), "uom": "KGM" }]);
    let crate_code = "https://id.gs1.org/00/106141412345678908";
    let mut event = match dice.below(3) {
        0 => {
            json!({ "type": "AggregationEvent", "action": "ADD", "bizStep": "packing", "parentID": crate_code,
            "childEPCs": [format!("{RICE}/21/{i}")], "childQuantityList": list })
        }
        1 => json!({ "type": "TransformationEvent", "bizStep": "commissioning",
            "inputQuantityList": list, "outputEPCList": [format!("{RICE}/21/t{i}")] }),
        _ => {
            json!({ "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "disposition": "in_transit",
            "epcList": [crate_code], "quantityList": list, "bizLocation": { "id": "https://example.com/yard" } })
        }
    };
    let more = json!({ "eventID": format!("urn:uuid:00000000-0000-4000-8000-{i:012}"), "readPoint": { "id": place },
        "eventTime": format!("2026-02-{:02}T08:00:00+08:00", 1 + dice.below(20)), "eventTimeZoneOffset": "+08:00" });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let document = json!({ "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
        "schemaVersion": "2.0", "creationDate": "2026-02-01T00:00:00Z", "epcisBody": { "eventList": [event] } });
    document.to_string().into_bytes()
}

fn texts(event: &Value, list: &str) -> Vec<String> {
    let items = event[list].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|i| i.as_str().or(i["epcClass"].as_str())).map(str::to_owned).collect()
}

fn all_texts(event: &Value, lists: &[&str]) -> Vec<String> {
    lists.iter().flat_map(|list| texts(event, list)).collect()
}

fn ms(event: &Value, name: &str) -> i64 {
    event[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// What each parameter means, told plainly. Codes are only compared as written.
fn plain(event: &Value, name: &str, values: &[String]) -> bool {
    let text = |field: &str| event[field].as_str().map(str::to_owned);
    let within = |found: Option<String>| found.is_some_and(|f| values.contains(&f));
    let any = |found: Vec<String>| found.iter().any(|f| values.contains(f));
    let at = |field: &str| ms(event, field);
    let limit = || values[0].parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let lists = ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"];
    let amounts = || {
        let items = lists.iter().filter_map(|list| event[*list].as_array()).flatten();
        items.filter_map(|i| i["quantity"].as_f64()).collect::<Vec<f64>>()
    };
    let number = || values[0].parse::<f64>().unwrap();
    let place = |field: &str| event[field]["id"].as_str().map(str::to_owned);
    match name {
        "eventType" => within(text("type")),
        "EQ_action" => within(text("action")),
        "EQ_bizStep" => within(text("bizStep")),
        "EQ_disposition" => within(text("disposition")),
        "EQ_eventID" => within(text("eventID")),
        "EQ_readPoint" => within(place("readPoint")),
        "EQ_bizLocation" => within(place("bizLocation")),
        "WD_readPoint" => place("readPoint")
            .is_some_and(|has| values.iter().any(|v| has == *v || has.starts_with(&format!("{v}/254/")))),
        "GE_eventTime" => at("eventTime") >= limit(),
        "LT_eventTime" => at("eventTime") < limit(),
        "GE_recordTime" => at("recordTime") >= limit(),
        "LT_recordTime" => at("recordTime") < limit(),
        "MATCH_epc" => any(all_texts(event, &["epcList", "childEPCs"])),
        "MATCH_parentID" => within(text("parentID")),
        "MATCH_outputEPC" => any(texts(event, "outputEPCList")),
        "MATCH_anyEPC" => {
            any(all_texts(event, &["epcList", "childEPCs", "inputEPCList", "outputEPCList"]))
                || within(text("parentID"))
        }
        "MATCH_epcClass" => any(all_texts(event, &lists[..2])),
        "MATCH_inputEPCClass" => any(texts(event, lists[2])),
        "MATCH_outputEPCClass" => any(texts(event, lists[3])),
        "MATCH_anyEPCClass" => any(all_texts(event, &lists)),
        "EQ_quantity" => amounts().iter().any(|n| *n == number()),
        "GT_quantity" => amounts().iter().any(|n| *n > number()),
        "GE_quantity" => amounts().iter().any(|n| *n >= number()),
        "LT_quantity" => amounts().iter().any(|n| *n < number()),
        "LE_quantity" => amounts().iter().any(|n| *n <= number()),
        "EXISTS_errorDeclaration" => event.get("errorDeclaration").is_some() == (values[0] == "true"),
        other => panic!("{other}"),
    }
}

const NAMES: &[&str] = &[
    "eventType",
    "EQ_action",
    "EQ_bizStep",
    "EQ_disposition",
    "EQ_eventID",
    "EQ_readPoint",
    "EQ_bizLocation",
    "WD_readPoint",
    "GE_eventTime",
    "LT_eventTime",
    "GE_recordTime",
    "LT_recordTime",
    "MATCH_epc",
    "MATCH_parentID",
    "MATCH_outputEPC",
    "MATCH_anyEPC",
    "MATCH_epcClass",
    "MATCH_inputEPCClass",
    "MATCH_outputEPCClass",
    "MATCH_anyEPCClass",
    "EQ_quantity",
    "GT_quantity",
    "GE_quantity",
    "LT_quantity",
    "LE_quantity",
    "EXISTS_errorDeclaration",
];

/// A value for a parameter, out of an event.
fn value_of(event: &Value, name: &str) -> Option<String> {
    let first = |lists: &[&str]| all_texts(event, lists).into_iter().next();
    let lists = ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"];
    match name {
        "eventType" => event["type"].as_str().map(str::to_owned),
        "EQ_action" | "EQ_bizStep" | "EQ_disposition" | "EQ_eventID" => {
            event[&name[3..]].as_str().map(str::to_owned)
        }
        "EQ_readPoint" | "EQ_bizLocation" => event[&name[3..]]["id"].as_str().map(str::to_owned),
        "WD_readPoint" => {
            event["readPoint"]["id"].as_str().map(|id| id.split("/254/").next().unwrap().to_owned())
        }
        "MATCH_epc" | "MATCH_anyEPC" => first(&["epcList", "childEPCs", "outputEPCList"]),
        "MATCH_parentID" => event["parentID"].as_str().map(str::to_owned),
        "MATCH_outputEPC" => first(&["outputEPCList"]),
        "EXISTS_errorDeclaration" => Some(event.get("errorDeclaration").is_some().to_string()),
        _ if name.contains("Time") => event[name.split_once('_').unwrap().1].as_str().map(str::to_owned),
        _ if name.contains("Class") => first(&lists),
        _ => {
            let items = lists.iter().filter_map(|list| event[*list].as_array()).flatten();
            items.filter_map(|i| i.get("quantity")).map(Value::to_string).next()
        }
    }
}

fn is_list(name: &str) -> bool {
    !name.contains("Time") && !name.contains("quantity") && !name.starts_with("EXISTS")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn random_queries_answer_what_a_plain_filter_would() {
    each(async |w| {
        let mut dice = Dice(20_260_303);
        small_world(&w, &mut dice).await;
        let mut hits = 0;
        for name in ["owner", "clerk", "officer1", "investigator"] {
            let client = w.sign_in(name).await;
            let all = pages(&client, "/epcis/events?perPage=7").await;
            assert!(all.len() > 4, "{name}: {}", all.len());
            for _ in 0..150 {
                let (mut query, mut asked) = (String::new(), Vec::new());
                let mut names = BTreeSet::new();
                for _ in 0..=dice.below(2) {
                    let name = *dice.of(NAMES);
                    let values: Vec<String> =
                        (0..=dice.below(2)).filter_map(|_| value_of(dice.of(&all), name)).collect();
                    let take = if is_list(name) { values.len() } else { values.len().min(1) };
                    if take == 0 || !names.insert(name) {
                        continue;
                    }
                    let values = values[..take].to_vec();
                    let written: Vec<String> = values.iter().map(|v| encoded(v)).collect();
                    query.push_str(&format!("&{name}={}", written.join("%7C")));
                    asked.push((name, values));
                }
                let order = *dice.of(&["", "eventTime", "recordTime"]);
                let down = dice.below(2) == 1;
                if !order.is_empty() {
                    query.push_str(&format!(
                        "&orderBy={order}&orderDirection={}",
                        if down { "DESC" } else { "ASC" }
                    ));
                }
                let mut expected: Vec<Value> =
                    all.iter().filter(|e| asked.iter().all(|(n, v)| plain(e, n, v))).cloned().collect();
                if !order.is_empty() {
                    // `all` is in the order of the ledger, which decides among equals
                    expected.sort_by_key(|e| ms(e, order));
                    if down {
                        expected.reverse();
                        let all_ids = ids(&all);
                        let place = |e: &Value| all_ids.iter().position(|i| e["eventID"] == **i).unwrap();
                        expected
                            .sort_by_key(|e| (std::cmp::Reverse(ms(e, order)), std::cmp::Reverse(place(e))));
                    }
                }
                let size = 1 + dice.below(9);
                let found = pages(&client, &format!("/epcis/events?perPage={size}{query}")).await;
                hits += found.len();
                assert_eq!(ids(&found), ids(&expected), "{name} {query}");
            }
        }
        assert!(hits > 500, "the queries found too little to mean anything: {hits}");
    });
}

#[test]
fn what_comes_out_is_epcis_by_the_letter() {
    each(async |w| {
        small_world(&w, &mut Dice(7)).await;
        let client = w.sign_in("investigator").await;
        let document = client.get("/epcis/events?perPage=1000").await.expect(200);
        // as a document for capture it is read strictly, event by event
        let mut capture = document.clone();
        capture["type"] = json!("EPCISDocument");
        capture["epcisBody"] = json!({ "eventList": events_of(&document) });
        let (_, events) = read_all(capture.to_string().as_bytes(), Options::STRICT).unwrap();
        assert!(events.len() > 20);
        if let Ok(path) = std::env::var("SHIAN_EPCIS_OUT") {
            std::fs::write(path, document.to_string()).unwrap();
        }
        // a native event by its id, and again as a stranger: a business elsewhere sees nothing of it
        let id = events_of(&document)[0]["eventID"].as_str().unwrap().to_owned();
        let one = client.get(&format!("/epcis/events/{}", encoded(&id))).await.expect(200);
        assert_eq!(one["eventID"], json!(id));
        let far = w.sign_in("officer2").await;
        far.get(&format!("/epcis/events/{}", encoded(&id))).await.expect(404);
        assert!(pages(&far, "/epcis/events?").await.is_empty());
    });
}

#[test]
fn paths_and_pages() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", Some("6901234567892")).await;
        let make =
            json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000 }] });
        let lot = moved(&owner, make.clone()).await;
        moved(&owner, json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": 1_000 }] })).await;
        let count = async |path: &str| pages(&owner, path).await.len();
        let epc = encoded("https://id.gs1.org/01/06901234567892/10/A01");
        assert_eq!(count(&format!("/epcis/epcs/{epc}/events")).await, 2);
        assert_eq!(
            count(&format!("/epcis/epcs/{}/events", encoded("urn:epc:idpat:sgtin:6901234.056789.*"))).await,
            2
        );
        assert_eq!(count("/epcis/bizSteps/retail_selling/events").await, 1);
        assert_eq!(count("/epcis/eventTypes/ObjectEvent/events?EQ_action=ADD").await, 1);
        assert_eq!(count("/epcis/dispositions/retail_sold/events").await, 1);
        let place = encoded(&format!("http://127.0.0.1:8080/parties/{}", w.factory));
        assert_eq!(count(&format!("/epcis/bizLocations/{place}/events")).await, 2);
        assert_eq!(count(&format!("/epcis/readPoints/{place}/events")).await, 2);
        let county = encoded("http://127.0.0.1:8080/divisions/410902");
        assert_eq!(count(&format!("/epcis/events?WD_bizLocation={county}")).await, 2);
        assert_eq!(count("/epcis/events?eventCountLimit=1").await, 1);

        // a page begun stays what it is while new events come
        let first = owner.get("/epcis/events?perPage=1&orderBy=eventTime").await;
        let next = next_of(&first).unwrap();
        moved(&owner, make).await;
        let second = owner.get(&next).await;
        assert_eq!(next_of(&second), None);
        assert_eq!(events_of(&second.expect(200)).len(), 1);
        assert_eq!(count("/epcis/events?").await, 3);

        let table = [
            ("/epcis/events?EQ_colour=red", 400, "QueryParameterException"),
            ("/epcis/events?eventType=Odd", 400, "QueryParameterException"),
            ("/epcis/events?perPage=0", 400, "QueryParameterException"),
            ("/epcis/events?nextPageToken=00", 400, "QueryParameterException"),
            ("/epcis/bizSteps/shipping/events?EQ_bizStep=receiving", 400, "QueryParameterException"),
            ("/epcis/events?maxEventCount=2", 413, "QueryTooLargeException"),
        ];
        for (path, status, code) in table {
            let problem = owner.get(path).await.refused(status, code);
            assert_eq!(problem["type"], format!("epcisException:{code}"));
        }
        // a token belongs to its query
        let other = next.replace("orderBy=eventTime", "orderBy=recordTime");
        owner.get(&other).await.refused(400, "QueryParameterException");
    });
}
