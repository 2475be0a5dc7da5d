//! 复检: by another laboratory, item by item, and what it takes back.

use serde_json::{Value, json};

use super::{Bench, bench, lab_body, people, sent, task, tested, told};
use crate::findings::{act, refused, sound};
use crate::world::{World, each};

#[test]
fn a_recheck_is_refused_for_microbes_and_drawn_for_the_rest() {
    each(async |w| {
        let b = bench(&w).await;
        for (recheck, living) in [("S1", true), ("S2", false)] {
            let sample = task(&b, &w, "outer").await;
            let id = sample["id"].as_str().unwrap().to_owned();
            let blind = sent(&b, &w, &sample, recheck).await;
            let (item, method, result) = match living {
                true => ("大肠菌群", "GB 4789.3", "2000;10;10;10;10"),
                false => ("苯甲酸", "GB 5009.28", "2 g/kg"),
            };
            tested(&b, &blind, json!([{ "item": item, "method": method, "result": result }])).await;
            b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
            told(&b.officer, &id).await;
            let serve =
                json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
            act(&b.officer, &id, serve).await;
            let apply = |item: &str| json!({ "action": "apply", "form": { "apply_reason": "有异议", "apply_items": [item] } });
            let acts = format!("/api/own-samples/{id}/acts");
            b.owner.post(&acts, &apply("铅")).await.refused(422, "item_not_failed");
            b.owner.post(&acts, &apply(item)).await.expect(200);
            let admit = json!({ "action": "admit" });
            if living {
                refused(&b.officer, &id, admit, 409, "recheck_microbial").await;
                let no = json!({ "action": "no_recheck", "form": { "why": "microbial", "decision": "微生物指标不予复检" } });
                assert_eq!(act(&b.officer, &id, no).await["status"], "disposal");
                continue;
            }
            act(&b.officer, &id, admit).await;
            let draw = format!("/api/samples/{id}/draw");
            refused(&b.officer, &id, json!({ "action": "draw_lab" }), 409, "use_draw").await;
            b.officer.post(&draw, &json!({})).await.refused(409, "pool_empty");
            // the first laboratory is never drawn, nor one without the item
            b.officer.post("/api/labs", &lab_body(&w.shop, true)).await.expect(200);
            let mut bare = lab_body(&w.factory, true);
            bare["items"] = json!([]);
            b.officer.post("/api/labs", &bare).await.expect(200);
            b.officer.post("/api/labs", &lab_body(&w.farm, true)).await.expect(200);
            drawn_in_the_open(&b, &w, &id).await;
            let handed = json!({ "action": "spare_handed" });
            refused(&b.officer, &id, handed, 409, "use_sampling").await;
        }
        sound(&w);
    });
}

