//! Recalls: ordered, traced, reported, disposed of, closed; what does not fit is refused; sums close at every step; drills.

mod hub;

use axum::http::Method;
use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, id, photo, refused, sound};
use crate::flows::{another, clock, flags, tick};
use crate::pages::run_jobs;
use crate::papers::{address, text_of};
use crate::world::{NOW, World, each, moved, product};

const HOUR: i64 = 3_600_000;

/// 100 kg of tofu: 40 kg sent to the shop of which half a kilo is missing on arrival, 10 kg sold there, 20 kg on the way to the shop of
/// the other county, 5 kg made into something else.
struct Batch {
    lot: i64,
    code: String,
    owner: Client,
    clerk: Client,
    leader: Client,
    officer: Client,
}

async fn batch(w: &World) -> Batch {
    let (owner, clerk) = (w.sign_in("owner").await, w.sign_in("clerk").await);
    let tofu = product(&owner, "卤水豆腐", None).await;
    let dried = product(&owner, "豆腐干", None).await;
    let make =
        json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 100_000, "batch": "T-7" }] });
    let lot = moved(&owner, make).await;
    let ship = |to: &str, amount: i64| json!({ "kind": "ship", "counterpart": to, "takes": [{ "lot": lot, "amount": amount }] });
    let way = moved(&owner, ship(&w.shop, 40_000)).await;
    let receive = json!({ "kind": "receive", "takes": [{ "lot": way }], "amount": 39_500, "reason": "破损" });
    let there = moved(&clerk, receive).await;
    moved(&clerk, json!({ "kind": "sell", "takes": [{ "lot": there, "amount": 10_000 }] })).await;
    moved(&owner, ship(&w.far_shop, 20_000)).await;
    let dry = json!({ "kind": "produce", "takes": [{ "lot": lot, "amount": 5_000 }],
        "makes": [{ "product": dried, "amount": 2_000, "batch": "G-1" }] });
    moved(&owner, dry).await;
    let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
    Batch {
        lot,
        code: code["code"].as_str().unwrap().to_owned(),
        owner,
        clerk,
        leader: w.sign_in("leader").await,
        officer: w.sign_in("officer1").await,
    }
}

fn ordered(lot: i64, grade: i64, cause: &str) -> Value {
    json!({ "lot": lot, "mode": "ordered", "grade": grade, "cause": cause, "reason": "检出苯甲酸超标", "source": "sample", "source_ref": "XBJ1" })
}

/// The account of the batch closes, whatever was reported.
async fn closes(client: &Client, recall: &str) -> Value {
    let body = client.get(&format!("/api/recalls/{recall}")).await.expect(200);
    for account in body["accounts"].as_array().unwrap().iter().chain([&body["account"]]) {
        let n = |f: &str| account[f].as_i64().unwrap();
        let parts = [
            "used",
            "waiting",
            "on_hand",
            "sold",
            "destroyed",
            "remedied",
            "returning",
            "back",
            "open",
            "gap",
        ];
        assert_eq!(n("produced"), parts.iter().map(|p| n(p)).sum::<i64>(), "{account}");
    }
    body
}

async fn shot(client: &Client, recall: &str, party: &str, seed: u32) -> String {
    let path = format!(
        "/api/recalls/{recall}/photos?party={party}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
    );
    id(&client.upload(&path, "image/jpeg", "p.jpg", photo(seed, 320)).await.expect(200))
}

fn line(origin: i64, on_hand: i64, sold: i64, destroyed: i64, returned: i64) -> Value {
    json!({ "origin": origin, "on_hand": on_hand, "sold": sold, "destroyed": destroyed, "returned": returned })
}

fn plan() -> Value {
    json!({ "action": "plan", "form": {
        "area": "濮阳市", "harm": "防腐剂超标", "steps": "十个工作日内完成", "wording": "召回卤水豆腐 T-7", "channels": "门店公告",
        "duties": "立即下架、封存、退回", "measures": "销毁，费用由本单位承担", "expected": "召回率九成以上", "hotline": "0393-8888888"
    } })
}

fn announcement() -> Value {
    json!({ "action": "announce", "form": { "begins": "2026-03-03", "ends": "2026-03-17", "refund": "凭包装到购买处退款" } })
}

/// An ordered recall whose holders have been told.
async fn announced(w: &World, b: &Batch, cause: &str) -> String {
    let recall = id(&b.leader.post("/api/recalls", &ordered(b.lot, 1, cause)).await.expect(200));
    act(&b.owner, &recall, plan()).await;
    act(&b.officer, &recall, json!({ "action": "accept", "form": {} })).await;
    act(&b.owner, &recall, announcement()).await;
    run_jobs(w);
    recall
}

