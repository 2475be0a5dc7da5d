//! A finding from its discovery to its closing, its evidence, and who may see what of it.

use kit_test::Client;
use serde_json::{Value, json};

use crate::world::{NOW, World, each};

/// The text of a list as a file.
pub async fn exported(w: &World, client: &kit_test::Client, path: &str, wanted: &Value) -> String {
    let job = client.post(&format!("{path}/exports"), wanted).await.expect(200)["job"].clone();
    crate::pages::run_jobs(w);
    client.get(&format!("{path}/exports/{}/file", job.as_str().unwrap())).await.text()
}

/// A photo whose bright and dark parts depend on a seed; `size` changes the file and not what it shows.
pub fn photo(seed: u32, size: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(320, 240, |x, y| {
        let part = (x / 36 * 31 + y / 30 * 17 + seed * 101).wrapping_mul(0x9e37_79b1);
        let part = (part ^ part >> 15).wrapping_mul(0x85eb_ca77) >> 24;
        image::Rgb([part as u8, part as u8, part as u8])
    });
    let picture = image::DynamicImage::ImageRgb8(picture);
    let picture = picture.resize_exact(size, size * 3 / 4, image::imageops::FilterType::Triangle);
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

/// Reports a finding about a business; answers it.
pub async fn found(client: &Client, party: &str, what: &str) -> Value {
    let body = json!({
        "source": "inspection", "source_ref": "2026-0007", "party": party, "what": what,
        "rule": "食品安全法第三十三条第一款第一项", "severity": "general"
    });
    client.post("/api/findings", &body).await.expect(200)
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Does something to a case that must be done; answers the case.
pub async fn act(client: &Client, case: &str, body: Value) -> Value {
    client.post(&format!("/api/cases/{case}/acts"), &body).await.expect(200)
}

pub async fn refused(client: &Client, case: &str, body: Value, status: u16, code: &str) {
    client.post(&format!("/api/cases/{case}/acts"), &body).await.refused(status, code);
}

pub async fn my_id(client: &Client) -> String {
    let me = client.get("/api/session").await.expect(200);
    me["user"]["id"].as_str().or(me["id"].as_str()).unwrap_or_else(|| panic!("{me}")).to_owned()
}

/// Hands evidence in; answers it.
pub async fn proof(client: &Client, case: &str, stage: &str, bytes: Vec<u8>) -> Value {
    let path = format!(
        "/api/findings/{case}/evidence?stage={stage}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
    );
    client.upload(&path, "image/jpeg", "p.jpg", bytes).await.expect(200)
}

/// A finding that waits for its business.
pub async fn assigned(officer: &Client, party: &str) -> String {
    let case = id(&found(officer, party, "操作间地面积水，未及时清理").await);
    let form =
        json!({ "measure": "三日内清理并消毒", "due": "2026-03-13", "verifier": my_id(officer).await });
    act(officer, &case, json!({ "action": "assign", "form": form })).await;
    case
}

pub fn sound(w: &World) {
    let flows = w.house.held::<kit_flow::Flows>();
    let faults = crate::epcis::read(w, |tx| {
        let mut faults = Vec::new();
        for id in kit_flow::store::log::cases_after(tx, "", 1_000)? {
            faults.extend(kit_flow::engine::verify(tx, &flows, &id)?);
        }
        Ok(faults)
    });
    assert_eq!(faults, Vec::<String>::new());
}

/// What the matrix asks for: a finding about the factory that waits for its mending, its code, a piece of evidence.
pub async fn scene(w: &World) -> [(String, String); 5] {
    let (officer, owner) = (w.sign_in("off.own").await, w.sign_in("own.own").await);
    let finding = found(&officer, &w.factory, "原料离地不足").await;
    let case = id(&finding);
    let form = json!({ "measure": "加装垫板", "due": "2026-03-13", "verifier": my_id(&officer).await });
    act(&officer, &case, json!({ "action": "assign", "form": form })).await;
    let evidence = id(&proof(&owner, &case, "mend", photo(1, 320)).await);
    let code = finding["code"].as_str().unwrap().to_owned();
    let order = officer.get(&format!("/api/cases/{case}")).await.expect(200)["documents"][0].clone();
    let verify = order["verify"].as_str().unwrap().to_owned();
    let order = crate::papers::address_of(order["number"].as_str().unwrap());
    let things = [
        ("finding_code", code),
        ("evidence", evidence),
        ("order", order),
        ("verify", verify),
        ("finding", case),
    ];
    things.map(|(n, v)| (n.to_owned(), v))
}

#[test]
fn a_finding_is_mended_sent_back_and_closed() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let clerk = w.sign_in("clerk").await;
        let finding = found(&officer, &w.shop, "操作间地面积水").await;
        assert_eq!(finding["number"], "问题〔2026〕1号");
        assert_eq!((&finding["status"], &finding["party_name"]), (&json!("found"), &json!("胜利路便民超市")));
        let case = id(&finding);
        // a day in the past is no deadline, and nobody from outside may check
        let far = my_id(&w.sign_in("officer2").await).await;
        let me = my_id(&officer).await;
        let form = |due: &str, who: &str| json!({ "action": "assign", "form": { "measure": "清理", "due": due, "verifier": who } });
        refused(&officer, &case, form("2026-03-01", &me), 422, "date_past").await;
        refused(&officer, &case, form("2026-12-01", &me), 422, "date_far").await;
        refused(&officer, &case, form("2026-03-13", &far), 422, "person_unfit").await;
        let body = act(&officer, &case, form("2026-03-13", &me)).await;
        assert_eq!(body["status"], "mending");
        assert_eq!(body["documents"][0]["number"], "责改〔2026〕1号");
        let clock = body["clocks"].as_array().unwrap().iter().find(|c| c["code"] == "mend").unwrap();
        assert_eq!((&clock["last_day"], &clock["state"]), (&json!("2026-03-13"), &json!("running")));

        // the business scans the code on the record and answers
        let code = finding["code"].as_str().unwrap().to_lowercase();
        assert_eq!(id(&clerk.get(&format!("/api/findings/code/{code}")).await.expect(200)), case);
        let piece = proof(&clerk, &case, "mend", photo(1, 320)).await;
        assert_eq!(piece["doubts"], json!([]));
        let mend = |proof: &Value| json!({ "action": "mend", "form": { "answer": "已清理并消毒", "proof": [proof["id"]] } });
        refused(
            &clerk,
            &case,
            json!({ "action": "mend", "form": { "answer": "已清理" } }),
            422,
            "form_missing",
        )
        .await;
        refused(&clerk, &case, mend(&json!({ "id": "x" })), 422, "evidence_unknown").await;
        refused(&officer, &case, mend(&piece), 403, "not_permitted").await;
        assert_eq!(act(&clerk, &case, mend(&piece)).await["status"], "verifying");
        let back = json!({ "action": "back", "form": { "result": "角落仍有积水", "due": "2026-03-20" } });
        refused(&clerk, &case, back.clone(), 403, "not_permitted").await;
        assert_eq!(act(&officer, &case, back).await["flags"][0]["code"], "reopened");
        let second = proof(&clerk, &case, "mend", photo(6, 320)).await;
        act(&clerk, &case, mend(&second)).await;
        let closed =
            act(&officer, &case, json!({ "action": "close", "form": { "result": "现场已干燥" } })).await;
        assert_eq!((&closed["status"], &closed["phase"]), (&json!("closed"), &json!("done")));
        refused(&officer, &case, json!({ "op": { "do": "urge", "task": 1 } }), 409, "case_ended").await;

        let told = officer.get(&format!("/api/findings/{case}")).await.expect(200);
        assert_eq!(
            (&told["in_time"], &told["reopened"], &told["outcome"]),
            (&json!(true), &json!(1), &json!("closed"))
        );
        let rates = officer.get("/api/findings/rates?by=county").await.expect(200);
        let expected = json!([{ "of": "410902", "found": 1, "closed": 1, "ordered": 1, "in_time": 1, "overdue": 0, "reopened": 1 }]);
        assert_eq!(rates, expected);
        let history = officer.get(&format!("/api/cases/{case}/history")).await.expect(200);
        let names: Vec<&str> =
            history["steps"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["立卷", "派发", "提交整改", "复查退回", "提交整改", "复查通过"]);
        assert!(history["stays"].as_array().unwrap().iter().all(|s| !s["until"].is_null()));
        assert_eq!(history["clocks"].as_array().unwrap().iter().filter(|c| c["code"] == "mend").count(), 2);
        sound(&w);
    });
}

