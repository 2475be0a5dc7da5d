//! Whatever is late goes up, and can still be done.

use serde_json::{Value, json};

use super::recheck::{Other, apply, drawn, other, result};
use super::{Bench, bench, sent, task, tested, told};
use crate::findings::{act, refused, sound};
use crate::flows::clock;
use crate::world::{World, each};

/// Days go by, the clocks with them, and everybody signs in again; the case as it stands then.
async fn later(b: &mut Bench, o: &mut Other, w: &World, id: &str, days: i64) -> Value {
    w.house.clock.advance(days * 86_400_000);
    while crate::flows::tick(w).await > 0 {}
    b.officer = w.sign_in("officer1").await;
    b.leader = w.sign_in("leader").await;
    b.owner = w.sign_in("owner").await;
    b.clerk = w.sign_in("clerk").await;
    o.clerk = w.sign_in("clerk.re").await;
    o.second = w.sign_in("second.re").await;
    o.head = w.sign_in("head.re").await;
    b.officer.get(&format!("/api/cases/{id}")).await.expect(200)
}

#[test]
fn no_step_that_is_late_is_a_dead_end() {
    each(async |w| {
        let mut b = bench(&w).await;
        let mut o = other(&b, &w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let blind = sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, json!([result("苯甲酸", "1.5 g/kg")])).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({ "grave": true })).await.expect(200);
        // two working days, and 24 hours for what may do serious harm: each goes up and runs anew
        let case = later(&mut b, &mut o, &w, &id, 3).await;
        assert!(case["level"].as_i64().unwrap() >= 2, "{case}");
        for code in ["tell", "tell_at_once"] {
            assert_eq!(clock(&case, code)["state"], "running", "{code}: {case}");
        }
        told(&b.officer, &id).await;
        refused(
            &b.officer,
            &id,
            json!({ "action": "tell", "form": { "told_to": "市局" } }),
            409,
            "needs_flag",
        )
        .await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-06" } });
        act(&b.officer, &id, serve).await;
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &apply("apply", &["苯甲酸"])).await.expect(200);
        // five working days for the decision
        later(&mut b, &mut o, &w, &id, 8).await;
        act(&b.officer, &id, json!({ "action": "admit" })).await;
        // five for the laboratory and five more, once, with why
        let more = json!({ "action": "draw_more", "form": { "more_why": "名录内机构均在能力验证" } });
        let short = json!({ "action": "draw_more", "form": { "more_why": "" } });
        refused(&b.officer, &id, short, 422, "form_missing").await;
        let case = act(&b.officer, &id, more.clone()).await;
        let (first, both) = (clock(&case, "draw_lab"), clock(&case, "draw_lab_more"));
        assert_eq!((&first["state"], &both["state"]), (&json!("stopped"), &json!("running")), "{case}");
        assert_eq!(both["last_day"], "2026-03-27", "ten working days: {case}");
        refused(&b.officer, &id, more, 409, "needs_flag").await;
        let case = later(&mut b, &mut o, &w, &id, 16).await;
        assert_eq!(clock(&case, "draw_lab")["state"], "running", "{case}");
        drawn(&b, &w, &id).await;
        // three for the spare; late, nothing more is given, and it is handed over all the same
        later(&mut b, &mut o, &w, &id, 8).await;
        let more = json!({ "action": "hand_more", "form": { "more_why": "冷链车未到" } });
        refused(&b.officer, &id, more, 409, "needs_flag").await;
        let assay = format!("/api/assays/{blind}");
        let offer = json!({ "part": "spare", "receiver": w.farm });
        b.clerk.post(&format!("{assay}/offers"), &offer).await.expect(200);
        let whole = json!({ "seal_whole": true, "temperature": "4" });
        o.clerk.post(&format!("{assay}/receive"), &whole).await.expect(200);
        // ten for the report
        later(&mut b, &mut o, &w, &id, 25).await;
        let entered = json!({ "items": [result("苯甲酸", "0.4 g/kg")] });
        o.clerk.post(&format!("{assay}/results"), &entered).await.expect(200);
        later(&mut b, &mut o, &w, &id, 25).await;
        o.second.post(&format!("{assay}/verify"), &json!({})).await.expect(200);
        let done = o.head.post(&format!("{assay}/issue"), &json!({})).await.expect(200);
        assert!(done["recheck_verdict"].is_string(), "{done}");
        // each was late however often its clock began anew; what was served in time was in time
        let all = b.leader.get("/api/sample-statistics").await.expect(200);
        let step = |code: &str| all["steps"].as_array().unwrap().iter().find(|s| s["step"] == code).unwrap();
        for code in ["tell", "admit", "draw_lab", "hand_spare", "recheck_report"] {
            let s = step(code);
            assert_eq!((&s["n"], &s["late"], &s["in_time"]), (&json!(1), &json!(1), &json!(0)), "{s}");
            assert!(s["limit"].as_str().unwrap().contains("个工作日"), "{s}");
        }
        assert_eq!((&step("serve")["n"], &step("serve")["in_time"]), (&json!(1), &json!(1)));
        assert_eq!(step("review")["n"], 0, "nobody objected");
        sound(&w);
    });
}
