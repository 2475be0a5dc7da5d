//! Cases of enforcement: from the lead to the archive, measures below them, and what the law bars.

mod answers;
mod endings;
mod mine;

use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, found, id, my_id, photo, refused, sound};
use crate::flows::{another, clock, flags, tick};
use crate::papers::{address, text_of};
use crate::world::{World, each};

const DAY: i64 = 86_400_000;

/// People of one county's bureau.
struct Office {
    /// Investigate.
    a: Client,
    b: Client,
    /// Reviews and hears.
    c: Client,
    chief: Client,
}

async fn office(w: &World) -> Office {
    Office {
        a: w.sign_in("officer1").await,
        b: another(w, "case.b", "officer", "410902").await,
        c: another(w, "case.c", "officer", "410902").await,
        chief: another(w, "case.chief", "leader", "410902").await,
    }
}

async fn begun(client: &Client, party: &str, procedure: &str) -> String {
    let body = json!({
        "procedure": procedure, "source": "inspection", "source_ref": "检2026-8", "party": party,
        "what": "使用超过保质期的食品原料加工食品"
    });
    id(&client.post("/api/enforcement/cases", &body).await.expect(200))
}

/// What the matrix asks for: a case about the factory with a piece of its evidence, and one whose decision it holds and to which it
/// handed something in.
pub async fn scene(w: &World) -> [(String, String); 4] {
    let officer = w.sign_in("off.own").await;
    let case = begun(&officer, &w.factory, "ordinary").await;
    let proof = piece(&officer, &case, false).await;
    let simple = begun(&officer, &w.factory, "simple").await;
    let people = json!([my_id(&officer).await, my_id(&w.sign_in("inv.own").await).await]);
    act(&officer, &simple, action("decide", on_the_spot(people))).await;
    let file = answers::handed_in(&w.sign_in("own.own").await, &simple, 5).await;
    let ids = [("case_proof", proof), ("enforcement", case), ("my_case", simple), ("my_file", file)];
    ids.map(|(n, v)| (n.to_owned(), v))
}

/// A warning on the spot.
fn on_the_spot(people: Value) -> Value {
    json!({
        "officers": people, "facts": "未留存进货票据", "article": "126", "broken": "第五十三条", "party_kind": "unit",
        "penalties": ["warning"], "discretion": "首次", "heard": true, "spot_statement": "无异议", "outside_reason": ""
    })
}

fn action(code: &str, form: Value) -> Value {
    json!({ "action": code, "form": form })
}

async fn piece(client: &Client, case: &str, camera: bool) -> String {
    let path = format!(
        "/api/enforcement/cases/{case}/evidence?kind=audiovisual&title=后厨照片&origin=现场拍摄&camera={}",
        i64::from(camera)
    );
    id(&client.upload(&path, "image/jpeg", "p.jpg", photo(3, 320)).await.expect(200))
}

fn report(proof: &[&str]) -> Value {
    json!({
        "facts": "当事人使用超过保质期的面粉加工面条", "proof": proof, "article": "124", "broken": "食品安全法第三十四条第三项",
        "goods_value": 600_000, "circumstances": ["voluntary"], "discretion": "主动改正，建议从轻",
        "penalties": ["fine", "confiscate_goods"], "fine": 5_000_000
    })
}

/// To the status `investigating`.
async fn filed(o: &Office, case: &str) {
    let form =
        json!({ "findings": "现场发现过期面粉", "suspected": "食品安全法第三十四条", "suggestion": "file" });
    act(&o.a, case, action("propose", form)).await;
    let people = json!([my_id(&o.a).await, my_id(&o.b).await]);
    act(&o.chief, case, action("file", json!({ "investigators": people, "filing_opinion": "同意立案" })))
        .await;
}

/// To the status `notice`, told.
async fn told(o: &Office, case: &str, report: Value) {
    act(&o.a, case, action("report", report.clone())).await;
    act(&o.b, case, action("report", report)).await;
    let form = json!({ "review_kind": "legal", "opinion": "事实清楚，证据充分，程序合法" });
    act(&o.c, case, action("pass", form)).await;
    act(&o.chief, case, action("notify", json!({}))).await;
    let form = json!({ "told_way": "direct", "told_on": "2026-03-03", "told_to": "店长" });
    act(&o.a, case, action("told", form)).await;
}

fn decision(fine: i64) -> Value {
    json!({ "penalties": ["fine", "confiscate_goods"], "fine": fine, "discretion": "从轻处罚" })
}

