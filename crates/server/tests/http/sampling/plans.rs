//! Plans and their cells.

use serde_json::{Value, json};

use super::{bench, sent};
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
