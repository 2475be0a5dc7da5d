//! What a conclusion brings with it: it is reported, the spare is kept, and food from farms has its own days.

use serde_json::{Value, json};

use super::recheck::{apply, handed, other, rechecked, result, served};
use super::{bench, photos, sent, sheet, task, tested, told};
use crate::findings::{act, sound};
use crate::flows::clock;
use crate::world::{World, each};

fn days(detail: &Value, code: &str) -> Value {
    let all = detail["duties"].as_array().unwrap();
    all.iter().find(|d| d["code"] == code).cloned().unwrap_or(Value::Null)
}

async fn late(w: &World) {
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || sampling::tell_late(&house).unwrap()).await.unwrap();
}

#[test]
fn a_report_that_conforms_is_reported_and_its_spare_is_kept() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let path = format!("/api/samples/{id}");
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, json!([result("苯甲酸", "0.1 g/kg")])).await;
        assert_eq!(b.officer.get(&path).await.expect(200)["spare_kept"], Value::Null, "no conclusion yet");
        let issued = b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        // three months from the third of March; the laboratory reads it too
        assert_eq!(issued["spare_kept"]["until"], "2026-06-03", "{issued}");
        let detail = b.officer.get(&path).await.expect(200);
        assert_eq!(detail["sample"]["status"], "closed");
        let kept = &detail["spare_kept"];
        assert_eq!(
            (&kept["from"], &kept["needed"], &kept["months"]),
            (&json!("2026-06-04"), &json!(false), &json!(3))
        );
        // seven working days, though the case has ended
        let due = days(&detail, "tell_pass");
        assert_eq!(
            (&due["last_day"], &due["certainty"], &due["late"]),
            (&json!("2026-03-12"), &json!("M"), &json!(false))
        );
        late(&w).await;
        let before = b.leader.get("/api/notices").await.expect(200).to_string();
        assert!(!before.contains("合格结论报送已逾期"), "{before}");
        w.house.clock.advance(20 * 86_400_000);
        late(&w).await;
        late(&w).await;
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        let after = leader.get("/api/notices").await.expect(200).to_string();
        assert_eq!(after.matches("合格结论报送已逾期").count(), 1, "told once: {after}");
        // late, and still done
        let told = json!({ "code": "tell_pass", "told_to": "濮阳市市场监督管理局" });
        let nobody = json!({ "code": "tell_pass", "told_to": " " });
        officer.post(&format!("{path}/told"), &nobody).await.refused(422, "told_to");
        officer.post(&format!("{path}/told"), &told).await.expect(200);
        officer.post(&format!("{path}/told"), &told).await.refused(409, "duty_none");
        let due = days(&officer.get(&path).await.expect(200), "tell_pass");
        assert_eq!((&due["late"], &due["told_to"]), (&json!(true), &told["told_to"]), "{due}");
        sound(&w);
    });
}

#[test]
fn what_a_recheck_came_to_is_told() {
    each(async |w| {
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let (id, blind) = served(&b, &w, "S1", json!([result("苯甲酸", "1.5 g/kg")])).await;
        let path = format!("/api/samples/{id}");
        let detail = b.officer.get(&path).await.expect(200);
        assert_eq!(
            (&detail["spare_kept"]["until"], &detail["spare_kept"]["needed"]),
            (&json!("2026-09-03"), &json!(true))
        );
        assert_eq!(detail["duties"], json!([]));
        b.owner
            .post(&format!("/api/own-samples/{id}/acts"), &apply("apply", &["苯甲酸", "防腐剂比例之和"]))
            .await
            .expect(200);
        handed(&b, &w, &o, &id, &blind).await;
        rechecked(&o, &blind, json!([result("苯甲酸", "0.4 g/kg")])).await;
        let detail = b.officer.get(&path).await.expect(200);
        assert_eq!(detail["sample"]["status"], "closed", "{detail}");
        assert_eq!(days(&detail, "tell_recheck")["last_day"], "2026-03-10", "{detail}");
        sound(&w);
    });
}

#[test]
fn food_from_farms_has_its_own_days() {
    each(async |w| {
        let b = bench(&w).await;
        for (seal, kind, last) in [("S1", "industrial", "2026-03-12"), ("S2", "farm", "2026-03-10")] {
            let sample = task(&b, &w, "outer").await;
            let id = sample["id"].as_str().unwrap().to_owned();
            photos(&b.officer, &id).await;
            let mut filled = sheet(&b.code, seal);
            filled["sheet"]["goods_type"] = json!(kind);
            b.officer.post(&format!("/api/samples/{id}/sheet"), &filled).await.expect(200);
            b.second.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
            for part in ["test", "spare"] {
                let offer = json!({ "part": part, "receiver": w.shop });
                b.officer.post(&format!("/api/samples/{id}/offers"), &offer).await.expect(200);
            }
            let blind = sample["blind"].as_str().unwrap();
            tested(&b, blind, json!([result("苯甲酸", "1.5 g/kg")])).await;
            b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
            told(&b.officer, &id).await;
            let serve =
                json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
            let case = act(&b.officer, &id, serve).await;
            assert_eq!(clock(&case, "apply")["last_day"], last, "{kind}");
        }
        sound(&w);
    });
}