#[test]
fn evidence_is_fixed_and_a_photo_used_elsewhere_is_told() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let clerk = w.sign_in("clerk").await;
        let first = assigned(&officer, &w.shop).await;
        let second = assigned(&officer, &w.shop).await;
        let one = proof(&clerk, &first, "mend", photo(1, 320)).await;
        assert_eq!((&one["width"], &one["in_app"], &one["reused"]), (&json!(320), &json!(true), &json!("")));
        assert_eq!(one["hash"].as_str().unwrap().len(), 64);
        // again for the same finding is nothing; for another, scaled down, it is
        let again = proof(&clerk, &first, "mend", photo(1, 320)).await;
        assert_eq!(again["doubts"], json!([]));
        let copy = proof(&clerk, &second, "mend", photo(1, 200)).await;
        assert_eq!(copy["doubts"], json!(["reused"]));
        assert!([&one["id"], &again["id"]].contains(&&copy["reused"]), "{copy}");
        assert_eq!(proof(&clerk, &second, "mend", photo(8, 320)).await["doubts"], json!([]));
        // nothing of the five is known
        let bare = format!("/api/findings/{second}/evidence?stage=mend");
        let bare = clerk.upload(&bare, "image/jpeg", "p.jpg", photo(9, 320)).await.expect(200);
        assert_eq!(bare["doubts"], json!(["no_place", "clock", "album"]));

        let path = format!("/api/findings/{first}/evidence?stage=mend");
        clerk.upload(&path, "image/jpeg", "p.jpg", b"<html>".to_vec()).await.refused(422, "evidence_kind");
        clerk.upload(&path, "image/jpeg", "p.jpg", Vec::new()).await.refused(422, "file_empty");
        clerk
            .upload(&format!("{path}&lon=115"), "image/jpeg", "p.jpg", photo(1, 320))
            .await
            .refused(422, "place_form");
        let verify = format!("/api/findings/{first}/evidence?stage=verify");
        clerk.upload(&verify, "image/jpeg", "p.jpg", photo(1, 320)).await.refused(403, "stage_not_own");

        let listed = officer.get(&format!("/api/findings/{first}/evidence")).await.expect(200);
        assert_eq!(listed.as_array().unwrap().len(), 2);
        let file = officer
            .get(&format!("/api/findings/{first}/evidence/{}/file", one["id"].as_str().unwrap()))
            .await;
        assert_eq!(file.bytes, photo(1, 320), "as it came");
        // evidence of one finding is no proof of another
        let form = json!({ "answer": "已清理", "proof": [one["id"]] });
        refused(&clerk, &second, json!({ "action": "mend", "form": form }), 422, "evidence_unknown").await;
        // each piece is a fact of the ledger
        let sql = kit_db::Sql::One("SELECT count(*) FROM ledger_items WHERE kind = 'evidence'");
        assert_eq!(crate::epcis::read(&w, |tx| tx.one::<i64>(sql, &[])), Some(5));
        sound(&w);
    });
}

