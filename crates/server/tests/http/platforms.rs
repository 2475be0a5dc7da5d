//! The feed is pushed to platforms: a receiver on this machine that fails, loses answers and contradicts.

use std::sync::Arc;

use kit_test::Client;
use kit_web::House;
use serde_json::{Value, json};
use trace::subscribe::courier::signature;

use crate::credit::{by_house, noted, tick};
use crate::findings::id;
use crate::subscriptions::{Call, Mood, receiver, reopened};
use crate::world::{World, each};

const MINUTE: i64 = 60_000;

/// One round of the duty, so much later.
async fn round(house: &Arc<House>, later: i64) -> u64 {
    house.clock.advance(later);
    let house = house.clone();
    tokio::task::spawn_blocking(move || credit::deliver_due(&house).unwrap()).await.unwrap()
}

async fn leader_of(w: &World, house: &Arc<House>) -> Client {
    let mut client = Client::new(server::serve::app(house));
    client.cookie = w.sign_in("leader").await.cookie;
    client
}

async fn added(leader: &Client, dest: &str) -> String {
    let form = json!({ "name": "某外卖平台", "dest": dest, "token": "our secret" });
    let made = leader.post("/api/credit/platforms", &form).await.expect(200);
    assert_eq!((&made["signed"], &made["upto"]), (&json!(true), &json!(0)));
    assert!(!made.to_string().contains("our secret"), "{made}");
    id(&made)
}

async fn shown(leader: &Client) -> Value {
    leader.get("/api/credit/platforms").await.expect(200)[0].clone()
}

/// Numbers of the feed that a call brought.
fn numbers(call: &Call) -> Vec<i64> {
    let part: Value = serde_json::from_slice(&call.body).unwrap();
    let lines = part["lines"].as_array().unwrap().iter();
    lines
        .map(|l| serde_json::from_str::<Value>(l.as_str().unwrap()).unwrap()["no"].as_i64().unwrap())
        .collect()
}

#[test]
fn bad_records_are_pushed_until_they_are_acknowledged() {
    each(async |w| {
        tick(&w).await;
        let house = reopened(&w);
        let leader = leader_of(&w, &house).await;
        let (dest, log) = receiver(vec![Mood::Refuse, Mood::TakeSilently, Mood::Only(99), Mood::Take]);
        let platform = added(&leader, &dest).await;
        assert_eq!(round(&house, 0).await, 0, "nothing there, nothing called");
        noted(&w, &w.shop, "penalty.fine", "case-9").await.unwrap();
        noted(&w, &w.shop, "sample.pass", "sample-3").await.unwrap();
        // refused, answer lost, contradicted: the same part each time, later each time
        for (n, error) in [(1, "接收方应答 503"), (2, "没有应答"), (3, "接收方应答 409")] {
            assert_eq!(round(&house, MINUTE).await, 0);
            let seen = shown(&leader).await;
            assert_eq!((&seen["failures"], &seen["waiting"]), (&json!(n), &json!(1)), "{seen}");
            assert!(seen["note"].as_str().unwrap().contains(error), "{seen}");
        }
        // what came meanwhile is another part
        by_house(&w, |act| credit::revoke(act, "case-9", "行政复议撤销")).await.unwrap();
        assert_eq!(round(&house, 1_000).await, 0, "not before its time");
        assert_eq!(round(&house, MINUTE).await, 2);
        let calls = log.lock().unwrap().clone();
        assert_eq!(calls.iter().map(|c| c.seq).collect::<Vec<_>>(), [1, 1, 1, 1, 2]);
        assert_eq!(calls[0].delivery, calls[3].delivery);
        assert!(calls[..4].iter().all(|c| c.body == calls[0].body), "the same part each time");
        assert_eq!((numbers(&calls[3]), numbers(&calls[4])), (vec![1], vec![2]));
        for call in &calls {
            assert_eq!(call.signature, signature("our secret", &call.body).unwrap());
            let part: Value = serde_json::from_slice(&call.body).unwrap();
            let key = kit_ledger::note::PublicKey::parse(part["key"].as_str().unwrap()).unwrap();
            key.open(part["note"].as_str().unwrap()).unwrap();
        }
        let seen = shown(&leader).await;
        assert_eq!((&seen["upto"], &seen["waiting"], &seen["note"]), (&json!(2), &json!(0), &json!("")));
        let path = format!("/api/credit/platforms/{platform}");
        let sent = leader.get(&format!("{path}/deliveries")).await.expect(200);
        assert_eq!((&sent[1]["attempts"], &sent[0]["attempts"]), (&json!(4), &json!(1)), "{sent}");
        assert!(sent[1]["acknowledged_at"].is_i64() && sent[1]["error"] == "", "{sent}");
        assert_eq!(round(&house, MINUTE).await, 0, "nothing acknowledged is sent again");
        leader.delete(&path).await.expect(204);
        assert_eq!(leader.get("/api/credit/platforms").await.expect(200), json!([]));
    });
}

#[test]
fn a_platform_that_never_answers_waits_for_a_person_and_goes_on_where_it_stopped() {
    each(async |w| {
        tick(&w).await;
        let house = reopened(&w);
        let leader = leader_of(&w, &house).await;
        let (dest, log) = receiver(vec![Mood::Refuse; 12]);
        let platform = added(&leader, &dest).await;
        noted(&w, &w.shop, "penalty.fine", "case-9").await.unwrap();
        for _ in 0..12 {
            assert_eq!(round(&house, 61 * MINUTE).await, 0);
        }
        let leader = leader_of(&w, &house).await;
        let seen = shown(&leader).await;
        assert_eq!(seen["state"], "paused", "{seen}");
        assert!(seen["note"].as_str().unwrap().contains("已暂停"), "{seen}");
        assert_eq!(round(&house, 61 * MINUTE).await, 0);
        assert_eq!(log.lock().unwrap().len(), 12, "a paused one is not called");
        let leader = leader_of(&w, &house).await;
        let path = format!("/api/credit/platforms/{platform}/switch");
        leader.post(&path, &json!({ "active": true })).await.expect(200);
        assert_eq!(round(&house, 0).await, 1);
        assert_eq!(numbers(&log.lock().unwrap()[12]), [1]);
    });
}

#[test]
fn a_receiver_may_not_stand_behind_the_wall() {
    each(async |w| {
        let leader = w.sign_in("leader").await;
        let form = |name: &str, dest: &str| json!({ "name": name, "dest": dest });
        for (name, dest, code) in [
            ("平台", "http://127.0.0.1:1/", "dest_private"),
            ("平台", "https://10.0.0.1/", "dest_private"),
            ("平台", "ftp://example.com/", "dest_syntax"),
            ("平", "https://example.com/", "name_length"),
        ] {
            leader.post("/api/credit/platforms", &form(name, dest)).await.refused(422, code);
        }
        let good = form("某团购平台", "https://example.com/credit");
        leader.post("/api/credit/platforms", &good).await.expect(200);
        leader.post("/api/credit/platforms", &good).await.refused(409, "name_taken");
        // the weights that platforms are asked to rank by say where they come from
        let ranking = w.public().get("/open/ranking").await.expect(200);
        assert!(ranking.as_array().unwrap().iter().all(|r| r["certainty"] == "setting" && r["source"] != ""));
    });
}