async fn opened(client: &Client, case: &str) -> Value {
    client.get(&format!("/api/cases/{case}")).await.expect(200)
}

#[test]
fn an_ordinary_case_goes_from_lead_to_archive() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        let body = opened(&o.a, &case).await;
        assert_eq!((&body["status"], &body["number"]), (&json!("lead"), &json!("案〔2026〕1号")));
        assert_eq!(clock(&body, "filing")["last_day"], "2026-03-24");
        filed(&o, &case).await;
        let proof = piece(&o.a, &case, false).await;
        told(&o, &case, report(&[&proof])).await;
        let form = json!({ "statement": "已销毁，请求从轻", "statement_answer": "予以采纳" });
        act(&o.b, &case, action("state", form)).await;
        assert_eq!(clock(&opened(&o.a, &case).await, "statement")["last_day"], "2026-03-10");
        w.house.clock.advance(8 * DAY);
        tick(&w).await;
        let o = Office { chief: w.sign_in("case.chief").await, a: w.sign_in("officer1").await, ..o };
        let body = opened(&o.a, &case).await;
        assert_eq!(body["status"], "deciding");
        assert_eq!(clock(&body, "decision")["last_day"], "2026-06-01");
        let decided = act(&o.chief, &case, action("decide", decision(4_000_000))).await;
        assert_eq!(decided["status"], "executing");
        let row = o.a.get(&format!("/api/enforcement/cases/{case}")).await.expect(200);
        assert_eq!((&row["fine"], &row["decision"]), (&json!(4_000_000), &json!("处罚〔2026〕1号")));

        let form = json!({
            "served_way": "electronic", "served_on": "2026-03-11", "served_to": "店长", "told_publication": true
        });
        refused(&o.a, &case, action("serve", form.clone()), 422, "consent_missing").await;
        let mut agreed = form;
        agreed["served_consent"] = json!(true);
        act(&o.a, &case, action("serve", agreed)).await;
        let pay = |sum: i64| json!({ "paid": sum, "paid_on": "2026-03-11", "paid_no": "豫000123" });
        act(&o.a, &case, action("pay", pay(3_000_000))).await;
        refused(&o.a, &case, action("pay_off", json!({})), 409, "not_paid").await;
        let end = json!({ "outcome": "已缴清", "archive_no": "2026-罚-1" });
        refused(&o.chief, &case, action("close", end.clone()), 409, "not_executed").await;
        act(&o.a, &case, action("pay", pay(1_000_000))).await;
        act(&o.a, &case, action("pay_off", json!({}))).await;
        refused(&o.chief, &case, action("close", end.clone()), 409, "not_published").await;
        act(&o.a, &case, action("publish", json!({}))).await;
        let public = w.public().get("/open/penalty?format=json").await.expect(200);
        assert!(public.to_string().contains("处罚〔2026〕1号"), "{public}");
        let closed = act(&o.chief, &case, action("close", end)).await;
        assert_eq!((&closed["status"], &closed["phase"]), (&json!("closed"), &json!("done")));

        certified(&w, &o, &case).await;
        papers(&w, &o, &case).await;
        sound(&w);
    });
}

async fn certified(w: &World, o: &Office, case: &str) {
    let path = format!("/api/enforcement/cases/{case}/certificate");
    let made = o.a.get(&path).await.expect(200);
    let lines = made["lines"].as_array().unwrap();
    let state = |name: &str| lines.iter().find(|l| l["name"].as_str().unwrap().starts_with(name)).unwrap();
    for name in [
        "核查",
        "决定是否立案",
        "两人以上",
        "审核",
        "处罚告知",
        "作出决定",
        "送达决定书",
        "缴纳",
        "公示",
        "结案",
    ] {
        assert_eq!(state(name)["state"], "done", "{name}: {made}");
        assert_ne!(state(name)["on_time"], false, "{name}");
    }
    assert_eq!(state("举行听证")["state"], "not_due");
    assert_eq!(state("审核")["apart"], true);
    assert_eq!(state("两人以上")["who"].as_array().unwrap().len(), 2);
    assert_eq!(made["sound"], true, "{made}");
    let pdf = o.a.get(&format!("{path}.pdf")).await;
    assert_eq!(pdf.bytes, o.a.get(&format!("{path}.pdf")).await.bytes);
    if let Some(text) = text_of(w, &pdf.bytes) {
        assert!(text.contains("办案程序证明") && text.contains("无缺失"), "{text}");
    }
}

