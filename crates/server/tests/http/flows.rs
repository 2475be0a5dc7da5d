//! Cases through HTTP: operations, clocks, the calendar, repeats, and what a changed log shows.

use std::sync::Arc;

use accounts::demo::{Home, person};
use kit_test::Client;
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::findings::{act, assigned, found, id, my_id, photo, proof, refused, sound};
use crate::pages::run_jobs;
use crate::world::{PASSWORD, World, each};

const DAY: i64 = 86_400_000;

/// One more person at a place.
pub async fn another(w: &World, login: &'static str, role: &'static str, division: &'static str) -> Client {
    let accounts = w.house.held::<accounts::Accounts>();
    let hash = accounts.passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
    let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
    cx.act(move |act| person(act, &hash, login, role, &Home::Bureau(division))).await.unwrap();
    w.sign_in(login).await
}

/// The duty comes round.
pub async fn tick(w: &World) -> u64 {
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || kit_flow::duty::tick(&house)).await.unwrap().unwrap()
}

pub fn flags(case: &Value) -> Vec<&str> {
    case["flags"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect()
}

pub fn clock<'c>(case: &'c Value, code: &str) -> &'c Value {
    case["clocks"].as_array().unwrap().iter().find(|c| c["code"] == code).unwrap_or(&Value::Null)
}

#[test]
fn every_definition_stands_against_the_permissions_of_the_house() {
    let permissions = server::rooms::permissions();
    let roles_of = |code: &str| {
        let found = permissions.iter().find(|p| p.code == code)?;
        Some(found.roles.iter().map(|r| (*r).to_owned()).collect::<Vec<String>>())
    };
    let read = |text: &&str| kit_flow::Definition::read(text).unwrap();
    let all: Vec<_> = server::rooms::FLOWS.iter().map(read).collect();
    let kinds: Vec<&str> = all.iter().map(|d| d.kind.as_str()).collect();
    for definition in &all {
        let known =
            kit_flow::check::Known { roles_of: &roles_of, kinds: &kinds, facts: &["official", "farm"] };
        assert_eq!(kit_flow::check::check(definition, &known), Vec::<String>::new());
        assert!(server::rooms::FLOW_HOOKS.iter().any(|h| h.kind == definition.kind));
    }
}

#[test]
fn what_is_overdue_goes_up_level_by_level_once() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let case = assigned(&officer, &w.shop).await;
        let path = format!("/api/cases/{case}");
        assert_eq!(tick(&w).await, 0);
        // 2026-03-12: 48 hours before the end of the 13th
        w.house.clock.advance(9 * DAY);
        assert_eq!(tick(&w).await, 1, "reminded");
        assert_eq!(tick(&w).await, 0);
        // 2026-03-14
        w.house.clock.advance(2 * DAY);
        assert_eq!(tick(&w).await, 1);
        assert_eq!(tick(&w).await, 0);
        let officer = w.sign_in("officer1").await;
        let body = officer.get(&path).await.expect(200);
        assert_eq!(
            (flags(&body), &body["handled"], &body["level"]),
            (vec!["overdue"], &json!("4109"), &json!(1))
        );
        assert_eq!(
            clock(&body, "chase")["last_day"],
            "2026-03-20",
            "five working days after Saturday the 14th"
        );
        w.house.clock.advance(7 * DAY);
        assert_eq!(tick(&w).await, 1);
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        let body = leader.get(&path).await.expect(200);
        assert_eq!((&body["handled"], &body["level"]), (&json!("41"), &json!(2)));
        let late = officer.get("/api/findings?state=late").await.expect(200);
        assert_eq!((&late["total"], &late["items"][0]["id"]), (&json!(1), &json!(case)));
        // what nobody assigned is told too, and its clock begins anew
        let other = id(&found(&officer, &w.shop, "无人派发").await);
        w.house.clock.advance(5 * DAY);
        tick(&w).await;
        let officer = w.sign_in("officer1").await;
        let body = officer.get(&format!("/api/cases/{other}")).await.expect(200);
        assert_eq!(
            (flags(&body), &clock(&body, "assign")["state"]),
            (vec!["late_assign"], &json!("running"))
        );
        sound(&w);
    });
}

