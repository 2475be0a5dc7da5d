//! Plans changed after they were made, proposals of targeted sampling, and red marks of published failures.

use kit_base::Millis;
use kit_db::Sql;
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::feedback::stood;
use crate::findings::my_id;
use crate::pages::run_jobs;
use crate::sampling::{bench, people};
use crate::world::{NOW, World, each};

const DAY: Millis = 86_400_000;

/// What the matrix asks for: a proposal about the county.
pub async fn scene(w: &World) -> (String, String) {
    fails(w).await;
    compute(w, "off.own").await;
    let list = w.sign_in("off.own").await.get("/api/sample-targets").await.expect(200);
    ("sample_target".into(), list["items"][0]["id"].as_str().unwrap().to_owned())
}

/// Three of six failed, all in winter.
async fn fails(w: &World) {
    for (id, days, fails) in [
        ("f1", 5, true),
        ("f2", 12, true),
        ("f3", 20, true),
        ("g1", 6, false),
        ("g2", 7, false),
        ("g3", 8, false),
    ] {
        stood(w, id, &w.shop, days, fails).await;
    }
}

async fn compute(w: &World, by: &str) {
    w.sign_in(by).await.post("/api/sample-targets/compute", &json!({})).await.expect(200);
    run_jobs(w);
}

fn plan(quotas: Value) -> Value {
    json!({ "name": "2026 年县区计划", "year": 2026, "division": "410902", "source": "county", "quotas": quotas })
}

#[test]
fn a_proposal_is_explained_and_taken_into_a_plan() {
    each(async |w| {
        fails(&w).await;
        compute(&w, "officer1").await;
        let officer = w.sign_in("officer1").await;
        let list = officer.get("/api/sample-targets").await.expect(200);
        let t = &list["items"][0];
        assert_eq!(
            (&list["total"], &t["item"], &t["place"]),
            (&json!(1), &json!("苯甲酸"), &json!("410902")),
            "{list}"
        );
        // three failures at ten, and a rate whose lower end is 18 %
        let points: Vec<(&str, i64)> = t["why"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p["code"].as_str().unwrap(), p["points"].as_i64().unwrap()))
            .collect();
        assert_eq!(points, [("fails_here", 30), ("rate_here", 20)], "{t}");
        assert_eq!((&t["points"], &t["batches"]), (&json!(50), &json!(4)));
        assert_eq!(
            (&t["why"][0]["certainty"], &t["why"][0]["source"]),
            (&json!("setting"), &json!("本平台设定"))
        );
        let site = &t["sites"][0];
        assert_eq!((&site["party"], &site["why"][0]["code"]), (&json!(w.shop), &json!("site_fails")), "{t}");

        // into a plan: a cell of its own, with the reason kept as a version
        let id = t["id"].as_str().unwrap();
        let other = json!([{ "category": "1", "category_name": "面", "stage": "trade", "division": "410902", "items": [], "quota": 2 }]);
        let plan = officer.post("/api/sample-plans", &plan(other)).await.expect(200);
        let plan = plan["plan"]["id"].as_str().unwrap();
        let take = format!("/api/sample-targets/{id}/take");
        officer.post(&take, &json!({})).await.refused(422, "target_way");
        let taken = officer.post(&take, &json!({ "plan": plan, "reason": "节前加抽" })).await.expect(200);
        assert_eq!((&taken["state"], &taken["plan"]), (&json!("taken"), &json!(plan)));
        officer.post(&take, &json!({ "plan": plan })).await.refused(409, "target_decided");
        let progress = officer.get(&format!("/api/sample-plans/{plan}")).await.expect(200);
        let cell = progress["cells"].as_array().unwrap().iter().find(|c| c["id"] == taken["cell"]).unwrap();
        assert_eq!(
            (&cell["quota"], &cell["items"], &cell["category"]),
            (&json!(4), &json!(["苯甲酸"]), &json!("4.1"))
        );
        let versions = officer.get(&format!("/api/sample-plans/{plan}/changes")).await.expect(200);
        assert_eq!(versions[0]["target"], json!(id));
        let reason = versions[0]["reason"].as_str().unwrap();
        assert!(
            reason.contains("靶向抽检建议") && reason.contains("3 批次不合格") && reason.contains("节前加抽"),
            "{reason}"
        );

        // it rests, and comes back where the reasons are still there
        compute(&w, "officer1").await;
        assert_eq!(officer.get("/api/sample-targets").await.expect(200)["total"], 0);
        w.house.clock.advance(91 * DAY);
        compute(&w, "officer1").await;
        let officer = w.sign_in("officer1").await;
        assert_eq!(officer.get("/api/sample-targets").await.expect(200)["total"], 1);
        assert_eq!(officer.get("/api/sample-targets?state=all").await.expect(200)["total"], 2);
    });
}

