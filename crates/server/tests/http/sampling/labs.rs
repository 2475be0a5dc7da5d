//! Laboratories that stop, and what a report needs of the one that signs it.

use serde_json::json;

use super::{bench, lab_body, sent, task, tested};
use crate::findings::{my_id, sound};
use crate::world::each;

#[test]
fn one_that_stopped_is_given_nothing_and_signs_nothing() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, json!([super::recheck::result("苯甲酸", "0.2 g/kg")])).await;
        let state = format!("/api/labs/{}/state", w.shop);
        b.officer
            .post(&state, &json!({ "state": "withdrawn", "reason": " " }))
            .await
            .refused(422, "reason_missing");
        b.officer
            .post(&state, &json!({ "state": "gone", "reason": "x" }))
            .await
            .refused(422, "state_unknown");
        let told = b
            .officer
            .post(&state, &json!({ "state": "withdrawn", "reason": "资质被暂停" }))
            .await
            .expect(200);
        assert_eq!((&told["state"], &told["state_why"]), (&json!("withdrawn"), &json!("资质被暂停")));
        // registering it again does not undo that
        let again = b.officer.post("/api/labs", &lab_body(&w.shop, true)).await.expect(200);
        assert_eq!(again["state"], "withdrawn");
        let body = json!({
            "party": w.factory, "source": "county", "mode": "outer", "kind": "supervision", "stage": "produce", "category": "4.1", "food": "豆干",
            "lab": w.shop, "samplers": [my_id(&b.officer).await, my_id(&b.second).await],
        });
        b.officer.post("/api/samples", &body).await.refused(422, "lab_withdrawn");
        let issue = format!("/api/assays/{blind}/issue");
        b.head.post(&issue, &json!({})).await.refused(409, "lab_withdrawn");
        let back = json!({ "state": "active", "reason": "恢复" });
        b.officer.post(&state, &back).await.expect(200);
        // a certificate that ran out in between signs nothing either
        let mut over = lab_body(&w.shop, false);
        over["cma_until"] = json!("2026-03-01");
        b.officer.post("/api/labs", &over).await.expect(200);
        b.head.post(&issue, &json!({})).await.refused(409, "cma_over");
        b.officer.post("/api/labs", &lab_body(&w.shop, false)).await.expect(200);
        b.head.post(&issue, &json!({})).await.expect(200);
        // the report tells the limits of detection and of quantification of each result
        let id = sample["id"].as_str().unwrap();
        let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
        let number = case["documents"][0]["number"].as_str().unwrap().to_owned();
        let (house, case) = (w.house.clone(), id.to_owned());
        let paper =
            house.db.read(move |tx| kit_flow::store::papers::one(tx, &case, &number)).await.unwrap().unwrap();
        assert!(
            paper.content.contains("检出限 / 定量限") && paper.content.contains("0.005 / — g/kg"),
            "{}",
            paper.content
        );
        sound(&w);
    });
}