#[test]
fn tasks_are_handed_over_delegated_and_urged() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let second = another(&w, "officer1b", "officer", "410902").await;
        let chief = another(&w, "chief", "leader", "410902").await;
        let (me, other) = (my_id(&officer).await, my_id(&second).await);
        let case = id(&found(&officer, &w.shop, "冷藏温度超标").await);
        let op = |op: Value| json!({ "op": op, "note": "理由" });
        let todo = |task: &str| format!("/api/cases/todo?kind=finding&claimable={task}");
        assert_eq!(second.get(&todo("assign")).await.expect(200)["total"], 1);
        act(&officer, &case, op(json!({ "do": "claim", "task": 1 }))).await;
        assert_eq!(officer.get("/api/cases/todo").await.expect(200)["items"][0]["case"], case);
        refused(&second, &case, op(json!({ "do": "claim", "task": 1 })), 409, "task_taken").await;
        let assign =
            json!({ "action": "assign", "form": { "measure": "调试", "due": "2026-03-13", "verifier": me } });
        refused(&second, &case, assign.clone(), 403, "not_assigned").await;

        // 委派: the one who has it waits until it comes back
        refused(&second, &case, op(json!({ "do": "delegate", "task": 1, "to": me })), 403, "not_assigned")
            .await;
        act(&officer, &case, op(json!({ "do": "delegate", "task": 1, "to": other }))).await;
        refused(&officer, &case, assign.clone(), 409, "task_delegated").await;
        assert_eq!(second.get("/api/cases/todo").await.expect(200)["total"], 1);
        refused(&second, &case, json!({ "op": { "do": "answer", "task": 1 } }), 422, "note_missing").await;
        act(&second, &case, op(json!({ "do": "answer", "task": 1 }))).await;
        // 催办, once a day; 转办 by the leader
        refused(&second, &case, op(json!({ "do": "urge", "task": 1 })), 403, "not_permitted").await;
        act(&chief, &case, op(json!({ "do": "urge", "task": 1 }))).await;
        refused(&chief, &case, op(json!({ "do": "urge", "task": 1 })), 409, "urged_already").await;
        let hand = |to: &str| op(json!({ "do": "transfer", "task": 1, "to": to, "from": me }));
        refused(&second, &case, hand(&other), 403, "not_assigned").await;
        refused(&chief, &case, hand(&my_id(&w.sign_in("officer2").await).await), 422, "person_unfit").await;
        act(&chief, &case, hand(&other)).await;
        // 加签: from now on both do it
        act(&second, &case, op(json!({ "do": "add_signer", "task": 1, "to": me }))).await;
        let waiting = act(&second, &case, assign.clone()).await;
        assert_eq!((&waiting["status"], &waiting["documents"]), (&json!("found"), &json!([])));
        refused(&second, &case, assign.clone(), 409, "signed_already").await;
        refused(
            &second,
            &case,
            op(json!({ "do": "drop_signer", "task": 1, "user": me })),
            409,
            "signed_already",
        )
        .await;
        let done = act(&officer, &case, assign).await;
        assert_eq!(
            (&done["status"], &done["documents"][0]["number"]),
            (&json!("mending"), &json!("责改〔2026〕1号"))
        );
        sound(&w);
    });
}

#[test]
fn a_step_is_taken_back_sent_back_suspended_and_ended() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let chief = another(&w, "chief", "leader", "410902").await;
        let case = assigned(&officer, &w.shop).await;
        let op = |name: &str| json!({ "op": { "do": name }, "note": "理由" });
        refused(&officer, &case, op("withdraw"), 409, "withdraw_not_here").await;
        // 挂起 stops the clock of mending, for a reason of the law only
        let suspend = |reason: &str| json!({ "op": { "do": "suspend", "reason": reason } });
        refused(&chief, &case, suspend("太忙"), 422, "reason_unknown").await;
        refused(&officer, &case, suspend("检验检测"), 403, "not_permitted").await;
        act(&chief, &case, suspend("检验检测")).await;
        w.house.clock.advance(10 * DAY);
        assert_eq!(tick(&w).await, 0);
        let (officer, clerk, chief) =
            (w.sign_in("officer1").await, w.sign_in("clerk").await, w.sign_in("chief").await);
        refused(
            &officer,
            &case,
            json!({ "action": "to_case", "form": { "reason": "x" } }),
            409,
            "case_suspended",
        )
        .await;
        let on = act(&chief, &case, op("resume")).await;
        assert_eq!(clock(&on, "mend")["last_day"], "2026-03-23", "ten days later");
        // 撤回 by the one who did it, as long as nobody went on
        let piece = proof(&clerk, &case, "mend", photo(1, 320)).await;
        let mend = json!({ "action": "mend", "form": { "answer": "已修", "proof": [piece["id"]] } });
        act(&clerk, &case, mend.clone()).await;
        refused(&officer, &case, op("withdraw"), 403, "not_permitted").await;
        assert_eq!(act(&clerk, &case, op("withdraw")).await["status"], "mending");
        assert_eq!(officer.get(&format!("/api/findings/{case}")).await.expect(200)["mended_at"], Value::Null);
        act(&clerk, &case, mend).await;
        // 退回 by the one who is to check
        let task = officer.get("/api/cases/todo").await.expect(200)["items"][0]["task"].clone();
        let back = json!({ "op": { "do": "return", "task": task }, "note": "照片模糊，请重新提交" });
        assert_eq!(act(&officer, &case, back).await["status"], "mending");
        // 作废 by a leader; the number stays and is shown as void
        refused(&officer, &case, op("void"), 403, "not_permitted").await;
        let void = act(&chief, &case, op("void")).await;
        assert_eq!(void["phase"], "void");
        assert!(!void["documents"][0]["annulled_at"].is_null());
        let next = assigned(&officer, &w.shop).await;
        let next = officer.get(&format!("/api/cases/{next}")).await.expect(200);
        assert_eq!(next["documents"][0]["number"], "责改〔2026〕2号");
        sound(&w);
    });
}

