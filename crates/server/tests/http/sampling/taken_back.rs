//! What a failure that stood leaves when it is overturned: nothing of what the house did by itself, and a word to those who
//! have gone on since.

use kit_test::Client;
use serde_json::{Value, json};

use super::recheck::{apply, handed, other, rechecked, result, served};
use super::{Bench, bench};
use crate::findings::{act, sound};
use crate::world::{World, each};

/// Fails, is served and accepted: it stands.
async fn stands(b: &Bench, w: &World, seal: &str, results: Value) -> (String, String) {
    let (id, blind) = served(b, w, seal, results).await;
    let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
    b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
    (id, blind)
}

/// The producer applies within its own days, and its items are tested again.
async fn repeated(
    b: &Bench,
    w: &World,
    o: &super::recheck::Other,
    sample: &(String, String),
    again: (&[&str], Value),
) {
    let (id, blind) = sample;
    let start =
        json!({ "side": "producer", "stream": "start", "form": { "served": "2026-03-02", "taken": true } });
    b.officer.post(&format!("/api/samples/{id}/streams"), &start).await.expect(200);
    act(&b.officer, id, apply("apply_producer", again.0)).await;
    w.house.clock.advance(60_000);
    handed(b, w, o, id, blind).await;
    rechecked(o, blind, again.1).await;
}

async fn published(w: &World) -> Vec<Value> {
    let data = w.public().get("/open/sample?format=json").await.expect(200);
    data["items"].as_array().unwrap().clone()
}

/// The one recall, the one case, the marks of the lot.
async fn begun(b: &Bench) -> (Value, Value, Value) {
    let recalls = b.officer.get("/api/recalls").await.expect(200);
    let cases = b.officer.get("/api/enforcement/cases").await.expect(200);
    assert_eq!((&recalls["total"], &cases["total"]), (&json!(1), &json!(1)), "{recalls} {cases}");
    let marks = b.officer.get(&format!("/api/lots/{}/notices", b.lot)).await.expect(200);
    (recalls["items"][0].clone(), cases["items"][0].clone(), marks)
}

async fn told(leader: &Client) -> Value {
    leader.get("/api/notices").await.expect(200)["items"][0].clone()
}

const BOTH: [&str; 2] = ["苯甲酸", "防腐剂比例之和"];

#[test]
fn what_the_house_began_by_itself_ends_by_itself() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let sample = stands(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let (recall, case, marks) = begun(&b).await;
        assert_eq!((&recall["status"], &case["status"]), (&json!("started"), &json!("lead")));
        assert_eq!((marks.as_array().unwrap().len(), published(&w).await.len()), (1, 1), "{marks}");
        repeated(&b, &w, &o, &sample, (&BOTH, json!([result("苯甲酸", "0.4 g/kg")]))).await;
        let (recall, case, marks) = begun(&b).await;
        assert_eq!((&recall["status"], &recall["outcome"]), (&json!("withdrawn"), &json!("withdrawn")));
        assert_eq!((&case["status"], &case["outcome"]), (&json!("closed"), &json!("unfounded")));
        assert_eq!(
            (&marks, published(&w).await),
            (&json!([]), vec![]),
            "nothing is left on the lot and in public"
        );
        let told = told(&b.leader).await;
        let (body, number) = (told["body"].as_str().unwrap(), case["number"].as_str().unwrap());
        assert!(body.contains("已自动撤回") && body.contains(&format!("{number}尚未立案")), "{told}");
        assert_eq!(told["link"], format!("/samples/{}", sample.0));
        sound(&w);
    });
}

#[test]
fn what_people_made_theirs_is_for_them_to_end() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let sample = stands(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let (recall, case, _) = begun(&b).await;
        let (recall, case) = (recall["id"].as_str().unwrap(), case["id"].as_str().unwrap());
        act(&b.leader, recall, json!({ "action": "order", "form": { "grade": "1", "cause": "safety", "order_reason": "抽检不合格" } })).await;
        let check = json!({ "action": "propose", "form": { "findings": "属实", "suspected": "食品安全法第三十四条", "suggestion": "file" } });
        act(&b.officer, case, check).await;
        let people = [crate::findings::my_id(&b.officer).await, crate::findings::my_id(&b.second).await];
        let file =
            json!({ "action": "file", "form": { "investigators": people, "filing_opinion": "同意立案" } });
        act(&b.leader, case, file).await;
        repeated(&b, &w, &o, &sample, (&BOTH, json!([result("苯甲酸", "0.4 g/kg")]))).await;
        for (id, status) in [(recall, "started"), (case, "investigating")] {
            let seen = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
            assert_eq!(seen["status"], status, "{seen}");
            assert!(seen["flags"].to_string().contains("ground_lost"), "{seen}");
        }
        let body = told(&b.leader).await["body"].to_string();
        assert!(body.matches("请决定是否继续").count() == 2, "{body}");
        sound(&w);
    });
}

#[test]
fn of_a_part_the_public_reads_what_is_left() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let found = json!([result("山梨酸", "1.5 g/kg"), result("大肠菌群", "2000;10;10;10;10")]);
        let sample = stands(&b, &w, "S1", found).await;
        let before = published(&w).await;
        assert!(before[0]["title"].as_str().unwrap().contains("山梨酸"), "{before:?}");
        repeated(&b, &w, &o, &sample, (&["山梨酸", "防腐剂比例之和"], json!([result("山梨酸", "0.2 g/kg")])))
            .await;
        let after = published(&w).await;
        assert_eq!(after.len(), 1, "{after:?}");
        let title = after[0]["title"].as_str().unwrap();
        assert!(title.contains("大肠菌群") && !title.contains("山梨酸"), "{title}");
        // still one lead and one recall, told of the change
        let (recall, case, marks) = begun(&b).await;
        assert_eq!((&recall["status"], &case["status"]), (&json!("started"), &json!("lead")));
        assert!(!marks[0]["reason"].as_str().unwrap().contains("山梨酸"), "{marks}");
        // a correction takes that away as well
        let correction = json!({ "item": "大肠菌群", "result": "10;10;10;10;10", "reason": "平皿编号录错" });
        b.head.post(&format!("/api/assays/{}/corrections", sample.1), &correction).await.expect(200);
        assert_eq!(published(&w).await, Vec::<Value>::new());
        sound(&w);
    });
}

#[test]
fn a_recall_stays_while_another_sample_of_the_batch_fails() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let fails = || json!([result("苯甲酸", "1.5 g/kg")]);
        let one = stands(&b, &w, "S1", fails()).await;
        w.house.clock.advance(60_000);
        let two = stands(&b, &w, "S2", fails()).await;
        let fine = || json!([result("苯甲酸", "0.4 g/kg")]);
        let recall = async || b.officer.get("/api/recalls").await.expect(200)["items"][0].clone();
        repeated(&b, &w, &o, &one, (&BOTH, fine())).await;
        let left = recall().await;
        assert_eq!(left["status"], "started", "{left}");
        assert!(told(&b.leader).await["body"].as_str().unwrap().contains("召回不撤回"));
        assert_eq!(published(&w).await.len(), 1);
        w.house.clock.advance(60_000);
        repeated(&b, &w, &o, &two, (&BOTH, fine())).await;
        assert_eq!(recall().await["status"], "withdrawn", "the last failure of the batch is gone");
        sound(&w);
    });
}
