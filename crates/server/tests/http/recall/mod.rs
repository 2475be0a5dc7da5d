//! Recalls: ordered, traced, reported, disposed of, closed; what does not fit is refused; sums close at every step; drills.

mod course;
mod followers;
mod hub;
mod kinds;
mod levels;

use axum::http::Method;
use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, id, photo};
use crate::flows::{clock, flags, tick};
use crate::pages::run_jobs;
use crate::papers::text_of;
use crate::world::{NOW, World, each, moved, product};

const HOUR: i64 = 3_600_000;

/// 100 kg of tofu: 40 kg sent to the shop of which half a kilo is missing on arrival, 10 kg sold there, 20 kg on the way to the shop of
/// the other county, 5 kg made into something else.
pub struct Batch {
    pub lot: i64,
    code: String,
    owner: Client,
    pub clerk: Client,
    leader: Client,
    pub officer: Client,
}

pub async fn batch(w: &World) -> Batch {
    batch_with(w, 0).await
}

async fn batch_with(w: &World, outside: i64) -> Batch {
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
    if outside > 0 {
        let away = json!({ "kind": "ship", "counterpart_name": "外地饭店", "takes": [{ "lot": lot, "amount": outside }] });
        moved(&owner, away).await;
    }
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

pub async fn shot(client: &Client, recall: &str, party: &str, seed: u32) -> String {
    let path = format!(
        "/api/recalls/{recall}/photos?party={party}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
    );
    id(&client.upload(&path, "image/jpeg", "p.jpg", photo(seed, 320)).await.expect(200))
}

pub fn line(origin: i64, on_hand: i64, sold: i64, destroyed: i64, returned: i64) -> Value {
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
pub async fn announced(w: &World, b: &Batch, cause: &str) -> String {
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
    let away =
        json!({ "kind": "ship", "counterpart_name": "外地饭店", "takes": [{ "lot": lot, "amount": 500 }] });
    moved(&owner, away).await;
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
fn who_is_not_on_the_platform_gets_a_letter_and_who_has_no_account_a_visit() {
    each(async |w| {
        let b = batch_with(&w, 7_000).await;
        let recall = id(&b.leader.post("/api/recalls", &ordered(b.lot, 1, "safety")).await.expect(200));
        run_jobs(&w);
        // what left the platform is the sender's to answer for, and counted as sold; nothing of it is a gap
        let body = closes(&b.officer, &recall).await;
        assert_eq!(
            (&body["account"]["gap"], &body["outside"], &body["outside_told"]),
            (&json!(0), &json!(1), &json!(0))
        );
        let path = format!("/api/recalls/{recall}/outside");
        let mine = b.owner.get(&format!("{path}?party=mine")).await.expect(200);
        assert_eq!(
            (&mine[0]["name"], &mine[0]["amount"], &mine[0]["certain"], &mine[0]["party"]),
            (&json!("外地饭店"), &json!(7_000), &json!(true), &json!(w.factory)),
            "{mine}"
        );
        b.clerk.get(&format!("{path}/1/letter")).await.refused(404, "not_found");
        let pdf = b.owner.get(&format!("{path}/1/letter")).await;
        assert!(text_of(&w, &pdf.bytes).is_none_or(|t| t.contains("外地饭店") && t.contains("告知函")));
        let how = |how: &str| json!({ "how": how, "note": "已封存三公斤" });
        b.clerk.post(&format!("{path}/1"), &how("phone")).await.refused(404, "not_found");
        b.owner.post(&format!("{path}/1"), &how("dream")).await.refused(422, "how_unknown");
        b.owner.post(&format!("{path}/1"), &how("phone")).await.expect(204);
        b.officer.post(&format!("{path}/1"), &how("visit")).await.refused(409, "told_already");
        // found again: it keeps its number, and that it was told
        b.officer.post(&format!("/api/recalls/{recall}/scope"), &json!({})).await.expect(200);
        run_jobs(&w);
        let all = b.officer.get(&path).await.expect(200);
        assert_eq!(
            (all.as_array().unwrap().len(), &all[0]["no"], &all[0]["how"]),
            (1, &json!(1), &json!("phone"))
        );

        // nobody signs in for the shop of the other county: its officers are told, see it, and nothing else
        let far = w.sign_in("officer2").await;
        let told = far.get("/api/notices").await.expect(200);
        assert_eq!(told["items"][0]["title"], "食品召回：1 家持有单位没有账号", "{told}");
        let list = far.get("/api/recall-visits").await.expect(200);
        assert_eq!(
            (&list[0]["id"], &list[0]["holders"], &list[0]["waiting"]),
            (&json!(recall), &json!(1), &json!(1))
        );
        let one = far.get(&format!("/api/recall-visits/{recall}")).await.expect(200);
        assert_eq!(
            (one["tasks"].as_array().unwrap().len(), &one["tasks"][0]["party"]),
            (1, &json!(w.far_shop))
        );
        let near = b.officer.get(&format!("/api/recall-visits/{recall}")).await.expect(200);
        assert_eq!(near["holders"], 2);
        let places = b.officer.get(&format!("/api/recalls/{recall}/places")).await.expect(200);
        assert_eq!((places.as_array().unwrap().len(), &places[0]["state"]), (3, &json!("open")), "{places}");
        w.house.clock.advance(25 * HOUR);
        let officer = w.sign_in("officer1").await;
        let places = officer.get(&format!("/api/recalls/{recall}/places")).await.expect(200);
        assert_eq!(places[0]["state"], "late");
        // a signed-in officer presses the button of the public page: followed by nobody, as by anybody
        let media = "application/x-www-form-urlencoded";
        let follow = format!("/follow/{}", b.code);
        let page = officer.send(Method::POST, &follow, media, b"phone=".to_vec(), &[]).await;
        assert!(page.text().contains("<svg"));
    });
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
        act(&leader, &recall, json!({ "action": "order", "form": { "grade": "3", "cause": "label", "order_reason": "逾期未启动" } })).await;
        let found = officer.get("/api/recalls?state=late").await.expect(200);
        assert_eq!((&found["total"], &found["items"][0]["mode"]), (&json!(1), &json!("ordered")));
    });
}
