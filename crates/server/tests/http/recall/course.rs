//! One recall from its order to its end: reported, disposed of, explained, called back; the account closes at every step.

use axum::http::Method;
use kit_test::Client;
use serde_json::{Value, json};

use super::{Batch, HOUR, announcement, batch, closes, line, ordered, plan, shot};
use crate::findings::{act, id, refused, sound};
use crate::flows::{clock, flags};
use crate::pages::run_jobs;
use crate::papers::{address, text_of};
use crate::world::{NOW, World, each};

#[test]
fn a_recall_goes_from_the_order_to_its_end_and_every_gram_is_told() {
    each(async |w| {
        let b = batch(&w).await;
        let preview = b.officer.get(&format!("/api/recalls/preview?lot={}", b.lot)).await.expect(200);
        assert_eq!(
            (&preview["holders_certain"], &preview["holders_possible"], &preview["account"]["produced"]),
            (&json!(3), &json!(0), &json!(100_000))
        );
        let page = w.public().get(&format!("/t/{}", b.code)).await.text();
        assert!(!page.contains("召回公告</h2>") && page.contains(&format!("/follow/{}", b.code)), "{page}");

        // ordered: the scan page says so at once, the holders are found
        let recall = b.leader.post("/api/recalls", &ordered(b.lot, 1, "safety")).await.expect(200);
        assert_eq!((&recall["mode"], &recall["status"]), (&json!("ordered"), &json!("started")));
        let recall = id(&recall);
        let page = w.public().get(&format!("/t/{}", b.code)).await.text();
        assert!(page.contains("苯甲酸") && page.contains("一级召回"), "{page}");
        b.leader.post("/api/recalls", &ordered(b.lot, 1, "safety")).await.refused(409, "recall_open");
        let case = b.officer.get(&format!("/api/cases/{recall}")).await.expect(200);
        assert_eq!(flags(&case), ["ordered"]);
        assert_eq!(clock(&case, "start")["late_from"], NOW + 24 * HOUR);
        run_jobs(&w);
        let body = closes(&b.officer, &recall).await;
        assert_eq!(
            (&body["counts"]["tasks"], &body["recall"]["lots_certain"], &body["batches_count"]),
            (&json!(3), &json!(5), &json!(2))
        );
        let shop = b.clerk.get(&format!("/api/recalls/{recall}/tasks/mine")).await.expect(200);
        assert_eq!((&shop["lines"][0]["due"], &shop["lines"][0]["book_open"]), (&json!(40_000), &json!(500)));
        assert!(
            b.clerk.get("/api/notices").await.expect(200)["items"][0]["title"]
                .as_str()
                .unwrap()
                .contains("T-7")
        );

        act(&b.owner, &recall, plan()).await;
        refused(&b.officer, &recall, announcement(), 409, "action_not_here").await;
        act(&b.officer, &recall, json!({ "action": "accept", "form": {} })).await;
        let told = act(&b.owner, &recall, announcement()).await;
        assert_eq!(clock(&told, "finish")["last_day"], "2026-03-17");
        let paper =
            told["documents"].as_array().unwrap().iter().find(|d| d["code"] == "announcement").unwrap();
        let pdf = b.officer.get(&address(&told, paper)).await;
        assert!(text_of(&w, &pdf.bytes).is_none_or(|t| t.contains("召回起止日期")));
        run_jobs(&w);

        reported(&w, &b, &recall).await;
        disposed(&w, &b, &recall).await;
        called(&w, &b, &recall).await;
        ended(&w, &b, &recall).await;
        sound(&w);
    });
}