#[test]
fn a_proposal_becomes_a_task_is_declined_or_lapses() {
    each(async |w| {
        let b = bench(&w).await;
        fails(&w).await;
        compute(&w, "officer1").await;
        let list = b.officer.get("/api/sample-targets").await.expect(200);
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let decline = format!("/api/sample-targets/{id}/decline");
        b.officer.post(&decline, &json!({ "reason": " " })).await.refused(422, "reason_missing");
        b.leader.post(&decline, &json!({ "reason": "x" })).await.refused(403, "permission_missing");
        let samplers = [my_id(&b.officer).await, my_id(&b.second).await];
        let task = |category: &str| {
            json!({ "task": { "party": w.factory, "source": "county", "mode": "inner", "kind": "supervision", "stage": "trade",
                "category": category, "food": "豆干", "lab": w.shop, "samplers": samplers } })
        };
        let take = format!("/api/sample-targets/{id}/take");
        b.officer.post(&take, &task("5")).await.refused(422, "target_other");
        let taken = b.officer.post(&take, &task("4.1.2")).await.expect(200);
        let sample = taken["sample"].as_str().unwrap();
        assert_eq!(
            b.officer.get(&format!("/api/samples/{sample}")).await.expect(200)["sample"]["food"],
            "豆干"
        );
        let kept = b.officer.get(&format!("/api/sample-targets/{id}")).await.expect(200);
        assert!(kept["reason"].as_str().unwrap().contains("3 批次不合格"), "{kept}");

        // another item: proposed, declined; then the failures are overturned and what is open lapses
        w.house.clock.advance(91 * DAY);
        compute(&w, "officer1").await;
        let officer = w.sign_in("officer1").await;
        let list = officer.get("/api/sample-targets").await.expect(200);
        let next = list["items"][0]["id"].as_str().unwrap().to_owned();
        let undo = w.db.db.write(|tx| {
            tx.exec(Sql::One("UPDATE samples SET flags = ',overturned,' WHERE id IN ('f1', 'f2', 'f3')"), &[])
        });
        undo.await.unwrap();
        w.house.clock.advance(DAY);
        compute(&w, "officer1").await;
        let officer = w.sign_in("officer1").await;
        let lapsed = officer.get(&format!("/api/sample-targets/{next}")).await.expect(200);
        assert_eq!(lapsed["state"], "lapsed", "{lapsed}");
        let queued = officer
            .post("/api/sample-targets/exports", &json!({ "format": "csv", "list": { "state": "all" } }))
            .await;
        let queued = queued.expect(200);
        run_jobs(&w);
        let path = format!("/api/sample-targets/exports/{}/file", queued["job"].as_str().unwrap());
        let text = officer.get(&path).await.text();
        assert!(text.contains("已采纳") && text.contains("已失效"), "{text}");
    });
}

#[test]
fn a_plan_is_changed_by_versions_and_its_tasks_stay() {
    each(async |w| {
        let b = bench(&w).await;
        let cell = |category: &str| json!({ "category": category, "category_name": "豆制品", "stage": "produce", "division": "410902", "items": ["苯甲酸"], "quota": 3 });
        let made =
            b.officer.post("/api/sample-plans", &plan(json!([cell("4.1"), cell("4.2")]))).await.expect(200);
        let id = made["plan"]["id"].as_str().unwrap().to_owned();
        let (first, second) = (made["cells"][0]["id"].clone(), made["cells"][1]["id"].clone());
        let samplers = [my_id(&b.officer).await, my_id(&b.second).await];
        let task = json!({ "party": w.factory, "source": "county", "mode": "inner", "kind": "supervision", "stage": "produce", "category": "4.1",
            "food": "豆干", "lab": w.shop, "samplers": samplers, "quota": first });
        for _ in 0..2 {
            b.officer.post("/api/samples", &task).await.expect(200);
        }
        let path = format!("/api/sample-plans/{id}/changes");
        let change = |cells: Value| json!({ "reason": "二季度调整", "cells": cells });
        b.officer
            .post(&path, &json!({ "reason": "", "cells": [{ "cell": first, "quota": 9 }] }))
            .await
            .refused(422, "reason_missing");
        let low = b.officer.post(&path, &change(json!([{ "cell": first, "quota": 1 }]))).await;
        assert_eq!(low.refused(422, "quota_below")["field"], "cells/0/quota");
        b.officer
            .post(&path, &change(json!([{ "cell": first, "remove": true }])))
            .await
            .refused(409, "cell_used");
        b.officer
            .post(&path, &change(json!([{ "cell": first, "quota": 3 }])))
            .await
            .refused(422, "cells_same");
        b.leader
            .post(&path, &change(json!([{ "cell": first, "quota": 9 }])))
            .await
            .refused(403, "permission_missing");
        // one refused cell undoes the others
        let mixed = json!([{ "cell": second, "quota": 30 }, { "cell": first, "quota": 0 }]);
        b.officer.post(&path, &change(mixed)).await.refused(422, "quota_range");
        let cells = json!([{ "cell": first, "quota": 2 }, { "cell": second, "remove": true },
            { "category": "14", "category_name": "饮料", "stage": "trade", "division": "410902", "items": [], "quota": 5 }]);
        let after = b.officer.post(&path, &change(cells)).await.expect(200);
        assert_eq!(after["plan"]["quota"], 7);
        let of = |category: &str| {
            after["cells"].as_array().unwrap().iter().find(|c| c["category"] == category).cloned()
        };
        assert_eq!(
            (of("4.1").unwrap()["quota"].clone(), of("4.1").unwrap()["tasks"].clone()),
            (json!(2), json!(2))
        );
        assert!(of("4.2").is_none() && of("14").is_some(), "{after}");
        let versions = b.officer.get(&path).await.expect(200);
        assert_eq!((versions.as_array().unwrap().len(), &versions[0]["no"]), (1, &json!(1)));
        let line = &versions[0]["cells"][0];
        assert_eq!((&line["before"]["quota"], &line["after"]["quota"]), (&json!(3), &json!(2)), "{versions}");
        assert_eq!(
            (&versions[0]["cells"][1]["action"], &versions[0]["cells"][2]["action"]),
            (&json!("remove"), &json!("add"))
        );
        assert_eq!(versions[0]["reason"], "二季度调整");
    });
}

