//! Risk grades and credit files: made, explained, made again, adjusted by two.

use credit::Note;
use kit_web::{Act, Actor, Cx};
use serde_json::{Value, json};

use crate::findings::{act, found, id, refused};
use crate::world::{NOW, World, each};

/// Grades what is due.
pub async fn tick(w: &World) -> u64 {
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || credit::jobs::tick(&house).unwrap()).await.unwrap()
}

/// Does something as the house.
pub async fn by_house<T, F>(w: &World, f: F) -> kit_base::Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: FnOnce(&mut Act) -> kit_base::Result<T> + Send + 'static,
{
    Cx::internal(w.house.clone(), Actor::house("系统"), "test.credit").act(f).await
}

/// Notes something on the file of a business, as a room does.
pub async fn noted(w: &World, party: &str, kind: &'static str, about: &str) -> kit_base::Result<bool> {
    let (party, about) = (party.to_owned(), about.to_owned());
    let what = "测试记录";
    by_house(w, move |act| {
        credit::note(act, &Note { kind, party: &party, about: &about, number: "", what, at: NOW - 1_000 })
    })
    .await
}

/// What the matrix asks for: the factory graded, and an adjustment of it that waits.
pub async fn scene(w: &World) -> Vec<(String, String)> {
    tick(w).await;
    let officer = w.sign_in("officer1").await;
    let form = json!({ "grade": "D", "reason": "两次夜查发现超范围加工" });
    let made = officer.post(&format!("/api/parties/{}/risk/adjust", w.factory), &form).await.expect(200);
    noted(w, &w.factory, "penalty.intent", "case-1").await.unwrap();
    noted(w, &w.factory, "accident", "case-2").await.unwrap();
    tick(w).await;
    let waiting = officer.get("/api/credit/measures").await.expect(200);
    let measure = id(&waiting["items"][0]);
    let form = json!({ "name": "某外卖平台", "dest": "https://example.com/hook" });
    let platform = w.sign_in("lead.own").await.post("/api/credit/platforms", &form).await.expect(200);
    let named = [("adjustment", id(&made)), ("measure", measure), ("platform", id(&platform))];
    named.map(|(name, id)| (name.to_owned(), id)).to_vec()
}

fn codes(view: &Value) -> Vec<&str> {
    view["standing"]["points"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect()
}

fn sound(w: &World) {
    let db = w.house.db.clone();
    let (looked, faults) = std::thread::spawn(move || credit::check(&db, 20).unwrap()).join().unwrap();
    assert!(looked > 0);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn a_grade_says_point_by_point_why_and_follows_what_happens() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let path = format!("/api/parties/{}/risk", w.shop);
        assert_eq!(officer.get(&path).await.expect(200)["standing"], Value::Null, "not graded yet");
        assert_eq!(tick(&w).await, 4);
        assert_eq!(tick(&w).await, 0, "nothing new");
        let view = officer.get(&path).await.expect(200);
        let standing = &view["standing"];
        // shop 8, items not known 3, no licence 4, no visit 3
        assert_eq!(codes(&view), ["form", "items", "licence", "last_visit"], "{view}");
        assert_eq!(
            (&standing["total"], &standing["grade"], &standing["cause"]),
            (&json!(18), &json!("A"), &json!("first"))
        );
        assert_eq!(standing["points"][0]["why"], "业态为食品销售店（超市、商店）");
        assert_eq!(standing["points"][0]["certainty"], "setting");

        // a finding counts with the next round, and names itself
        let finding = id(&found(&officer, &w.shop, "生熟混放").await);
        assert_eq!(tick(&w).await, 1);
        let view = officer.get(&path).await.expect(200);
        let general = view["standing"]["points"].as_array().unwrap().iter().find(|p| p["code"] == "general");
        assert_eq!(general.unwrap()["records"], json!([format!("finding:{finding}")]));
        let change = &view["history"][0];
        assert_eq!(change["cause"], "event");
        assert_eq!(
            change["changes"],
            json!([{ "code": "general", "name": "一般问题", "before": 0, "after": 3 }])
        );

        // what a room notes: once, with a step of the grade, and gone when it is revoked
        assert!(noted(&w, &w.shop, "sample.fail_high", "sample-1").await.unwrap());
        assert!(!noted(&w, &w.shop, "sample.fail_high", "sample-1").await.unwrap());
        assert_eq!(noted(&w, &w.shop, "praise", "x").await.unwrap_err().code, "event_unknown");
        tick(&w).await;
        let row = async || {
            officer.get("/api/risk?size=50").await.expect(200)["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|r| r["party"] == json!(w.shop))
                .unwrap()
                .clone()
        };
        assert_eq!((&row().await["grade"], &row().await["before_grade"]), (&json!("B"), &json!("A")));
        let credit = officer.get(&format!("/api/parties/{}/credit", w.shop)).await.expect(200);
        assert_eq!((&credit["score"], &credit["grade"]), (&json!(85 - 12 - 2), &json!("C")), "{credit}");
        // the finding is the later of the two
        assert_eq!(credit["entries"][1]["points"], -12);
        let about = "sample-1".to_owned();
        assert_eq!(by_house(&w, move |act| credit::revoke(act, &about, "复检合格")).await.unwrap(), 1);
        tick(&w).await;
        assert_eq!(row().await["grade"], "A");
        let credit = officer.get(&format!("/api/parties/{}/credit", w.shop)).await.expect(200);
        assert_eq!((&credit["score"], &credit["entries"][1]["points"]), (&json!(83), &json!(0)));
        assert_eq!(credit["entries"][1]["revoke_reason"], "复检合格");

        // the business sees its own, and nobody else's
        let clerk = w.sign_in("clerk").await;
        clerk.get(&path).await.expect(200);
        clerk.get(&format!("/api/parties/{}/risk", w.factory)).await.refused(404, "not_found");
        clerk.get("/api/risk").await.refused(403, "permission_missing");
        let far = w.sign_in("officer2").await.get("/api/risk/counties").await.expect(200);
        assert!(far.as_array().unwrap().iter().all(|r| r["division"] == "410922"), "{far}");
        sound(&w);
    });
}

