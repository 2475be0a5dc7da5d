//! What the pages of sampling ask for: lists that are searched, sorted and exported, the desk of a laboratory, who may not and why, sheets
//! that are read before anything is kept.

use serde_json::json;

use crate::sampling::{bench, sent, task, tested};
use crate::world::each;

#[test]
fn the_list_is_searched_sorted_narrowed_and_exported() {
    each(async |w| {
        let b = bench(&w).await;
        let first = task(&b, &w, "outer").await;
        w.house.clock.advance(60_000);
        let second = task(&b, &w, "inner").await;
        sent(&b, &w, &second, "S1").await;
        let list = async |query: &str| {
            let got = b.officer.get(&format!("/api/samples?{query}")).await.expect(200);
            let ids = got["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned());
            assert_eq!(got["total"], json!(ids.len()), "{query}");
            ids.collect::<Vec<_>>()
        };
        let id = |s: &serde_json::Value| s["id"].as_str().unwrap().to_owned();
        let (one, two) = (id(&first), id(&second));
        assert_eq!(list("").await, [two.clone(), one.clone()]);
        assert_eq!(list("sort=opened_up").await, [one.clone(), two.clone()]);
        assert_eq!(list("sort=taken").await, [two.clone(), one.clone()], "what was not taken comes last");
        assert_eq!(list("mode=inner").await, std::slice::from_ref(&two));
        assert_eq!(list(&format!("lab={}", w.shop)).await.len(), 2);
        assert!(list("lab=none").await.is_empty());
        assert_eq!(list("category=4").await.len(), 2, "4.1 stands below 4");
        assert!(list("category=4.1.1").await.is_empty());
        assert_eq!(list("q=%E9%BE%99%E9%83%BD").await.len(), 2, "by the name of the place: 龙都");
        assert_eq!(list("status=taken").await, std::slice::from_ref(&two));
        b.officer.get("/api/samples?sort=wrong").await.refused(422, "sort_unknown");
        b.officer.get("/api/samples?from=heute").await.refused(422, "date_form");
        // a clock runs in each, and none is over
        let all = b.officer.get("/api/samples?sort=due").await.expect(200);
        let row = &all["items"][0];
        assert_eq!((&row["due_clock"], &row["late"]), (&json!("deliver"), &json!(false)));
        assert!(row["due_at"].as_i64().unwrap() > w.house.clock.now());
        assert!(row["sheet"].is_null(), "a list does not carry forms");
        assert!(list("state=late").await.is_empty());
        w.house.clock.advance(12 * 86_400_000);
        // sessions are over by then as well
        let officer = w.sign_in("officer1").await;
        let late = officer.get("/api/samples?state=late").await.expect(200);
        assert_eq!(
            (&late["total"], &late["items"][0]["id"]),
            (&json!(1), &json!(two)),
            "five working days to the laboratory are over"
        );
        // the whole list as a file, as far as the asker sees
        let wanted = json!({ "format": "csv", "list": { "status": "taken" } });
        let job = officer.post("/api/samples/exports", &wanted).await.expect(200);
        crate::pages::run_jobs(&w);
        let path = format!("/api/samples/exports/{}/file", job["job"].as_str().unwrap());
        let text = String::from_utf8(officer.get(&path).await.bytes.to_vec()).unwrap();
        assert!(text.contains(second["sample_no"].as_str().unwrap()) && text.contains("内分离"), "{text}");
        assert!(!text.contains(first["sample_no"].as_str().unwrap()));
        // who may be sent: officers of the place, people of the laboratory
        let path = format!("/api/samples/samplers?division=410902&lab={}", w.shop);
        let people = officer.get(&path).await.expect(200);
        let people = people.as_array().unwrap();
        assert!(people.iter().any(|p| p["of_lab"] == true) && people.iter().any(|p| p["of_lab"] == false));
    });
}

#[test]
fn a_laboratory_sees_what_waits_and_who_may_not() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "quality").await;
        let blind = sent(&b, &w, &sample, "S1").await;
        let desk = async || b.clerk.get("/api/assays/desk").await.expect(200);
        let now = desk().await;
        assert_eq!((&now["accept"], &now["enter"]), (&json!(1), &json!(0)));
        assert_eq!(now["lab"]["items"].as_array().unwrap().len(), 3, "what it may test");
        assert!(b.owner.get("/api/assays/desk").await.expect(200)["lab"].is_null(), "a factory is none");
        let steps = async |client: &kit_test::Client| {
            let got = client.get(&format!("/api/assays/{blind}/steps")).await.expect(200);
            let list = got["steps"].as_array().unwrap().clone();
            move |code: &str| list.iter().find(|s| s["code"] == code).unwrap().clone()
        };
        let clerk = steps(&b.clerk).await;
        assert_eq!(clerk("accept")["may"], true);
        assert_eq!(clerk("enter")["code_why"], "action_not_here");
        assert_eq!(clerk("issue")["code_why"], "permission_missing");
        let path = |what: &str| format!("/api/assays/{blind}/{what}");
        // who signs gives it to anyone of the house, an analyst takes it, and nobody from elsewhere has it
        let (clerk, stranger) =
            (crate::findings::my_id(&b.clerk).await, crate::findings::my_id(&b.owner).await);
        b.head.post(&path("assign"), &json!({ "analyst": stranger })).await.refused(422, "analyst_unknown");
        b.clerk2.post(&path("assign"), &json!({ "analyst": clerk })).await.refused(422, "analyst_unknown");
        b.head.post(&path("assign"), &json!({ "analyst": clerk })).await.expect(204);
        assert_eq!(b.clerk.get("/api/assays?mine=1").await.expect(200)["total"], 1);
        assert_eq!(b.clerk2.get("/api/assays?mine=1").await.expect(200)["total"], 0);
        b.clerk.post(&path("accept"), &json!({ "seal_whole": true, "temperature": "4" })).await.expect(200);
        // a sheet is read with everything that is wrong, and nothing is kept
        let csv = "检验项目,检验方法,检验结果\n苯甲酸,GB 5009.28,0.3 g/kg\n铅,GB 5009.12,1\n山梨酸,GB 5009.28,不知道\n苯甲酸,GB 5009.28,0.4 g/kg\n";
        let read = b.clerk.upload(&path("results/read"), "text/csv", "r.csv", csv.into()).await.expect(200);
        assert_eq!(read["items"].as_array().unwrap().len(), 4);
        assert_eq!(read["defects"].as_array().unwrap().len(), 3, "{read}");
        assert!(read["defects"][0]["message"].as_str().unwrap().contains("资质"), "{read}");
        assert_eq!(desk().await["enter"], 1, "nothing was entered");
        let results =
            json!({ "items": [{ "item": "苯甲酸", "method": "GB 5009.28", "result": "0.30 g/kg" }] });
        b.clerk.post(&path("results"), &results).await.expect(200);
        assert_eq!(desk().await["verify"], 1);
        // told before anyone tries: who entered does not verify, and who verified does not sign
        let clerk = steps(&b.clerk).await;
        assert_eq!(
            (&clerk("verify")["may"], &clerk("verify")["code_why"]),
            (&json!(false), &json!("same_person"))
        );
        assert!(clerk("verify")["why"].as_str().unwrap().contains("录入"), "{}", clerk("verify"));
        assert_eq!(steps(&b.head).await("verify")["may"], true);
        b.head.post(&path("verify"), &json!({})).await.expect(200);
        assert_eq!(desk().await["check"], 1, "quality is looked at from outside");
        assert_eq!(steps(&b.head).await("issue")["may"], false);
        // searched by what it knows, and by nothing else
        let found =
            async |q: &str| b.clerk.get(&format!("/api/assays?q={q}")).await.expect(200)["total"].clone();
        assert_eq!(found(&blind.to_lowercase()).await, 1);
        assert_eq!(found(sample["sample_no"].as_str().unwrap()).await, 0);
        assert_eq!(
            b.clerk.get("/api/assays?step=check").await.expect(200)["items"][0]["blind"],
            json!(blind)
        );
        assert_eq!(b.clerk.get("/api/assays?step=issued").await.expect(200)["total"], 0);
        b.clerk.get("/api/assays?step=x").await.refused(422, "step_unknown");
    });
}