/// The shop reports; what is more than it ever had is refused, and so is what has no photo.
async fn reported(w: &World, b: &Batch, recall: &str) {
    let path = format!("/api/recalls/{recall}/tasks/mine/report");
    let proof = shot(&b.clerk, recall, &w.shop, 1).await;
    let send = async |line: Value, proof: Value| {
        b.clerk.post(&path, &json!({ "lines": [line], "proof": proof })).await
    };
    send(line(b.lot, 30_000, 10_001, 0, 0), json!([proof])).await.refused(422, "more_than_received");
    send(line(b.lot, 29_000, 10_000, 0, 0), json!([])).await.refused(422, "proof_missing");
    let far = line(b.lot, 1, 0, 0, 0);
    let foreign = shot(&b.owner, recall, &w.factory, 2).await;
    send(far, json!([foreign])).await.refused(422, "proof_unknown");
    send(line(b.lot, 20_000, 10_000, 0, 9_000), json!([proof])).await.expect(204);
    let body = closes(&b.officer, recall).await;
    // 500 g went missing on the way, 500 g are not told
    assert_eq!((&body["account"]["open"], &body["account"]["returning"]), (&json!(1_000), &json!(9_000)));
    let list = b.officer.get(&format!("/api/recalls/{recall}/tasks?state=unaccounted")).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["party"]), (&json!(1), &json!(w.shop)));
    // the shop of the other county has nobody who signs in: an officer there registers it
    let office = w.sign_in("officer2").await;
    let far = format!("/api/recalls/{recall}/tasks/{}/report", w.far_shop);
    let proof = shot(&office, recall, &w.far_shop, 3).await;
    b.clerk
        .post(&far, &json!({ "lines": [line(b.lot, 1, 0, 0, 0)], "proof": [proof] }))
        .await
        .refused(404, "not_found");
    let body = |on_hand: i64| json!({ "lines": [line(b.lot, on_hand, 0, 0, 0)], "proof": [proof] });
    // who wrote the amounts down does not accept what is missing of them
    office.post(&far, &body(19_000)).await.expect(204);
    let accept = far.replace("/report", "/accept");
    office.post(&accept, &missing(b.lot, 1_000)).await.refused(403, "same_person");
    office.post(&far, &body(20_000)).await.expect(204);
    office.get(&format!("/api/recalls/{recall}")).await.refused(404, "not_found");
    // the producer confirms what came back, and has its own
    let confirm = |amount: i64| json!({ "party": w.shop, "origin": b.lot, "amount": amount });
    let returns = format!("/api/recalls/{recall}/returns");
    b.owner.post(&returns, &confirm(9_001)).await.refused(422, "confirm_range");
    b.owner.post(&returns, &confirm(9_000)).await.expect(204);
    send(line(b.lot, 29_000, 10_000, 0, 0), json!([proof_of(w, b, recall).await]))
        .await
        .refused(422, "returned_less");
    let lines = b.owner.get(&format!("/api/recalls/{recall}/tasks/mine")).await.expect(200);
    let own: Vec<Value> = lines["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| line(l["origin"].as_i64().unwrap(), l["due"].as_i64().unwrap(), 0, 0, 0))
        .collect();
    assert_eq!(own.len(), 2, "{lines}");
    let proof = shot(&b.owner, recall, &w.factory, 4).await;
    let path = format!("/api/recalls/{recall}/tasks/mine/report");
    b.owner.post(&path, &json!({ "lines": own, "proof": [proof] })).await.expect(204);
    let body = closes(&b.officer, recall).await;
    assert_eq!(
        (&body["counts"]["reported"], &body["account"]["waiting"], &body["account"]["used"]),
        (&json!(3), &json!(0), &json!(5_000))
    );
    assert_eq!((&body["account"]["back"], &body["account"]["on_hand"]), (&json!(9_000), &json!(75_000)));
}

async fn proof_of(w: &World, b: &Batch, recall: &str) -> String {
    shot(&b.clerk, recall, &w.shop, 9).await
}

