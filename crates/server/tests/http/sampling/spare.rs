//! The spare of a recheck cannot be tested.

use serde_json::json;

use super::bench;
use super::recheck::{apply, drawn, other, result, scanned, served};
use crate::findings::{act, refused, sound};
use crate::world::each;

#[test]
fn a_spare_that_cannot_be_tested_ends_the_recheck_only_when_a_leader_says_so() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let found = json!([result("苯甲酸", "1.5 g/kg"), result("山梨酸", "1.5 g/kg")]);
        let (id, blind) = served(&b, &w, "S1", found).await;
        b.owner
            .post(&format!("/api/own-samples/{id}/acts"), &apply("apply", &["苯甲酸", "山梨酸"]))
            .await
            .expect(200);
        act(&b.officer, &id, json!({ "action": "admit" })).await;
        // once it was admitted nobody refuses it any more, as the law has it
        let no = || json!({ "action": "no_recheck", "form": { "why": "late", "decision": "逾期" } });
        refused(&b.officer, &id, no(), 409, "needs_clock").await;
        let unfit = format!("/api/assays/{blind}/unfit");
        let seal = json!({ "found": "seal", "finding": "封条右下角撕开，编号看不清" });
        o.clerk.post(&unfit, &seal).await.refused(404, "not_found");
        drawn(&b, &w, &id).await;
        refused(&b.officer, &id, no(), 409, "needs_clock").await;
        // only the laboratory that was drawn, and with what it found
        b.clerk.post(&unfit, &seal).await.refused(404, "not_found");
        let say = json!({ "action": "spare_unfit", "form": &seal });
        refused(&b.officer, &id, say, 409, "use_sampling").await;
        o.clerk.post(&unfit, &json!({ "found": "seal", "finding": "" })).await.refused(422, "form_missing");
        let offer = json!({ "part": "spare", "receiver": w.farm });
        b.clerk.post(&format!("/api/assays/{blind}/offers"), &offer).await.expect(200);
        o.clerk.post(&unfit, &seal).await.expect(200);
        // until a leader decided it is not taken over
        let whole = json!({ "seal_whole": true, "temperature": "4" });
        let receive = format!("/api/assays/{blind}/receive");
        o.clerk.post(&receive, &whole).await.refused(409, "needs_flag");
        let decide = |action: &str| json!({ "action": action, "form": { "decision": "经双方核对封条照片" } });
        refused(&b.officer, &id, decide("recheck_stopped"), 403, "not_permitted").await;
        act(&b.leader, &id, decide("spare_fit")).await;
        o.clerk.post(&receive, &whole).await.expect(200);
        let spoilt = json!({ "found": "spoilt", "finding": "开封后胀袋，有酸败气味" });
        o.clerk.post(&unfit, &spoilt).await.expect(200);
        let results = json!({ "items": [result("苯甲酸", "0.1 g/kg"), result("山梨酸", "0.1 g/kg")] });
        o.clerk.post(&format!("/api/assays/{blind}/results"), &results).await.refused(409, "needs_flag");
        let ended = act(&b.leader, &id, decide("recheck_stopped")).await;
        assert_eq!(ended["status"], "disposal", "{ended}");
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(detail["sample"]["verdict"], "fails", "what was found first stands: {detail}");
        assert!(scanned(&b, &w).await.contains("监督抽检不合格"));
        // the history names what was asked for, and what was found of the spare
        let told = b.officer.get(&format!("/api/cases/{id}/history")).await.expect(200);
        let said = |action: &str| -> Vec<String> {
            let steps = told["steps"].as_array().unwrap().iter().filter(|s| s["action"] == action);
            let said = steps.flat_map(|s| s["said"].as_array().unwrap());
            said.map(|s| s["text"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(said("apply"), ["有异议", "苯甲酸、山梨酸"]);
        assert_eq!(said("spare_unfit")[0], "封条或包装破损");
        sound(&w);
    });
}
