//! The business and its own samples: the signed report is there once it was served, for its own people alone.

use kit_test::Client;
use serde_json::{Value, json};

use super::recheck::{apply, handed, other, rechecked, result};
use super::{bench, people, sent, task, tested, told};
use crate::findings::{act, sound};
use crate::world::{World, each};

async fn mine(client: &Client, id: &str) -> Value {
    let own = client.get("/api/own-samples").await.expect(200);
    own["items"].as_array().unwrap().iter().find(|s| s["id"] == *id).unwrap().clone()
}

fn names(sample: &Value) -> Vec<&str> {
    sample["documents"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap()).collect()
}

async fn number(officer: &Client, id: &str, code: &str) -> String {
    let case = officer.get(&format!("/api/cases/{id}")).await.expect(200);
    let all = case["documents"].as_array().unwrap();
    all.iter().find(|d| d["code"] == code).unwrap()["number"].as_str().unwrap().to_owned()
}

async fn strangers(w: &World) -> Vec<Client> {
    people(
        w,
        &[
            ("clerk.factory", "business_clerk", Err(w.factory.clone())),
            ("owner.far", "business_owner", Err(w.far_shop.clone())),
        ],
    )
    .await;
    let mut out = Vec::new();
    for name in ["owner.far", "officer2", "sysadmin", "clerk"] {
        out.push(w.sign_in(name).await);
    }
    out
}

#[test]
fn a_report_goes_to_the_business_when_it_is_served_and_to_nobody_else() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let strangers = strangers(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap();
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, json!([result("苯甲酸", "1.5 g/kg")])).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        let report = number(&b.officer, id, "report").await;
        let path = format!("/api/cases/{id}/documents/{report}.pdf");
        // signed, and not served: the office has it, the business knows nothing of it
        assert!(b.officer.get(&path).await.bytes.starts_with(b"%PDF"));
        b.owner.get(&path).await.refused(404, "not_found");
        assert_eq!(mine(&b.owner, id).await["documents"], json!([]));
        told(&b.officer, id).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, id, serve).await;
        let served = mine(&b.owner, id).await;
        assert_eq!(names(&served), ["抽样检验结果通知书", "检验报告"], "{served}");
        assert_eq!(served["documents"][1]["number"], json!(report));
        assert!(b.owner.get(&path).await.bytes.starts_with(b"%PDF"));
        assert!(w.sign_in("clerk.factory").await.get(&path).await.bytes.starts_with(b"%PDF"));
        for stranger in &strangers {
            stranger.get(&path).await.refused(404, "not_found");
        }
        w.public().get(&path).await.refused(401, "sign_in_required");
        b.owner.get(&format!("/api/cases/{id}/documents/none.pdf")).await.refused(404, "not_found");
        // with the recheck comes its report
        let asked = apply("apply", &["苯甲酸", "防腐剂比例之和"]);
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &asked).await.expect(200);
        handed(&b, &w, &o, id, &blind).await;
        rechecked(&o, &blind, json!([result("苯甲酸", "0.4 g/kg")])).await;
        let after = mine(&b.owner, id).await;
        assert_eq!(names(&after)[0], "复检报告");
        assert_eq!(
            (&after["overturned"], &after["recheck"]["verdict"]),
            (&json!(true), &json!("overturned")),
            "{after}"
        );
        let last = number(&b.officer, id, "recheck_report").await;
        assert!(
            b.owner.get(&format!("/api/cases/{id}/documents/{last}.pdf")).await.bytes.starts_with(b"%PDF")
        );
        sound(&w);
    });
}

#[test]
fn the_report_of_what_conforms_needs_no_service() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap();
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, json!([result("苯甲酸", "0.3 g/kg")])).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        let own = mine(&b.owner, id).await;
        assert_eq!((names(&own), &own["verdict"]), (vec!["检验报告"], &json!("conforms")), "{own}");
        let report = number(&b.officer, id, "report").await;
        let pdf = b.owner.get(&format!("/api/cases/{id}/documents/{report}.pdf")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"));
    });
}

#[test]
fn the_business_has_the_sheet_and_the_notice_from_the_seal_on() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap();
        let path = |code: &str| format!("/api/own-samples/{id}/papers/{code}");
        b.owner.get(&path("sheet")).await.refused(404, "not_found");
        sent(&b, &w, &sample, "S1").await;
        let own = b.owner.get("/api/own-samples").await.expect(200)["items"][0].clone();
        assert_eq!(own["papers"].as_array().unwrap().len(), 2, "{own}");
        for code in ["sheet", "informed"] {
            let paper = b.owner.get(&path(code)).await;
            assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF-"), "{}", paper.text());
            let again = b.officer.get(&format!("/api/samples/{id}/papers/{code}")).await;
            assert_eq!(again.bytes, paper.bytes, "the same bytes each time, for whoever may have it");
        }
        b.owner.get(&path("other")).await.refused(404, "not_found");
        // another business has nothing of it
        b.clerk.get(&path("sheet")).await.refused(404, "not_found");
        // whoever holds it asks whether it is genuine
        let key = id.to_owned();
        let code = w.house.db.read(move |tx| {
            let sql = kit_db::Sql::One("SELECT paper_code FROM samples WHERE id = $1");
            tx.one::<String>(sql, kit_db::params![&key])
        });
        let code = code.await.unwrap().unwrap();
        let genuine = w.public().get(&format!("/api/documents/{code}")).await.expect(200);
        assert_eq!(genuine["number"], sample["sample_no"]);
        assert!(!genuine.to_string().contains("龙都"), "nothing of the business: {genuine}");
    });
}