/// Everything that is on hand or came back is destroyed under the eyes of an officer.
async fn disposed(w: &World, b: &Batch, recall: &str) {
    let path = format!("/api/recalls/{recall}/disposals");
    let new = |origin: i64, stock: &str, what: &str, amount: i64| {
        json!({ "origin": origin, "stock": stock, "what": what, "amount": amount,
        "place": "县无害化处理厂", "method": "高温化制", "told": "已更换标签并在货架明示", "planned_at": NOW + HOUR })
    };
    b.clerk.post(&path, &new(b.lot, "held", "remedy", 1_000)).await.refused(422, "remedy_not_here");
    b.clerk.post(&path, &new(b.lot, "held", "destroy", 20_001)).await.refused(422, "amount_range");
    let late = json!({ "origin": b.lot, "stock": "held", "what": "destroy", "amount": 1, "place": "本店", "method": "捣毁", "planned_at": NOW - 1 });
    b.clerk.post(&path, &late).await.refused(422, "planned_past");
    act(&b.owner, recall, json!({ "action": "finish", "form": { "finish_note": "已全部召回" } })).await;
    let early = json!({ "action": "summary", "form": { "summary": "完成", "improve": "加强" } });
    refused(&b.owner, recall, early, 409, "undisposed").await;
    let office = w.sign_in("officer2").await;
    let owner = b.owner.get(&format!("/api/recalls/{recall}/tasks/mine")).await.expect(200);
    let dried = owner["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["origin"].as_i64().unwrap())
        .find(|o| *o != b.lot)
        .unwrap();
    let own =
        owner["lines"].as_array().unwrap().iter().find(|l| l["origin"] == b.lot).unwrap()["told"]["on_hand"]
            .as_i64()
            .unwrap();
    let plans: [(&Client, &Client, &String, i64, &str, i64); 5] = [
        (&b.clerk, &b.officer, &w.shop, b.lot, "held", 20_000),
        (&b.owner, &b.officer, &w.factory, b.lot, "held", own),
        (&b.owner, &b.officer, &w.factory, b.lot, "back", 9_000),
        (&b.owner, &b.officer, &w.factory, dried, "held", 2_000),
        (&office, &office, &w.far_shop, b.lot, "held", 20_000),
    ];
    for (seed, (who, officer, party, origin, stock, amount)) in (10_u32..).zip(plans) {
        let mut form = new(origin, stock, "destroy", amount);
        form["party"] = json!(party);
        let disposal = id(&who.post(&path, &form).await.expect(200));
        let one = format!("{path}/{disposal}");
        let watched = json!({ "done": true, "opinion": "现场监督销毁", "proof": [] });
        officer.post(&one, &watched).await.refused(422, "proof_missing");
        let proof = shot(officer, recall, party, seed).await;
        // an officer of the place has it on the list, another has not; done, it is off again
        assert!(waits(officer, &disposal).await);
        assert_eq!(waits(&office, &disposal).await, party == &w.far_shop);
        let seen_at = NOW + i64::from(seed);
        let watched = json!({ "done": true, "opinion": "现场监督销毁", "proof": [proof], "at": seen_at });
        officer.post(&one, &watched).await.expect(204);
        assert!(!waits(officer, &disposal).await);
        officer.post(&one, &watched).await.refused(409, "watched_already");
        closes(&b.officer, recall).await;
    }
    let body = closes(&b.officer, recall).await;
    assert_eq!(
        (&body["account"]["destroyed"], &body["account"]["on_hand"], &body["account"]["back"]),
        (&json!(84_000), &json!(0), &json!(0))
    );
    // everything is gone, and one kilo of the shop's is not accounted for: it is not done
    assert_eq!((&body["counts"]["settled"], &body["counts"]["gaps"]), (&json!(2), &json!(1)));
    accepted(w, b, recall).await;
}

/// Whether a disposal waits for this officer.
async fn waits(officer: &Client, disposal: &str) -> bool {
    let list = officer.get("/api/recall-watches").await.expect(200);
    list.as_array().unwrap().iter().any(|w| w["disposal"]["id"] == disposal && w["food"] != "")
}

fn missing(lot: i64, amount: i64) -> Value {
    json!({ "origin": lot, "amount": amount, "reason": "运输破损五百克有交接单，其余为试吃，已核对监控" })
}

/// What is missing is explained to an officer; another amount missing undoes that.
async fn accepted(w: &World, b: &Batch, recall: &str) {
    let path = format!("/api/recalls/{recall}/tasks/{}", w.shop);
    let accept = format!("{path}/accept");
    b.clerk.post(&accept, &missing(b.lot, 1_000)).await.refused(403, "permission_missing");
    b.officer.post(&accept, &missing(b.lot, 999)).await.refused(409, "gap_changed");
    let short = json!({ "origin": b.lot, "amount": 1_000, "reason": "损耗" });
    b.officer.post(&accept, &short).await.refused(422, "reason_length");
    let none = format!("/api/recalls/{recall}/tasks/{}/accept", w.factory);
    b.officer.post(&none, &missing(b.lot, 1)).await.refused(409, "gap_none");
    b.officer.post(&accept, &missing(b.lot, 1_000)).await.expect(204);
    b.officer.post(&accept, &missing(b.lot, 1_000)).await.refused(409, "gap_none");
    let stands = async |settled: i64, accepted: i64, listed: i64| {
        let body = closes(&b.officer, recall).await;
        let found = (&body["counts"]["settled"], &body["account"]["accepted"], &body["counts"]["gaps"]);
        assert_eq!(found, (&json!(settled), &json!(accepted), &json!(listed)));
        let list = b.officer.get(&format!("/api/recalls/{recall}/tasks?state=unaccounted")).await.expect(200);
        assert_eq!(list["total"], listed);
    };
    stands(3, 1_000, 0).await;
    let one = b.officer.get(&path).await.expect(200);
    let kept = one["reports"].as_array().unwrap().iter().find(|r| r["kind"] == "accept").unwrap();
    assert_eq!(one["lines"][0]["accepted"], 1_000);
    assert!(kept["note"].as_str().unwrap().contains("交接单") && kept["hash"].as_str().unwrap().len() == 64);
    // ten grams more are missing now: nobody has accepted that
    let proof = proof_of(w, b, recall).await;
    let again = |sold: i64| json!({ "lines": [line(b.lot, 0, sold, 20_000, 9_000)], "proof": [proof] });
    b.clerk.post(&format!("{path}/report"), &again(9_990)).await.expect(204);
    stands(2, 0, 1).await;
    b.clerk.post(&format!("{path}/report"), &again(10_000)).await.expect(204);
    stands(3, 1_000, 0).await;
}

/// Call-backs are drawn so that anybody can draw again.
async fn called(w: &World, b: &Batch, recall: &str) {
    let path = format!("/api/recalls/{recall}/draws");
    let run = format!("{path}/run");
    b.officer.post(&run, &json!({})).await.refused(409, "draw_not_committed");
    let promised = b.officer.post(&path, &json!({ "size": 1 })).await.expect(200);
    let again = b.officer.post(&path, &json!({ "size": 1 })).await.expect(200);
    assert_eq!(promised["draw"]["id"], again["draw"]["id"], "the promise stands");
    b.officer.post(&run, &json!({})).await.refused(409, "draw_early");
    let public = format!("/api/public/recall-draws/{}", promised["draw"]["id"].as_str().unwrap());
    let before = w.public().get(&public).await.expect(200);
    assert_eq!((&before["seed"], &before["pool"], &before["result"]), (&json!(""), &json!(""), &json!([])));
    crate::ledger::signed(&w.house).await;
    let draw = b.officer.post(&run, &json!({})).await.expect(200);
    assert_eq!(
        (&draw["pool"], &draw["size"], &draw["draw"]),
        (&json!(2), &json!(1), &promised["draw"]["id"])
    );
    b.officer.post(&run, &json!({})).await.refused(409, "draw_not_committed");
    let body = closes(&b.officer, recall).await;
    let file: kit_draw::DrawFile = serde_json::from_value(w.public().get(&public).await.expect(200)).unwrap();
    assert_eq!(kit_draw::verify(&file).unwrap(), 1);
    let of = [&w.shop, &w.far_shop].map(|p| format!("subject {p} - - 1"));
    assert!(of.iter().all(|line| file.pool.contains(line)), "{}", file.pool);
    let drawn = body["checks"][0]["party"].as_str().unwrap();
    assert_eq!(drawn, file.result[0].subject);
    let said = json!({ "round": 1, "party": drawn, "reached": true, "informed": true, "stopped": false });
    let checks = format!("/api/recalls/{recall}/checks");
    b.officer.post(&checks, &said).await.expect(204);
    b.officer.post(&checks, &said).await.refused(409, "check_done");
    w.house.clock.advance(1_000);
    b.officer.post(&path, &json!({ "size": 5 })).await.expect(200);
    crate::ledger::signed(&w.house).await;
    let rest = b.officer.post(&run, &json!({})).await.expect(200);
    assert_eq!((&rest["round"], &rest["size"]), (&json!(2), &json!(1)), "all that are left");
    b.officer.post(&path, &json!({ "size": 5 })).await.refused(409, "pool_empty");
}

/// The public reads it, the end report and the evaluation close it, numbers of telephones are wiped.
async fn ended(w: &World, b: &Batch, recall: &str) {
    let form = b"phone=13800001234".to_vec();
    let media = "application/x-www-form-urlencoded";
    let follow = format!("/follow/{}", b.code);
    let page = w.public().send(Method::POST, &follow, media, form, &[]).await.text();
    assert!(page.contains("已召回") && page.contains("<svg"), "{page}");
    let bad = w.public().send(Method::POST, &follow, media, b"phone=12".to_vec(), &[]).await.text();
    assert!(bad.contains("电话号码不正确"), "{bad}");
    let list = b.officer.get(&format!("/api/recalls/{recall}/followers")).await.expect(200);
    assert_eq!(list["items"][0]["phone"], "138****1234");
    let whole =
        format!("/api/recalls/{recall}/followers/{}/phone", list["items"][0]["token"].as_str().unwrap());
    assert_eq!(b.officer.get(&whole).await.expect(200)["phone"], "13800001234");
    let code = b.officer.get(&format!("/api/recalls/{recall}")).await.expect(200)["recall"]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = w.public().get(&format!("/recalls/{code}")).await.text();
    assert!(page.contains("已销毁") && page.contains("华龙区") && !page.contains("胜利路便民超市"), "{page}");
    assert!(w.public().get("/recalls").await.text().contains("卤水豆腐"));

    act(
        &b.owner,
        recall,
        json!({ "action": "summary", "form": { "summary": "已销毁", "improve": "加强配料称量" } }),
    )
    .await;
    let pass = json!({ "action": "pass", "form": { "opinion": "召回有效" } });
    refused(&b.officer, recall, pass.clone(), 403, "not_permitted").await;
    let closed = act(&b.leader, recall, pass).await;
    assert_eq!(closed["status"], "closed");
    let detail = b.officer.get(&format!("/api/recalls/{recall}")).await.expect(200);
    assert_eq!(
        (&detail["recall"]["outcome"], &detail["phones"], &detail["followers"]),
        (&json!("closed"), &json!(0), &json!(1))
    );
    let path = format!("/api/recalls/{recall}/tasks/mine/report");
    let body = json!({ "lines": [line(b.lot, 0, 0, 0, 0)] });
    b.clerk.post(&path, &body).await.refused(409, "case_ended");
    // the food stays recalled
    assert!(w.public().get(&format!("/t/{}", b.code)).await.text().contains("已召回"));
}