/// Every document that the case issued is a PDF without a gap.
async fn papers(w: &World, o: &Office, case: &str) {
    let body = opened(&o.a, case).await;
    let documents = body["documents"].as_array().unwrap();
    let codes: Vec<&str> = documents.iter().map(|d| d["code"].as_str().unwrap()).collect();
    let wanted =
        ["filing", "report", "opinion", "notice", "notice_receipt", "decision", "receipt", "closing"];
    assert_eq!(codes, wanted);
    for document in documents {
        assert_ne!(document["verify"], "", "{document}");
        let pdf = o.a.get(&address(&body, document)).await;
        let Some(text) = text_of(w, &pdf.bytes) else { continue };
        assert!(!text.contains("（缺："), "{}: {text}", document["code"]);
        assert!(text.contains("胜利路便民超市"), "{}: {text}", document["code"]);
        if document["code"] == "decision" {
            assert!(text.contains("罚款40,000元（大写：人民币肆万元整）"), "{text}");
        }
    }
}

#[test]
fn whoever_investigates_neither_reviews_nor_hears_nor_decides() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        let form = json!({ "findings": "属实", "suspected": "第三十四条", "suggestion": "file" });
        refused(&o.chief, &case, action("file", json!({})), 409, "needs_flag").await;
        act(&o.a, &case, action("propose", form)).await;
        let alone = json!({ "investigators": [my_id(&o.a).await], "filing_opinion": "同意" });
        refused(&o.chief, &case, action("file", alone), 422, "officers_few").await;
        let people = json!([my_id(&o.a).await, my_id(&o.b).await]);
        let form = json!({ "investigators": people, "filing_opinion": "同意" });
        refused(&o.a, &case, action("file", form.clone()), 403, "not_permitted").await;
        act(&o.chief, &case, action("file", form)).await;
        let proof = piece(&o.a, &case, false).await;
        refused(&o.c, &case, action("report", report(&[&proof])), 403, "not_assigned").await;
        refused(&o.a, &case, action("report", report(&["x"])), 422, "evidence_unknown").await;
        act(&o.a, &case, action("report", report(&[&proof]))).await;
        assert_eq!(opened(&o.a, &case).await["status"], "investigating", "the second is still to sign");
        act(&o.b, &case, action("report", report(&[&proof]))).await;
        let pass = json!({ "review_kind": "legal", "opinion": "同意" });
        for client in [&o.a, &o.b] {
            refused(client, &case, action("pass", pass.clone()), 403, "not_assigned").await;
        }
        act(&o.c, &case, action("pass", pass)).await;
        act(&o.chief, &case, action("notify", json!({}))).await;
        let form = json!({ "told_way": "direct", "told_on": "2026-03-03", "told_to": "店长" });
        act(&o.a, &case, action("told", form)).await;
        act(&o.a, &case, action("ask_hearing", json!({ "hearing_asked": "当事人书面申请" }))).await;
        let left = clock(&opened(&o.a, &case).await, "decision")["state"].clone();
        assert_eq!(left, "paused", "a hearing does not count");
        let call =
            |on: &str, by: String| json!({ "hear_on": on, "hear_at": "上午九时，二楼会议室", "hear_by": by });
        let (a, c) = (my_id(&o.a).await, my_id(&o.c).await);
        refused(&o.a, &case, action("call_hearing", call("2026-03-20", c.clone())), 403, "same_person").await;
        refused(&o.c, &case, action("call_hearing", call("2026-03-12", c.clone())), 422, "hearing_too_soon")
            .await;
        refused(&o.c, &case, action("call_hearing", call("2026-03-13", a)), 422, "same_person").await;
        act(&o.c, &case, action("call_hearing", call("2026-03-13", c))).await;
        let heard = json!({ "hearing_record": "双方到场", "hearing_opinion": "维持处罚建议" });
        refused(&o.c, &case, action("hear", heard.clone()), 409, "hearing_not_yet").await;
        w.house.clock.advance(10 * DAY);
        let c = w.sign_in("case.c").await;
        act(&c, &case, action("hear", heard)).await;
        let body = opened(&c, &case).await;
        assert_eq!(body["status"], "deciding");
        assert_eq!(clock(&body, "decision")["last_day"], "2026-06-11", "ten days did not count");
        sound(&w);
    });
}

