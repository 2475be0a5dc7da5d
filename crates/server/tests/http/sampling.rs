//! Sampling: from the task to the report, custody, separations, what follows from a failure, and what is taken in.

use accounts::demo::{Home, person};
use kit_test::Client;
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::findings::{act, my_id, photo, refused, sound};
use crate::world::{NOW, PASSWORD, World, each, moved, product};

const LIMITS: &str = "标准,项目,CAS,食品分类,食品,除外,限量,单位,组成,检验方法,生效,失效,来源,已核验
GB 2760-2024,苯甲酸,,4,,,≤1.0,g/kg,,GB 5009.28,2020-01-01,,测试,否
GB 2760-2024,山梨酸,,4,,,≤1.0,g/kg,,GB 5009.28,2020-01-01,,测试,否
GB 2760-2024,防腐剂比例之和,,4,,,≤1,g/kg,苯甲酸=1;山梨酸=1,GB 5009.28,2020-01-01,,测试,否
GB 2712-2014,大肠菌群,,4,,,\"n=5,c=2,m=100,M=1000\",CFU/g,,GB 4789.3,2020-01-01,,测试,否
坏行,,,4,,,≤1,,,,2020-01-01,,,
GB 9,铅,,4,,,大约一,mg/kg,,,2020-01-01,,,
";

/// The laboratory (the shop plays it) with three people, limits, and a lot of bean curd that the factory made.
pub struct Bench {
    pub officer: Client,
    pub second: Client,
    pub leader: Client,
    pub owner: Client,
    pub clerk: Client,
    pub clerk2: Client,
    pub head: Client,
    pub lot: i64,
    pub code: String,
}

