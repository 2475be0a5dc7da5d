//! Objections (异议): to the course of sampling and to what was found, each outcome, and that the recheck is not lost by them.

use kit_test::Client;
use serde_json::{Value, json};

use super::recheck::{apply, result, scanned};
use super::{Bench, bench, sent, task, tested, told};
use crate::findings::{act, refused, sound};
use crate::world::{World, each};

const DAY: i64 = 86_400_000;

async fn mine(client: &Client, id: &str) -> Value {
    let own = client.get("/api/own-samples").await.expect(200);
    own["items"].as_array().unwrap().iter().find(|s| s["id"] == *id).unwrap().clone()
}

/// What the business may say, with the last day of each.
fn may(own: &Value) -> Vec<(&str, &str)> {
    let all = own["may"].as_array().unwrap().iter();
    all.map(|m| (m["action"].as_str().unwrap(), m["last_day"].as_str().unwrap())).collect()
}

fn last(own: &Value) -> Value {
    let all = own["objections"].as_array().unwrap();
    let last = &all[all.len() - 1];
    json!([all.len(), last["about"], last["state"], last["last_day"], last["decision"]])
}

/// Days go by, the clocks with them, and everybody signs in again.
async fn later(b: &mut Bench, w: &World, days: i64) {
    w.house.clock.advance(days * DAY);
    while crate::flows::tick(w).await > 0 {}
    b.officer = w.sign_in("officer1").await;
    b.leader = w.sign_in("leader").await;
    b.owner = w.sign_in("owner").await;
}

fn object_sampling() -> Value {
    json!({ "action": "object_sampling", "form": { "sampling_said": "备样没有当面封样" } })
}

fn object(about: &str) -> Value {
    json!({ "action": "object", "form": { "about": about, "objection": "包装上的字体与本厂不同" } })
}

fn refuse(action: &str) -> Value {
    json!({ "action": action, "form": { "why_not": "papers", "decision": "没有提交证据" } })
}

fn decide(action: &str) -> Value {
    json!({ "action": action, "form": { "decision": "经核对现场照片" } })
}

#[test]
fn the_course_of_sampling_is_objected_to_before_there_is_any_result() {
    each(async |w| {
        let mut b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let acts = format!("/api/own-samples/{id}/acts");
        b.owner.post(&acts, &object_sampling()).await.refused(404, "not_found");
        sent(&b, &w, &sample, "S1").await;
        let own = mine(&b.owner, &id).await;
        assert_eq!(may(&own), [("object_sampling", "2026-03-12")], "{own}");
        // of what was found nothing is known yet
        b.owner.post(&acts, &object("truth")).await.refused(404, "not_found");
        b.owner.post(&acts, &object_sampling()).await.expect(200);
        b.owner.post(&acts, &object_sampling()).await.refused(409, "needs_flag");
        refused(&b.leader, &id, decide("sampling_fails"), 409, "needs_flag").await;
        let own = mine(&b.owner, &id).await;
        assert_eq!((may(&own), last(&own)), (vec![], json!([1, "sampling", "raised", "2026-03-10", ""])));
        act(&b.officer, &id, refuse("sampling_refuse")).await;
        let own = mine(&b.owner, &id).await;
        assert_eq!(last(&own), json!([1, "sampling", "refused", "", "没有提交证据"]));
        // with the evidence, in time: it is taken up and turned down, and the test goes on
        b.owner.post(&acts, &object_sampling()).await.expect(200);
        act(&b.officer, &id, json!({ "action": "sampling_accept" })).await;
        let own = mine(&b.owner, &id).await;
        assert_eq!(last(&own), json!([2, "sampling", "accepted", "2026-03-31", ""]));
        refused(&b.officer, &id, decide("sampling_fails"), 403, "not_permitted").await;
        let after = act(&b.leader, &id, decide("sampling_fails")).await;
        assert_eq!(after["status"], "taken");
        assert_eq!(last(&mine(&b.owner, &id).await), json!([2, "sampling", "fails", "", "经核对现场照片"]));
        // it holds: nothing comes of the sample
        b.owner.post(&acts, &object_sampling()).await.expect(200);
        act(&b.officer, &id, json!({ "action": "sampling_accept" })).await;
        assert_eq!(act(&b.leader, &id, decide("sampling_holds")).await["status"], "closed");
        let own = mine(&b.owner, &id).await;
        assert_eq!((&own["overturned"], may(&own)), (&json!(true), vec![]));
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(detail["objections"], own["objections"]);
        // seven working days after it was sealed nobody objects any more
        let second = task(&b, &w, "outer").await;
        let late = second["id"].as_str().unwrap().to_owned();
        sent(&b, &w, &second, "S2").await;
        later(&mut b, &w, 10).await;
        assert_eq!(may(&mine(&b.owner, &late).await), []);
        let path = format!("/api/own-samples/{late}/acts");
        b.owner.post(&path, &object_sampling()).await.refused(409, "needs_clock");
        sound(&w);
    });
}

