//! A business and the cases against it: it sees what was served on it and nothing else, answers, asks for a hearing, tells
//! of a payment and asks for time.

use kit_test::Client;
use serde_json::{Value, json};

use super::{DAY, Office, action, begun, decision, filed, office, opened, piece, report};
use crate::findings::{act, my_id, refused, sound};
use crate::flows::{clock, flags, tick};
use crate::papers::{address, text_of};
use crate::world::each;

async fn mine(owner: &Client) -> Vec<Value> {
    owner.get("/api/enforcement/mine").await.expect(200).as_array().unwrap().clone()
}

pub async fn own(owner: &Client, case: &str) -> Value {
    owner.get(&format!("/api/enforcement/mine/{case}")).await.expect(200)
}

pub async fn answers(owner: &Client, case: &str, code: &str, form: Value) -> kit_test::Reply {
    owner.post(&format!("/api/enforcement/mine/{case}/acts"), &action(code, form)).await
}

fn codes(view: &Value) -> Vec<&str> {
    view["actions"].as_array().unwrap().iter().map(|a| a["code"].as_str().unwrap()).collect()
}

/// To the status `notice`; the notice is made and not served.
pub async fn noticed(o: &Office, case: &str, report: Value) {
    act(&o.a, case, action("report", report.clone())).await;
    act(&o.b, case, action("report", report)).await;
    let form = json!({ "review_kind": "legal", "opinion": "事实清楚，证据充分，程序合法" });
    act(&o.c, case, action("pass", form)).await;
    act(&o.chief, case, action("notify", json!({}))).await;
}

pub async fn serve_notice(o: &Office, case: &str) {
    let form = json!({ "told_way": "direct", "told_on": "2026-03-03", "told_to": "店长" });
    act(&o.a, case, action("told", form)).await;
}

