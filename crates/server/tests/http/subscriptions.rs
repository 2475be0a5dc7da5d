//! Subscriptions against a receiver of its own on this machine, which fails at times and loses answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use kit_test::Client;
use kit_web::House;
use serde_json::{Value, json};
use trace::actions::subscriptions::deliver::{MOST_FAILURES, deliver_due};
use trace::subscribe::courier::{Courier, signature};

use crate::world::{World, each, moved, product};

/// One call as the receiver got it.
#[derive(Debug, Clone)]
pub struct Call {
    pub delivery: String,
    pub seq: i64,
    pub signature: String,
    pub body: Vec<u8>,
}

impl Call {
    fn ids(&self) -> Vec<String> {
        let document: Value = serde_json::from_slice(&self.body).unwrap();
        let results = &document["epcisBody"]["queryResults"];
        let events = results["resultsBody"]["eventList"].as_array().unwrap();
        events.iter().map(|e| e["eventID"].as_str().unwrap().to_owned()).collect()
    }
}

/// What the receiver does with a call.
#[derive(Debug, Clone, Copy)]
pub enum Mood {
    Take,
    Refuse,
    /// Takes it, but the answer is lost on the way.
    TakeSilently,
    /// Says that it only has deliveries up to this one.
    Only(i64),
}

pub type Log = Arc<Mutex<Vec<Call>>>;