/// One of two that can do the item: promised, then drawn with what nobody knew, and anybody does it again.
async fn drawn_in_the_open(b: &Bench, w: &World, id: &str) {
    let far = w.sign_in("officer2").await;
    far.post("/api/labs", &lab_body(&w.far_shop, true)).await.expect(200);
    let (draw, run) = (format!("/api/samples/{id}/draw"), format!("/api/samples/{id}/draw/run"));
    let promised = b.officer.post(&draw, &json!({})).await.expect(200);
    let names = |told: &Value, of: &str| -> Vec<String> {
        told[of].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut pool = names(&promised, "pool");
    pool.sort();
    assert_eq!(pool, ["清丰县城关粮油店", "红旗渠蔬菜种植合作社"]);
    let mut why: Vec<&str> =
        promised["left_out"].as_array().unwrap().iter().map(|l| l["why"].as_str().unwrap()).collect();
    why.sort();
    assert_eq!(why, ["初检机构", "没有这些项目的资质"], "{promised}");
    let again = b.officer.post(&draw, &json!({})).await.expect(200);
    assert_eq!(again["draw"]["id"], promised["draw"]["id"], "the promise stands");
    b.officer.post(&run, &json!({})).await.refused(409, "draw_early");
    let public = format!("/api/public/recheck-draws/{}", promised["draw"]["id"].as_str().unwrap());
    let before = w.public().get(&public).await.expect(200);
    assert_eq!((&before["seed"], &before["pool"], &before["result"]), (&json!(""), &json!(""), &json!([])));
    assert_eq!(before["seed_hash"], promised["draw"]["seed_hash"]);
    crate::ledger::signed(&w.house).await;
    // who lost the accreditation meanwhile is not drawn: the list is promised anew
    let mut lapsed = lab_body(&w.far_shop, true);
    lapsed["cma_until"] = json!("2026-03-01");
    far.post("/api/labs", &lapsed).await.expect(200);
    b.officer.post(&run, &json!({})).await.refused(409, "pool_changed");
    w.house.clock.advance(1_000);
    let anew = b.officer.post(&draw, &json!({})).await.expect(200);
    assert_ne!(anew["draw"]["id"], promised["draw"]["id"]);
    crate::ledger::signed(&w.house).await;
    far.post(&run, &json!({})).await.refused(404, "not_found");
    let drawn = b.officer.post(&run, &json!({})).await.expect(200);
    assert_eq!(drawn["pool"][0]["drawn"], json!(true), "{drawn}");
    b.officer.post(&run, &json!({})).await.refused(409, "drawn_already");
    b.officer.post(&draw, &json!({})).await.refused(409, "drawn_already");
    let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
    assert_eq!(detail["sample"]["recheck_lab"], json!(w.farm));
    assert_eq!(detail["recheck"]["draw"], drawn);
    // anybody does it again
    let url = drawn["file_url"].as_str().unwrap();
    let file = w.public().get(&url[url.find("/api").unwrap()..]).await.expect(200);
    let read: kit_draw::DrawFile = serde_json::from_value(file.clone()).unwrap();
    assert_eq!(kit_draw::verify(&read).unwrap(), 1);
    assert!(!file.to_string().contains("豆"), "{file}");
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("draw.json");
    std::fs::write(&place, file.to_string()).unwrap();
    assert_ne!(crate::draws::by_python(&place), Some(false));
    let own = b.owner.get("/api/own-samples").await.expect(200);
    let mine = own["items"].as_array().unwrap().iter().find(|s| s["id"] == *id).unwrap();
    assert_eq!(
        (&mine["recheck"]["lab_name"], &mine["recheck"]["file_url"]),
        (&json!("红旗渠蔬菜种植合作社"), &json!(url))
    );
}

/// Promised, signed by the ledger, drawn.
pub async fn drawn(b: &Bench, w: &World, id: &str) {
    let path = format!("/api/samples/{id}/draw");
    b.officer.post(&path, &json!({})).await.expect(200);
    crate::ledger::signed(&w.house).await;
    let drawn = b.officer.post(&format!("{path}/run"), &json!({})).await.expect(200);
    assert_eq!(drawn["draw"]["about"], *id);
}

/// A laboratory that rechecks, with three people: who receives and enters, who verifies, who signs.
pub struct Other {
    pub clerk: kit_test::Client,
    pub second: kit_test::Client,
    pub head: kit_test::Client,
}

pub async fn other(b: &Bench, w: &World) -> Other {
    let farm = || Err(w.farm.clone());
    people(
        w,
        &[
            ("clerk.re", "business_clerk", farm()),
            ("second.re", "business_clerk", farm()),
            ("head.re", "business_owner", farm()),
        ],
    )
    .await;
    b.officer.post("/api/labs", &lab_body(&w.farm, true)).await.expect(200);
    Other {
        clerk: w.sign_in("clerk.re").await,
        second: w.sign_in("second.re").await,
        head: w.sign_in("head.re").await,
    }
}

pub fn result(item: &str, result: &str) -> Value {
    let method = if item == "大肠菌群" { "GB 4789.3" } else { "GB 5009.28" };
    json!({ "item": item, "method": method, "result": result })
}

/// Issued as failing and served; answers id and blind code.
pub async fn served(b: &Bench, w: &World, seal: &str, results: Value) -> (String, String) {
    served_of(b, w, task(b, w, "outer").await, seal, results).await
}

/// The same of a task.
pub async fn served_of(b: &Bench, w: &World, sample: Value, seal: &str, results: Value) -> (String, String) {
    let id = sample["id"].as_str().unwrap().to_owned();
    let blind = sent(b, w, &sample, seal).await;
    tested(b, &blind, results).await;
    b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
    told(&b.officer, &id).await;
    let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
    act(&b.officer, &id, serve).await;
    (id, blind)
}

pub fn apply(action: &str, items: &[&str]) -> Value {
    json!({ "action": action, "form": { "apply_reason": "有异议", "apply_items": items } })
}

/// Admitted, drawn, and the spare in the hands of the other laboratory.
pub async fn handed(b: &Bench, w: &World, o: &Other, id: &str, blind: &str) {
    act(&b.officer, id, json!({ "action": "admit" })).await;
    drawn(b, w, id).await;
    let assay = format!("/api/assays/{blind}");
    let whole = json!({ "seal_whole": true, "temperature": "4" });
    o.clerk.post(&format!("{assay}/receive"), &whole).await.refused(409, "nothing_offered");
    let offer = json!({ "part": "spare", "receiver": w.farm });
    b.clerk.post(&format!("{assay}/offers"), &offer).await.expect(200);
    let broken = json!({ "seal_whole": false });
    o.clerk.post(&format!("{assay}/receive"), &broken).await.refused(422, "seal_broken");
    o.clerk.post(&format!("{assay}/receive"), &whole).await.expect(200);
}

/// Entered, verified and signed by three people of the other laboratory.
pub async fn rechecked(o: &Other, blind: &str, results: Value) -> Value {
    let assay = format!("/api/assays/{blind}");
    o.clerk.post(&format!("{assay}/results"), &json!({ "items": results })).await.expect(200);
    o.clerk.post(&format!("{assay}/verify"), &json!({})).await.refused(403, "same_person");
    o.second.post(&format!("{assay}/verify"), &json!({})).await.expect(200);
    o.head.post(&format!("{assay}/issue"), &json!({})).await.expect(200)
}

pub async fn scanned(b: &Bench, w: &World) -> String {
    w.public().get(&format!("/t/{}", b.code)).await.text()
}

#[test]
fn items_are_upheld_or_overturned_one_by_one() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let found = json!([
            result("苯甲酸", "0.9 g/kg"),
            result("山梨酸", "1.5 g/kg"),
            result("大肠菌群", "2000;10;10;10;10")
        ]);
        let (id, blind) = served(&b, &w, "S1", found).await;
        let acts = format!("/api/own-samples/{id}/acts");
        b.owner.post(&acts, &apply("apply", &["山梨酸", "大肠菌群"])).await.expect(200);
        // before the draw nobody of the other laboratory sees it, and what the first one found is never told
        let assay = format!("/api/assays/{blind}");
        o.clerk.get(&assay).await.refused(404, "not_found");
        handed(&b, &w, &o, &id, &blind).await;
        let seen = o.clerk.get(&assay).await.expect(200);
        assert_eq!(
            (&seen["recheck"], &seen["items"], &seen["verdict"]),
            (&json!(true), &json!(["山梨酸"]), &json!(""))
        );
        assert!(!seen.to_string().contains("1.5 g/kg"), "{seen}");
        // microbes are refused with the reason, the rest is rechecked
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        let told = &detail["recheck"];
        assert_eq!((&told["asked"], &told["refused"][0]["item"]), (&json!(["山梨酸"]), &json!("大肠菌群")));
        assert!(told["refused"][0]["why"].as_str().unwrap().contains("微生物"), "{told}");
        // only what was asked for, all of it, and by another laboratory
        let enter = format!("{assay}/results");
        let items = |all: Value| json!({ "items": all });
        o.clerk.post(&enter, &items(json!([result("苯甲酸", "0.1")]))).await.refused(422, "item_not_asked");
        b.clerk.post(&enter, &items(json!([result("山梨酸", "0.1")]))).await.refused(409, "action_not_here");
        let done = rechecked(&o, &blind, json!([result("山梨酸", "0.2 g/kg")])).await;
        assert_eq!(done["recheck_verdict"], "upheld", "{done}");
        o.head.post(&format!("{assay}/issue"), &json!({})).await.refused(403, "not_first_lab");
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(
            (&detail["sample"]["status"], &detail["sample"]["verdict"]),
            (&json!("disposal"), &json!("fails"))
        );
        assert_eq!(detail["recheck"]["judged"][0]["outcome"], "conforms");
        // what was overturned is in no finding and on no page; what stands is
        let finding = detail["sample"]["finding"].as_str().unwrap();
        let what = b.officer.get(&format!("/api/findings/{finding}")).await.expect(200)["what"].to_string();
        assert!(what.contains("大肠菌群") && !what.contains("山梨酸 1.5"), "{what}");
        let page = scanned(&b, &w).await;
        assert!(page.contains("大肠菌群") && !page.contains("山梨酸 1.5"), "{page}");
        let own = b.owner.get("/api/own-samples").await.expect(200);
        let failing: Vec<&str> = own["items"][0]["failing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|j| j["item"].as_str().unwrap())
            .collect();
        assert_eq!(failing, ["大肠菌群", "防腐剂比例之和"], "{own}");
        // the report of the recheck names both laboratories
        let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
        let papers: Vec<&str> =
            case["documents"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
        assert!(papers.contains(&"recheck_report"), "{papers:?}");
        sound(&w);
    });
}

