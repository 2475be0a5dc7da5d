//! What one room's finding calls for in others: a rapid test confirmed by the statutory one, an investigation that asks for a recall.

use serde_json::{Value, json};

use crate::findings::{act, my_id};
use crate::sampling::{bench, failing_results, photos, sent, sheet, task, tested, told};
use crate::world::{World, each, moved, product};

#[test]
fn a_rapid_positive_that_the_statutory_test_confirms_opens_a_recall() {
    each(async |w| {
        let b = bench(&w).await;
        let at = json!({ "name": "中心市场快检室", "kind": "market", "party": w.factory });
        let at = b.officer.post("/api/rapid/points", &at).await.expect(200);
        let rapid = |key: &str, card: &str, more: Value| {
            let mut one = json!({
                "key": key, "stall": "A12", "vendor": "王小明", "food": "五香豆干", "goods": "other", "item": "苯甲酸",
                "method": "胶体金法", "card": { "maker": "某厂", "batch": card, "expires": "2026-06-30" }, "result": "positive",
            });
            for (k, v) in more.as_object().unwrap() {
                one[k] = v.clone();
            }
            json!({ "point": at["id"], "items": [one] })
        };
        let first = rapid("1", "C1", json!({ "party": w.factory, "lot": b.lot }));
        let first = b.officer.post("/api/rapid/tests", &first).await.expect(200);
        assert_eq!(first[0]["code"], "", "{first}");
        let again = rapid("2", "C2", json!({ "again": first[0]["number"] }));
        let again = b.officer.post("/api/rapid/tests", &again).await.expect(200);
        assert_eq!(again[0]["code"], "", "{again}");
        let case = first[0]["case_id"].as_str().unwrap();
        let order = json!({
            "party": w.factory, "source": "county", "mode": "outer", "stage": "produce", "category": "4.1", "food": "五香豆干",
            "lab": w.shop, "samplers": [my_id(&b.officer).await, my_id(&b.second).await],
        });
        let sent = b.officer.post(&format!("/api/rapid/positives/{case}/sample"), &order).await.expect(200);
        let sample = sent["sample"]["id"].as_str().unwrap().to_owned();
        let blind = b.officer.get(&format!("/api/samples/{sample}")).await.expect(200)["sample"]["blind"]
            .as_str()
            .unwrap()
            .to_owned();
        photos(&b.officer, &sample).await;
        b.officer.post(&format!("/api/samples/{sample}/sheet"), &sheet("", "S1")).await.expect(200);
        b.second.post(&format!("/api/samples/{sample}/seal"), &json!({})).await.expect(200);
        for part in ["test", "spare"] {
            let offer = json!({ "part": part, "receiver": w.shop });
            b.officer.post(&format!("/api/samples/{sample}/offers"), &offer).await.expect(200);
        }
        tested(&b, &blind, failing_results()).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        told(&b.officer, &sample).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, &sample, serve).await;
        assert_eq!(b.officer.get("/api/recalls").await.expect(200)["total"], 0);
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{sample}/acts"), &accept).await.expect(200);
        // the sheet was tied to no lot: it is the one that the rapid test was of
        let recalls = b.officer.get("/api/recalls").await.expect(200);
        let (recall, number) = (&recalls["items"][0], &sent["positive"]["number"]);
        assert_eq!(
            (&recall["source"], &recall["source_ref"], &recall["lot"], &recall["grade"]),
            (&json!("rapid"), number, &json!(b.lot), &json!(2)),
            "{recalls}"
        );
        let positive = b.officer.get(&format!("/api/rapid/positives/{case}")).await.expect(200);
        assert_eq!(positive["positive"]["status"], "failed");
    });
}

#[test]
fn a_failure_of_a_batch_that_nobody_knows_is_told_to_the_leader() {
    each(async |w| {
        let mut b = bench(&w).await;
        b.code = String::new();
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap();
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, failing_results()).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        told(&b.officer, id).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, id, serve).await;
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
        assert_eq!(b.officer.get("/api/recalls").await.expect(200)["total"], 0);
        let messages = b.leader.get("/api/notices").await.expect(200);
        let about = |n: &&Value| n["title"] == json!("不合格食品没有关联批次，未能自动召回");
        let found = messages["items"].as_array().unwrap().iter().find(about).unwrap_or(&Value::Null);
        assert_eq!(found["link"], json!(format!("/samples/{id}")), "{messages}");
        assert!(found["body"].as_str().unwrap().contains("苯甲酸"), "{messages}");
    });
}

#[test]
fn an_investigation_asks_for_a_recall_of_what_it_reached() {
    each(async |w| {
        let (owner, clerk) = (w.sign_in("owner").await, w.sign_in("clerk").await);
        let tofu = product(&owner, "卤水豆腐", None).await;
        let make = |batch: &str| json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 9_000, "batch": batch }] });
        let lot = moved(&owner, make("T-1")).await;
        let other = moved(&owner, make("T-2")).await;
        let ship =
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 4_000 }] });
        let way = moved(&owner, ship).await;
        let there = moved(&clerk, json!({ "kind": "receive", "takes": [{ "lot": way }] })).await;
        let (id, investigator) = investigation(&w, there).await;
        let path = format!("/api/investigations/{id}/recalls");
        let ask = |lot: i64, cause: &str| json!({ "lot": lot, "grade": 1, "cause": cause, "reason": "十七人食用后腹泻，共同来源为这一批" });
        investigator.post(&path, &ask(other, "safety")).await.refused(422, "lot_not_reached");
        investigator.post(&path, &ask(lot, "unknown")).await.refused(422, "cause_unknown");
        let opened = investigator.post(&path, &ask(lot, "safety")).await.expect(200);
        let again = investigator.post(&path, &ask(there, "safety")).await.expect(200);
        assert_eq!(opened["id"], again["id"], "of a batch there is one at a time");
        let recall = investigator.get("/api/recalls").await.expect(200)["items"][0].clone();
        assert_eq!(
            (&recall["id"], &recall["source"], &recall["status"]),
            (&opened["id"], &json!("investigation"), &json!("started")),
            "{recall}"
        );
        assert!(recall["source_ref"].as_str().unwrap().starts_with("排查〔2026〕"), "{recall}");
        let told = w.sign_in("leader").await.get("/api/notices").await.expect(200);
        assert!(told["items"][0]["body"].as_str().unwrap().contains("共同来源"), "{told}");
        investigator.post(&format!("/api/investigations/{id}/close"), &json!({})).await.expect(200);
        investigator.post(&path, &ask(lot, "safety")).await.refused(409, "case_closed");
    });
}

async fn investigation(w: &World, lot: i64) -> (String, kit_test::Client) {
    let investigator = w.sign_in("investigator").await;
    let new = json!({ "title": "腹泻事件", "seeds": { "lots": [lot] } });
    let case = investigator.post("/api/investigations", &new).await.expect(200);
    (case["id"].as_str().unwrap().to_owned(), investigator)
}