#[test]
fn a_new_year_grades_all_anew_and_a_closed_business_has_no_grade() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        tick(&w).await;
        let party = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        let body = json!({ "status": "closed", "seq": party["party"]["seq"], "reason": "企业申请注销" });
        let closed = officer.post(&format!("/api/parties/{}/status", w.shop), &body).await;
        assert!(closed.status.is_success(), "{}", closed.text());
        tick(&w).await;
        let view = officer.get(&format!("/api/parties/{}/risk", w.shop)).await.expect(200);
        assert_eq!((&view["standing"], view["history"].as_array().unwrap().len()), (&Value::Null, 1));
        w.house.clock.advance(320 * 86_400_000);
        assert_eq!(tick(&w).await, 3, "the three that are left");
        let officer = w.sign_in("officer1").await;
        let view = officer.get(&format!("/api/parties/{}/risk", w.factory)).await.expect(200);
        assert_eq!(
            (&view["history"][0]["cause"], &view["standing"]["year"]),
            (&json!("yearly"), &json!(2027))
        );
        sound(&w);
    });
}

#[test]
fn two_people_adjust_a_grade() {
    each(async |w| {
        tick(&w).await;
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        let path = format!("/api/parties/{}/risk/adjust", w.shop);
        let form = |grade: &str, reason: &str| json!({ "grade": grade, "reason": reason });
        officer.post(&path, &form("E", "夜查发现超范围")).await.refused(422, "grade_unknown");
        officer.post(&path, &form("C", "夜查")).await.refused(422, "reason_length");
        officer.post(&path, &form("A", "夜查发现超范围")).await.refused(422, "grade_same");
        let made = officer.post(&path, &form("C", "夜查发现超范围经营散装熟食")).await.expect(200);
        officer.post(&path, &form("D", "夜查发现超范围经营")).await.refused(409, "adjustment_waits");
        let rules = officer.get("/api/risk/rules?division=4109").await.expect(200);
        assert_eq!(
            (&rules["variant"]["variant"], &rules["variant"]["static_most"]),
            (&json!("national"), &json!(40))
        );
        assert!(rules["factors"].as_array().unwrap().iter().all(|f| f["source"] != ""), "{rules}");
        let anhui = officer.get("/api/risk/rules?division=3401").await.expect(200);
        assert!(anhui["factors"].as_array().unwrap().iter().any(|f| f["part"] == "credit"), "{anhui}");
        let decide = format!("/api/risk/adjustments/{}/decide", made["id"].as_str().unwrap());
        officer.post(&decide, &json!({ "accept": true })).await.refused(403, "same_person");
        leader.post(&decide, &json!({ "accept": false })).await.refused(422, "reason_length");
        leader.post(&decide, &json!({ "accept": true })).await.expect(200);
        leader.post(&decide, &json!({ "accept": true })).await.refused(409, "adjustment_decided");
        let view = officer.get(&format!("/api/parties/{}/risk", w.shop)).await.expect(200);
        let s = &view["standing"];
        assert_eq!(
            (&s["grade"], &s["computed"], &s["cause"]),
            (&json!("C"), &json!("A"), &json!("adjust")),
            "{view}"
        );
        // it holds through what happens and is not worse
        found(&officer, &w.shop, "地面积水").await;
        tick(&w).await;
        let row = officer.get("/api/risk?grade=C").await.expect(200);
        assert_eq!((&row["items"][0]["party"], &row["items"][0]["least"]), (&json!(w.shop), &json!(2)));
        sound(&w);
    });
}

