//! Declared corrections: who may, who is told, what follows, and that everybody sees them.

use serde_json::{Value, json};

use super::{Bench, bench, people, sent, task, tested};
use crate::findings::sound;
use crate::world::{World, each};

/// A report that conforms: case, blind code, the code on the report.
async fn conforming(b: &Bench, w: &World, seal: &str) -> (String, String, String) {
    let sample = task(b, w, "outer").await;
    let id = sample["id"].as_str().unwrap().to_owned();
    let blind = sent(b, w, &sample, seal).await;
    let results = json!([
        { "item": "苯甲酸", "method": "GB 5009.28", "result": "0.30 g/kg" },
        { "item": "山梨酸", "method": "GB 5009.28", "result": "未检出" },
    ]);
    tested(b, &blind, results).await;
    let issued = b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
    assert_eq!(issued["verdict"], "conforms", "{issued}");
    let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
    let verify = case["documents"][0]["verify"].as_str().unwrap().to_owned();
    (id, blind, verify)
}

async fn correct(b: &Bench, blind: &str, result: &str, reason: &str) -> Value {
    let body = json!({ "item": "苯甲酸", "result": result, "reason": reason });
    b.head.post(&format!("/api/assays/{blind}/corrections"), &body).await.expect(200)
}

async fn published(w: &World) -> Vec<Value> {
    w.public().get("/open/sample?format=json").await.expect(200)["items"].as_array().unwrap().clone()
}

async fn open_findings(b: &Bench) -> Vec<Value> {
    let all = b.officer.get("/api/findings?state=open").await.expect(200);
    let of = |f: &&Value| f["source"] == "sample" && f["closed_at"].is_null();
    all["items"].as_array().unwrap().iter().filter(of).cloned().collect()
}

#[test]
fn whoever_entered_or_verified_declares_no_correction() {
    each(async |w| {
        let b = bench(&w).await;
        people(&w, &[("head2.lab", "business_owner", Err(w.shop.clone()))]).await;
        let head2 = w.sign_in("head2.lab").await;
        let sample = task(&b, &w, "outer").await;
        let blind = sent(&b, &w, &sample, "S1").await;
        let assay = format!("/api/assays/{blind}");
        let over = json!({ "seal_whole": true, "temperature": "4.5" });
        b.clerk.post(&format!("{assay}/accept"), &over).await.expect(200);
        let results =
            json!({ "items": [{ "item": "苯甲酸", "method": "GB 5009.28", "result": "0.3 g/kg" }] });
        b.clerk.post(&format!("{assay}/results"), &results).await.expect(200);
        // the one who signs reports verified this one; another signs it
        b.head.post(&format!("{assay}/verify"), &json!({})).await.expect(200);
        head2.post(&format!("{assay}/issue"), &json!({})).await.expect(200);
        let correction = json!({ "item": "苯甲酸", "result": "0.31 g/kg", "reason": "修约" });
        let path = format!("{assay}/corrections");
        b.head.post(&path, &correction).await.refused(403, "same_person");
        let steps = b.head.get(&format!("{assay}/steps")).await.expect(200);
        let step = steps["steps"].as_array().unwrap().iter().find(|s| s["code"] == "correct").unwrap();
        assert_eq!((&step["may"], &step["code_why"]), (&json!(false), &json!("same_person")), "{step}");
        head2.post(&path, &correction).await.expect(200);
        sound(&w);
    });
}

#[test]
fn what_still_conforms_is_published_again_and_everybody_sees_the_correction() {
    each(async |w| {
        let b = bench(&w).await;
        let (id, blind, verify) = conforming(&b, &w, "S1").await;
        let before = published(&w).await;
        assert_eq!(before.len(), 1);
        let genuine = w.public().get(&format!("/api/documents/{verify}")).await.expect(200);
        assert_eq!(genuine["remarks"], json!([]));
        correct(&b, &blind, "0.35 g/kg", "稀释倍数录错").await;
        let after = published(&w).await;
        assert_eq!(after.len(), 1, "withdrawn as it stood, and told as it is: {after:?}");
        assert_ne!(after[0]["id"], before[0]["id"]);
        assert!(after[0].to_string().contains("由 0.30 g/kg 更正为 0.35 g/kg"), "{after:?}");
        // whoever holds the report reads it, on the page and by program
        let genuine = w.public().get(&format!("/api/documents/{verify}")).await.expect(200);
        let remark = genuine["remarks"][0].as_str().unwrap();
        assert!(remark.contains("更正后所检项目合格") && remark.contains("稀释倍数录错"), "{remark}");
        let page = String::from_utf8(w.public().get(&format!("/doc/{verify}")).await.bytes).unwrap();
        assert!(page.contains("文书真实，内容已声明更正") && page.contains("更正为 0.35 g/kg"), "{page}");
        // the business that was sampled, and the bureau
        let own = b.owner.get("/api/own-samples").await.expect(200)["items"][0].clone();
        let told = &own["corrections"][0];
        assert_eq!((&told["before"], &told["after"]), (&json!("0.30 g/kg"), &json!("0.35 g/kg")), "{own}");
        assert_eq!((&own["verdict"], &told["outcome"]), (&json!("conforms"), &json!("conforms")));
        for (who, link) in [(&b.owner, "/own-samples".to_owned()), (&b.officer, format!("/samples/{id}"))] {
            let all = who.get("/api/notices").await.expect(200);
            let told = all["items"].as_array().unwrap().iter().find(|n| n["title"] == "检验结果声明更正");
            assert_eq!(told.unwrap_or(&Value::Null)["link"], json!(link), "{all}");
        }
        assert_eq!(open_findings(&b).await.len(), 0);
        sound(&w);
    });
}

