use serde_json::json;

use super::*;

#[test]
fn a_business_is_registered_found_changed_and_closed() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let mut new = shop("濮阳市华龙区老王超市");
        new["uscc"] = json!(uscc(1));
        new["position"] = json!({ "lon": 115.0, "lat": 35.7, "datum": "gcj02", "accuracy": 20 });
        new["licences"] = json!([{ "number": "jy1410902", "expires": "2026-03-20" }]);
        new["people"] = json!([{ "role": "head", "name": "王大力", "phone": "13812341234" }]);
        let written = officer.post("/api/parties", &new).await.expect(422);
        assert_eq!(written["field"], "licences/0/number", "{written}");
        let number = kit_base::codes::licence::complete("JY", "1410902000001").unwrap();
        new["licences"][0]["number"] = json!(number.to_lowercase());
        let written = officer.post("/api/parties", &new).await.expect(200);
        let party = &written["party"];
        let (id, code) = (party["id"].as_str().unwrap(), party["code"].as_str().unwrap());
        assert!(kit_base::codes::platform::read(code).is_ok());
        // stored in WGS-84, some hundred metres from where GCJ-02 says
        assert!((party["lon"].as_f64().unwrap() - 115.0).abs() > 1e-4);

        for text in ["老王", "laowang", "lwcs", code, number.as_str(), "胜利路", "1号"] {
            let found = officer.get(&format!("/api/parties?q={}", percent(text))).await.expect(200);
            assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &json!(id)), "{text}");
        }

        let dossier = officer.get(&format!("/api/parties/{id}")).await.expect(200);
        assert_eq!(dossier["division_name"], "河南省濮阳市华龙区");
        assert_eq!(dossier["url"], format!("https://shian.test/t/{code}"));
        assert_eq!(dossier["licences"][0]["state"], "expiring");
        assert_eq!(dossier["people"][0]["name"], "王*");
        assert_eq!(dossier["people"][0]["phone"], "138****1234");
        let people = officer.get(&format!("/api/parties/{id}/people")).await.expect(200);
        assert_eq!(people[0]["phone"], "13812341234");

        // people are left out of the update: they stay
        let mut change = new.clone();
        change.as_object_mut().unwrap().remove("people");
        change["name"] = json!("濮阳市华龙区老李超市");
        change["seq"] = party["seq"].clone();
        let changed = officer.put(&format!("/api/parties/{id}"), &change).await.expect(200);
        assert_eq!(changed["party"]["code"], code);
        officer.put(&format!("/api/parties/{id}"), &change).await.refused(409, "changed_meanwhile");
        assert_eq!(officer.get("/api/parties?q=%E8%80%81%E7%8E%8B").await.expect(200)["total"], 0);
        let people = officer.get(&format!("/api/parties/{id}/people")).await.expect(200);
        assert_eq!(people[0]["name"], "王大力");

        let seq = &changed["party"]["seq"];
        let path = format!("/api/parties/{id}/status");
        let no_reason = json!({ "seq": seq, "status": "closed", "reason": "" });
        officer.post(&path, &no_reason).await.refused(422, "reason_missing");
        officer
            .post(&path, &json!({ "seq": seq, "status": "closed", "reason": "经营者注销" }))
            .await
            .expect(200);
        let dossier = officer.get(&format!("/api/parties/{id}")).await.expect(200);
        let actions: Vec<&str> =
            dossier["changes"].as_array().unwrap().iter().map(|c| c["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["status", "update", "create"]);
        assert_eq!(dossier["changes"][1]["changes"].as_array().unwrap().len(), 1, "{dossier}");
        assert_eq!(dossier["party"]["status"], "closed");
        let counts = officer.get("/api/parties/counts").await.expect(200);
        assert_eq!(counts["statuses"], json!([{ "code": "closed", "name": "注销", "count": 1 }]));
    });
}