/// A case of the list that was begun, told and decided.
async fn listed(w: &World) -> String {
    let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
    let form = json!({
        "party": w.factory, "ground": "nonfood", "penalty": "华市监罚〔2026〕9号",
        "what": "在豆制品中添加非食品原料，责令停产停业并处罚款"
    });
    let begun = officer.post("/api/credit/serious", &form).await.expect(200);
    assert_eq!(begun["number"], "失信〔2026〕1号");
    let case = id(&begun);
    let notice = json!({ "action": "notice", "form": { "opinion": "事实清楚" } });
    refused(&officer, &case, notice.clone(), 403, "not_permitted").await;
    claim(&leader, &case).await;
    act(&leader, &case, notice).await;
    let owner = w.sign_in("owner").await;
    let reply = json!({ "action": "reply", "form": { "reply": "已停用该原料，请求从轻" } });
    assert_eq!(act(&owner, &case, reply).await["status"], "deciding");
    claim(&leader, &case).await;
    let list = json!({ "action": "list", "form": { "reason": "情节严重", "answer": "不予采纳" } });
    assert_eq!(act(&leader, &case, list).await["status"], "listed");
    case
}

/// Takes the open task of a case.
async fn claim(who: &kit_test::Client, case: &str) {
    let seen = who.get(&format!("/api/cases/{case}")).await.expect(200);
    let task = &seen["tasks"].as_array().unwrap().last().unwrap()["no"];
    act(who, case, json!({ "op": { "do": "claim", "task": task } })).await;
}

#[test]
fn a_business_is_listed_shown_told_to_platforms_and_repaired_after_a_year() {
    each(async |w| {
        tick(&w).await;
        let case = listed(&w).await;
        let leader = w.sign_in("leader").await;
        let rows = leader.get("/api/credit/lists?list=serious&state=on").await.expect(200);
        let row = &rows["items"][0];
        assert_eq!((&row["id"], &row["number"]), (&json!(case), &json!("失信决〔2026〕1号")));
        let open = w.public().get("/open/serious?format=json").await.expect(200);
        assert_eq!(open["items"][0]["number"], "失信决〔2026〕1号", "{open}");
        assert_eq!(open["items"][0]["shown_until"], "2029-03-03");
        tick(&w).await;
        let file = leader.get(&format!("/api/parties/{}/credit", w.factory)).await.expect(200);
        assert_eq!(
            (&file["grade"], &file["shown"][0]["title"]),
            (&json!("D"), &json!("列入严重违法失信名单"))
        );
        let measures: Vec<&str> =
            file["measures"].as_array().unwrap().iter().map(|m| m["measure"].as_str().unwrap()).collect();
        assert!(measures.contains(&"no_commitment") && measures.contains(&"talk_d"), "{measures:?}");

        // nobody is punished by a program alone
        let first =
            &file["measures"].as_array().unwrap().iter().find(|m| m["measure"] == "platform_notice").unwrap()
                ["id"];
        let path = format!("/api/credit/measures/{}/decide", first.as_str().unwrap());
        leader.post(&path, &json!({ "accept": false })).await.refused(422, "reason_length");
        leader.post(&path, &json!({ "accept": true })).await.expect(200);
        leader.post(&path, &json!({ "accept": true })).await.refused(409, "proposal_decided");

        // again is refused while it is on the list; repair before a year is over too
        let owner = w.sign_in("owner").await;
        let apply = json!({ "action": "apply", "form": { "performed": "罚款已缴清，已整改", "promise": "诚信经营" } });
        refused(&owner, &case, apply.clone(), 409, "repair_early").await;
        w.house.clock.advance(366 * 86_400_000);
        let (owner, leader) = (w.sign_in("owner").await, w.sign_in("leader").await);
        act(&owner, &case, apply).await;
        claim(&leader, &case).await;
        act(&leader, &case, json!({ "action": "repair", "form": { "opinion": "符合条件" } })).await;
        let off = leader.get("/api/credit/lists?state=off").await.expect(200);
        assert_eq!(off["items"][0]["removed_why"], "信用修复，提前移出");
        let open = w.public().get("/open/serious?format=json").await.expect(200);
        assert_eq!(open["items"], json!([]));
        sound(&w);
        crate::findings::sound(&w);
    });
}