#[test]
fn plans_and_abilities_come_as_sheets_and_go_as_sheets() {
    each(async |w| {
        let b = bench(&w).await;
        let csv = "食品分类,分类名称,环节,区划代码,批次,检验项目\n4,豆制品,流通,410902,12,苯甲酸;山梨酸\n4.1,豆干,生产,410902,6,\n4,豆制品,流通,410902,3,\n4,豆制品,路边,410902,3,\n4,豆制品,餐饮,410922,3,\n";
        let path = "/api/sample-plans/sheet?division=410902";
        let read = b.officer.upload(path, "text/csv", "计划.csv", csv.into()).await.expect(200);
        assert_eq!(read["quotas"].as_array().unwrap().len(), 2, "{read}");
        assert_eq!((&read["rows"], &read["defects_total"]), (&json!(5), &json!(3)), "{read}");
        let body = json!({ "name": "年度计划", "year": 2026, "division": "410902", "source": "county", "quotas": read["quotas"] });
        let plan = b.officer.post("/api/sample-plans", &body).await.expect(200);
        let id = plan["plan"]["id"].as_str().unwrap();
        // what goes out can be read back
        let xlsx = b.officer.get(&format!("/api/sample-plans/{id}/sheet")).await;
        assert_eq!(xlsx.status, 200);
        let bytes = xlsx.bytes.to_vec();
        let again = b.officer.upload(path, kit_sheets::XLSX, "计划.xlsx", bytes).await.expect(200);
        assert_eq!(again["quotas"], read["quotas"], "{again}");
        let abilities =
            "项目,方法,检出限,定量限,单位\n苯甲酸,GB 5009.28,0.003,0.01,g/kg\n铅,GB 5009.12,很小,,mg/kg\n";
        let read =
            b.officer.upload("/api/labs/sheet", "text/csv", "能力.csv", abilities.into()).await.expect(200);
        assert_eq!(
            read["items"],
            json!([{ "item": "苯甲酸", "method": "GB 5009.28", "lod": "0.003", "loq": "0.01", "unit": "g/kg" }])
        );
        assert_eq!(read["defects_total"], 1);
    });
}

