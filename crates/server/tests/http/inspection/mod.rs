//! Visits from the plan over the record to publication, and who may see what of them.

mod papers;

use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, id, my_id, photo, refused, sound};
use crate::flows::{another, tick};
use crate::world::{NOW, World, each};

const DAY: i64 = 86_400_000;

/// Two officers of the county, by sign-in and id.
pub struct Pair {
    pub one: Client,
    pub two: Client,
    pub ids: [String; 2],
}

pub async fn pair(w: &World) -> Pair {
    let (one, two) = (w.sign_in("officer1").await, w.sign_in("officer3").await);
    let ids = [my_id(&one).await, my_id(&two).await];
    Pair { one, two, ids }
}

pub fn plan_of(pair: &Pair, party: &str, kind: &str) -> Value {
    json!({ "kind": kind, "party": party, "officers": pair.ids, "due": "2026-03-10", "reason": "年度计划" })
}

/// Plans a visit; answers its id.
pub async fn planned(pair: &Pair, party: &str, kind: &str) -> String {
    id(&pair.one.post("/api/visits", &plan_of(pair, party, kind)).await.expect(200))
}

/// Hands a photo in; answers its hash.
pub async fn shot(client: &Client, visit: &str, seed: u32, item: &str) -> String {
    let path = format!(
        "/api/visits/{visit}/photos?item={item}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
    );
    let kept = client.upload(&path, "image/jpeg", "p.jpg", photo(seed, 320)).await.expect(200);
    kept["sha256"].as_str().unwrap().to_owned()
}

/// Every item of the pinned checklist holds, with a photo where one is asked for.
pub async fn all_well(client: &Client, visit: &str, photo: &str) -> Vec<Value> {
    let pack = client.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
    let each = |item: &Value| match item["photo"].as_str() {
        Some("always") => json!({ "item": item["code"], "verdict": "ok", "photos": [photo] }),
        _ => json!({ "item": item["code"], "verdict": "ok" }),
    };
    pack["checklist"]["items"].as_array().unwrap().iter().map(each).collect()
}

pub fn record_of(pair: &Pair, key: &str, answers: Vec<Value>, sign: &str) -> Value {
    let officers: Vec<Value> = pair.ids.iter().map(|u| json!({ "user": u, "file": sign })).collect();
    json!({
        "client_key": key, "device": "手机", "started_at": NOW - 3_600_000, "ended_at": NOW, "lon": 115.03, "lat": 35.76,
        "accuracy": 12, "answers": answers, "opinion": "请按期整改", "due": "2026-03-13",
        "signatures": { "officers": officers, "business": { "name": "王老板", "post": "负责人", "file": sign } }
    })
}

/// A visit with its record: three items do not hold, in the three ways; answers visit and what the record was answered.
pub async fn recorded(pair: &Pair, party: &str) -> (String, Value, Value) {
    let visit = planned(pair, party, "daily").await;
    let (one, after) = (shot(&pair.one, &visit, 1, "S07").await, shot(&pair.one, &visit, 2, "S13").await);
    let sign = shot(&pair.one, &visit, 3, "signature").await;
    let mut answers = all_well(&pair.one, &visit, &one).await;
    let mut set = |code: &str, value: Value| {
        let found = answers.iter_mut().find(|a| a["item"] == code).unwrap();
        *found = value;
    };
    set(
        "S08",
        json!({ "item": "S08", "verdict": "bad", "note": "三袋过期", "severity": "serious", "photos": [one] }),
    );
    set(
        "S13",
        json!({ "item": "S13", "verdict": "bad", "note": "地面有垃圾", "severity": "minor", "photos": [one], "on_the_spot": true, "after": [after] }),
    );
    set(
        "S28",
        json!({ "item": "S28", "verdict": "bad", "note": "冷柜 12 ℃", "severity": "general", "photos": [one] }),
    );
    set("S39", json!({ "item": "S39", "verdict": "na" }));
    let record = record_of(pair, "k-1", answers, &sign);
    let path = format!("/api/visits/{visit}/record");
    let answer = pair.one.post(&path, &record).await.expect(200);
    (visit, record, answer)
}

