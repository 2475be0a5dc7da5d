//! What follows from a failure.

use kit_test::Client;
use serde_json::{Value, json};

use super::{Bench, bench, failing_results, sent, task, tested, told};
use crate::findings::{act, refused, sound};
use crate::world::{World, each, moved, product};

#[test]
fn a_failure_is_served_confirmed_marked_and_disposed_of() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "inner").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, failing_results()).await;
        let issued =
            b.head.post(&format!("/api/assays/{blind}/issue"), &json!({ "grave": true })).await.expect(200);
        assert_eq!((&issued["verdict"], &issued["status"]), (&json!("fails"), &json!("failed")));
        let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
        let due = |code: &str| {
            case["clocks"].as_array().unwrap().iter().find(|c| c["code"] == code).unwrap()["state"].clone()
        };
        assert_eq!(
            (due("tell_at_once"), due("serve"), due("dispose")),
            (json!("running"), json!("running"), json!("running"))
        );
        // the business is told by serving it
        let own = b.owner.get("/api/own-samples").await.expect(200);
        assert_eq!((&own["items"][0]["verdict"], &own["items"][0]["status"]), (&json!(""), &json!("taken")));
        let objected = |action: &str, form: Value| json!({ "action": action, "form": form });
        let acts = format!("/api/own-samples/{id}/acts");
        b.owner
            .post(&acts, &objected("accept_result", json!({ "accepted_by": "王老板" })))
            .await
            .refused(404, "not_found");
        act(&b.officer, &id, json!({ "action": "tell", "form": { "told_to": "市局" } })).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, &id, serve).await;
        let own = b.owner.get("/api/own-samples").await.expect(200);
        assert_eq!(own["items"][0]["verdict"], "fails");
        // nobody objects within seven working days: it stands
        w.house.clock.advance(15 * 86_400_000);
        crate::flows::tick(&w).await;
        let officer = w.sign_in("officer1").await;
        let detail = officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(detail["sample"]["status"], "disposal");
        assert_eq!(
            (&detail["sample"]["scope_certain"], &detail["sample"]["scope_possible"]),
            (&json!(1), &json!(0))
        );
        let finding = detail["sample"]["finding"].as_str().unwrap();
        let finding = officer.get(&format!("/api/findings/{finding}")).await.expect(200);
        assert_eq!((&finding["source"], &finding["source_ref"]), (&json!("sample"), &sample["sample_no"]));
        assert!(finding["what"].as_str().unwrap().contains("苯甲酸 1.32"));
        // the page behind the code says so, and says nothing of a recall that nobody has ordered
        let page = w.public().get(&format!("/t/{}", b.code)).await.text();
        assert!(
            page.contains("检验不合格，请勿食用")
                && page.contains("监督抽检不合格")
                && !page.contains("召回公告</h2>"),
            "{page}"
        );
        opened(&w, &officer, &b, &sample).await;

        // seven streams, filled in by one and passed by another
        let leader = w.sign_in("leader").await;
        let done = json!({ "action": "dispose", "form": { "decision": "处置到位" } });
        refused(&leader, &id, done.clone(), 409, "streams_open").await;
        let forms = [
            ("start", json!({ "served": "2026-03-03", "taken": true })),
            ("control", json!({ "stock": 10, "sold": 90, "recalled": 5, "removed": 10, "unit": "kg" })),
            ("cause", json!({ "stage": "making", "cause": "投料失误" })),
            ("penalty", json!({ "filed": true })),
            ("mending", json!({ "report": true, "opinion": "已整改" })),
            ("transfer", json!({ "moved": false })),
            ("risk", json!({ "assessment": "个案" })),
        ];
        for (stream, form) in forms {
            let path = format!("/api/samples/{id}/streams");
            officer
                .post(&path, &json!({ "side": "trade", "stream": stream, "form": form }))
                .await
                .expect(200);
            let review = json!({ "side": "trade", "stream": stream, "pass": true });
            leader.post(&format!("{path}/review"), &review).await.expect(200);
        }
        let closed = act(&leader, &id, done).await;
        assert_eq!(closed["status"], "closed");
        sound(&w);
    });
}

/// A confirmed failure opened a lead of a case below its finding, and a recall that a leader orders.
async fn opened(w: &World, officer: &Client, b: &Bench, sample: &Value) {
    let sample_no = sample["sample_no"].as_str().unwrap();
    let lot = officer.get(&format!("/api/lots/{}/notices", b.lot)).await.expect(200);
    assert_eq!(
        (&lot[0]["kind"], &lot[0]["certain"], &lot[0]["own"]),
        (&json!("failure"), &json!(true), &json!(true)),
        "{lot}"
    );
    let cases = officer.get("/api/enforcement/cases").await.expect(200);
    assert_eq!((&cases["total"], &cases["items"][0]["source"]), (&json!(1), &json!("finding")), "{cases}");
    assert!(cases["items"][0]["what"].as_str().unwrap().contains("苯甲酸"), "{cases}");
    let recalls = officer.get("/api/recalls").await.expect(200);
    let recall = &recalls["items"][0];
    // whoever issued the report declared that it may do serious harm: level one
    assert_eq!(
        (&recall["lot"], &recall["source_ref"], &recall["grade"], &recall["status"]),
        (&json!(b.lot), &json!(sample_no), &json!(1), &json!("started")),
        "{recalls}"
    );
    let leader = w.sign_in("leader").await;
    let told = leader.get("/api/notices").await.expect(200);
    assert!(told["items"][0]["link"].as_str().unwrap().starts_with("/recalls/"), "{told}");
    let recall = recall["id"].as_str().unwrap();
    act(&leader, recall, json!({ "action": "order", "form": { "grade": "1", "cause": "safety", "order_reason": "抽检不合格" } })).await;
    let page = w.public().get(&format!("/t/{}", b.code)).await.text();
    assert!(page.contains("一级召回") && !page.contains("检验不合格</h2>"), "{page}");
}