/// Announces a result of a sample.
async fn announced(w: &World, about: &'static str, party: &str, fails: bool) {
    announced_at(w, about, party, fails, None).await;
}

async fn announced_at(w: &World, about: &'static str, party: &str, fails: bool, at: Option<(f64, f64)>) {
    let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.announce");
    let party = party.to_owned();
    let told = cx.act(move |act| {
        let outcome = if fails { "不合格" } else { "合格" };
        let content = json!({ "食品": "豆干", "结论": outcome, "不合格项目": if fails { "苯甲酸 1.32 g/kg" } else { "" } });
        publication::announce_at(
            act,
            &publication::Announcement {
                kind: "sample",
                about,
                party: &party,
                number: about,
                title: outcome,
                content,
                issuer: "华龙区局",
                decided_at: act.now,
                from: Some(act.now),
                until: None,
            },
            at,
        )
        .map(drop)
    });
    told.await.unwrap();
}

#[test]
fn red_marks_come_and_go_with_the_publication() {
    each(async |w| {
        people(&w, &[]).await;
        let officer = w.sign_in("officer1").await;
        let at = json!({ "lon": 115.03, "lat": 35.76, "datum": "wgs84" });
        let shop = json!({ "name": "东关豆制品店", "kind": "shop", "division": "410902", "address": "东关", "position": at });
        let shop =
            officer.post("/api/parties", &shop).await.expect(200)["party"]["id"].as_str().unwrap().to_owned();
        announced(&w, "m1", &shop, true).await;
        announced(&w, "m2", &shop, false).await;
        announced(&w, "m3", &w.shop, true).await;
        let marks = async |query: &str| w.public().get(&format!("/open/marks{query}")).await.expect(200);
        let all = marks("").await;
        let mark = all["items"].as_array().unwrap().iter().find(|m| m["number"] == "m1").unwrap().clone();
        assert_eq!(all["items"].as_array().unwrap().len(), 2, "{all}");
        assert_eq!(
            (&mark["food"], &mark["failing"], &mark["decided"]),
            (&json!("豆干"), &json!("苯甲酸 1.32 g/kg"), &json!("2026-03-03"))
        );
        assert!((mark["lon"].as_f64().unwrap() - 115.03).abs() < 1e-6);
        // a stall elsewhere: the mark stands where the sample was taken, and not where the business is registered
        announced_at(&w, "m5", &shop, true, Some((115.11, 35.70))).await;
        let there = marks("").await;
        let mark = there["items"].as_array().unwrap().iter().find(|m| m["number"] == "m5").unwrap();
        assert_eq!((mark["lon"].as_f64(), mark["lat"].as_f64()), (Some(115.11), Some(35.70)), "{mark}");
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.revoke");
        cx.act(|act| publication::revoke(act, "m5", act.now, "结束").map(drop)).await.unwrap();
        assert_eq!(marks("?division=410922").await["items"], json!([]));
        w.public().get("/open/marks?days=0").await.refused(422, "days_range");
        // overturned: the room takes its publication back, and the mark goes at once
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.revoke");
        cx.act(|act| publication::revoke(act, "m1", act.now, "复检推翻").map(drop)).await.unwrap();
        let left = marks("").await;
        assert_eq!(
            (left["items"].as_array().unwrap().len(), &left["items"][0]["number"]),
            (1, &json!("m3")),
            "{left}"
        );
        // withdrawn by hand
        let schedule =
            w.sign_in("leader").await.get("/api/publication/schedule?state=shown").await.expect(200);
        let item = schedule["items"].as_array().unwrap().iter().find(|i| i["number"] == "m3").unwrap();
        let path = format!("/api/publication/schedule/{}/withdraw", item["id"].as_str().unwrap());
        w.sign_in("leader").await.post(&path, &json!({ "reason": "公布的信息有误" })).await.expect(200);
        assert_eq!(marks("").await["items"], json!([]));
        // its term ends
        announced(&w, "m4", &shop, true).await;
        let until = NOW + 30 * DAY;
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.end");
        cx.act(move |act| publication::end(act, "m4", until).map(drop)).await.unwrap();
        assert_eq!(marks("").await["items"].as_array().unwrap().len(), 1);
        w.house.clock.advance(30 * DAY);
        assert_eq!(marks("").await["items"], json!([]));
    });
}