#[test]
fn a_limit_is_checked_once_by_another_and_stays_as_it_is() {
    each(async |w| {
        let b = bench(&w).await;
        let list =
            b.officer.get("/api/limits?q=%E5%B1%B1%E6%A2%A8&verified=0&category=4.1&day=2026-03-01").await;
        let list = list.expect(200);
        assert_eq!(list["total"], 1, "{list}");
        assert_eq!(b.officer.get("/api/limits?day=2019-12-31").await.expect(200)["total"], 0);
        let id = list["items"][0]["id"].as_str().unwrap();
        let path = format!("/api/limits/{id}/check");
        b.officer.post(&path, &json!({ "note": " " })).await.refused(422, "note_missing");
        let checked = b.officer.post(&path, &json!({ "note": "GB 2760-2024 表 A.1" })).await.expect(200);
        assert_eq!(
            (&checked["verified"], &checked["checked"]["note"]),
            (&json!(true), &json!("GB 2760-2024 表 A.1"))
        );
        assert_eq!(checked["bound"], list["items"][0]["bound"], "the row itself stays");
        b.second.post(&path, &json!({ "note": "再看" })).await.refused(409, "limit_verified");
        // a verdict says so
        let sample = task(&b, &w, "outer").await;
        let blind = sent(&b, &w, &sample, "S1").await;
        let results = json!([{ "item": "山梨酸", "method": "GB 5009.28", "result": "0.2 g/kg" }]);
        let seen = tested(&b, &blind, results).await;
        let judged =
            seen["judged"].as_array().unwrap().iter().find(|j| j["item"] == "山梨酸").unwrap().clone();
        assert_eq!(judged["limit"]["verified"], true, "{judged}");
    });
}