/// What somebody was told with these words in it.
async fn told(client: &Client, words: &str) -> Value {
    let list = client.get("/api/notices").await.expect(200);
    let mut items = list["items"].as_array().unwrap().iter();
    items.find(|n| n["body"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{list}")).clone()
}

#[test]
fn a_business_sees_what_was_served_and_answers() {
    each(async |w| {
        let o = office(&w).await;
        let owner = w.sign_in("owner").await;
        let stranger = w.sign_in("clerk").await;
        let case = begun(&o.a, &w.factory, "ordinary").await;
        filed(&o, &case).await;
        let proof = piece(&o.a, &case, false).await;
        noticed(&o, &case, report(&[&proof])).await;
        // made is not served: nothing is there, and nothing can be done
        assert!(mine(&owner).await.is_empty());
        owner.get(&format!("/api/enforcement/mine/{case}")).await.refused(404, "not_found");
        answers(&owner, &case, "answer", json!({ "statement": "x" })).await.refused(404, "not_found");
        serve_notice(&o, &case).await;
        let list = mine(&owner).await;
        assert_eq!((list.len(), &list[0]["stage"]), (1, &json!("notice")), "{list:?}");
        assert_eq!(list[0]["next"]["last_day"], "2026-03-10");
        let what = list[0]["what"].as_str().unwrap();
        assert!(what.contains("超过保质期的原料"), "the law's words, never the lead: {what}");
        assert_eq!(told(&owner, "2026-03-10").await["link"], format!("/my-cases/{case}"));
        let view = own(&owner, &case).await;
        assert_eq!(codes(&view), ["answer"], "no hearing for so little: {view}");
        let papers = view["documents"].as_array().unwrap();
        assert_eq!((papers.len(), &papers[0]["name"]), (1, &json!("行政处罚告知书")));
        // the notice may be read, the report of the inquiry may not; strangers see neither
        let body = opened(&o.a, &case).await;
        let document = |code: &str| {
            let list = body["documents"].as_array().unwrap();
            address(&body, list.iter().find(|d| d["code"] == code).unwrap())
        };
        let pdf = owner.get(&document("notice")).await;
        assert_eq!(pdf.status, 200);
        if let Some(text) = text_of(&w, &pdf.bytes) {
            assert!(text.contains("行政处罚告知书"), "{text}");
        }
        owner.get(&document("report")).await.refused(404, "not_found");
        stranger.get(&document("notice")).await.refused(404, "not_found");
        stranger.get("/api/enforcement/mine").await.refused(403, "permission_missing");
        owner.get(&format!("/api/cases/{case}")).await.refused(404, "not_found");
        let way = format!("/api/cases/{case}/acts");
        owner.post(&way, &action("answer", json!({ "statement": "x" }))).await.refused(404, "not_found");

        answers(&owner, &case, "publish", json!({})).await.refused(409, "action_not_here");
        answers(&owner, &case, "request_hearing", json!({ "hearing_asked": "过重" }))
            .await
            .refused(409, "hearing_not_due");
        let said = json!({ "statement": "面粉已全部销毁，家庭困难，请求从轻" });
        let view = answers(&owner, &case, "answer", said).await.expect(200);
        assert_eq!(view["said"][0]["own"], true, "{view}");
        assert_eq!(told(&o.b, "请复核").await["link"], format!("/cases/{case}"));
        assert!(flags(&opened(&o.a, &case).await).contains(&"stated"));
        w.house.clock.advance(8 * DAY);
        tick(&w).await;
        let (a, chief) = (w.sign_in("officer1").await, w.sign_in("case.chief").await);
        let owner = w.sign_in("owner").await;
        answers(&owner, &case, "answer", json!({ "statement": "太晚" }))
            .await
            .refused(409, "action_not_here");
        // what was said is weighed before it is decided
        refused(&chief, &case, action("decide", decision(4_000_000)), 409, "statement_unanswered").await;
        act(&a, &case, action("weigh", json!({ "statement_answer": "部分采纳，从轻处罚" }))).await;
        act(&chief, &case, action("decide", decision(4_000_000))).await;
        assert_eq!(own(&owner, &case).await["case"]["stage"], "working", "decided and not served");
        assert!(own(&owner, &case).await["sums"].is_null());
        pays(&a, &chief, &owner, &case).await;
        sound(&w);
    });
}

async fn pays(a: &Client, chief: &Client, owner: &Client, case: &str) {
    let form = json!({
        "served_way": "direct", "served_on": "2026-03-11", "served_to": "店长", "told_publication": true
    });
    act(a, case, action("serve", form)).await;
    let view = own(owner, case).await;
    assert_eq!((&view["case"]["stage"], &view["sums"]["total"]), (&json!("decided"), &json!(4_000_000)));
    assert_eq!(view["case"]["next"]["last_day"], "2026-03-26");
    let decision = &view["documents"][0];
    assert_eq!((&decision["name"], &decision["on"]), (&json!("行政处罚决定书"), &json!("2026-03-11")));
    let late = json!({ "later_reason": "资金周转困难，请求分两期缴纳" });
    assert_eq!(codes(&view), ["tell_paid", "request_later"]);
    answers(owner, case, "request_later", late.clone()).await.expect(200);
    answers(owner, case, "request_later", late).await.refused(409, "needs_flag");
    act(chief, case, action("refuse_later", json!({ "later_refused": "材料不足以证明经济困难" }))).await;
    assert_eq!(own(owner, case).await["said"][0]["own"], false);
    let paid = |on: &str| json!({ "told_sum": 4_000_000, "told_paid_on": on, "told_paid_no": "农行 0001" });
    answers(owner, case, "tell_paid", paid("2026-03-12")).await.refused(422, "date_future");
    answers(owner, case, "tell_paid", paid("2026-03-11")).await.expect(200);
    told(a, "已缴款").await;
    let pay = json!({ "paid": 4_000_000, "paid_on": "2026-03-11", "paid_no": "豫000123" });
    act(a, case, action("pay", pay)).await;
    act(a, case, action("pay_off", json!({}))).await;
    assert_eq!(own(owner, case).await["case"]["stage"], "performed");
}

#[test]
fn a_business_asks_for_a_hearing_and_is_urged_from_the_day_of_service() {
    each(async |w| {
        let o = office(&w).await;
        let owner = w.sign_in("owner").await;
        let case = begun(&o.a, &w.factory, "ordinary").await;
        filed(&o, &case).await;
        // what is seized is known to its owner at once, the case behind it is not
        act(&o.a, &case, action("seize", json!({}))).await;
        let child = opened(&o.a, &case).await["children"][0]["id"].as_str().unwrap().to_owned();
        let people = json!([my_id(&o.a).await, my_id(&o.b).await]);
        let form = json!({ "officers": people, "way": "seal", "grounds": "防止转移" });
        act(&o.chief, &child, action("approve", form)).await;
        assert!(mine(&owner).await.is_empty());
        let listed = json!({ "items": "面粉四十袋", "kept_at": "当事人库房" });
        act(&o.a, &child, action("list", listed.clone())).await;
        act(&o.b, &child, action("list", listed)).await;
        let list = mine(&owner).await;
        assert_eq!(
            (list.len(), &list[0]["stage"], &list[0]["what"]),
            (1, &json!("kept"), &json!("面粉四十袋"))
        );
        let view = own(&owner, &child).await;
        assert_eq!((&view["above"], &view["clocks"][0]["code"]), (&json!(""), &json!("term")));

        let proof = piece(&o.a, &case, false).await;
        let mut heavy = report(&[&proof]);
        heavy["goods_value"] = json!(2_000_000);
        heavy["fine"] = json!(20_000_000);
        noticed(&o, &case, heavy).await;
        serve_notice(&o, &case).await;
        assert_eq!(own(&owner, &child).await["above"], case);
        assert_eq!(codes(&own(&owner, &case).await), ["answer", "request_hearing"]);
        let asked = json!({ "hearing_asked": "罚款过重，要求当面陈述" });
        let view = answers(&owner, &case, "request_hearing", asked).await.expect(200);
        assert_eq!((&view["case"]["stage"], &view["hearing"]), (&json!("hearing"), &Value::Null));
        let c = my_id(&o.c).await;
        let call = json!({ "hear_on": "2026-03-13", "hear_at": "上午九时，二楼会议室", "hear_by": c });
        act(&o.c, &case, action("call_hearing", call)).await;
        assert_eq!(own(&owner, &case).await["hearing"]["on"], "2026-03-13");
        w.house.clock.advance(10 * DAY);
        let (a, c, chief) =
            (w.sign_in("officer1").await, w.sign_in("case.c").await, w.sign_in("case.chief").await);
        let heard = json!({ "hearing_record": "双方到场", "hearing_opinion": "维持处罚建议" });
        act(&c, &case, action("hear", heard)).await;
        let talk = json!({ "discussed_by": "甲、乙", "discussion": "同意", "conclusion": "罚款二十万元" });
        act(&chief, &case, action("discuss", talk)).await;
        act(&chief, &case, action("decide", decision(20_000_000))).await;
        let form = json!({
            "served_way": "direct", "served_on": "2026-03-13", "served_to": "店长", "told_publication": true
        });
        act(&a, &case, action("serve", form)).await;
        // fifteen days end on Saturday 28 March, so on the Monday
        w.house.clock.advance(18 * DAY);
        tick(&w).await;
        let (a, owner) = (w.sign_in("officer1").await, w.sign_in("owner").await);
        let view = own(&owner, &case).await;
        assert_eq!(view["case"]["stage"], "late");
        assert!(view["sums"]["surcharge"].as_i64().unwrap() > 0, "{view}");
        act(&a, &case, action("urge_payment", json!({}))).await;
        // ten working days from the day on which it was served, not from that of the document
        assert!(opened(&a, &case).await["clocks"].as_array().unwrap().iter().all(|c| c["code"] != "urging"));
        let urged = |on: &str| json!({ "urged_way": "direct", "urged_on": on, "urged_to": "店长" });
        refused(&a, &case, action("urged", urged("2026-03-12")), 422, "date_before_document").await;
        w.house.clock.advance(2 * DAY);
        let a = w.sign_in("officer1").await;
        act(&a, &case, action("urged", urged("2026-03-31"))).await;
        // 4 to 6 April are holidays
        assert_eq!(clock(&opened(&a, &case).await, "urging")["last_day"], "2026-04-15");
        let owner = w.sign_in("owner").await;
        assert_eq!(own(&owner, &case).await["documents"][0]["name"], "履行行政处罚决定催告书");
        sound(&w);
    });
}