#[test]
fn a_decision_keeps_to_the_range_and_to_what_was_told() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        filed(&o, &case).await;
        let proof = piece(&o.a, &case, false).await;
        for (field, value, code) in [
            ("article", json!("999"), "article_unknown"),
            ("goods_value", Value::Null, "goods_value_missing"),
            ("circumstances", json!(["bad_mood"]), "circumstance_unknown"),
            ("penalties", json!(["gift"]), "penalty_unknown"),
            ("fine", json!(10_000_001), "fine_above"),
            ("fine", Value::Null, "fine_missing"),
        ] {
            let mut wrong = report(&[&proof]);
            wrong[field] = value;
            refused(&o.a, &case, action("report", wrong), 422, code).await;
        }
        let mut low = report(&[&proof]);
        low["circumstances"] = json!([]);
        low["fine"] = json!(4_999_999);
        refused(&o.a, &case, action("report", low.clone()), 422, "fine_below").await;
        low["outside_reason"] = json!("行政处罚法第三十二条第五项：法律规定的其他情形");
        act(&o.a, &case, action("report", low.clone())).await;
        act(&o.b, &case, action("report", low)).await;
        // a fine that may be heard is reviewed by law, discussed together
        let back = json!({ "opinion": "货值认定有误，重新核算" });
        act(&o.c, &case, action("send_back", back)).await;
        let mut heavy = report(&[&proof]);
        heavy["goods_value"] = json!(2_000_000);
        heavy["fine"] = json!(30_000_000);
        act(&o.a, &case, action("report", heavy.clone())).await;
        act(&o.b, &case, action("report", heavy)).await;
        let plain = json!({ "review_kind": "plain", "opinion": "同意" });
        refused(&o.c, &case, action("pass", plain), 422, "legal_review_due").await;
        let legal = json!({ "review_kind": "legal", "opinion": "同意" });
        act(&o.c, &case, action("pass", legal)).await;
        act(&o.chief, &case, action("notify", json!({}))).await;
        let form = json!({ "told_way": "direct", "told_on": "2026-03-03", "told_to": "店长" });
        act(&o.a, &case, action("told", form)).await;
        act(&o.a, &case, action("waive", json!({ "waived": "书面放弃" }))).await;
        refused(&o.chief, &case, action("decide", decision(30_000_000)), 403, "city_level").await;
        act(&o.chief, &case, action("send_up", json!({ "up_reason": "罚款三十万元" }))).await;
        let city = w.sign_in("leader").await;
        refused(&city, &case, action("decide", decision(30_000_000)), 409, "discussion_due").await;
        let form =
            json!({ "discussed_by": "甲、乙、丙", "discussion": "一致同意", "conclusion": "罚款三十万元" });
        act(&city, &case, action("discuss", form)).await;
        refused(&city, &case, action("decide", decision(30_000_001)), 409, "heavier_than_told").await;
        act(&city, &case, action("decide", decision(30_000_000))).await;
        // it stands on the credit file
        let sql = kit_db::Sql::One("SELECT count(*) FROM credit_events WHERE kind = 'penalty.fine'");
        assert_eq!(crate::epcis::read(&w, |tx| tx.one::<i64>(sql, &[])), Some(1));
        sound(&w);
    });
}

#[test]
fn camera_evidence_is_no_proof_before_two_reviews() {
    each(async |w| {
        let o = office(&w).await;
        let case = begun(&o.a, &w.shop, "ordinary").await;
        filed(&o, &case).await;
        let shot = piece(&o.a, &case, true).await;
        refused(&o.a, &case, action("report", report(&[&shot])), 422, "evidence_unreviewed").await;
        let path = format!("/api/enforcement/cases/{case}/evidence/{shot}/review");
        let review =
            |kind: &str, pass: bool| json!({ "review": kind, "pass": pass, "note": "时间、地点、画面完整" });
        o.a.post(&path, &review("legal", true)).await.refused(403, "same_person");
        o.c.post(&path, &review("legal", true)).await.expect(200);
        o.c.post(&path, &review("legal", false)).await.refused(409, "reviewed_already");
        refused(&o.a, &case, action("report", report(&[&shot])), 422, "evidence_unreviewed").await;
        let seen = o.b.post(&path, &review("technical", true)).await.expect(200);
        assert_eq!((&seen["admissible"], &seen["camera"]), (&json!(true), &json!(true)));
        act(&o.a, &case, action("report", report(&[&shot]))).await;
        // one that fails a review never counts
        let bad = piece(&o.a, &case, true).await;
        let path = format!("/api/enforcement/cases/{case}/evidence/{bad}/review");
        o.c.post(&path, &review("legal", true)).await.expect(200);
        let seen = o.b.post(&path, &review("technical", false)).await.expect(200);
        assert_eq!(seen["admissible"], false);
        refused(&o.b, &case, action("report", report(&[&bad])), 422, "evidence_unreviewed").await;
        let plain = piece(&o.a, &case, false).await;
        let path = format!("/api/enforcement/cases/{case}/evidence/{plain}/review");
        o.c.post(&path, &review("legal", true)).await.refused(409, "review_unwanted");
        let thing = json!({ "title": "面粉一袋", "origin": "现场提取，存放于证物室" });
        let thing = o.a.post(&format!("/api/enforcement/cases/{case}/things"), &thing).await.expect(200);
        let file = format!("/api/enforcement/cases/{case}/evidence/{}/file", id(&thing));
        o.a.get(&file).await.refused(404, "not_found");
        let far = w.sign_in("officer2").await;
        far.get(&format!("/api/enforcement/cases/{case}/evidence")).await.refused(404, "not_found");
        sound(&w);
    });
}