/// What the matrix asks for: a recorded visit to the factory with a photo, and one that is planned.
pub async fn scene(w: &World) -> Vec<(String, String)> {
    let (one, two) = (w.sign_in("off.own").await, another(w, "off2.own", "officer", "410902").await);
    let ids = [my_id(&one).await, my_id(&two).await];
    let far = my_id(&w.sign_in("off.other").await).await;
    let pair = Pair { one, two, ids };
    // one of the officers who ask in the matrix may not be sent where others arrive
    let others = [
        another(w, "off4.own", "officer", "410902").await,
        another(w, "off5.own", "officer", "410902").await,
    ];
    let [three, four] = others;
    let ids = [my_id(&three).await, my_id(&four).await];
    let due = planned(&Pair { one: three, two: four, ids }, &w.factory, "special").await;
    let visit = planned(&pair, &w.factory, "flying").await;
    let file = shot(&pair.one, &visit, 4, "signature").await;
    let one = vec![json!({ "item": "P04", "verdict": "ok" })];
    let record = record_of(&pair, "k-scene", one, &file);
    let answer = pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
    let recused = my_id(&another(w, "off3.own", "officer", "410902").await).await;
    let recusal = json!({ "officer": recused, "party": w.factory, "reason": "亲属经营" });
    pair.one.post("/api/recusals", &recusal).await.expect(200);
    let draw = json!({ "name": "抽取", "division": "410902", "count": 1, "team": 2 });
    let undrawn = id(&pair.one.post("/api/draws", &draw).await.expect(200));
    let drawn = id(&pair.one.post("/api/draws", &draw).await.expect(200));
    crate::ledger::signed(&w.house).await;
    pair.one.post(&format!("/api/draws/{drawn}/run"), &json!({})).await.expect(200);
    let leader = w.sign_in("lead.own").await;
    let plan = json!({ "year": 2026, "division": "410902" });
    let plan = leader.post("/api/inspection-plans", &plan).await.expect(200);
    crate::pages::run_jobs(w);
    let list = pair.one.get(&format!("/api/visits/{visit}")).await.expect(200);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    vec![
        ("visit".into(), visit),
        ("planned_visit".into(), due),
        ("draw".into(), drawn),
        ("undrawn".into(), undrawn),
        ("plan".into(), text(&plan["plan"])),
        ("visit_photo".into(), file),
        ("visit_code".into(), text(&answer["code"])),
        ("checklist".into(), text(&list["visit"]["checklist"])),
        ("visit_officer".into(), pair.ids[0].clone()),
        ("second_officer".into(), pair.ids[1].clone()),
        ("far_officer".into(), far),
    ]
}

#[test]
fn a_visit_is_planned_recorded_and_published_by_itself() {
    each(async |w| {
        let pair = pair(&w).await;
        let (visit, record, answer) = recorded(&pair, &w.shop).await;
        assert_eq!(answer["number"], "检查记录〔2026〕1号");
        assert_eq!(
            (&answer["status"], &answer["conclusion"], &answer["handling"]),
            (&json!("recorded"), &json!("issue_found"), &json!(["onsite_correct", "rectify", "case"]))
        );
        let of = |item: &str| {
            let all = answer["findings"].as_array().unwrap();
            all.iter().find(|f| f["item"] == item).unwrap().clone()
        };
        assert_eq!(
            (&of("S08")["status"], &of("S13")["status"], &of("S28")["status"]),
            (&json!("case"), &json!("verifying"), &json!("mending"))
        );
        // again: the same answer, nothing done twice; another key is refused
        let path = format!("/api/visits/{visit}/record");
        assert_eq!(pair.one.post(&path, &record).await.expect(200), answer);
        let mut other = record.clone();
        other["client_key"] = json!("k-2");
        pair.one.post(&path, &other).await.refused(409, "record_exists");
        assert_eq!(pair.one.get("/api/findings").await.expect(200)["total"], 3);
        // whoever had it put right on the spot does not check it
        let spot = id(&of("S13"));
        let close = json!({ "action": "close", "form": { "result": "地面干净" } });
        refused(&pair.one, &spot, close.clone(), 403, "not_assigned").await;
        assert_eq!(act(&pair.two, &spot, close).await["status"], "closed");
        let evidence = pair.one.get(&format!("/api/findings/{spot}/evidence")).await.expect(200);
        assert_eq!(evidence.as_array().unwrap().len(), 2);

        // the business scans the code, sees the visit and says what it thinks
        let clerk = w.sign_in("clerk").await;
        let code = answer["code"].as_str().unwrap();
        assert!(answer["answer_url"].as_str().unwrap().ends_with(&format!("/field/answer/{code}")));
        let told = clerk.get(&format!("/api/visits/code/{}", code.to_lowercase())).await.expect(200);
        assert_eq!((&told["visit"]["id"], &told["open_findings"]), (&json!(visit), &json!(2)));
        let reply = json!({ "action": "reply", "form": { "reply": "过期三袋已下架" } });
        act(&clerk, &visit, reply).await;
        let open = w.public().get("/open/inspection?format=json").await;
        assert!(!open.text().contains("检查记录"), "{}", open.text());

        // ten working days later the house publishes by itself, once
        w.house.clock.advance(20 * DAY);
        assert!(tick(&w).await >= 1);
        let later = w.sign_in("officer1").await;
        let seen = later.get(&format!("/api/visits/{visit}")).await.expect(200);
        assert_eq!(
            (&seen["visit"]["status"], &seen["visit"]["phase"]),
            (&json!("published"), &json!("done"))
        );
        assert!(
            seen["visit"]["published_at"].as_i64().unwrap() < seen["visit"]["publish_by"].as_i64().unwrap()
        );
        shown_as_open_data(&w, &answer).await;
        sound(&w);
    });
}