#[test]
fn what_is_made_of_it_is_marked_and_the_same_number_elsewhere_may_be() {
    each(async |w| {
        let b = bench(&w).await;
        let dried = product(&b.owner, "豆干拼盘", None).await;
        let make = json!({ "kind": "produce", "takes": [{ "lot": b.lot, "amount": 1_000 }],
            "makes": [{ "product": dried, "amount": 900, "batch": "P1" }] });
        let made_of = moved(&b.owner, make).await;
        let lot = b.owner.get(&format!("/api/lots/{}", b.lot)).await.expect(200);
        let again = json!({ "kind": "produce", "makes": [{ "product": lot["lot"]["product"], "amount": 5_000, "batch": "B1" }] });
        let twin = moved(&b.owner, again).await;
        let notice = json!({ "kind": "failure", "lot": b.lot, "reason": "监督抽检不合格", "issuer": "华龙区市场监督管理局" });
        b.officer.post("/api/publication/notices", &notice).await.expect(200);
        for (lot, certain, own) in [(b.lot, true, true), (made_of, true, false), (twin, false, true)] {
            let told = b.officer.get(&format!("/api/lots/{lot}/notices")).await.expect(200);
            assert_eq!(
                (&told[0]["certain"], &told[0]["own"], &told[0]["batch"]),
                (&json!(certain), &json!(own), &json!("B1")),
                "{told}"
            );
        }
    });
}

/// What conforms and what fails is found by food, brand, shop, number and county; a correction takes it away.
#[test]
fn results_are_published_and_found() {
    each(async |w| {
        let b = bench(&w).await;
        let shown = async |query: &str| {
            let page = w.public().get(&format!("/open/sample?{query}")).await.text();
            (page.contains("不合格：苯甲酸"), page.contains("豆干 合格"))
        };
        let fine = task(&b, &w, "outer").await;
        let blind = sent(&b, &w, &fine, "S1").await;
        tested(&b, &blind, json!([{ "item": "苯甲酸", "method": "GB 5009.28", "result": "0.3 g/kg" }])).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        let bad = task(&b, &w, "outer").await;
        let id = bad["id"].as_str().unwrap();
        let of = sent(&b, &w, &bad, "S2").await;
        tested(&b, &of, failing_results()).await;
        b.head.post(&format!("/api/assays/{of}/issue"), &json!({})).await.expect(200);
        assert_eq!(shown("").await, (false, true), "a failure is told when nobody can object any more");
        told(&b.officer, id).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, id, serve).await;
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
        for query in ["", "q=%E4%BA%94%E9%A6%99", "q=%E9%BE%99%E9%83%BD", "division=410902"] {
            assert_eq!(shown(query).await, (true, true), "{query}");
        }
        // one kind of results, beside any other word
        for (query, told) in [
            ("verdict=fails", (true, false)),
            ("verdict=conforms", (false, true)),
            ("verdict=fails&q=%E4%BA%94%E9%A6%99", (true, false)),
            ("verdict=conforms&q=%E4%BA%94%E9%A6%99&division=410902", (false, true)),
            ("verdict=fails&q=%E6%97%A0", (false, false)),
        ] {
            assert_eq!(shown(query).await, told, "{query}");
        }
        assert_eq!(shown("division=410922").await, (false, false));
        let data = w.public().get("/open/sample?format=json").await.expect(200);
        let failed =
            data["items"].as_array().unwrap().iter().find(|i| i["content"]["结论"] == "不合格").unwrap();
        assert_eq!(failed["number"], bad["sample_no"]);
        let correction = json!({ "item": "苯甲酸", "result": "0.4 g/kg", "reason": "抄录错误" });
        b.head.post(&format!("/api/assays/{blind}/corrections"), &correction).await.expect(200);
        assert_eq!(shown("").await, (true, true), "it still conforms: told anew, with the correction");
        let data = w.public().get("/open/sample?format=json").await.expect(200);
        let of = |i: &&Value| i["number"] == fine["sample_no"];
        let told: Vec<&Value> = data["items"].as_array().unwrap().iter().filter(of).collect();
        assert!(told[0]["content"]["更正声明"].as_str().unwrap().contains("抄录错误"), "{data}");
        assert_eq!(told.len(), 1, "what was told before is withdrawn");
    });
}