pub async fn people(w: &World, plan: &[(&str, &str, Result<&'static str, String>)]) {
    let hash = w.house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
    let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
    let plan: Vec<(String, String, Result<&'static str, String>)> =
        plan.iter().map(|(l, r, h)| ((*l).to_owned(), (*r).to_owned(), h.clone())).collect();
    cx.act(move |act| {
        for (login, role, home) in &plan {
            let home = match home {
                Ok(division) => Home::Bureau(division),
                Err(party) => Home::Party(party),
            };
            person(act, &hash, login, role, &home)?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

pub fn lab_body(party: &str, recheck: bool) -> Value {
    let item = |item: &str, method: &str, lod: &str, unit: &str| json!({ "item": item, "method": method, "lod": lod, "unit": unit });
    json!({ "party": party, "cma": "240000000001", "cma_until": "2030-01-01", "recheck": recheck, "items": [
        item("苯甲酸", "GB 5009.28", "0.005", "g/kg"), item("山梨酸", "GB 5009.28", "0.005", "g/kg"), item("大肠菌群", "GB 4789.3", "", "CFU/g"),
    ] })
}

pub async fn bench(w: &World) -> Bench {
    people(
        w,
        &[
            ("second", "officer", Ok("410902")),
            ("clerk.lab2", "business_clerk", Err(w.shop.clone())),
            ("head.lab", "business_owner", Err(w.shop.clone())),
        ],
    )
    .await;
    let officer = w.sign_in("officer1").await;
    officer.post("/api/labs", &lab_body(&w.shop, false)).await.expect(200);
    let sysadmin = w.sign_in("sysadmin").await;
    let told = sysadmin.upload("/api/limits/import", "text/csv", "限量.csv", LIMITS.into()).await.expect(200);
    assert_eq!((&told["added"], &told["rejected"]), (&json!(4), &json!(2)), "{told}");
    let told = sysadmin.upload("/api/limits/import", "text/csv", "限量.csv", LIMITS.into()).await.expect(200);
    assert_eq!((&told["added"], &told["known"]), (&json!(0), &json!(4)));
    let owner = w.sign_in("owner").await;
    let curd = product(&owner, "五香豆干", None).await;
    let lot = moved(
        &owner,
        json!({ "kind": "produce", "makes": [{ "product": curd, "amount": 500_000, "batch": "B1" }] }),
    )
    .await;
    let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({})).await;
    let code = code.expect(200)["code"].as_str().unwrap().to_owned();
    Bench {
        second: w.sign_in("second").await,
        leader: w.sign_in("leader").await,
        clerk: w.sign_in("clerk").await,
        clerk2: w.sign_in("clerk.lab2").await,
        head: w.sign_in("head.lab").await,
        officer,
        owner,
        lot,
        code,
    }
}

pub async fn task(b: &Bench, w: &World, mode: &str) -> Value {
    let body = json!({
        "party": w.factory, "source": "county", "mode": mode, "kind": "supervision", "stage": "produce", "category": "4.1", "food": "豆干",
        "lab": w.shop, "samplers": [my_id(&b.officer).await, my_id(&b.second).await],
    });
    b.officer.post("/api/samples", &body).await.expect(200)
}

pub fn sheet(code: &str, seal: &str) -> Value {
    json!({ "code": code, "seal_test": format!("{seal}-J"), "seal_spare": format!("{seal}-B"), "sheet": {
        "task_source": "县局", "sampling_type": "usual", "place_type": "成品库", "food_major": "豆制品", "task_class": "监督抽检",
        "unit_name": "华龙区局", "shop_name": "龙都豆制品有限公司", "shop_address": "人民路2号", "area_type": "city", "shop_contact": "王某",
        "goods_type": "industrial", "origin": "own", "nature": "usual", "packing": "prepacked", "name": "五香豆干", "made": "2026-02-20",
        "spec": "120g/袋", "batch": "B1", "price": 500, "imported": false, "sterile": "plain", "form": "solid", "storage": "room",
        "base_amount": "500", "amount": "2.4", "spare_amount": "1.2", "amount_unit": "kg", "expires": "2026-12-31",
    } })
}

const KINDS: [&str; 8] = ["door", "licence", "shelf", "sample", "label", "seal", "people", "receipt"];

pub async fn photos(client: &Client, id: &str) {
    for (i, kind) in KINDS.iter().enumerate() {
        let path = format!("/api/samples/{id}/media?kind={kind}&taken_at={NOW}");
        client.upload(&path, "image/jpeg", "p.jpg", photo(i as u32 + 1, 64)).await.expect(200);
    }
}

/// Taken, sealed and offered to the laboratory; answers the blind code.
pub async fn sent(b: &Bench, w: &World, sample: &Value, seal: &str) -> String {
    let id = sample["id"].as_str().unwrap();
    photos(&b.officer, id).await;
    b.officer.post(&format!("/api/samples/{id}/sheet"), &sheet(&b.code, seal)).await.expect(200);
    b.second.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
    for part in ["test", "spare"] {
        let offer = json!({ "part": part, "receiver": w.shop });
        b.officer.post(&format!("/api/samples/{id}/offers"), &offer).await.expect(200);
    }
    sample["blind"].as_str().unwrap().to_owned()
}

pub async fn tested(b: &Bench, blind: &str, results: Value) -> Value {
    let over = json!({ "seal_whole": true, "temperature": "4.5" });
    b.clerk.post(&format!("/api/assays/{blind}/accept"), &over).await.expect(200);
    b.clerk.post(&format!("/api/assays/{blind}/results"), &json!({ "items": results })).await.expect(200);
    b.clerk2.post(&format!("/api/assays/{blind}/verify"), &json!({})).await.expect(200)
}

pub fn failing_results() -> Value {
    json!([
        { "item": "苯甲酸", "method": "GB 5009.28", "result": "1.32 g/kg" },
        { "item": "山梨酸", "method": "GB 5009.28", "result": "未检出" },
        { "item": "大肠菌群", "method": "GB 4789.3", "result": "<10;<10;<10;<10;<10" },
    ])
}

/// What the matrix asks for: a task with a photo, a sealed sample whose laboratory is the factory, and a plan.
pub async fn scene(w: &World) -> [(String, String); 6] {
    people(w, &[("sampler.two", "officer", Ok("410902"))]).await;
    let (one, two) = (w.sign_in("off.own").await, w.sign_in("sampler.two").await);
    one.post("/api/labs", &lab_body(&w.factory, false)).await.expect(200);
    let samplers = [my_id(&one).await, my_id(&two).await];
    let body = json!({
        "party": w.shop, "source": "county", "mode": "outer", "kind": "supervision", "stage": "trade", "category": "4", "food": "豆干",
        "lab": w.factory, "samplers": samplers,
    });
    let planned = one.post("/api/samples", &body).await.expect(200)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/samples/{planned}/media?kind=door");
    let media = one.upload(&path, "image/jpeg", "p.jpg", photo(3, 64)).await.expect(200);
    let sealed = one.post("/api/samples", &body).await.expect(200);
    let id = sealed["id"].as_str().unwrap();
    photos(&one, id).await;
    one.post(&format!("/api/samples/{id}/sheet"), &sheet("", "M1")).await.expect(200);
    two.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
    let cell = json!({ "category": "4", "category_name": "豆制品", "stage": "trade", "division": "410902", "items": [], "quota": 2 });
    let plan =
        json!({ "name": "计划", "year": 2026, "division": "410902", "source": "county", "quotas": [cell] });
    let plan = one.post("/api/sample-plans", &plan).await.expect(200);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let things = [
        ("sample", planned),
        ("sample_media", text(&media["id"])),
        ("blind", text(&sealed["blind"])),
        ("sample_plan", text(&plan["plan"]["id"])),
        ("sampler_one", samplers[0].clone()),
        ("sampler_two", samplers[1].clone()),
    ];
    things.map(|(n, v)| (n.to_owned(), v))
}

#[test]
fn a_sample_goes_from_the_task_to_a_report_that_conforms() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        assert_eq!(sample["sample_no"], "XBJ26410902000000001");
        assert_eq!(sample["number"], "抽检〔2026〕1号");
        let path = |what: &str| format!("/api/samples/{id}/{what}");
        // photos, form and seals are asked for
        b.officer.post(&path("sheet"), &sheet(&b.code, "S1")).await.refused(422, "photos_few");
        photos(&b.officer, &id).await;
        let mut bad = sheet(&b.code, "S1");
        bad["sheet"]["spare_amount"] = json!("2.4");
        b.officer.post(&path("sheet"), &bad).await.refused(422, "sheet_amount");
        bad["sheet"]["spare_amount"] = json!("1.2");
        bad["sheet"]["sampling_type"] = json!("network");
        b.officer.post(&path("sheet"), &bad).await.refused(422, "sheet_network");
        b.officer.post(&path("sheet"), &sheet("9999", "S1")).await.refused(422, "code_unknown");
        b.leader.post(&path("sheet"), &sheet(&b.code, "S1")).await.refused(403, "permission_missing");
        let taken = b.officer.post(&path("sheet"), &sheet(&b.code, "S1")).await.expect(200);
        assert_eq!(
            (&taken["lot"], &taken["made"], &taken["status"]),
            (&json!(b.lot), &json!("2026-02-20"), &json!("planned"))
        );
        assert_eq!(taken["sample_no"], sample["sample_no"]);
        // one sampler does not seal alone, and the form is handed in once
        b.officer.post(&path("seal"), &json!({})).await.refused(403, "same_person");
        b.second.post(&path("sheet"), &sheet(&b.code, "S2")).await.refused(409, "needs_flag");
        assert_eq!(b.second.post(&path("seal"), &json!({})).await.expect(200)["status"], "taken");

        // nothing is seen by the laboratory but the blind code
        let blind = sample["blind"].as_str().unwrap().to_owned();
        let assay = format!("/api/assays/{blind}");
        let seen = b.clerk.get(&assay).await.expect(200).to_string();
        for hidden in [sample["sample_no"].as_str().unwrap(), "龙都", &w.factory, "赵监管", "抽检〔"]
        {
            assert!(!seen.contains(hidden), "{hidden}: {seen}");
        }
        b.owner.get(&assay).await.refused(404, "not_found");
        b.clerk.get(&format!("/api/cases/{id}")).await.refused(404, "not_found");
        b.clerk.get(&format!("/api/samples/{id}")).await.refused(404, "not_found");

        // custody: offered by who has it, taken over by whom it is for
        let over = json!({ "seal_whole": true, "temperature": "4.5" });
        b.clerk.post(&format!("{assay}/accept"), &over).await.refused(409, "nothing_offered");
        for part in ["test", "spare"] {
            let offer = json!({ "part": part, "receiver": w.shop });
            b.officer.post(&path("offers"), &offer).await.expect(200);
        }
        b.officer
            .post(&path("offers"), &json!({ "part": "test", "receiver": w.farm }))
            .await
            .refused(422, "receiver_unknown");
        b.clerk
            .post(&format!("{assay}/accept"), &json!({ "seal_whole": false }))
            .await
            .refused(422, "seal_broken");
        w.house.clock.advance(600_000);
        let accepted = b.clerk.post(&format!("{assay}/accept"), &over).await.expect(200);
        assert_eq!(accepted["status"], "testing");
        b.officer
            .post(&path("offers"), &json!({ "part": "test", "receiver": w.shop }))
            .await
            .refused(403, "not_holder");
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        for part in detail["parts"].as_array().unwrap() {
            let hands = part["hands"].as_array().unwrap();
            assert_eq!(hands.len(), 2);
            assert_eq!(hands[0]["until_at"], hands[1]["from_at"], "no gap, no overlap");
            assert_eq!(hands[1]["giver_name"], "赵监管");
            assert_eq!(hands[1]["holder"], json!(w.shop));
            assert!(hands[1]["until_at"].is_null());
        }

        // results: only what the laboratory is accredited for, only what can be read
        let enter = format!("{assay}/results");
        let one = |item: &str, result: &str| json!({ "items": [{ "item": item, "method": "GB 5009.28", "result": result }] });
        b.clerk.post(&enter, &one("铅", "1")).await.refused(422, "item_unaccredited");
        b.clerk.post(&enter, &one("苯甲酸", "大约一")).await.refused(422, "result_form");
        b.head.post(&enter, &one("苯甲酸", "1")).await.refused(403, "permission_missing");
        let csv = "检验项目,检验方法,检验结果,单位\n苯甲酸,GB 5009.28,500,mg/kg\n山梨酸,GB 5009.28,未检出,g/kg\n大肠菌群,GB 4789.3,<10;<10;20;<10;<10,CFU/g\n";
        let entered =
            b.clerk.upload(&format!("{enter}/sheet"), "text/csv", "r.csv", csv.into()).await.expect(200);
        let judged = entered["judged"].as_array().unwrap();
        assert_eq!(judged.len(), 4, "{judged:?}");
        assert!(judged.iter().all(|j| j["outcome"] == "conforms"), "{judged:?}");
        assert!(judged[0]["rule"].as_str().unwrap().contains("限量"), "{judged:?}");
        // analyst, verifier and issuer are three
        b.clerk.post(&format!("{assay}/verify"), &json!({})).await.refused(403, "same_person");
        b.clerk2.post(&format!("{assay}/back"), &json!({ "reason": "平行样未报" })).await.expect(200);
        b.clerk.post(&enter, &one("苯甲酸", "0.51 g/kg")).await.expect(200);
        b.head.post(&format!("{assay}/issue"), &json!({})).await.refused(409, "needs_flag");
        b.head.post(&format!("{assay}/verify"), &json!({})).await.expect(200);
        b.head.post(&format!("{assay}/issue"), &json!({})).await.refused(403, "same_person");
        sound(&w);
    });
}

#[test]
fn a_report_is_locked_and_corrected_in_the_open() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "quality").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let blind = sent(&b, &w, &sample, "S1").await;
        let results = json!([{ "item": "苯甲酸", "method": "GB 5009.28", "result": "0.30 g/kg" }]);
        tested(&b, &blind, results).await;
        // 质分离: an officer who did not sample, or the leader, checks before
        let assay = format!("/api/assays/{blind}");
        b.head.post(&format!("{assay}/issue"), &json!({})).await.refused(409, "needs_flag");
        b.officer.post(&format!("/api/samples/{id}/check"), &json!({})).await.refused(403, "same_person");
        b.leader.post(&format!("/api/samples/{id}/check"), &json!({})).await.expect(200);
        // the sum of ratios wants nothing of an additive that was not tested for
        let issued = b.head.post(&format!("{assay}/issue"), &json!({})).await.expect(200);
        assert_eq!((&issued["verdict"], &issued["status"]), (&json!("conforms"), &json!("closed")));
        b.clerk
            .post(&format!("{assay}/results"), &json!({ "items": [] }))
            .await
            .refused(422, "results_missing");
        let again = json!({ "items": [{ "item": "苯甲酸", "method": "GB 5009.28", "result": "0.1 g/kg" }] });
        b.clerk.post(&format!("{assay}/results"), &again).await.refused(409, "case_ended");
        // a declared correction stands beside what stood
        let correction = json!({ "item": "苯甲酸", "result": "1.30 g/kg", "reason": "稀释倍数录错" });
        b.clerk.post(&format!("{assay}/corrections"), &correction).await.refused(403, "permission_missing");
        let told = b.head.post(&format!("{assay}/corrections"), &correction).await.expect(200);
        assert_eq!(told["corrections"][0]["outcome"], "fails");
        assert_eq!(told["results"][0]["result"], "0.30 g/kg", "what was locked stays");
        assert_eq!(told["judged"][0]["outcome"], "conforms");
        let seen = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(seen["corrections"][0]["before_result"], "0.30 g/kg");
        // the report is a document that anyone can verify
        let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
        let report = &case["documents"][0];
        assert_eq!(report["number"], "检报〔2026〕1号");
        let number = crate::papers::address_of(report["number"].as_str().unwrap());
        let pdf = b.officer.get(&format!("/api/cases/{id}/documents/{number}.pdf")).await;
        assert_eq!(pdf.status, 200);
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        let verify = report["verify"].as_str().unwrap();
        assert_eq!(
            w.public().get(&format!("/api/documents/{verify}")).await.expect(200)["title"],
            "检验报告"
        );
        sound(&w);
    });
}

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
        // the page behind the code says so
        let scan = w.public().get(&format!("/t/{}", b.code)).await;
        assert!(String::from_utf8_lossy(&scan.bytes).contains("监督抽检不合格"));

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
            let drawn = b.officer.post(&draw, &json!({})).await.expect(200);
            assert_eq!(drawn["recheck_lab"], json!(w.farm));
            let told: Value = serde_json::from_str(drawn["recheck_draw"].as_str().unwrap()).unwrap();
            assert_eq!(told["pool"], json!([w.farm]));
            let handed = json!({ "action": "spare_handed" });
            refused(&b.officer, &id, handed, 409, "spare_not_there").await;
        }
        sound(&w);
    });
}