#[test]
fn every_fault_comes_back_with_its_field_and_nothing_is_written() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let bad = json!({ "name": "", "kind": "x", "division": "41", "uscc": "123" });
        let problem = officer.post("/api/parties", &bad).await.refused(422, "name_missing");
        let places: Vec<&str> =
            problem["defects"].as_array().unwrap().iter().map(|d| d["place"].as_str().unwrap()).collect();
        assert_eq!(places, ["name", "uscc", "kind", "division"]);
        assert_eq!(officer.get("/api/parties").await.expect(200)["total"], 0);
    });
}

#[test]
fn the_same_business_is_not_registered_twice() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let mut one = shop("老王超市");
        one["uscc"] = json!(uscc(7));
        officer.post("/api/parties", &one).await.expect(200);
        one["name"] = json!("别的名字");
        officer.post("/api/parties", &one).await.refused(409, "uscc_exists");
        officer.post("/api/parties", &shop("老王超市")).await.refused(409, "name_address_exists");
        // another operator at the same place under the same name has another credit code
        let mut other = shop("老王超市");
        other["uscc"] = json!(uscc(8));
        officer.post("/api/parties", &other).await.expect(200);
    });
}

#[test]
fn nobody_sees_or_touches_what_lies_outside() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let made = officer.post("/api/parties", &shop("老王超市")).await.expect(200);
        let (id, seq) = (made["party"]["id"].as_str().unwrap(), &made["party"]["seq"]);
        officer
            .post("/api/parties", &json!({ "name": "杭州店", "kind": "shop", "division": "330106" }))
            .await
            .refused(403, "outside_jurisdiction");

        let stranger = world.client("officer@33");
        stranger.get(&format!("/api/parties/{id}")).await.refused(404, "not_found");
        stranger.get(&format!("/api/parties/{id}/people")).await.refused(404, "not_found");
        let mut change = shop("老王超市");
        change["seq"] = seq.clone();
        stranger.put(&format!("/api/parties/{id}"), &change).await.refused(404, "not_found");
        assert_eq!(stranger.get("/api/parties").await.expect(200)["total"], 0);
        assert_eq!(stranger.get("/api/parties?q=laowang").await.expect(200)["total"], 0);
        // moving it out of one's own jurisdiction is refused too
        change["division"] = json!("330106");
        officer.put(&format!("/api/parties/{id}"), &change).await.refused(403, "outside_jurisdiction");

        let owner = world.client(&format!("business_owner#{id}"));
        assert_eq!(owner.get("/api/parties").await.expect(200)["total"], 1);
        let mut own = shop("老王超市");
        own["seq"] = seq.clone();
        own["address"] = json!("胜利路2号");
        let moved = owner.put(&format!("/api/parties/{id}"), &own).await.expect(200);
        own["seq"] = moved["party"]["seq"].clone();
        own["name"] = json!("老王大超市");
        let problem = owner.put(&format!("/api/parties/{id}"), &own).await.refused(403, "field_not_yours");
        assert_eq!(problem["field"], "name");
        owner.post("/api/parties", &shop("新店")).await.refused(403, "permission_missing");

        let other = world.client("business_owner#00000000-0000-0000-0000-000000000000");
        other.get(&format!("/api/parties/{id}")).await.refused(404, "not_found");
        // but a partner's public card is there for everybody who trades
        let partners = other.get("/api/parties/lookup?q=lwcs").await.expect(200);
        assert_eq!(partners[0]["name"], "老王超市");
        assert!(partners[0].get("people").is_none());
        other.get("/api/parties/lookup?q=l").await.refused(422, "query_short");
        world.client("nobody").get("/api/parties").await.refused(401, "sign_in_required");
        world.client("audit_admin@41").get("/api/parties").await.refused(403, "permission_missing");
    });
}