#[test]
fn what_comes_to_fail_begins_its_course_at_once() {
    each(async |w| {
        let b = bench(&w).await;
        let (id, blind, verify) = conforming(&b, &w, "S1").await;
        correct(&b, &blind, "1.30 g/kg", "稀释倍数录错").await;
        assert_eq!(published(&w).await, Vec::<Value>::new(), "not as conforming, and nobody was served");
        let found = open_findings(&b).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0]["what"].as_str().unwrap().contains("苯甲酸 1.3 g/kg"), "{found:?}");
        // the new case names the old, and the old one the new
        let old = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!((&old["sample"]["verdict"], &old["corrected"]), (&json!("conforms"), &json!("fails")));
        let next = &old["followed_by"][0];
        let seen = b.officer.get(&format!("/api/samples/{}", next["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(seen["follows"]["id"], json!(id));
        assert_eq!(
            (&seen["sample"]["status"], &seen["sample"]["party"]),
            (&json!("planned"), &json!(w.factory))
        );
        assert_eq!(seen["asked"], json!(["山梨酸", "苯甲酸"]), "the item, and the parts of the ratio");
        for officer in [&b.officer, &b.leader] {
            let told = officer.get("/api/notices").await.expect(200).to_string();
            let no = next["sample_no"].as_str().unwrap();
            assert!(told.contains("检验结果声明更正") && told.contains(no), "{told}");
        }
        let listed = b.officer.get("/api/samples?verdict=fails").await.expect(200);
        assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(id)), "{listed}");
        let own = b.owner.get("/api/own-samples").await.expect(200)["items"][0].clone();
        assert_eq!((&own["verdict"], &own["failing"][0]["item"]), (&json!("fails"), &json!("苯甲酸")));
        let genuine = w.public().get(&format!("/api/documents/{verify}")).await.expect(200);
        assert!(genuine["remarks"][0].as_str().unwrap().contains("更正后不合格"), "{genuine}");
        // another that fails as well begins nothing twice
        correct(&b, &blind, "1.31 g/kg", "再核").await;
        assert_eq!(open_findings(&b).await.len(), 1);
        // one that conforms again ends the finding and is published
        correct(&b, &blind, "0.31 g/kg", "再核").await;
        assert_eq!(open_findings(&b).await.len(), 0);
        assert_eq!(published(&w).await.len(), 1);
        sound(&w);
    });
}

#[test]
fn a_failure_that_stands_is_told_as_it_is_now() {
    each(async |w| {
        let b = bench(&w).await;
        let found = json!([
            super::recheck::result("苯甲酸", "1.5 g/kg"),
            super::recheck::result("大肠菌群", "2000;10;10;10;10")
        ]);
        let (id, blind) = super::recheck::served(&b, &w, "S1", found).await;
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
        assert!(published(&w).await[0]["title"].as_str().unwrap().contains("苯甲酸"));
        correct(&b, &blind, "0.5 g/kg", "稀释倍数录错").await;
        let title = published(&w).await[0]["title"].as_str().unwrap().to_owned();
        assert!(title.contains("大肠菌群") && !title.contains("苯甲酸"), "{title}");
        let marks = b.officer.get(&format!("/api/lots/{}/notices", b.lot)).await.expect(200);
        assert!(!marks[0]["reason"].as_str().unwrap().contains("苯甲酸"), "{marks}");
        let own = b.owner.get("/api/own-samples").await.expect(200)["items"][0].clone();
        assert_eq!(own["failing"].as_array().unwrap().len(), 1, "{own}");
        sound(&w);
    });
}