#[test]
fn work_without_a_network_is_locked_and_told_once() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let chief = another(&w, "chief", "leader", "410902").await;
        let case = id(&found(&officer, &w.shop, "后厨无挡鼠板").await);
        let me = my_id(&officer).await;
        let op = |op: Value| json!({ "op": op });
        refused(&officer, &case, op(json!({ "do": "lock", "hours": 8 })), 403, "not_assigned").await;
        act(&officer, &case, op(json!({ "do": "claim", "task": 1 }))).await;
        refused(&officer, &case, op(json!({ "do": "lock", "hours": 100 })), 422, "lock_hours").await;
        let locked = act(&officer, &case, op(json!({ "do": "lock", "hours": 8 }))).await;
        let began = w.house.clock.now();
        refused(&chief, &case, json!({ "action": "to_case", "form": { "reason": "x" } }), 409, "case_locked")
            .await;
        // the phone comes back and tells when it was; the same again changes nothing
        w.house.clock.advance(3 * 3_600_000);
        let (officer, chief) = (w.sign_in("officer1").await, w.sign_in("chief").await);
        let done = json!({
            "action": "assign", "client_key": "phone-1", "seen": locked["seq"], "occurred_at": began + 60_000,
            "form": { "measure": "加装挡鼠板", "due": "2026-03-13", "verifier": me }
        });
        let first = act(&officer, &case, done.clone()).await;
        let again = act(&officer, &case, done.clone()).await;
        assert_eq!((&first["seq"], first["documents"].as_array().unwrap().len()), (&again["seq"], 1));
        let history = officer.get(&format!("/api/cases/{case}/history")).await.expect(200);
        let step = history["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&step["action"], &step["occurred_at"]), (&json!("assign"), &json!(began + 60_000)));
        let mut other = done.clone();
        other["action"] = json!("to_case");
        other["form"] = json!({ "reason": "x" });
        refused(&officer, &case, other, 409, "client_key_reused").await;
        let mut stale = done;
        stale["client_key"] = json!("phone-2");
        refused(&officer, &case, stale, 409, "case_moved_on").await;
        act(&chief, &case, op(json!({ "do": "unlock" }))).await;
        // 补录 within seven days, and not before what is there
        let late = |at: i64| json!({ "action": "to_case", "form": { "reason": "x" }, "occurred_at": at });
        let now = w.house.clock.now();
        refused(&officer, &case, late(now + 1), 422, "occurred_future").await;
        refused(&officer, &case, late(began - 1), 422, "occurred_before").await;
        w.house.clock.advance(8 * DAY);
        let officer = w.sign_in("officer1").await;
        refused(&officer, &case, late(now), 422, "occurred_far").await;
        sound(&w);
    });
}

const YEAR_2027: &str = "date,kind,name,source
2027-01-01,holiday,元旦,通知
2027-01-02,holiday,元旦,通知
2027-01-03,holiday,元旦,通知
2027-02-05,holiday,春节,通知
2027-02-06,holiday,春节,通知
2027-02-07,holiday,春节,通知
2027-02-08,holiday,春节,通知
2027-02-09,holiday,春节,通知
2027-02-10,holiday,春节,通知
2027-02-11,holiday,春节,通知
2027-01-04,holiday,元旦,通知
";

