//! Recalls of other kinds: labels, what is illegal, those that another room opens, drills.

use super::*;
use crate::flows::another;

#[test]
fn labels_are_mended_and_what_is_illegal_is_not_sent_back() {
    each(async |w| {
        let b = batch(&w).await;
        let recall = announced(&w, &b, "illegal").await;
        let path = format!("/api/recalls/{recall}/tasks/mine/report");
        let proof = shot(&b.clerk, &recall, &w.shop, 1).await;
        let body = json!({ "lines": [line(b.lot, 0, 10_000, 0, 100)], "proof": [proof] });
        b.clerk.post(&path, &body).await.refused(422, "destroy_on_the_spot");
        let other = another(&w, "chief.two", "leader", "4109").await;
        act(&other, &recall, json!({ "op": { "do": "terminate" }, "note": "并入另一次召回" })).await;
        let recall = announced(&w, &b, "label").await;
        let path = format!("/api/recalls/{recall}/tasks/mine/report");
        let proof = shot(&b.clerk, &recall, &w.shop, 2).await;
        let body = json!({ "lines": [line(b.lot, 29_500, 10_000, 0, 0)], "proof": [proof] });
        b.clerk.post(&path, &body).await.expect(204);
        let mend = json!({ "origin": b.lot, "stock": "held", "what": "remedy", "amount": 29_500, "place": "本店", "method": "加贴标签",
            "told": "已加贴过敏原提示", "planned_at": NOW + HOUR });
        let disposals = format!("/api/recalls/{recall}/disposals");
        let disposal = id(&b.clerk.post(&disposals, &mend).await.expect(200));
        let seen = json!({ "done": true, "opinion": "标签已补正", "proof": [proof] });
        b.officer.post(&format!("{disposals}/{disposal}"), &seen).await.expect(204);
        let body = closes(&b.officer, &recall).await;
        assert_eq!((&body["account"]["remedied"], &body["account"]["on_hand"]), (&json!(29_500), &json!(0)));
        // looking again adds nobody and keeps what was reported
        b.officer.post(&format!("/api/recalls/{recall}/scope"), &json!({})).await.expect(200);
        run_jobs(&w);
        let again = closes(&b.officer, &recall).await;
        assert_eq!((&again["counts"]["tasks"], &again["account"]["remedied"]), (&json!(3), &json!(29_500)));
        let export = b
            .officer
            .post(&format!("/api/recalls/{recall}/tasks/exports"), &json!({ "format": "csv", "list": {} }))
            .await
            .expect(200);
        run_jobs(&w);
        let file = format!("/api/recalls/exports/{}/file", export["job"].as_str().unwrap());
        assert!(b.officer.get(&file).await.text().contains("胜利路便民超市"));
        let notice = b.clerk.get(&format!("/api/recalls/{recall}/tasks/mine/notice")).await;
        assert!(text_of(&w, &notice.bytes).is_none_or(|t| t.contains("食品召回通知书")));
    });
}

#[test]
fn another_room_opens_one_and_never_two() {
    each(async |w| {
        let b = batch(&w).await;
        let cx = kit_web::Cx::internal(w.house.clone(), kit_web::Actor::house("test"), "test.cause");
        let lot = b.lot;
        let open = move |act: &mut kit_web::Act| {
            let cause = recall::Cause {
                lot,
                grade: 2,
                cause: "safety",
                reason: "抽检不合格",
                source: "sample",
                source_ref: "XBJ9",
            };
            Ok((recall::open_for(act, &cause)?, recall::open_for(act, &cause)?))
        };
        let (first, second) = cx.act(open).await.unwrap();
        assert_eq!(first, second);
        let case = b.leader.get(&format!("/api/cases/{first}")).await.expect(200);
        assert_eq!((&case["status"], flags(&case)), (&json!("started"), vec![]));
        act(&b.leader, &first, json!({ "action": "withdraw", "form": { "withdraw_reason": "复检合格" } }))
            .await;
        let found = b.leader.get(&format!("/api/recalls/{first}")).await.expect(200);
        assert_eq!(found["recall"]["outcome"], "withdrawn");
    });
}

#[test]
fn a_drill_traces_and_tells_nobody() {
    each(async |w| {
        let none = w.sign_in("officer1").await;
        none.post("/api/recall-drills", &json!({})).await.refused(409, "no_lots");
        let b = batch(&w).await;
        let before = b.clerk.get("/api/notices/unread").await.expect(200);
        let drill = b.officer.post("/api/recall-drills", &json!({ "lot": b.lot })).await.expect(200);
        assert_eq!((&drill["holders"], &drill["links"], &drill["broken"]), (&json!(3), &json!(2), &json!(1)));
        let drawn = b.officer.post("/api/recall-drills", &json!({})).await.expect(200);
        assert_eq!(drawn["seed"].as_str().unwrap().len(), 64);
        // four days later what is on the way counts as broken too
        w.house.clock.advance(96 * HOUR);
        let officer = w.sign_in("officer1").await;
        let drill = officer.post("/api/recall-drills", &json!({ "lot": b.lot })).await.expect(200);
        assert_eq!(drill["broken"], 2, "{drill}");
        let house = w.house.clone();
        let night =
            tokio::task::spawn_blocking(move || recall::drill_nightly(&house)).await.unwrap().unwrap();
        assert_eq!(night, 20);
        let figures = w.public().get("/api/recall-drills/figures").await.expect(200);
        assert_eq!(figures["drills"], 23);
        let far = figures["counties"].as_array().unwrap().iter().find(|c| c["division"] == "410922").unwrap();
        assert!(far["on_way"].as_i64() > Some(0), "{figures}");
        assert!(w.public().get("/recalls/drills").await.text().contains("演练"));
        let after = w.sign_in("clerk").await.get("/api/notices/unread").await.expect(200);
        assert_eq!(before, after);
        assert_eq!(officer.get("/api/recalls").await.expect(200)["total"], 0);
        assert!(!w.public().get(&format!("/t/{}", b.code)).await.text().contains("已召回"));
    });
}
