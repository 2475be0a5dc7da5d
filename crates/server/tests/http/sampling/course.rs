//! From the task to a report that is locked.

use serde_json::json;

use super::{bench, photos, sent, sheet, task, tested};
use crate::findings::sound;
use crate::world::each;

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