#[test]
fn plans_count_by_cell() {
    each(async |w| {
        let b = bench(&w).await;
        let cell = |category: &str, stage: &str, quota: i64| json!({ "category": category, "category_name": "豆制品", "stage": stage, "division": "410902", "items": ["苯甲酸"], "quota": quota });
        let plan = |cells: Vec<Value>| json!({ "name": "2026 年县级抽检", "year": 2026, "division": "410902", "source": "county", "quotas": cells });
        b.officer
            .post("/api/sample-plans", &plan(vec![cell("4", "produce", 2), cell("4", "produce", 1)]))
            .await
            .refused(422, "cell_twice");
        let mut far = plan(vec![cell("4", "produce", 2)]);
        far["division"] = json!("410922");
        b.officer.post("/api/sample-plans", &far).await.refused(403, "out_of_scope");
        let made = b
            .officer
            .post("/api/sample-plans", &plan(vec![cell("4", "produce", 2), cell("4", "trade", 3)]))
            .await
            .expect(200);
        let quota = made["cells"][0]["id"].as_str().unwrap();
        let mut body = json!({
            "party": w.factory, "source": "county", "mode": "outer", "kind": "supervision", "stage": "produce", "category": "4.1", "food": "豆干",
            "lab": w.shop, "samplers": [my_id(&b.officer).await, my_id(&b.second).await], "quota": quota,
        });
        let sample = b.officer.post("/api/samples", &body).await.expect(200);
        sent(&b, &w, &sample, "S1").await;
        let second = b.officer.post("/api/samples", &body).await.expect(200);
        let id = second["id"].as_str().unwrap();
        let door = format!("/api/samples/{id}/media?kind=door&taken_at={NOW}");
        b.officer.upload(&door, "image/jpeg", "p.jpg", photo(21, 64)).await.expect(200);
        let missed = json!({ "refused": true, "reason": "拒绝开门", "witness": "邻居李某" });
        let told = b.officer.post(&format!("/api/samples/{id}/missed"), &missed).await.expect(200);
        assert_eq!((&told["status"], &told["flags"]), (&json!("closed"), &json!(["assigned", "refused"])));
        body["stage"] = json!("catering");
        b.officer.post("/api/samples", &body).await.refused(422, "quota_unknown");
        let path = format!("/api/sample-plans/{}", made["plan"]["id"].as_str().unwrap());
        let cells = b.officer.get(&path).await.expect(200)["cells"].clone();
        let first = cells.as_array().unwrap().iter().find(|c| c["stage"] == "produce").unwrap();
        assert_eq!((&first["quota"], &first["tasks"], &first["taken"]), (&json!(2), &json!(1), &json!(1)));
        // separations by organisation: a sampler of the laboratory is none in 外分离
        body["stage"] = json!("produce");
        body["samplers"] = json!([my_id(&b.officer).await, my_id(&b.clerk).await]);
        b.officer.post("/api/samples", &body).await.refused(422, "not_apart");
        // nor an officer of another county
        let far = my_id(&w.sign_in("officer2").await).await;
        body["samplers"] = json!([my_id(&b.officer).await, far]);
        b.officer.post("/api/samples", &body).await.refused(422, "sampler_unknown");
    });
}
