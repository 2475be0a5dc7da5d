//! Whoever orders a recall confirms its level and cause; clocks that run count by the level from their own beginning.

use super::*;

fn voluntary(lot: i64) -> Value {
    json!({ "lot": lot, "mode": "voluntary", "grade": 3, "cause": "label", "reason": "标签未标示过敏原", "source": "self" })
}

fn order(grade: &str, cause: &str) -> Value {
    json!({ "action": "order", "form": { "grade": grade, "cause": cause, "order_reason": "过敏原可致严重后果" } })
}

#[test]
fn the_order_sets_level_and_cause_and_the_clock_of_beginning() {
    each(async |w| {
        let b = batch(&w).await;
        let recall = id(&b.owner.post("/api/recalls", &voluntary(b.lot)).await.expect(200));
        w.house.clock.advance(10 * HOUR);
        let late = json!({ "action": "order", "form": { "order_reason": "拒不召回" } });
        let leader = w.sign_in("leader").await;
        let path = format!("/api/cases/{recall}/acts");
        leader.post(&path, &late).await.expect(422);
        leader.post(&path, &order("4", "safety")).await.expect(422);
        let case = act(&leader, &recall, order("1", "safety")).await;
        // a day from when it was opened, and not from now
        assert_eq!(clock(&case, "start")["late_from"], NOW + 24 * HOUR, "{case}");
        let detail = leader.get(&format!("/api/recalls/{recall}")).await.expect(200);
        assert_eq!(
            (&detail["recall"]["grade"], &detail["recall"]["cause"], &detail["recall"]["mode"]),
            (&json!(1), &json!("safety"), &json!("ordered"))
        );
        assert!(w.public().get(&format!("/t/{}", b.code)).await.text().contains("一级召回"));
        // an earlier hour than the one that has passed: late at once
        w.house.clock.advance(15 * HOUR);
        tick(&w).await;
        let leader = w.sign_in("leader").await;
        let case = leader.get(&format!("/api/cases/{recall}")).await.expect(200);
        assert!(flags(&case).contains(&"late_start"), "{case}");
    });
}

#[test]
fn an_order_in_the_middle_shortens_the_clock_of_finishing_and_tells_the_public_anew() {
    each(async |w| {
        let b = batch(&w).await;
        let recall = id(&b.owner.post("/api/recalls", &voluntary(b.lot)).await.expect(200));
        act(&b.owner, &recall, plan()).await;
        act(&b.officer, &recall, json!({ "action": "accept", "form": {} })).await;
        let case = act(&b.owner, &recall, announcement()).await;
        let scan = format!("/t/{}", b.code);
        assert!(w.public().get(&scan).await.text().contains("三级召回"));
        // 3 March 2026 and thirty working days; then twenty, from the same day
        assert_eq!(clock(&case, "finish")["last_day"], "2026-04-15", "{case}");
        w.house.clock.advance(3 * 24 * HOUR);
        let leader = w.sign_in("leader").await;
        let case = act(&leader, &recall, order("2", "safety")).await;
        assert_eq!(clock(&case, "finish")["last_day"], "2026-03-31", "{case}");
        let page = w.public().get(&scan).await.text();
        assert!(page.contains("二级召回") && !page.contains("三级召回"), "{page}");
        let history = leader.get(&format!("/api/cases/{recall}/history")).await.expect(200);
        assert!(history.to_string().contains("完成召回期限改为 2026-03-31"), "{history}");
    });
}