#[test]
fn a_failure_that_a_recheck_overturns_leaves_nothing() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let (id, blind) = served(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let acts = format!("/api/own-samples/{id}/acts");
        // the sum of ratios failed with it: both are asked for
        b.owner.post(&acts, &apply("apply", &["苯甲酸", "防腐剂比例之和"])).await.expect(200);
        handed(&b, &w, &o, &id, &blind).await;
        let done = rechecked(&o, &blind, json!([result("苯甲酸", "0.4 g/kg")])).await;
        assert_eq!(
            (&done["recheck_verdict"], &done["status"]),
            (&json!("overturned"), &json!("closed")),
            "{done}"
        );
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert!(detail["sample"]["confirmed_at"].is_null() && detail["sample"]["finding"] == "", "{detail}");
        assert!(!scanned(&b, &w).await.contains("监督抽检不合格"));
        sound(&w);
    });
}

#[test]
fn the_producer_applies_later_and_all_that_followed_is_taken_back() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let (id, blind) = served(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let acts = format!("/api/own-samples/{id}/acts");
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&acts, &accept).await.expect(200);
        assert!(scanned(&b, &w).await.contains("监督抽检不合格"));
        let asked = || apply("apply_producer", &["苯甲酸", "防腐剂比例之和"]);
        refused(&b.officer, &id, asked(), 409, "producer_unserved").await;
        let start = |day: &str| json!({ "side": "producer", "stream": "start", "form": { "served": day, "taken": true } });
        let streams = format!("/api/samples/{id}/streams");
        b.officer.post(&streams, &start("2026-02-10")).await.expect(200);
        refused(&b.officer, &id, asked(), 409, "apply_late").await;
        b.officer.post(&streams, &start("2026-03-02")).await.expect(200);
        act(&b.officer, &id, asked()).await;
        w.house.clock.advance(60_000);
        handed(&b, &w, &o, &id, &blind).await;
        rechecked(&o, &blind, json!([result("苯甲酸", "0.4 g/kg")])).await;
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        let sample = &detail["sample"];
        assert_eq!(sample["status"], "closed");
        assert!(!sample["overturned_at"].is_null() && !sample["confirmed_at"].is_null(), "{sample}");
        let finding = sample["finding"].as_str().unwrap();
        let finding = b.officer.get(&format!("/api/findings/{finding}")).await.expect(200);
        assert_eq!(finding["status"], "dismissed", "{finding}");
        assert!(!scanned(&b, &w).await.contains("监督抽检不合格"));
        sound(&w);
    });
}