#[test]
fn a_year_that_is_announced_later_moves_what_was_provisional() {
    each(async |w| {
        // 2026-12-29, a Tuesday
        w.house.clock.advance(301 * DAY);
        let (officer, admin) = (w.sign_in("officer1").await, w.sign_in("sysadmin").await);
        let case = id(&found(&officer, &w.shop, "跨年").await);
        let path = format!("/api/cases/{case}");
        act(&officer, &case, json!({ "action": "to_case", "form": { "reason": "涉嫌违法" } })).await;
        let body = officer.get(&path).await.expect(200);
        let before = clock(&body, "filing");
        assert_eq!((&before["last_day"], &before["provisional"]), (&json!("2027-01-19"), &json!(true)));
        officer
            .upload("/api/calendar", "text/csv", "2027.csv", YEAR_2027.into())
            .await
            .refused(403, "permission_missing");
        let short: String = YEAR_2027.lines().take(4).collect::<Vec<_>>().join("\n");
        admin
            .upload("/api/calendar", "text/csv", "2027.csv", short.into())
            .await
            .refused(422, "holiday_year");
        let twice = format!("{YEAR_2027}2027-01-01,holiday,元旦,通知\n");
        admin
            .upload("/api/calendar", "text/csv", "2027.csv", twice.into_bytes())
            .await
            .refused(422, "holiday_twice");
        let loaded =
            admin.upload("/api/calendar", "text/csv", "2027.csv", YEAR_2027.into()).await.expect(200);
        assert_eq!(loaded["years"], json!([2027]));
        assert!(
            admin.get("/api/calendar").await.expect(200)["years"].as_array().unwrap().contains(&json!(2027))
        );
        let year = officer.get("/api/calendar?year=2027").await.expect(200);
        assert_eq!(year["days"].as_array().unwrap().len(), YEAR_2027.lines().count() - 1, "{year}");
        assert_eq!((&year["days"][0]["day"], &year["provisional"]), (&json!("2027-01-01"), &json!(2)));
        run_jobs(&w);
        let job = admin.get(&format!("/api/jobs/{}", loaded["job"].as_str().unwrap())).await.expect(200);
        assert!(job["result"].as_str().unwrap().contains("\"moved\":2"), "{job}");
        assert_eq!(officer.get("/api/calendar?year=2028").await.expect(200)["days"], json!([]));
        assert_eq!(officer.get("/api/calendar").await.expect(200)["provisional"], 0);
        let body = officer.get(&path).await.expect(200);
        let after = clock(&body, "filing");
        assert_eq!((&after["last_day"], &after["provisional"]), (&json!("2027-01-21"), &json!(false)));
        let history = officer.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(history["steps"].as_array().unwrap().last().unwrap()["action"], "op.recounted");
        sound(&w);
    });
}

#[test]
fn a_changed_log_and_a_changed_projection_are_named() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let case = assigned(&officer, &w.shop).await;
        let house = w.house.clone();
        let faults = move |sql: &'static str| {
            let (house, id) = (house.clone(), case.clone());
            let flows: Arc<kit_flow::Flows> = house.held();
            // inside of a unit of work that is undone
            let mut found = Vec::new();
            let told = Arc::new(std::sync::Mutex::new(Vec::new()));
            let out = told.clone();
            let changed = move |tx: &mut kit_db::Tx| {
                tx.exec(kit_db::Sql::One(sql), &[])?;
                *out.lock().unwrap() = kit_flow::engine::verify(tx, &flows, &id)?;
                Err::<(), _>(kit_base::Error::conflict("undone", ""))
            };
            let undone = std::thread::scope(|s| s.spawn(|| house.db.write_blocking(changed)).join()).unwrap();
            assert_eq!(undone.unwrap_err().code, "undone");
            found.append(&mut told.lock().unwrap());
            found.join(" ")
        };
        for (sql, expected) in [
            ("UPDATE flow_log SET note = 'x' WHERE seq = 2", "第 2 条处断裂"),
            ("DELETE FROM flow_log WHERE seq = 1", "第 1 条处断裂"),
            ("UPDATE flow_cases SET status = 'closed'", "主表"),
            ("DELETE FROM flow_seats", "任务表"),
            ("UPDATE flow_clocks SET late_from = late_from + 1", "期限表"),
            ("UPDATE flow_documents SET number = 'x'", "文书表"),
        ] {
            let told = faults(sql);
            assert!(told.contains(expected), "{sql}: {told}");
        }
        sound(&w);
    });
}