#[test]
fn a_business_sees_and_reports_only_its_own() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let far = w.sign_in("officer2").await;
        let owner = w.sign_in("owner").await;
        let case = assigned(&officer, &w.shop).await;
        for client in [&far, &owner] {
            client.get(&format!("/api/findings/{case}")).await.refused(404, "not_found");
            client.get(&format!("/api/cases/{case}")).await.refused(404, "not_found");
            client.get(&format!("/api/cases/{case}/history")).await.refused(404, "not_found");
            refused(client, &case, json!({ "op": { "do": "lock", "hours": 1 } }), 404, "not_found").await;
            assert_eq!(client.get("/api/findings").await.expect(200)["total"], 0);
        }
        let own = json!({
            "source": "self_check", "party": w.factory, "what": "留样标签缺失", "rule": "自查制度", "severity": "minor"
        });
        let made = owner.post("/api/findings", &own).await.expect(200);
        assert_eq!(made["source"], "self_check");
        let mut other = own.clone();
        other["party"] = json!(w.shop);
        owner.post("/api/findings", &other).await.refused(422, "party_unknown");
        other["party"] = json!(w.factory);
        other["source"] = json!("inspection");
        owner.post("/api/findings", &other).await.refused(422, "source_not_own");
        for (field, value, code) in [
            ("severity", json!("bad"), "severity_unknown"),
            ("source", json!("rumour"), "source_unknown"),
            ("what", json!(" "), "what_missing"),
            ("site", json!("elsewhere"), "site_unknown"),
            ("found_at", json!(NOW + 1), "found_future"),
        ] {
            let mut wrong = own.clone();
            wrong["party"] = json!(w.shop);
            wrong["source"] = json!("inspection");
            wrong[field] = value;
            officer.post("/api/findings", &wrong).await.refused(422, code);
        }
        let list = officer.get("/api/findings?state=open&q=积水").await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &json!(case)));
        sound(&w);
    });
}