#[test]
fn a_correction_takes_a_failure_back_when_the_bureau_says_so() {
    each(async |w| {
        let b = bench(&w).await;
        let (id, blind) = served(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
        let back = json!({ "action": "corrected", "form": { "decision": "同意" } });
        refused(&b.leader, &id, back.clone(), 409, "not_corrected").await;
        let correct = |text: &str| json!({ "item": "苯甲酸", "result": text, "reason": "稀释倍数录错" });
        let path = format!("/api/assays/{blind}/corrections");
        b.head.post(&path, &correct("1.2 g/kg")).await.expect(200);
        refused(&b.leader, &id, back.clone(), 409, "not_corrected").await;
        w.house.clock.advance(60_000);
        b.head.post(&path, &correct("0.15 g/kg")).await.expect(200);
        assert!(
            scanned(&b, &w).await.contains("监督抽检不合格"),
            "nothing changes before the bureau decides"
        );
        act(&b.leader, &id, back).await;
        assert!(!scanned(&b, &w).await.contains("监督抽检不合格"));
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        let finding = detail["sample"]["finding"].as_str().unwrap();
        let finding = b.officer.get(&format!("/api/findings/{finding}")).await.expect(200);
        assert_eq!(finding["status"], "dismissed");
        sound(&w);
    });
}

#[test]
fn each_laboratory_sees_what_of_a_recheck_waits_for_it() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let (id, blind) = served(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let asked = apply("apply", &["苯甲酸", "防腐剂比例之和"]);
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &asked).await.expect(200);
        act(&b.officer, &id, json!({ "action": "admit" })).await;
        drawn(&b, &w, &id).await;
        let assay = format!("/api/assays/{blind}");
        let may = async |client: &kit_test::Client| -> Vec<String> {
            let told = client.get(&format!("{assay}/steps")).await.expect(200);
            let all = told["steps"].as_array().unwrap().clone();
            all.iter().filter(|s| s["may"] == true).map(|s| s["code"].as_str().unwrap().to_owned()).collect()
        };
        let waits = async |client: &kit_test::Client, step: &str| {
            let desk = client.get("/api/assays/desk").await.expect(200);
            let list = client.get(&format!("/api/assays?step={step}")).await.expect(200);
            assert_eq!(desk[step], list["total"], "{step}");
            desk[step].as_i64().unwrap()
        };
        // the first hands the spare on, to the one that was drawn and nobody else
        let first = b.clerk.get(&assay).await.expect(200);
        assert_eq!(first["hand_to"]["lab"], json!(w.farm), "{first}");
        assert_eq!((waits(&b.clerk, "hand").await, waits(&o.clerk, "recheck_receive").await), (1, 1));
        assert_eq!(may(&o.clerk).await, ["receive", "unfit"]);
        let offer = json!({ "part": "spare", "receiver": w.farm });
        b.clerk.post(&format!("{assay}/offers"), &offer).await.expect(200);
        o.clerk
            .post(&format!("{assay}/receive"), &json!({ "seal_whole": true, "temperature": "4" }))
            .await
            .expect(200);
        assert_eq!((waits(&b.clerk, "hand").await, waits(&o.clerk, "recheck_receive").await), (0, 0));
        assert_eq!(waits(&o.clerk, "recheck_enter").await, 1);
        assert_eq!(
            (may(&o.clerk).await, may(&o.head).await),
            (vec!["unfit".to_owned(), "enter".to_owned()], vec![])
        );
        let enter = json!({ "items": [result("苯甲酸", "0.4 g/kg")] });
        o.clerk.post(&format!("{assay}/results"), &enter).await.expect(200);
        assert_eq!(waits(&o.clerk, "recheck_verify").await, 1);
        assert_eq!(may(&o.second).await, ["verify", "send_back"]);
        let mine = o.clerk.get(&format!("{assay}/steps")).await.expect(200);
        let verify =
            mine["steps"].as_array().unwrap().iter().find(|s| s["code"] == "verify").unwrap().clone();
        assert_eq!(verify["code_why"], "same_person", "{verify}");
        o.second.post(&format!("{assay}/verify"), &json!({})).await.expect(200);
        assert_eq!(
            (waits(&o.clerk, "recheck_issue").await, may(&o.head).await),
            (1, vec!["issue".to_owned()])
        );
        o.head.post(&format!("{assay}/issue"), &json!({})).await.expect(200);
        assert_eq!((waits(&o.clerk, "recheck").await, may(&o.head).await), (0, vec![]));
        let done = o.clerk.get(&assay).await.expect(200);
        assert!(!done["rechecked_at"].is_null(), "{done}");
    });
}