fn ops(case: &Value) -> Vec<String> {
    case["ops"].as_array().unwrap().iter().map(|o| o["do"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_a_page_offers_is_what_the_kit_takes() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let leader = w.sign_in("leader").await;
        let clerk = w.sign_in("clerk").await;
        let colleague = another(&w, "officer9", "officer", "410902").await;
        let case = assigned(&officer, &w.shop).await;
        let piece = proof(&clerk, &case, "mend", photo(1, 320)).await;
        let mended = act(
            &clerk,
            &case,
            json!({ "action": "mend", "form": { "answer": "已清理", "proof": [piece["id"]] } }),
        )
        .await;
        // the business may take it back and nothing else
        assert_eq!(ops(&mended), ["withdraw"]);
        let path = format!("/api/cases/{case}");
        let view = officer.get(&path).await.expect(200);
        assert_eq!(ops(&view), ["transfer", "delegate", "add_signer", "return", "urge", "lock"]);
        let verify = clock(&view, "verify");
        assert_eq!(verify["left"], json!({ "unit": "working_days", "count": 10 }));
        assert_eq!(view["backfill_days"], 7);
        // the leader oversees: hands over the task of another, with a reason, and may stop it all
        let above = leader.get(&path).await.expect(200);
        assert_eq!(ops(&above), ["urge", "transfer", "suspend", "terminate", "void"]);
        let seat = above["ops"].as_array().unwrap().iter().find(|o| o["do"] == "transfer").unwrap();
        assert_eq!((&seat["seat"]["user"], &seat["note"]), (&json!(my_id(&officer).await), &json!(true)));

        // who may have it: a colleague of the county and not the one who has it
        let no = view["tasks"][0]["no"].as_i64().unwrap();
        let near = officer.get(&format!("{path}/people?task={no}")).await.expect(200);
        let ids: Vec<&Value> = near.as_array().unwrap().iter().map(|n| &n["user"]).collect();
        let other = json!(my_id(&colleague).await);
        assert!(ids.contains(&&other) && !ids.contains(&&json!(my_id(&officer).await)), "{near}");
        let field = officer.get(&format!("{path}/people?field=verifier&q=nobody")).await.expect(200);
        assert_eq!(field, json!([]));
        officer.get(&format!("{path}/people")).await.refused(422, "people_for");
        officer.get(&format!("{path}/people?field=what")).await.refused(422, "field_unknown");
        let op = json!({ "op": { "do": "transfer", "task": no, "to": other } });
        assert_eq!(act(&officer, &case, op).await["tasks"][0]["seats"][0]["person"]["user"], other);

        // to do: what each has in hand and may claim, in words
        let counts = colleague.get("/api/cases/todo/counts").await.expect(200);
        assert_eq!(
            (&counts["mine"], &counts["late"], &counts["kinds"][0]["name"]),
            (&json!(1), &json!(0), &json!("问题闭环"))
        );
        let list = colleague.get("/api/cases/todo").await.expect(200);
        assert_eq!(
            (&list["items"][0]["name"], &list["items"][0]["status_name"]),
            (&json!("复查"), &json!("待复查"))
        );
        found(&officer, &w.shop, "另一处").await;
        let counts = colleague.get("/api/cases/todo/counts").await.expect(200);
        let task = json!({ "kind": "finding", "kind_name": "问题闭环", "code": "assign", "name": "派发整改", "count": 1 });
        assert_eq!((&counts["claimable"], &counts["tasks"][0]), (&json!(1), &task));
        // its deadline passes: late, and before the others
        w.house.clock.advance(15 * DAY);
        tick(&w).await;
        let (officer, colleague) = (w.sign_in("officer1").await, w.sign_in("officer9").await);
        let counts = colleague.get("/api/cases/todo/counts").await.expect(200);
        assert_eq!((&counts["mine"], &counts["late"]), (&json!(1), &json!(1)));

        let history = officer.get(&format!("{path}/history")).await.expect(200);
        let said = &history["steps"][1]["said"];
        assert_eq!(said[0], json!({ "name": "整改要求", "text": "三日内清理并消毒" }));
        assert_eq!(history["steps"][2]["said"][1], json!({ "name": "整改证据", "text": "1 份" }));
        assert_eq!(history["diagram"]["nodes"][0]["name"], "待派发");
        sound(&w);
    });
}