/// What the matrix asks for: a recall of the factory's, its task, a photo of that.
pub async fn scene(w: &World) -> [(String, String); 4] {
    let (owner, leader) = (w.sign_in("own.own").await, w.sign_in("lead.own").await);
    let tofu = product(&owner, "召回豆腐", None).await;
    let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 9_000, "batch": "R-1" }] });
    let lot = moved(&owner, make).await;
    let fresh = json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 9_000, "batch": "R-2" }] });
    let fresh = moved(&owner, fresh).await;
    let recall = leader.post("/api/recalls", &ordered(lot, 2, "safety")).await.expect(200);
    run_jobs(w);
    let recall = id(&recall);
    let photo = shot(&owner, &recall, &w.factory, 77).await;
    let text = |s: &str| s.to_owned();
    [
        (text("recall"), recall),
        (text("recall_photo"), photo),
        (text("recall_lot"), lot.to_string()),
        (text("fresh_lot"), fresh.to_string()),
    ]
}

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
    let body = json!({ "lines": [line(b.lot, 20_000, 0, 0, 0)], "proof": [proof] });
    office.post(&far, &body).await.expect(204);
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
        let watched = json!({ "done": true, "opinion": "现场监督销毁", "proof": [proof] });
        officer.post(&one, &watched).await.expect(204);
        officer.post(&one, &watched).await.refused(409, "watched_already");
        closes(&b.officer, recall).await;
    }
    let body = closes(&b.officer, recall).await;
    assert_eq!(
        (&body["account"]["destroyed"], &body["account"]["on_hand"], &body["account"]["back"]),
        (&json!(84_000), &json!(0), &json!(0))
    );
    assert_eq!(body["counts"]["settled"], 3);
}

/// Call-backs are drawn so that anybody can draw again.
async fn called(w: &World, b: &Batch, recall: &str) {
    let path = format!("/api/recalls/{recall}/draws");
    let draw = b.officer.post(&path, &json!({ "size": 1 })).await.expect(200);
    assert_eq!((&draw["pool"], &draw["size"]), (&json!(2), &json!(1)));
    let body = closes(&b.officer, recall).await;
    let told = draw["seed"].as_str().unwrap();
    let seed: [u8; 32] = std::array::from_fn(|i| u8::from_str_radix(&told[2 * i..2 * i + 2], 16).unwrap());
    let pool = [w.shop.clone(), w.far_shop.clone()];
    let again = recall::rules::draw::drawn(&seed, &pool, 1);
    assert_eq!(body["checks"][0]["party"], json!(again[0]));
    let said = json!({ "round": 1, "party": again[0], "reached": true, "informed": true, "stopped": false });
    let checks = format!("/api/recalls/{recall}/checks");
    b.officer.post(&checks, &said).await.expect(204);
    b.officer.post(&checks, &said).await.refused(409, "check_done");
    b.officer.post(&path, &json!({ "size": 5 })).await.expect(200);
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
    assert_eq!(list[0]["phone"], "138****1234");
    let whole = format!("/api/recalls/{recall}/followers/{}/phone", list[0]["token"].as_str().unwrap());
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

#[test]
fn the_business_recalls_by_itself_and_only_its_own() {
    each(async |w| {
        let b = batch(&w).await;
        let own = |lot: i64, mode: &str| json!({ "lot": lot, "mode": mode, "grade": 3, "cause": "label", "reason": "标签未标示过敏原", "source": "self" });
        b.owner.post("/api/recalls", &own(b.lot, "ordered")).await.refused(422, "mode_not_own");
        b.clerk.post("/api/recalls", &own(b.lot, "voluntary")).await.refused(403, "permission_missing");
        let far = w.sign_in("officer2").await;
        far.post("/api/recalls", &ordered(b.lot, 1, "safety")).await.refused(403, "out_of_scope");
        let recall = b.owner.post("/api/recalls", &own(b.lot, "voluntary")).await.expect(200);
        assert_eq!(recall["mode"], "voluntary");
        let recall = id(&recall);
        let case = b.officer.get(&format!("/api/cases/{recall}")).await.expect(200);
        assert_eq!(clock(&case, "start")["late_from"], NOW + 72 * HOUR);
        // nobody is told before it is announced
        run_jobs(&w);
        assert_eq!(b.officer.get(&format!("/api/recalls/{recall}")).await.expect(200)["counts"]["tasks"], 0);
        // three days later the bureau has it, and orders
        w.house.clock.advance(73 * HOUR);
        tick(&w).await;
        let (leader, officer) = (w.sign_in("leader").await, w.sign_in("officer1").await);
        let case = officer.get(&format!("/api/cases/{recall}")).await.expect(200);
        assert!(flags(&case).contains(&"late_start"), "{case}");
        act(&leader, &recall, json!({ "action": "order", "form": { "order_reason": "逾期未启动" } })).await;
        let found = officer.get("/api/recalls?state=late").await.expect(200);
        assert_eq!((&found["total"], &found["items"][0]["mode"]), (&json!(1), &json!("ordered")));
    });
}

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
