//! Places, foods and people of sampling tasks drawn so that anybody can do it again.

use serde_json::{Value, json};

use crate::draws::by_python;
use crate::findings::id;
use crate::sampling::{lab_body, people};
use crate::world::{World, each};

/// A plan of the county with a cell for each stage; answers it.
async fn plan(w: &World, officer: &kit_test::Client) -> Value {
    let cell = |category: &str, name: &str, stage: &str, division: &str, quota: i64| json!({ "category": category, "category_name": name, "stage": stage, "division": division, "items": ["苯甲酸"], "quota": quota });
    let new = json!({ "name": "县抽二季度", "year": 2026, "division": "410902", "source": "county", "quotas": [
        cell("4", "豆制品", "produce", "410902", 2), cell("4.1", "豆干", "trade", "410902", 3), cell("20", "餐饮自制", "catering", "410902", 1),
    ] });
    officer.post("/api/labs", &lab_body(&w.shop, false)).await.expect(200);
    officer.post("/api/sample-plans", &new).await.expect(200)
}

fn saved(file: &Value) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("draw.json");
    std::fs::write(&place, file.to_string()).unwrap();
    (folder, place)
}

/// A draw of the county that was drawn, and one that was not.
pub async fn scene(w: &World, officer: &kit_test::Client, plan: &str) -> [(String, String); 2] {
    let new = json!({ "name": "随机", "plan": plan, "division": "410902", "count": 1, "most": 1 });
    let drawn = officer.post("/api/sample-draws", &new).await.expect(200);
    crate::ledger::signed(&w.house).await;
    officer.post(&format!("/api/sample-draws/{}/run", id(&drawn)), &json!({})).await.expect(200);
    let undrawn = officer.post("/api/sample-draws", &new).await.expect(200);
    [("sample_draw", id(&drawn)), ("sample_undrawn", id(&undrawn))].map(|(n, v)| (n.to_owned(), v))
}