#[test]
fn lists_are_narrowed_sorted_and_paged_without_overlap() {
    run(|world| async move {
        let officer = world.client("officer@41");
        for i in 0..23 {
            let division = if i % 2 == 0 { "410902" } else { "410922" };
            let kind = if i % 3 == 0 { "canteen" } else { "shop" };
            let expires = if i == 5 { "2026-01-01" } else { "2030-01-01" };
            let new = json!({
                "name": format!("第{i:02}号店"), "kind": kind, "division": division,
                "licences": [{ "number": format!("豫小{i:05}"), "expires": expires }],
            });
            officer.post("/api/parties", &new).await.expect(200);
        }
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=3 {
            let answer =
                officer.get(&format!("/api/parties?sort=name&size=10&page={page}")).await.expect(200);
            assert_eq!(answer["total"], 23);
            for item in answer["items"].as_array().unwrap() {
                assert!(seen.insert(item["name"].as_str().unwrap().to_owned()));
            }
        }
        assert_eq!(seen.len(), 23);
        let table = [
            ("division=410922", 11),
            ("division=4109", 23),
            ("division=33", 0),
            ("kind=canteen", 8),
            ("kind=canteen,shop&division=410902", 12),
            ("status=closed", 0),
            ("expires_by=2026-12-31", 1),
            ("q=%E5%8F%B7%E5%BA%97", 23),
            ("q=%E5%8F%B7%E5%BA%97&division=410922", 11),
            ("q=%E5%8F%B7%E5%BA%97&kind=canteen", 8),
            ("q=%E5%8F%B7%E5%BA%97&expires_by=2026-12-31", 1),
            ("simulated=true", 0),
        ];
        for (query, total) in table {
            let answer = officer.get(&format!("/api/parties?{query}")).await.expect(200);
            assert_eq!(answer["total"], total, "{query}");
        }
        officer.get("/api/parties?division=abc").await.refused(422, "division_form");
        officer.get("/api/parties?expires_by=soon").await.refused(422, "date_syntax");
    });
}

#[test]
fn further_places_come_and_go() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let made = officer.post("/api/parties", &shop("老王超市")).await.expect(200);
        let id = made["party"]["id"].as_str().unwrap();
        let path = format!("/api/parties/{id}/sites");
        let site = json!({ "name": "城东仓库", "kind": "warehouse", "division": "410902" });
        let site = officer.post(&path, &site).await.expect(200);
        let bad = json!({ "name": "", "kind": "cellar", "division": "410902" });
        officer.post(&path, &bad).await.refused(422, "name_missing");
        let one = format!("{path}/{}", site["id"].as_str().unwrap());
        officer.delete(&one).await.expect(204);
        officer.delete(&one).await.refused(404, "not_found");
        let dossier = officer.get(&format!("/api/parties/{id}")).await.expect(200);
        assert_eq!(dossier["sites"][0]["closed_at"], NOW);
        assert_eq!(dossier["changes"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn search_after_a_restart_knows_what_it_knew_before() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        for i in 0..5 {
            let mut new = shop(&format!("老王{i}店"));
            new["licences"] =
                json!([{ "number": format!("豫小{i:05}") }, { "number": format!("豫餐{i:05}") }]);
            let made = officer.post("/api/parties", &new).await.expect(200);
            new["seq"] = made["party"]["seq"].clone();
            new["note"] = json!("改过");
            let id = made["party"]["id"].as_str().unwrap();
            officer.put(&format!("/api/parties/{id}"), &new).await.expect(200);
        }
        let db = world.test.db.clone();
        let fresh = tokio::task::spawn_blocking(move || crate::open(&db).unwrap()).await.unwrap();
        let held = world.house.held::<crate::Search>();
        for text in ["laowang", "豫小00003", "豫餐00004", "胜利路"] {
            let query = crate::search::Query {
                text: text.to_owned(),
                jurisdiction: vec![String::new()],
                take: 100,
                ..Default::default()
            };
            assert_eq!(fresh.find(&query), held.find(&query), "{text}");
            assert!(fresh.find(&query).total > 0, "{text}");
        }
    });
}

#[test]
fn every_statement_prepares_on_both() {
    for world in World::all() {
        let statements = crate::store::STATEMENTS;
        world
            .test
            .db
            .write_blocking(|tx| statements.iter().try_for_each(|(_, sql)| tx.prepare_only(*sql)))
            .unwrap();
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}
