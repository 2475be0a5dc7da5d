//! What comes to its end by law: simple cases, measures, fines that are late.

use super::*;

#[test]
fn a_simple_case_is_decided_on_the_spot_within_its_limits() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "simple").await;
        let both = json!([my_id(&o.a).await, my_id(&o.b).await]);
        let form = |fine: i64, heard: bool| {
            json!({
                "officers": both, "facts": "标签瑕疵，责令改正后未改", "article": "125-label", "broken": "第六十七条", "party_kind": "unit",
                "penalties": ["fine"], "fine": fine, "discretion": "首次", "heard": heard, "spot_statement": "无异议",
                "outside_reason": ""
            })
        };
        refused(&o.a, &case, action("decide", form(100_000, false)), 422, "rights_untold").await;
        refused(&o.a, &case, action("decide", form(300_001, true)), 422, "simple_fine").await;
        refused(&o.a, &case, action("decide", form(100_000, true)), 422, "fine_not_yet").await;
        let mut warned = form(0, true);
        warned["penalties"] = json!(["warning"]);
        warned["fine"] = Value::Null;
        warned["article"] = json!("126");
        let body = act(&o.a, &case, action("decide", warned)).await;
        assert_eq!(
            (&body["status"], &body["documents"][0]["number"]),
            (&json!("executing"), &json!("当罚〔2026〕1号"))
        );
        let pdf = o.a.get(&address(&body, &body["documents"][0])).await;
        if let Some(text) = text_of(&w, &pdf.bytes) {
            assert!(text.contains("1.警告") && !text.contains("（缺："), "{text}");
        }
        act(&o.chief, &case, action("close", json!({ "archive_no": "2026-简-1" }))).await;
        // what is not decided on the spot goes the ordinary way by itself
        let late = begun(&o.a, &w.shop, "simple").await;
        w.house.clock.advance(3 * DAY);
        tick(&w).await;
        let a = w.sign_in("officer1").await;
        let body = opened(&a, &late).await;
        assert_eq!((flags(&body), &body["phase"]), (vec!["stale"], &json!("done")));
        let child = body["children"][0]["id"].as_str().unwrap();
        assert_eq!(a.get(&format!("/api/enforcement/cases/{child}")).await.expect(200)["source"], "simple");
        sound(&w);
    });
}

#[test]
fn measures_end_by_law_where_nobody_decides() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        let body = act(&o.a, &case, action("preserve", json!({}))).await;
        let kept = body["children"][0]["id"].as_str().unwrap().to_owned();
        let body = act(&o.a, &case, action("seize", json!({}))).await;
        let seized = body["children"][1]["id"].as_str().unwrap().to_owned();
        let both = json!([my_id(&o.a).await, my_id(&o.b).await]);
        let form = json!({ "officers": both, "grounds": "证据可能灭失" });
        act(&o.chief, &kept, action("approve", form)).await;
        let form = json!({ "officers": both, "way": "seal", "grounds": "食品安全法第一百一十条" });
        act(&o.chief, &seized, action("approve", form)).await;
        for client in [&o.a, &o.b] {
            for measure in [&kept, &seized] {
                let form = json!({ "items": "面粉 20 袋，批号 20250101", "kept_at": "当事人仓库" });
                act(client, measure, action("list", form)).await;
            }
        }
        assert_eq!(clock(&opened(&o.a, &kept).await, "seven")["last_day"], "2026-03-12");
        assert_eq!(clock(&opened(&o.a, &seized).await, "term")["last_day"], "2026-04-02");
        let longer = |day: &str| json!({ "keep_until": day, "extend_reason": "等待检验" });
        refused(&o.chief, &seized, action("extend", longer("2026-05-18")), 422, "extension_long").await;
        act(&o.chief, &seized, action("extend", longer("2026-05-15"))).await;
        w.house.clock.advance(10 * DAY);
        tick(&w).await;
        let a = w.sign_in("officer1").await;
        let body = opened(&a, &kept).await;
        assert_eq!((&body["status"], flags(&body)), (&json!("released"), vec!["by_law"]));
        assert_eq!(body["documents"].as_array().unwrap().len(), 2);
        for document in body["documents"].as_array().unwrap() {
            let pdf = a.get(&address(&body, document)).await;
            if let Some(text) = text_of(&w, &pdf.bytes) {
                assert!(!text.contains("（缺：") && text.contains("面粉20袋"), "{text}");
            }
        }
        let made = a.get(&format!("/api/enforcement/cases/{kept}/certificate")).await.expect(200);
        assert_eq!(made["sound"], false, "nobody decided: {made}");
        w.house.clock.advance(70 * DAY);
        tick(&w).await;
        let a = w.sign_in("officer1").await;
        assert_eq!(opened(&a, &seized).await["status"], "released");
        sound(&w);
    });
}

#[test]
fn a_late_fine_grows_is_urged_and_goes_to_court_and_a_fallen_decision_is_withdrawn() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        filed(&o, &case).await;
        let proof = piece(&o.a, &case, false).await;
        told(&o, &case, report(&[&proof])).await;
        act(&o.a, &case, action("waive", json!({ "waived": "书面放弃" }))).await;
        act(&o.chief, &case, action("decide", decision(5_000_000))).await;
        let form = json!({ "served_way": "direct", "served_on": "2026-03-03", "served_to": "店长", "told_publication": true });
        act(&o.a, &case, action("serve", form)).await;
        act(&o.a, &case, action("publish", json!({}))).await;
        refused(&o.a, &case, action("urge_payment", json!({})), 409, "needs_flag").await;
        // 2026-03-25: seven days after the 18th
        w.house.clock.advance(22 * DAY);
        tick(&w).await;
        let (a, chief) = (w.sign_in("officer1").await, w.sign_in("case.chief").await);
        let body = act(&a, &case, action("urge_payment", json!({}))).await;
        let urging = body["documents"].as_array().unwrap().iter().find(|d| d["code"] == "urging").unwrap();
        let pdf = a.get(&address(&body, urging)).await;
        if let Some(text) = text_of(&w, &pdf.bytes) {
            assert!(
                text.contains("10,500元") && text.contains("60,500元"),
                "seven days at three per cent: {text}"
            );
        }
        refused(
            &chief,
            &case,
            action("go_to_court", json!({ "court": "华龙区人民法院" })),
            409,
            "needs_flag",
        )
        .await;
        let urged = json!({ "urged_way": "direct", "urged_on": "2026-03-25", "urged_to": "店长" });
        act(&a, &case, action("urged", urged)).await;
        w.house.clock.advance(20 * DAY);
        tick(&w).await;
        let (a, chief) = (w.sign_in("officer1").await, w.sign_in("case.chief").await);
        act(&chief, &case, action("go_to_court", json!({ "court": "华龙区人民法院" }))).await;
        let public = async || w.public().get("/open/penalty?format=json").await.expect(200).to_string();
        assert!(public().await.contains("处罚〔2026〕1号"));
        let form = json!({ "revoke_reason": "复议撤销，华政复决〔2026〕3号" });
        act(&chief, &case, action("revoke", form)).await;
        assert!(!public().await.contains("处罚〔2026〕1号"));
        let row = a.get(&format!("/api/enforcement/cases/{case}")).await.expect(200);
        assert_ne!(row["withdrawn_at"], Value::Null);
        sound(&w);
    });
}