#[test]
fn places_foods_and_people_are_drawn_and_become_tasks() {
    each(async |w| {
        people(&w, &[("second", "officer", Ok("410902")), ("third", "officer", Ok("410922"))]).await;
        let officer = w.sign_in("officer1").await;
        let plan = plan(&w, &officer).await;
        let cells = plan["cells"].as_array().unwrap();
        let trade = cells.iter().find(|c| c["stage"] == "trade").unwrap()["id"].clone();
        let new = json!({ "name": "二季度随机", "plan": plan["plan"]["id"], "division": "410902", "count": 4, "most": 2 });
        for (field, value, code) in [
            ("name", json!(""), "name_form"),
            ("count", json!(0), "count_range"),
            ("most", json!(0), "most_range"),
            ("apart_days", json!(400), "apart_range"),
            ("division", json!("x"), "division_form"),
            ("division", json!("410922"), "out_of_scope"),
            ("plan", json!("none"), "plan_unknown"),
            ("quotas", json!(["none"]), "quota_unknown"),
            ("officers", json!(["nobody"]), "person_unfit"),
        ] {
            let mut wrong = new.clone();
            wrong[field] = value;
            officer.post("/api/sample-draws", &wrong).await.refused(422, code);
        }
        let draw = officer.post("/api/sample-draws", &new).await.expect(200);
        assert_eq!(
            (&draw["seats"], &draw["officers"], &draw["drawn_at"]),
            (&json!(4), &json!(3), &Value::Null)
        );
        let (path, public) =
            (format!("/api/sample-draws/{}", id(&draw)), format!("/api/public/sample-draws/{}", id(&draw)));
        let before = w.public().get(&public).await.expect(200);
        assert_eq!(
            (&before["seed"], &before["pool"], &before["result"]),
            (&json!(""), &json!(""), &json!([]))
        );
        assert_eq!(before["seed_hash"], draw["seed_hash"]);
        officer.post(&format!("{path}/run"), &json!({})).await.refused(409, "draw_early");
        let how = json!({ "mode": "outer", "kind": "supervision", "lab": w.shop });
        officer.post(&format!("{path}/tasks"), &how).await.refused(409, "draw_not_yet");
        w.sign_in("officer2").await.post(&format!("{path}/run"), &json!({})).await.refused(404, "not_found");

        crate::ledger::signed(&w.house).await;
        let drawn = officer.post(&format!("{path}/run"), &json!({})).await.expect(200);
        let seats = drawn["seats"].as_array().unwrap();
        assert_eq!(seats.len(), 4);
        for s in seats.iter().filter(|s| s["code"] != "") {
            assert_eq!(s["officers"].as_array().unwrap().len(), 2, "{s}");
            let kind =
                officer.get(&format!("/api/parties/{}", s["party"].as_str().unwrap())).await.expect(200);
            let stage = parties::reference::get().stage(kind["party"]["kind"].as_str().unwrap());
            assert_eq!(s["stage"], stage, "{s}");
        }
        let again = officer.post(&format!("{path}/run"), &json!({})).await.expect(200);
        assert_eq!(again["seats"], drawn["seats"]);
        // the office may do it again at once; the public once the places know
        let file = officer.get(&format!("{path}/file")).await.expect(200);
        let read: kit_draw::DrawFile = serde_json::from_value(file.clone()).unwrap();
        assert_eq!(kit_draw::verify(&read).unwrap(), 4);
        let (_kept, place) = saved(&file);
        assert_ne!(by_python(&place), Some(false));
        let mut other = file.clone();
        other["result"][0]["cell"] = json!("other");
        let (_kept, place) = saved(&other);
        assert_ne!(by_python(&place), Some(true));
        assert_eq!(w.public().get(&public).await.expect(200)["result"], json!([]));

        let made = officer.post(&format!("{path}/tasks"), &how).await.expect(200);
        assert_eq!(made["made"].as_i64().unwrap() + made["left"].as_i64().unwrap(), 4);
        assert!(made["made"].as_i64().unwrap() >= 2, "{made}");
        officer.post(&format!("{path}/tasks"), &how).await.refused(409, "draw_used");
        let view = officer.get(&path).await.expect(200);
        assert_eq!(view["waiting"], made["made"]);
        assert_eq!(w.public().get(&public).await.expect(200)["result"], json!([]));
        for s in view["seats"].as_array().unwrap().iter().filter(|s| s["sample"] != "") {
            let sample =
                officer.get(&format!("/api/samples/{}", s["sample"].as_str().unwrap())).await.expect(200);
            assert_eq!((&sample["sample"]["quota"], &sample["sample"]["party"]), (&s["quota"], &s["party"]));
        }
        // what was drawn fills the cells: as many are open as are left
        let full = json!({ "name": "再抽", "plan": plan["plan"]["id"], "division": "410902", "quotas": [trade], "count": 9, "most": 9, "apart_days": 30 });
        officer.post("/api/sample-draws", &full).await.refused(422, "pool_empty");
        let list =
            officer.get("/api/sample-draws?state=used&q=%E4%BA%8C%E5%AD%A3%E5%BA%A6").await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &draw["id"]));
        assert_eq!(officer.get("/api/sample-draws?state=committed").await.expect(200)["total"], 0);
        let wanted = |state: &str| json!({ "format": "csv", "list": { "state": state } });
        let text = crate::findings::exported(&w, &officer, "/api/sample-draws", &wanted("used")).await;
        assert!(text.contains("二季度") && text.contains("已派发任务"), "{text}");
        let none = crate::findings::exported(&w, &officer, "/api/sample-draws", &wanted("committed")).await;
        assert!(none.contains("种子摘要值") && !none.contains("二季度"), "{none}");
        assert_eq!(w.sign_in("officer2").await.get("/api/sample-draws").await.expect(200)["total"], 0);
    });
}

#[test]
fn who_was_drawn_is_told_once_every_task_was_taken() {
    each(async |w| {
        people(&w, &[("second", "officer", Ok("410902"))]).await;
        let officer = w.sign_in("officer1").await;
        let plan = plan(&w, &officer).await;
        let new = json!({ "name": "随机", "plan": plan["plan"]["id"], "division": "410902", "count": 1, "most": 1 });
        let draw = officer.post("/api/sample-draws", &new).await.expect(200);
        crate::ledger::signed(&w.house).await;
        let path = format!("/api/sample-draws/{}", id(&draw));
        officer.post(&format!("{path}/run"), &json!({})).await.expect(200);
        let how = json!({ "mode": "outer", "kind": "supervision", "lab": w.shop });
        officer.post(&format!("{path}/tasks"), &how).await.expect(200);
        let view = officer.get(&path).await.expect(200);
        let sample = view["seats"][0]["sample"].as_str().unwrap().to_owned();
        let leader = w.sign_in("leader").await;
        crate::findings::act(&leader, &sample, json!({ "op": { "do": "void" }, "note": "重复任务" })).await;
        let file = w.public().get(&format!("/api/public/sample-draws/{}", id(&draw))).await.expect(200);
        let read: kit_draw::DrawFile = serde_json::from_value(file).unwrap();
        assert_eq!(kit_draw::verify(&read).unwrap(), 1);
    });
}