/// Fails, is told, and is served two days before that is entered.
async fn served(b: &mut Bench, w: &World, seal: &str, day: &str) -> String {
    let sample = task(b, w, "outer").await;
    let id = sample["id"].as_str().unwrap().to_owned();
    let blind = sent(b, w, &sample, seal).await;
    tested(b, &blind, json!([result("苯甲酸", "1.5 g/kg")])).await;
    b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
    let serve = |day: &str| json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": day } });
    // what was not reported is not served
    refused(&b.officer, &id, serve("2026-03-03"), 409, "needs_flag").await;
    told(&b.officer, &id).await;
    later(b, w, 2).await;
    refused(&b.officer, &id, serve("2027-01-01"), 422, "served_future").await;
    refused(&b.officer, &id, serve("2026-03-01"), 422, "served_early").await;
    act(&b.officer, &id, serve(day)).await;
    id
}

#[test]
fn an_objection_that_waits_holds_back_what_is_public_and_takes_no_recheck_away() {
    each(async |w| {
        let mut b = bench(&w).await;
        let id = served(&mut b, &w, "S1", "2026-03-03").await;
        let acts = format!("/api/own-samples/{id}/acts");
        // counted from the day of service, not from its entry
        let own = mine(&b.owner, &id).await;
        let days = |code| (code, "2026-03-12");
        assert_eq!(
            may(&own),
            [("accept_result", ""), days("apply"), days("object"), days("object_sampling")],
            "{own}"
        );
        b.owner.post(&acts, &object("truth")).await.expect(200);
        let own = mine(&b.owner, &id).await;
        assert_eq!(
            (may(&own), &last(&own)[2]),
            (vec![days("apply"), days("object_sampling")], &json!("raised"))
        );
        // the days for a recheck are over while it waits: nothing is made public, and the disposal does not end
        later(&mut b, &w, 8).await;
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(
            (&detail["sample"]["status"], &detail["sample"]["confirmed_at"]),
            (&json!("disposal"), &Value::Null)
        );
        assert!(!scanned(&b, &w).await.contains("监督抽检不合格"));
        assert_eq!(b.officer.get("/api/recalls").await.expect(200)["total"], 0);
        refused(&b.leader, &id, decide("dispose"), 409, "streams_open").await;
        b.owner.post(&acts, &apply("apply", &["苯甲酸"])).await.refused(409, "action_not_here");
        // nobody decided whether it is taken up for five working days: that goes up, and it can still be decided
        let case = b.officer.get(&format!("/api/cases/{id}")).await.expect(200);
        assert!(case["level"].as_i64().unwrap() > 0, "{case}");
        act(&b.officer, &id, json!({ "action": "objection_accept" })).await;
        act(&b.leader, &id, decide("objection_fails")).await;
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert!(detail["sample"]["confirmed_at"].is_i64(), "{detail}");
        assert!(scanned(&b, &w).await.contains("监督抽检不合格"));
        assert_eq!(b.officer.get("/api/recalls").await.expect(200)["total"], 1);
        let open = w.public().get("/open/sample?format=json").await.expect(200);
        assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open}");
        sound(&w);
    });
}

#[test]
fn an_objection_is_refused_or_holds_beside_a_recheck() {
    each(async |w| {
        let mut b = bench(&w).await;
        let id = served(&mut b, &w, "S1", "2026-03-05").await;
        let acts = format!("/api/own-samples/{id}/acts");
        b.owner.post(&acts, &object("sampling")).await.refused(422, "form_option");
        b.owner.post(&acts, &object("method")).await.expect(200);
        act(&b.officer, &id, refuse("objection_refuse")).await;
        let own = mine(&b.owner, &id).await;
        assert_eq!(last(&own), json!([1, "method", "refused", "", "没有提交证据"]));
        assert!(may(&own).contains(&("apply", "2026-03-16")), "{own}");
        // a second one, and the recheck is applied for while it waits
        b.owner.post(&acts, &object("truth")).await.expect(200);
        b.owner.post(&acts, &apply("apply", &["苯甲酸"])).await.expect(200);
        act(&b.officer, &id, json!({ "action": "objection_accept" })).await;
        let own = mine(&b.owner, &id).await;
        assert_eq!((&own["status"], &last(&own)[2]), (&json!("recheck"), &json!("accepted")));
        assert_eq!(act(&b.leader, &id, decide("objection_holds")).await["status"], "closed");
        let own = mine(&b.owner, &id).await;
        assert_eq!((&own["overturned"], &last(&own)[2], may(&own)), (&json!(true), &json!("holds"), vec![]));
        assert!(!scanned(&b, &w).await.contains("监督抽检不合格"));
        assert_eq!(b.officer.get("/api/recalls").await.expect(200)["total"], 0);
        sound(&w);
    });
}