#[test]
fn the_list_behind_a_figure_is_as_long_as_it_says_and_goes_out_as_a_file() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let clerk = w.sign_in("clerk").await;
        let closed = assigned(&officer, &w.shop).await;
        let piece = proof(&clerk, &closed, "mend", photo(1, 320)).await;
        let mend = json!({ "action": "mend", "form": { "answer": "已清理", "proof": [piece["id"]] } });
        act(&clerk, &closed, mend).await;
        act(&officer, &closed, json!({ "action": "close", "form": { "result": "现场已干燥" } })).await;
        w.house.clock.advance(60_000);
        let open = assigned(&officer, &w.shop).await;
        let dismissed = id(&found(&officer, &w.shop, "误报").await);
        let leader = w.sign_in("leader").await;
        act(&leader, &dismissed, json!({ "action": "dismiss", "form": { "reason": "核实无误" } })).await;

        let rates = officer.get("/api/findings/rates?by=source").await.expect(200);
        for measure in ["found", "closed", "ordered", "in_time", "overdue", "reopened"] {
            let list =
                officer.get(&format!("/api/findings?measure={measure}&source=inspection")).await.expect(200);
            assert_eq!(list["total"], rates[0][measure], "{measure}");
        }
        assert_eq!(rates[0]["found"], 2);
        let first = |list: Value| list["items"][0]["id"].clone();
        assert_eq!(first(officer.get("/api/findings?sort=found_up").await.expect(200)), json!(closed));
        assert_eq!(first(officer.get("/api/findings?state=open&sort=due").await.expect(200)), json!(open));
        let none = officer.get("/api/findings?to=2026-01-01").await.expect(200);
        assert_eq!(none["total"], 0);
        officer.get("/api/findings?measure=x").await.refused(422, "measure_unknown");
        officer.get("/api/findings?sort=x").await.refused(422, "sort_unknown");
        officer.get("/api/findings?from=gestern").await.refused(422, "date_form");

        let wanted = json!({ "format": "csv", "list": { "state": "open" } });
        let job = officer.post("/api/findings/exports", &wanted).await.expect(200);
        crate::pages::run_jobs(&w);
        let path = format!("/api/findings/exports/{}/file", job["job"].as_str().unwrap());
        let text = String::from_utf8(officer.get(&path).await.bytes.to_vec()).unwrap();
        let rows: Vec<&str> = text.lines().collect();
        assert!(
            rows.iter().any(|r| r.contains("整改中")) && !rows.iter().any(|r| r.contains("误报")),
            "{text}"
        );
        clerk.get(&path).await.refused(404, "not_found");
    });
}
