//! Plans and their cells.

use serde_json::{Value, json};

use super::{bench, people, sent};
use crate::findings::{my_id, photo};
use crate::world::{NOW, each};

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

/// Messages of somebody about plans, the latest first.
async fn told(client: &kit_test::Client) -> Vec<(String, String)> {
    let all = client.get("/api/notices?size=50").await.expect(200);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let items = all["items"].as_array().unwrap().iter();
    items
        .filter(|m| m["title"].as_str().unwrap().starts_with("抽检计划"))
        .map(|m| (text(&m["title"]), text(&m["body"])))
        .collect()
}

#[test]
fn a_plan_of_the_city_is_seen_and_heard_of_where_its_cells_are() {
    each(async |w| {
        people(&w, &[("city.one", "officer", Ok("4109"))]).await;
        let (city, one, two) =
            (w.sign_in("city.one").await, w.sign_in("officer1").await, w.sign_in("officer2").await);
        let cell = |category: &str, division: &str, quota: i64| json!({ "category": category, "category_name": "豆制品", "stage": "trade", "division": division, "items": [], "quota": quota });
        let plan = |cells: Vec<Value>| json!({ "name": "2026 年市级抽检", "year": 2026, "division": "4109", "source": "city", "quotas": cells });
        let cells = vec![
            cell("4", "410902", 5),
            cell("5", "410902", 7),
            cell("4", "410922", 3),
            cell("6", "4109", 2),
        ];
        let made = city.post("/api/sample-plans", &plan(cells)).await.expect(200);
        let alone = city.post("/api/sample-plans", &plan(vec![cell("4", "410922", 1)])).await.expect(200);
        let path = format!("/api/sample-plans/{}", made["plan"]["id"].as_str().unwrap());
        let counted = async |client: &kit_test::Client| {
            let plans = client.get("/api/sample-plans").await.expect(200).as_array().unwrap().len();
            (plans, client.get(&path).await.expect(200)["cells"].as_array().unwrap().len())
        };
        assert_eq!(
            (counted(&city).await, counted(&one).await, counted(&two).await),
            ((2, 4), (1, 2), (2, 1))
        );
        let other = format!("/api/sample-plans/{}", alone["plan"]["id"].as_str().unwrap());
        one.get(&other).await.refused(404, "not_found");
        one.get(&format!("{other}/sheet")).await.refused(404, "not_found");
        one.get(&format!("{other}/changes")).await.refused(404, "not_found");
        assert_eq!(
            told(&one).await,
            [(
                "抽检计划下达：2026 年市级抽检".into(),
                "2026 年度，本辖区 2 个指标，共 12 批次，请安排抽样".into()
            )]
        );
        assert_eq!((told(&city).await.len(), told(&two).await.len()), (0, 2));

        // what is changed is told where it is, and only there; the county changes nothing itself
        let first = one.get(&path).await.expect(200)["cells"][0]["id"].clone();
        let change = json!({ "reason": "一季度提前完成", "cells": [{ "cell": first, "quota": 9 }] });
        one.post(&format!("{path}/changes"), &change).await.refused(404, "not_found");
        w.house.clock.advance(1_000);
        city.post(&format!("{path}/changes"), &change).await.expect(200);
        assert_eq!(told(&one).await[0].1, "第 1 次调整，本辖区 1 个指标有变动：一季度提前完成");
        assert_eq!(told(&two).await.len(), 2);
        assert_eq!(one.get(&format!("{path}/changes")).await.expect(200).as_array().unwrap().len(), 1);
    });
}