/// A receiver that meets the n-th call with the n-th mood, and takes all after.
pub fn receiver(moods: Vec<Mood>) -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dest = format!("http://{}/hook", listener.local_addr().unwrap());
    let log = Log::default();
    let shared = log.clone();
    std::thread::spawn(move || {
        let mut moods = moods.into_iter();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut headers) = (String::new(), Vec::new());
            while reader.read_line(&mut line).unwrap() > 2 {
                headers.push(line.trim().to_lowercase());
                line.clear();
            }
            let header = |name: &str| {
                let found = headers.iter().find_map(|h| h.strip_prefix(&format!("{name}: ")));
                found.unwrap_or_default().to_owned()
            };
            let mut body = vec![0; header("content-length").parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let call = Call {
                delivery: header("shian-delivery"),
                seq: header("shian-sequence").parse().unwrap(),
                signature: header("gs1-signature") + &header("shian-signature"),
                body,
            };
            shared.lock().unwrap().push(call);
            let answer = match moods.next().unwrap_or(Mood::Take) {
                Mood::Take => "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned(),
                Mood::Refuse => {
                    "HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()
                }
                Mood::TakeSilently => continue,
                Mood::Only(n) => format!(
                    "HTTP/1.1 409 Conflict\r\nShian-Acknowledged: {n}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                ),
            };
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (dest, log)
}

/// The same house, allowed to call this machine: as if the server had been stopped and opened again.
pub fn reopened(w: &World) -> Arc<House> {
    let mut house = (*w.house).clone();
    house.hold(Arc::new(Courier::new(true)));
    Arc::new(house)
}

async fn owner_of(w: &World, house: &Arc<House>) -> Client {
    let mut client = Client::new(server::serve::app(house));
    client.cookie = w.sign_in("owner").await.cookie;
    client
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// One round of the duty, a minute later: whoever failed once or twice is due again.
async fn round(house: &Arc<House>) -> u64 {
    round_after(house, MINUTE).await
}

async fn round_after(house: &Arc<House>, time: i64) -> u64 {
    house.clock.advance(time);
    let house = house.clone();
    tokio::task::spawn_blocking(move || deliver_due(&house, &|| Ok(())).unwrap()).await.unwrap()
}

async fn subscribed(client: &Client, dest: &str, more: Value) -> String {
    let query = json!({ "name": "sold", "query": { "EQ_bizStep": ["retail_selling"] } });
    let made = client.post("/epcis/queries", &query).await;
    assert_eq!(made.headers["location"], "/epcis/queries/sold");
    made.expect(201);
    let mut form = json!({ "dest": dest, "signatureToken": "our secret" });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = client.post("/epcis/queries/sold/subscriptions", &form).await.expect(201);
    assert!(made.get("signatureToken").is_none() && made["signed"] == true, "{made}");
    format!("/epcis/queries/sold/subscriptions/{}", made["subscriptionID"].as_str().unwrap())
}

async fn sell(client: &Client, lot: i64, times: usize) {
    for _ in 0..times {
        moved(client, json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": 1 }] })).await;
    }
}

async fn stock(client: &Client) -> i64 {
    let tofu = product(client, "卤水豆腐", None).await;
    let made = json!({ "product": tofu, "batch": "A01", "amount": 100_000 });
    moved(client, json!({ "kind": "produce", "makes": [made] })).await
}

async fn all_sold(client: &Client) -> Vec<String> {
    let events = crate::epcis_query::pages(client, "/epcis/queries/sold/events?").await;
    events.iter().map(|e| e["eventID"].as_str().unwrap().to_owned()).collect()
}

/// What a receiver keeps that knows deliveries by their number: each once, in order.
fn kept(log: &Log) -> Vec<String> {
    let mut last = 0;
    let mut out = Vec::new();
    for call in log.lock().unwrap().iter() {
        if call.seq == last + 1 {
            last = call.seq;
            out.extend(call.ids());
        }
    }
    out
}

#[test]
fn nothing_is_skipped_and_nothing_acknowledged_is_sent_again() {
    each(async |w| {
        let house = reopened(&w);
        let owner = owner_of(&w, &house).await;
        let lot = stock(&owner).await;
        sell(&owner, lot, 2).await;
        // the answer to the 2nd call is lost: the 3rd brings the same delivery again
        let moods = vec![Mood::Take, Mood::TakeSilently, Mood::Take, Mood::Refuse, Mood::Refuse];
        let (dest, log) = receiver(moods);
        let path = subscribed(&owner, &dest, json!({ "stream": true })).await;
        assert_eq!(round(&house).await, 0, "what was before the subscription is not sent");
        sell(&owner, lot, 3).await;
        assert_eq!(round(&house).await, 1);
        sell(&owner, lot, 2).await;
        assert_eq!(round(&house).await, 0);
        let one = owner.get(&path).await.expect(200);
        let state = (one["acknowledged"].as_i64(), one["underWay"].as_bool(), one["failures"].as_i64());
        assert_eq!(state, (Some(1), Some(true), Some(1)));
        // killed here: everything in memory is gone, more is sold before the next attempt
        sell(&owner, lot, 1).await;
        let house = reopened(&w);
        assert_eq!(round(&house).await, 1, "the delivery again; the next one is refused");
        assert_eq!(round(&house).await, 0);
        let house = reopened(&w);
        assert_eq!(round(&house).await, 1);
        assert_eq!(round(&house).await, 0);

        let calls = log.lock().unwrap().clone();
        let seqs: Vec<i64> = calls.iter().map(|c| c.seq).collect();
        assert_eq!(seqs, [1, 2, 2, 3, 3, 3]);
        assert_eq!(calls[1].delivery, calls[2].delivery);
        assert_eq!(calls[1].ids(), calls[2].ids(), "the same delivery holds the same events");
        for call in &calls {
            assert_eq!(call.signature, signature("our secret", &call.body).unwrap());
        }
        assert_eq!(kept(&log), all_sold(&owner).await[2..]);
        let one = owner.get(&path).await.expect(200);
        let state = (one["acknowledged"].as_i64(), one["underWay"].as_bool(), one["note"].as_str());
        assert_eq!(state, (Some(3), Some(false), Some("")));
    });
}

#[test]
fn a_receiver_goes_back_to_what_it_has() {
    each(async |w| {
        let house = reopened(&w);
        let owner = owner_of(&w, &house).await;
        let lot = stock(&owner).await;
        let (dest, log) = receiver(vec![Mood::Take, Mood::Take, Mood::Take, Mood::Only(1)]);
        let more = json!({ "stream": true, "initialRecordTime": "2026-01-01T00:00:00Z" });
        let path = subscribed(&owner, &dest, more).await;
        for _ in 0..4 {
            sell(&owner, lot, 1).await;
            round(&house).await;
        }
        let seqs = |log: &Log| log.lock().unwrap().iter().map(|c| c.seq).collect::<Vec<_>>();
        // at the fourth it said that it had lost all but the first; what it lost comes as one
        assert_eq!(seqs(&log), [1, 2, 3, 4, 2]);
        assert_eq!(log.lock().unwrap()[4].ids().len(), 3);
        // and by hand, to the beginning
        owner.post(&format!("{path}/resume"), &json!({ "after": 9 })).await.refused(422, "delivery_unknown");
        owner.post(&format!("{path}/resume"), &json!({ "after": 0 })).await.expect(200);
        round(&house).await;
        assert_eq!(seqs(&log), [1, 2, 3, 4, 2, 1]);
        let sold = all_sold(&owner).await;
        assert_eq!(log.lock().unwrap()[5].ids(), sold);
    });
}

#[test]
fn a_dead_receiver_pauses_and_is_taken_up_again() {
    each(async |w| {
        let house = reopened(&w);
        let owner = owner_of(&w, &house).await;
        let lot = stock(&owner).await;
        let (dest, log) = receiver(vec![Mood::Refuse; MOST_FAILURES as usize]);
        let path = subscribed(&owner, &dest, json!({ "stream": true })).await;
        sell(&owner, lot, 1).await;
        for _ in 0..MOST_FAILURES + 3 {
            round_after(&house, HOUR).await;
        }
        assert_eq!(log.lock().unwrap().len() as i64, MOST_FAILURES);
        let owner = owner_of(&w, &house).await;
        let paused = &owner.get("/api/epcis/subscriptions").await.expect(200)[0];
        assert_eq!(paused["state"], "paused");
        assert!(paused["note"].as_str().unwrap().contains("503"), "{paused}");
        sell(&owner, lot, 1).await;
        owner.post(&format!("{path}/resume"), &json!({})).await.expect(200);
        assert_eq!(round(&house).await, 2);
        // the first delivery once more, then what came since
        let calls = log.lock().unwrap().clone();
        let last: Vec<(i64, usize)> = calls[12..].iter().map(|c| (c.seq, c.ids().len())).collect();
        assert_eq!(last, [(1, 1), (2, 1)]);
        assert_eq!(owner.delete(&path).await.status, 204);
        sell(&owner, lot, 1).await;
        assert_eq!(round(&house).await, 0);
        owner.get(&path).await.expect(404);
    });
}

#[test]
fn on_schedule_also_when_there_is_nothing() {
    each(async |w| {
        let house = reopened(&w);
        let owner = owner_of(&w, &house).await;
        let (dest, log) = receiver(Vec::new());
        let more = json!({ "schedule": { "hour": "1", "minute": "5" }, "reportIfEmpty": true });
        let path = subscribed(&owner, &dest, more).await;
        let next = owner.get(&path).await.expect(200)["nextAt"].as_str().unwrap().to_owned();
        assert_eq!(next, "2026-03-04T01:05:00.000+08:00");
        for _ in 0..40 {
            round_after(&house, HOUR).await;
        }
        let calls = log.lock().unwrap().clone();
        let seen: Vec<(i64, usize)> = calls.iter().map(|c| (c.seq, c.ids().len())).collect();
        assert_eq!(seen, [(1, 0), (2, 0)]);
    });
}

#[test]
fn what_may_not_be_subscribed() {
    each(async |w| {
        // a house that was not told otherwise calls nothing inside
        let owner = w.sign_in("owner").await;
        let bad = json!({ "name": "a", "query": { "EQ_colour": ["red"] } });
        owner.post("/epcis/queries", &bad).await.refused(400, "QueryParameterException");
        let query = json!({ "name": "a", "query": { "eventType": ["ObjectEvent"], "GE_quantity": 2 } });
        owner.post("/epcis/queries", &query).await.expect(201);
        owner.post("/epcis/queries", &query).await.refused(409, "query_exists");
        let kept = owner.get("/epcis/queries/a").await.expect(200);
        assert_eq!(kept["query"]["eventType"], json!(["ObjectEvent"]));
        let path = "/epcis/queries/a/subscriptions";
        let never = json!({ "month": "2", "dayOfMonth": "31" });
        let table = [
            (json!({ "dest": "http://127.0.0.1:1/", "stream": true }), "dest_private"),
            (json!({ "dest": "https://169.254.169.254/latest", "stream": true }), "dest_private"),
            (json!({ "dest": "https://example.com/" }), "subscription_when"),
            (json!({ "dest": "https://example.com/", "stream": true, "schedule": {} }), "subscription_when"),
            (json!({ "dest": "https://example.com/", "schedule": never }), "schedule_never"),
            (
                json!({ "dest": "https://example.com/", "stream": true, "initialRecordTime": "now" }),
                "time_syntax",
            ),
        ];
        for (form, code) in table {
            owner.post(path, &form).await.refused(422, code);
        }
        // queries and subscriptions are their maker's
        let form = json!({ "dest": "https://example.com/", "stream": true });
        let made = owner.post(path, &form).await.expect(201);
        let one = format!("{path}/{}", made["subscriptionID"].as_str().unwrap());
        let other = w.sign_in("investigator").await;
        other.get("/epcis/queries/a").await.expect(404);
        other.get(&one).await.expect(404);
        other.post(path, &form).await.expect(404);
        assert_eq!(owner.delete("/epcis/queries/a").await.status, 204);
        owner.get(&one).await.expect(404);
    });
}