#[test]
fn a_finding_becomes_a_case_and_both_know_it() {
    each(async |w| {
        let o = office(&w).await;
        let finding = id(&found(&o.a, &w.shop, "使用过期面粉").await);
        let body = act(&o.a, &finding, action("to_case", json!({ "reason": "涉嫌违法" }))).await;
        let child = body["children"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(body["children"][0]["kind"], "case");
        let row = o.a.get(&format!("/api/enforcement/cases/{child}")).await.expect(200);
        assert_eq!(
            (&row["source"], &row["above"], &row["party_name"]),
            (&json!("finding"), &json!(finding), &json!("胜利路便民超市"))
        );
        let no = json!({ "reason": "轻微", "due": "2026-03-20", "verifier": my_id(&o.b).await });
        refused(&o.a, &finding, action("no_case", no.clone()), 409, "needs_children").await;
        let form = json!({ "findings": "轻微", "suspected": "第三十四条", "suggestion": "no_file" });
        act(&o.a, &child, action("propose", form)).await;
        let form = json!({ "no_file_ground": "minor", "reason": "已当场改正" });
        act(&o.chief, &child, action("no_file", form)).await;
        let row = o.a.get(&format!("/api/enforcement/cases/{child}")).await.expect(200);
        assert_eq!((&row["outcome"], &row["phase"]), (&json!("not_filed"), &json!("done")));
        act(&o.a, &finding, action("no_case", no)).await;
        sound(&w);
    });
}

#[test]
fn the_calculator_and_the_list_say_what_they_know() {
    each(async |w| {
        let (a, far) = (w.sign_in("officer1").await, w.sign_in("officer2").await);
        let case = begun(&a, &w.shop, "ordinary").await;
        let path = format!(
            "/api/enforcement/range?article=124&goods_value=600000&circumstances=voluntary&party={}",
            w.shop
        );
        let range = a.get(&path).await.expect(200);
        assert_eq!(
            (&range["low"], &range["high"], &range["advised_high"], &range["below"]),
            (&json!(5_000_000), &json!(10_000_000), &json!(6_500_000), &json!(true))
        );
        far.get(&path).await.refused(422, "party_unknown");
        a.get("/api/enforcement/range?article=124").await.refused(422, "goods_value_missing");
        let table = a.get("/api/enforcement/penalties").await.expect(200);
        assert_eq!(table["bands"].as_array().unwrap().len(), 14);
        assert_eq!(a.get("/api/enforcement/cases?state=open&q=保质期").await.expect(200)["total"], 1);
        assert_eq!(far.get("/api/enforcement/cases").await.expect(200)["total"], 0);
        far.get(&format!("/api/enforcement/cases/{case}")).await.refused(404, "not_found");
        far.get(&format!("/api/enforcement/cases/{case}/certificate")).await.refused(404, "not_found");
        let new = |field: &str, value: Value| {
            let mut body =
                json!({ "procedure": "ordinary", "source": "inspection", "party": w.shop, "what": "x" });
            body[field] = value;
            body
        };
        for (field, value, code) in [
            ("procedure", json!("quick"), "procedure_unknown"),
            ("source", json!("finding"), "source_unknown"),
            ("what", json!(" "), "what_missing"),
            ("party", json!(w.far_shop), "party_unknown"),
        ] {
            a.post("/api/enforcement/cases", &new(field, value)).await.refused(422, code);
        }
    });
}