#[test]
fn the_list_ends_by_itself_after_three_years() {
    each(async |w| {
        tick(&w).await;
        listed(&w).await;
        // the last day falls on a weekend: the case ends on the Monday, the list and the page to the day
        w.house.clock.advance(1_102 * 86_400_000);
        let house = w.house.clone();
        tokio::task::spawn_blocking(move || kit_flow::duty::tick(&house).unwrap()).await.unwrap();
        let off = w.sign_in("leader").await.get("/api/credit/lists?state=off").await.expect(200);
        assert_eq!(off["items"][0]["removed_why"], "公示期满", "{off}");
    });
}

#[test]
fn platforms_read_a_signed_feed_and_say_how_far() {
    each(async |w| {
        tick(&w).await;
        noted(&w, &w.shop, "penalty.fine", "case-9").await.unwrap();
        noted(&w, &w.shop, "sample.pass", "sample-3").await.unwrap();
        by_house(&w, |act| credit::revoke(act, "case-9", "行政复议撤销")).await.unwrap();
        let officer = w.sign_in("officer1").await;
        let feed = officer.get("/api/credit/feed").await.expect(200);
        let lines: Vec<String> =
            feed["lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap().to_owned()).collect();
        let kinds: Vec<Value> =
            lines.iter().map(|l| serde_json::from_str::<Value>(l).unwrap()["kind"].clone()).collect();
        assert_eq!(kinds, [json!("record"), json!("revoked")], "a good sample is not pushed: {lines:?}");
        let key = kit_ledger::note::PublicKey::parse(feed["key"].as_str().unwrap()).unwrap();
        let text = key.open(feed["note"].as_str().unwrap()).unwrap();
        assert_eq!(text.trim_end(), credit::signed_text(key.name(), 0, 2, &lines).trim_end());
        let rest = officer.get("/api/credit/feed?after=2").await.expect(200);
        assert_eq!((&rest["lines"], &rest["last"]), (&json!([]), &json!(2)));
        officer.post("/api/credit/feed/receipts", &json!({ "upto": 3 })).await.refused(422, "upto_range");
        officer.post("/api/credit/feed/receipts", &json!({ "upto": 2 })).await.expect(200);
        let readers = officer.get("/api/credit/feed/readers").await.expect(200);
        assert_eq!(readers[0]["upto"], 2);
        // what lies elsewhere is not in the feed of a reader of this county
        assert_eq!(w.sign_in("officer2").await.get("/api/credit/feed").await.expect(200)["lines"], json!([]));
        let ranking = w.public().get("/open/ranking").await.expect(200);
        assert!(ranking.as_array().unwrap().iter().any(|r| r["code"] == "serious"));
    });
}

/// Brings in a business of another province.
async fn elsewhere(w: &World, name: &str, division: &str) -> String {
    let new: parties::NewParty = serde_json::from_value(
        json!({ "name": name, "kind": "shop", "division": division, "address": "长江路1号" }),
    )
    .unwrap();
    let search = w.house.held::<parties::Search>();
    by_house(w, move |act| {
        let (ids, now) = (act.ids().clone(), act.now);
        let program = parties::Program { name: "test", simulated: false };
        let made =
            parties::bring_in(act.tx, &ids, now, &search, parties::reference::get(), program, vec![new])?;
        Ok(made[0].id.clone())
    })
    .await
    .unwrap()
}

/// The latest grade as the database has it: number, cause, whether a bad visit counts.
fn last_grade(w: &World, party: &str) -> (i64, String, bool) {
    const LAST: kit_db::Sql = kit_db::Sql::One(
        "SELECT no, cause, points FROM risk_grades WHERE party = $1 ORDER BY no DESC LIMIT 1",
    );
    let party = party.to_owned();
    let row: (i64, String, String) =
        crate::epcis::read(w, move |tx| tx.one(LAST, kit_db::params![&party])).unwrap();
    (row.0, row.1, row.2.contains("bad_visits"))
}

#[test]
fn anhui_grades_by_the_month_and_others_by_the_year() {
    each(async |w| {
        let anhui = elsewhere(&w, "包河区便民超市", "340111").await;
        tick(&w).await;
        for party in [&anhui, &w.shop] {
            noted(&w, party, "inspection.nonconform", &format!("visit-{party}")).await.unwrap();
        }
        tick(&w).await;
        assert_eq!([last_grade(&w, &anhui).2, last_grade(&w, &w.shop).2], [true, true]);
        // the turn of the year: it still counts. 2026-03-03 to 2027-01-15
        w.house.clock.advance(318 * 86_400_000);
        tick(&w).await;
        assert_eq!([last_grade(&w, &anhui).1, last_grade(&w, &w.shop).1], ["yearly", "yearly"]);
        assert!(last_grade(&w, &anhui).2);
        // in April its twelve months are over: the month's run sees it in 安徽, nothing does elsewhere
        w.house.clock.advance(80 * 86_400_000);
        tick(&w).await;
        let (no, cause, counts) = last_grade(&w, &anhui);
        assert_eq!((cause.as_str(), counts), ("monthly", false));
        assert!(last_grade(&w, &w.shop).2, "the year's run comes in January");
        // once a month, and nothing new is kept where nothing changed
        w.house.clock.advance(40 * 86_400_000);
        tick(&w).await;
        assert_eq!(last_grade(&w, &anhui).0, no);
        sound(&w);
    });
}

#[test]
fn what_is_on_the_file_of_a_duplicate_counts_for_the_survivor() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let twin = elsewhere(&w, "胜利路便民超市（重复）", "410902").await;
        noted(&w, &twin, "penalty.fine", "case-7").await.unwrap();
        found(&officer, &twin, "生熟混放").await;
        tick(&w).await;
        let file = format!("/api/parties/{}/credit", w.shop);
        let clean = officer.get(&file).await.expect(200);
        assert_eq!(clean["entries"], json!([]));
        let path = format!("/api/parties/{twin}/merge");
        let preview = officer.post(&format!("{path}/preview"), &json!({ "into": w.shop })).await.expect(200);
        let line = json!({ "label": "信用记录", "value": "1 条", "link": "" });
        assert!(preview["lines"].as_array().unwrap().contains(&line), "{preview}");
        officer.post(&path, &json!({ "into": w.shop, "reason": "重复登记" })).await.expect(200);
        tick(&w).await;
        let joined = officer.get(&file).await.expect(200);
        assert_eq!(joined["entries"].as_array().unwrap().len(), 2, "{joined}");
        assert_eq!(joined["score"].as_i64(), clean["score"].as_i64().map(|n| n - 12));
        let risk = officer.get(&format!("/api/parties/{}/risk", w.shop)).await.expect(200);
        assert!(codes(&risk).contains(&"general"), "{risk}");
        // what comes later under the old id has the survivor graded anew as well
        noted(&w, &twin, "accident", "event-1").await.unwrap();
        tick(&w).await;
        let risk = officer.get(&format!("/api/parties/{}/risk", w.shop)).await.expect(200);
        assert!(codes(&risk).contains(&"up_accident"), "{risk}");
        // taken apart again, each has its own; what was noted while they were one is the survivor's
        officer.post(&format!("{path}/undo"), &json!({ "reason": "弄错了" })).await.expect(204);
        tick(&w).await;
        let apart = officer.get(&file).await.expect(200);
        let about: Vec<&str> =
            apart["entries"].as_array().unwrap().iter().filter_map(|e| e["about"].as_str()).collect();
        assert_eq!(about, ["event-1"], "{apart}");
        sound(&w);
    });
}