/// The result is there for the public, with what was found and without persons or what officers wrote.
async fn shown_as_open_data(w: &World, answer: &Value) {
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || publication::tick(&house)).await.unwrap().unwrap();
    let shown = w.public().get("/open/inspection?format=json").await.text();
    assert!(shown.contains(answer["number"].as_str().unwrap()) && shown.contains("超过保质期"), "{shown}");
    assert!(!shown.contains("王老板") && !shown.contains("三袋"), "{shown}");
}

#[test]
fn a_result_may_be_held_with_a_reason_and_is_reviewed_by_others() {
    each(async |w| {
        let pair = pair(&w).await;
        let leader = w.sign_in("leader").await;
        let clerk = w.sign_in("clerk").await;
        let (visit, ..) = recorded(&pair, &w.shop).await;
        let appeal = json!({ "action": "appeal", "form": { "grounds": "冷柜正在除霜" } });
        refused(&pair.one, &visit, appeal.clone(), 403, "not_permitted").await;
        assert_eq!(act(&clerk, &visit, appeal).await["status"], "reviewing");
        let amend = json!({ "action": "amend", "form": { "decision": "除霜属实", "amended": "no_issue" } });
        // neither the one who handed the record in nor the other of the two
        refused(&pair.one, &visit, amend.clone(), 403, "not_assigned").await;
        refused(&pair.two, &visit, amend.clone(), 403, "not_assigned").await;
        let third = another(&w, "officer9", "officer", "410902").await;
        assert_eq!(act(&third, &visit, amend).await["status"], "published");
        let seen = third.get(&format!("/api/visits/{visit}")).await.expect(200);
        assert_eq!(seen["visit"]["conclusion"], "no_issue");

        let held = planned(&pair, &w.shop, "special").await;
        let sign = shot(&pair.one, &held, 5, "signature").await;
        let record = record_of(&pair, "k-9", vec![json!({ "item": "S04", "verdict": "ok" })], &sign);
        pair.one.post(&format!("/api/visits/{held}/record"), &record).await.expect(200);
        let hold = |why: &str| json!({ "action": "hold", "form": { "why_held": why } });
        refused(&leader, &held, hold(" "), 422, "form_missing").await;
        assert_eq!(act(&leader, &held, hold("关联案件尚在调查")).await["status"], "held");
        w.house.clock.advance(45 * DAY);
        tick(&w).await;
        let leader = w.sign_in("leader").await;
        let case = leader.get(&format!("/api/cases/{held}")).await.expect(200);
        assert_eq!(case["status"], "held");
        let flags: Vec<&str> =
            case["flags"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
        assert!(flags.contains(&"late_result"), "{flags:?}");
        let release = json!({ "action": "release", "form": { "why_released": "案件已结" } });
        assert_eq!(act(&leader, &held, release).await["status"], "published");
        sound(&w);
    });
}

#[test]
fn a_day_without_a_network_is_kept_by_the_lock() {
    each(async |w| {
        let pair = pair(&w).await;
        let visit = planned(&pair, &w.shop, "daily").await;
        let other = planned(&pair, &w.factory, "flying").await;
        let mine = pair.one.get("/api/visits/mine?date=2026-03-03").await.expect(200);
        let mut listed: Vec<&str> =
            mine.as_array().unwrap().iter().map(|v| v["id"].as_str().unwrap()).collect();
        listed.sort_unstable();
        let mut both = [visit.as_str(), &other];
        both.sort_unstable();
        assert_eq!(listed, both);
        assert_eq!(pair.one.get("/api/visits/mine?date=2026-03-03&ahead=0").await.expect(200), json!([]));
        assert_eq!(w.sign_in("officer2").await.get("/api/visits/mine").await.expect(200), json!([]));
        let pack = pair.one.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
        assert_eq!((&pack["checklist"]["code"], &pack["lock"]), (&json!("sale"), &Value::Null));
        assert_eq!(pack["checklist"]["items"].as_array().unwrap().len(), 47);
        assert_eq!((&pack["kind"]["whole"], &pack["business"]["grade"]), (&json!(true), &Value::Null));
        let lock = pair
            .one
            .post(&format!("/api/visits/{visit}/lock"), &json!({ "device": "赵的手机" }))
            .await
            .expect(200);
        assert_eq!((&lock["until"], &lock["device"]), (&json!(NOW + DAY), &json!("赵的手机")));
        let arrive = json!({ "client_key": "a-1" });
        pair.two.post(&format!("/api/visits/{visit}/arrive"), &arrive).await.refused(409, "case_locked");
        let pack = pair.two.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
        assert_eq!(pack["lock"]["device"], "赵的手机");

        // six hours later all of it comes in at once
        w.house.clock.advance(6 * 3_600_000);
        let pair = self::pair(&w).await;
        let sign = shot(&pair.one, &visit, 3, "signature").await;
        let answers = all_well(&pair.one, &visit, &sign).await;
        let mut record = record_of(&pair, "k-off", answers, &sign);
        record["ended_at"] = json!(NOW + 3_600_000);
        record["signatures"]["business"] = Value::Null;
        record["signatures"]["refusal"] =
            json!({ "reason": "负责人离店", "witness": "李邻居", "file": sign });
        let answer = pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
        assert_eq!((&answer["conclusion"], &answer["findings"]), (&json!("no_issue"), &json!([])));
        let seen = pair.two.get(&format!("/api/visits/{visit}")).await.expect(200);
        assert_eq!(seen["visit"]["recorded_at"], NOW + 3_600_000);
        let case = pair.two.get(&format!("/api/cases/{visit}")).await.expect(200);
        assert_eq!(case["locked"], Value::Null, "the record ends the lock");
        sound(&w);
    });
}

#[test]
fn a_plan_needs_two_officers_of_the_place_and_a_record_its_photos() {
    each(async |w| {
        let pair = pair(&w).await;
        let far = my_id(&w.sign_in("officer2").await).await;
        let good = plan_of(&pair, &w.shop, "daily");
        for (field, value, code) in [
            ("kind", json!("raid"), "kind_unknown"),
            ("officers", json!([pair.ids[0]]), "officers_few"),
            ("officers", json!([pair.ids[0], pair.ids[0]]), "officers_twice"),
            ("officers", json!([pair.ids[0], far]), "person_unfit"),
            ("officers", json!([pair.ids[0], "nobody"]), "person_unknown"),
            ("due", json!("2026-03-01"), "date_past"),
            ("due", json!("2028-03-01"), "date_far"),
            ("due", json!("morgen"), "date_form"),
            ("party", json!(w.far_shop), "party_unknown"),
            ("site", json!("elsewhere"), "site_unknown"),
            ("checklist", json!("space"), "checklist_unknown"),
        ] {
            let mut wrong = good.clone();
            wrong[field] = value;
            pair.one.post("/api/visits", &wrong).await.refused(422, code);
        }
        let visit = planned(&pair, &w.shop, "daily").await;
        let path = format!("/api/visits/{visit}/photos");
        pair.one
            .upload(&format!("{path}?sha256=00"), "image/jpeg", "p.jpg", photo(1, 320))
            .await
            .refused(422, "photo_hash");
        pair.one.upload(&path, "image/jpeg", "p.jpg", b"<html>".to_vec()).await.refused(422, "evidence_kind");
        let first = shot(&pair.one, &visit, 1, "S08").await;
        assert_eq!(shot(&pair.one, &visit, 1, "S08").await, first, "kept once");
        let listed = pair.two.get(&path).await.expect(200);
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(pair.two.get(&format!("{path}/{first}")).await.bytes, photo(1, 320));
        let answers = all_well(&pair.one, &visit, &first).await;
        let record = record_of(&pair, "k-1", answers, &first);
        let send = format!("/api/visits/{visit}/record");
        for (place, value, code) in [
            ("/answers/0/photos", json!(["00"]), "photo_unknown"),
            ("/answers/0/photos", json!([]), "photo_missing"),
            ("/answers/5/item", json!("P01"), "answer_unknown"),
            ("/signatures/officers", json!([]), "signatures_few"),
            ("/signatures/business", Value::Null, "signature_missing"),
            ("/signatures/officers/1/user", json!(far), "signature_foreign"),
        ] {
            let mut wrong = record.clone();
            *wrong.pointer_mut(place).unwrap() = value;
            pair.one.post(&send, &wrong).await.refused(422, code);
        }
        let mut few = record.clone();
        few["answers"].as_array_mut().unwrap().pop();
        pair.one.post(&send, &few).await.refused(422, "answers_missing");
        // the definition's own form is not the way in
        let form = json!({ "conclusion": "no_issue", "record": "x" });
        act(&pair.one, &visit, json!({ "action": "arrive" })).await;
        refused(&pair.one, &visit, json!({ "action": "record", "form": form }), 409, "record_route").await;
        // a refusal leaves no number behind
        assert_eq!(pair.one.post(&send, &record).await.expect(200)["number"], "检查记录〔2026〕1号");
        sound(&w);
    });
}

#[test]
fn whoever_must_stand_back_is_not_sent() {
    each(async |w| {
        let pair = pair(&w).await;
        let recusal = json!({ "officer": pair.ids[1], "party": w.shop, "reason": "亲属经营" });
        assert_eq!(pair.one.post("/api/recusals", &recusal).await.expect(200)["name"], "吴监管");
        pair.one.post("/api/visits", &plan_of(&pair, &w.shop, "daily")).await.refused(422, "person_recused");
        planned(&pair, &w.factory, "daily").await;
        assert_eq!(
            pair.one.get("/api/recusals").await.expect(200)["items"][0]["party_name"],
            "胜利路便民超市"
        );
        let path = format!("/api/recusals/{}/{}", pair.ids[1], w.shop);
        w.sign_in("officer2").await.delete(&path).await.refused(404, "not_found");
        assert_eq!(pair.one.delete(&path).await.status.as_u16(), 204);
        planned(&pair, &w.shop, "daily").await;
    });
}

#[test]
fn a_business_learns_of_a_visit_from_its_record() {
    each(async |w| {
        let pair = pair(&w).await;
        let (clerk, owner) = (w.sign_in("clerk").await, w.sign_in("owner").await);
        let flying = planned(&pair, &w.shop, "flying").await;
        clerk.get(&format!("/api/visits/{flying}")).await.refused(404, "not_found");
        assert_eq!(clerk.get("/api/visits").await.expect(200)["total"], 0);
        clerk.post("/api/visits", &plan_of(&pair, &w.shop, "daily")).await.refused(403, "permission_missing");
        let (visit, _, answer) = recorded(&pair, &w.shop).await;
        assert_eq!(clerk.get("/api/visits").await.expect(200)["total"], 1);
        clerk.get(&format!("/api/visits/{visit}")).await.expect(200);
        for path in ["", "/photos", "/record.pdf", "/record.escpos"] {
            owner.get(&format!("/api/visits/{visit}{path}")).await.refused(404, "not_found");
        }
        let code = answer["code"].as_str().unwrap();
        owner.get(&format!("/api/visits/code/{code}")).await.refused(404, "not_found");
    });
}
