//! Licences from the application to the end: grant, mending, deemed acceptance, refusal, commitments, renewals, provinces,
//! agents, bans.

use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, my_id, photo, refused, sound};
use crate::flows::{another, tick};
use crate::world::{NOW, World, each};

const DAY: i64 = 86_400_000;

/// A valid number of nobody: district 110105, born 1949-12-31.
const ID_NO: &str = "11010519491231002X";
const USCC: &str = "92330100MA2ABCD13F";

/// The people of a county office beside officer1: two who visit, one who decides.
struct Office {
    accept: Client,
    visitors: Vec<String>,
    visit: [Client; 2],
    chief: Client,
}

async fn office(w: &World) -> Office {
    let accept = w.sign_in("officer1").await;
    let visit =
        [another(w, "visit1", "officer", "410902").await, another(w, "visit2", "officer", "410902").await];
    let visitors = vec![my_id(&visit[0]).await, my_id(&visit[1]).await];
    Office { accept, visitors, visit, chief: another(w, "chief", "leader", "410902").await }
}

/// Uploads a paper; answers its id.
async fn paper(client: &Client, query: &str) -> String {
    let done =
        client.upload(&format!("/api/permits/files{query}"), "image/jpeg", "p.jpg", photo(3, 320)).await;
    done.expect(200)["id"].as_str().unwrap().to_owned()
}

/// The form of a shop that sells food.
pub fn shop(file: &str) -> Value {
    json!({
        "name": "胜利路便民超市", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路3号",
        "main_form": "1", "sale_mode": "retail", "items": ["X2"], "area": 120,
        "equipment": [{ "name": "冷藏柜", "count": 2 }],
        "managers": [{ "name": "李小红", "post": "officer", "id_no": ID_NO }],
        "layout": [file], "rules": [file], "true": true
    })
}

fn with(mut form: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    form.as_object_mut().unwrap().extend(more);
    form
}

/// Hands a form in.
async fn hand_in(client: &Client, query: &str, form: &Value) -> kit_test::Reply {
    let path = format!("/api/permits?{query}");
    client.upload(&path, "application/octet-stream", "form", form.to_string().into_bytes()).await
}

pub async fn applied(client: &Client, query: &str, form: &Value) -> String {
    hand_in(client, query, form).await.expect(200)["permit"].as_str().unwrap().to_owned()
}

const NEW: &str = "matter=food_business&act=new&version=1";

async fn do_(client: &Client, case: &str, action: &str, form: Value) -> Value {
    act(client, case, json!({ "action": action, "form": form })).await
}

async fn view(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/permits/{id}")).await.expect(200)
}

/// Goes through acceptance, visit and decision; answers the licence.
async fn granted(o: &Office, case: &str) -> Value {
    do_(&o.accept, case, "accept", json!({})).await;
    let form = json!({ "visitors": o.visitors, "method": "onsite" });
    do_(&o.accept, case, "send_visit", form).await;
    for client in &o.visit {
        do_(client, case, "visited", json!({ "visit_result": "pass", "visit_record": "逐项符合" })).await;
    }
    do_(&o.chief, case, "grant", json!({})).await;
    issued(o, case).await
}

async fn issued(o: &Office, case: &str) -> Value {
    do_(&o.accept, case, "issue", json!({})).await;
    let id = view(&o.accept, case).await["permit"]["issued"].as_str().unwrap().to_owned();
    o.accept.get(&format!("/api/licences/{id}")).await.expect(200)
}

/// Runs every job that is due.
async fn round(w: &World) {
    let (ids, now) = (w.house.ids.clone(), w.house.clock.now());
    let queue = move |tx: &mut kit_db::Tx| kit_jobs::ensure(tx, &ids, now, licensing::ROUND, "提醒", now);
    w.house.db.write(queue).await.unwrap();
    crate::pages::run_jobs(w);
}

#[test]
fn a_licence_is_granted_step_by_step_and_verifies_without_the_house() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        // what is wrong is told at once, and what came is kept all the same
        let faulty = with(shop(&file), json!({ "uscc": "1", "area": 0, "surprise": 1 }));
        let problem = hand_in(&clerk, NEW, &faulty).await.refused(422, "form_defects");
        let places: Vec<&str> =
            problem["defects"].as_array().unwrap().iter().map(|d| d["place"].as_str().unwrap()).collect();
        assert_eq!(places, ["uscc", "area", "surprise"]);
        let junk = clerk
            .upload(&format!("/api/permits?{NEW}"), "application/octet-stream", "f", b"\xff{".to_vec())
            .await;
        assert_eq!(junk.refused(422, "form_defects")["defects"][0]["code"], "form_syntax");
        let sql = kit_db::Sql::One("SELECT count(*) FROM permit_submissions WHERE permit = ''");
        assert_eq!(crate::epcis::read(&w, |tx| tx.one::<i64>(sql, &[])), Some(2));

        // a draft, then the form as it is: byte for byte
        let draft = json!({ "matter": "food_business", "act": "new", "version": 1, "content": { "name": "胜利路便民超市" } });
        let draft = clerk.post("/api/permits/drafts", &draft).await.expect(200);
        let draft = draft["id"].as_str().unwrap().to_owned();
        let bytes = format!("{}\n  ", shop(&file));
        let path = format!("/api/permits?{NEW}&draft={draft}");
        let handed = clerk
            .upload(&path, "application/octet-stream", "f", bytes.clone().into_bytes())
            .await
            .expect(200);
        let case = handed["permit"].as_str().unwrap();
        assert_eq!(clerk.get("/api/permits/drafts").await.expect(200), json!([]));
        let raw = format!("/api/permits/{case}/submissions/{}", handed["submission"].as_str().unwrap());
        assert_eq!(o.accept.get(&raw).await.text(), bytes);
        clerk.get(&raw).await.refused(403, "permission_missing");
        let shown = view(&clerk, case).await;
        assert_eq!(shown["permit"]["number"], "食许申〔2026〕1号");
        assert_eq!(shown["content"]["legal_id"], "110105**********2X");
        assert_eq!(shown["permit"]["notes"][0]["code"], "register_unknown");
        let whole = o.accept.get(&format!("/api/permits/{case}/whole")).await.expect(200);
        assert_eq!(whole["content"]["legal_id"], ID_NO);
        // the same once more is not taken
        let twin = hand_in(&clerk, NEW, &shop(&file)).await.refused(422, "form_defects");
        assert_eq!(twin["defects"][0]["code"], "permit_open");

        let accepted = do_(&o.accept, case, "accept", json!({})).await;
        assert_eq!(accepted["documents"][0]["number"], "食许受〔2026〕1号");
        let clock = accepted["clocks"].as_array().unwrap().iter().find(|c| c["code"] == "decide").unwrap();
        // ten working days by the rule of the matter, not the twenty of the general law: Tuesday 3rd to Tuesday 17th
        assert_eq!(clock["last_day"], "2026-03-17");
        // a new licence is visited, by two who did not accept it
        let opinion =
            json!({ "action": "to_decide", "form": { "opinion": "grant", "opinion_text": "材料符合" } });
        refused(&o.accept, case, opinion, 409, "visit_needed").await;
        let send =
            |who: &[&str]| json!({ "action": "send_visit", "form": { "visitors": who, "method": "onsite" } });
        let me = my_id(&o.accept).await;
        let [one, two] = [o.visitors[0].as_str(), o.visitors[1].as_str()];
        refused(&o.accept, case, send(&[one]), 422, "visitors_few").await;
        refused(&o.accept, case, send(&[one, &me]), 422, "person_unfit").await;
        act(&o.accept, case, send(&[one, two])).await;
        let visited = json!({ "visit_result": "pass", "visit_record": "逐项符合" });
        let half = do_(&o.visit[0], case, "visited", visited.clone()).await;
        assert_eq!(half["status"], "visiting", "both sign");
        assert_eq!(do_(&o.visit[1], case, "visited", visited).await["status"], "deciding");
        refused(&o.accept, case, json!({ "action": "grant", "form": {} }), 403, "not_permitted").await;
        assert_eq!(do_(&o.chief, case, "grant", json!({})).await["status"], "issuing");
        let licence = issued(&o, case).await;
        assert_eq!(licence["number"], kit_base::codes::licence::complete("JY", "1410902000001").unwrap());
        assert_eq!((&licence["issued"], &licence["expires"]), (&json!("2026-03-03"), &json!("2031-03-02")));
        assert_eq!(licence["issuer"], "华龙区市场监督管理局");

        // with the business, on paper, in public, and without the house
        let dossier = o.accept.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        assert_eq!(dossier["licences"][0]["number"], licence["number"]);
        assert!(dossier["sections"].as_array().unwrap().iter().any(|s| s["code"] == "licensing"));
        let id = licence["id"].as_str().unwrap();
        let pdf = clerk.get(&format!("/api/licences/{id}/pdf")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"), "{}", pdf.status);
        let note = clerk.get(&format!("/api/licences/{id}/signed")).await.text();
        let key = w.house.held::<kit_ledger::Ledger>().public_key();
        let read = licensing::read_signed(&key, &note).unwrap();
        assert_eq!(
            (read.number.as_str(), read.holder.as_str()),
            (licence["number"].as_str().unwrap(), "胜利路便民超市")
        );
        assert!(read.face.contains(&("经营项目".into(), "食品销售：散装食品销售（不含散装熟食）".into())));
        let forged = note.replace("胜利路便民超市", "胜利路便民超时");
        assert_eq!(licensing::read_signed(&key, &forged).unwrap_err().code, "note_signature");
        let code = licence["code"].as_str().unwrap();
        let told = w.public().get(&format!("/api/public/licences/{}", code.to_lowercase())).await.expect(200);
        assert_eq!((&told["status"], &told["note"]), (&json!("valid"), &json!(note)));
        assert!(!told.to_string().contains("王小明"), "{told}");
        let page = w.public().get(&format!("/l/{code}")).await.text();
        assert!(page.contains("证照有效") && page.contains(licence["number"].as_str().unwrap()), "{page}");
        w.public().get("/l/NOBODY").await.refused(404, "not_found");
        let sheet = o.accept.get("/api/licences/export?q=胜利路").await.text();
        assert!(sheet.contains("胜利路便民超市") && sheet.lines().count() == 2, "{sheet}");

        // the next of the county has the next number, also where an earlier one was refused
        let second = applied(&clerk, NEW, &shop(&file)).await;
        let number = granted(&o, &second).await["number"].as_str().unwrap().to_owned();
        assert_eq!(number, kit_base::codes::licence::complete("JY", "1410902000002").unwrap());
        sound(&w);
    });
}

#[test]
fn what_is_missing_is_told_once_and_silence_is_acceptance() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let case = applied(&clerk, NEW, &shop(&file)).await;
        let ask = json!({ "action": "ask_mend", "form": { "to_mend": "补交食品安全管理制度" } });
        assert_eq!(act(&o.accept, &case, ask.clone()).await["status"], "mending");
        let path = format!("/api/permits/{case}/mend?version=1");
        let mend = |form: Value| {
            let (clerk, path) = (clerk.clone(), path.clone());
            async move {
                clerk.upload(&path, "application/octet-stream", "f", form.to_string().into_bytes()).await
            }
        };
        // by hand around the form it is not possible
        let around = json!({ "action": "mend", "form": { "submission": "x" } });
        refused(&clerk, &case, around, 422, "submission_unknown").await;
        mend(with(shop(&file), json!({ "rules": [] }))).await.refused(422, "form_defects");
        assert_eq!(mend(shop(&file)).await.expect(200)["permit"], json!(case));
        let shown = view(&clerk, &case).await;
        assert_eq!(shown["permit"]["status"], "submitted");
        let faults: Vec<i64> =
            shown["submissions"].as_array().unwrap().iter().map(|s| s["defects"].as_i64().unwrap()).collect();
        assert_eq!(faults, [0, 1, 0], "each is kept");
        refused(&o.accept, &case, ask, 409, "needs_flag").await;
        mend(shop(&file)).await.refused(409, "action_not_here");

        // five working days pass without a word: accepted as of the day it came
        w.house.clock.advance(7 * DAY);
        assert_eq!(tick(&w).await, 1, "reminded or deemed");
        w.house.clock.advance(DAY);
        tick(&w).await;
        let clerk = w.sign_in("clerk").await;
        let shown = view(&clerk, &case).await;
        assert_eq!(shown["permit"]["status"], "reviewing");
        assert_eq!(shown["permit"]["accepted_at"], shown["permit"]["received_at"]);
        let clocks = shown["case"]["clocks"].as_array().unwrap();
        let clock = clocks.iter().find(|c| c["code"] == "decide_deemed").unwrap();
        assert_eq!(clock["last_day"], "2026-03-17", "counted from the 3rd");
        // nobody decides: the level above has it
        w.house.clock.advance(8 * DAY);
        tick(&w).await;
        let clerk = w.sign_in("clerk").await;
        let shown = view(&clerk, &case).await;
        assert_eq!((&shown["case"]["handled"], &shown["case"]["level"]), (&json!("4109"), &json!(1)));
        sound(&w);
    });
}

#[test]
fn a_refusal_has_reasons_and_remedies_and_an_extension_comes_once() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let case = applied(&clerk, NEW, &shop(&file)).await;
        do_(&o.accept, &case, "accept", json!({})).await;
        let extend = json!({ "action": "extend", "form": { "extend_reason": "需补充检验" } });
        let longer = act(&o.chief, &case, extend.clone()).await;
        let clock = longer["clocks"].as_array().unwrap().iter().find(|c| c["code"] == "extended").unwrap();
        assert_eq!(clock["last_day"], "2026-03-24", "fifteen working days in all");
        refused(&o.chief, &case, extend, 409, "needs_flag").await;
        let form = json!({ "visitors": o.visitors, "method": "onsite" });
        do_(&o.accept, &case, "send_visit", form).await;
        for client in &o.visit {
            do_(client, &case, "visited", json!({ "visit_result": "fail", "visit_record": "无独立库房" }))
                .await;
        }
        refused(&o.chief, &case, json!({ "action": "grant", "form": {} }), 409, "visit_failed").await;
        let bare = json!({ "action": "refuse", "form": { "reason": "不符合条件" } });
        refused(&o.chief, &case, bare, 422, "form_missing").await;
        let form = json!({ "reason": "无独立库房，不符合令78号的条件", "remedy": "六十日内申请行政复议，六个月内提起行政诉讼" });
        let ended = do_(&o.chief, &case, "refuse", form).await;
        assert_eq!((&ended["status"], &ended["phase"]), (&json!("ended"), &json!("done")));
        let shown = view(&clerk, &case).await;
        assert_eq!(shown["permit"]["outcome"], "refused");
        assert!(
            shown["case"]["documents"].as_array().unwrap().iter().any(|d| d["number"] == "食许驳〔2026〕1号")
        );
        // withdrawn by the applicant, and not accepted
        let second = applied(&clerk, NEW, &shop(&file)).await;
        do_(&clerk, &second, "withdraw_application", json!({ "reason": "另择地址" })).await;
        assert_eq!(view(&clerk, &second).await["permit"]["outcome"], "withdrawn");
        let listed = o.accept.get("/api/permits?state=ended").await.expect(200);
        assert_eq!(listed["total"], 2);
        sound(&w);
    });
}

/// A commitment of the shop, granted on the spot; answers licence and check.
async fn committed(o: &Office, clerk: &Client, file: &str) -> (Value, String) {
    let form = with(shop(file), json!({ "commit_known": true, "commit_meets": true, "commit_paper": file }));
    let case = applied(clerk, &format!("{NEW}&mode=commitment"), &form).await;
    do_(&o.accept, &case, "grant_on_spot", json!({ "spot_note": "承诺书齐全" })).await;
    let licence = issued(o, &case).await;
    let check = view(clerk, &case).await["check"].as_str().unwrap().to_owned();
    (licence, check)
}

#[test]
fn a_commitment_is_checked_within_thirty_days_and_a_false_one_revoked() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        // raw food is never granted on commitment
        let raw = with(
            shop(&file),
            json!({ "items": ["C4"], "commit_known": true, "commit_meets": true, "commit_paper": file }),
        );
        let told =
            hand_in(&clerk, &format!("{NEW}&mode=commitment"), &raw).await.refused(422, "form_defects");
        assert_eq!(told["defects"][0]["code"], "rule_refused");

        let (kept, check) = committed(&o, &clerk, &file).await;
        let case = o.accept.get(&format!("/api/cases/{check}")).await.expect(200);
        assert_eq!(case["clocks"][0]["last_day"], "2026-04-02", "thirty days");
        let with_ = o.visitors[0].clone();
        do_(&o.accept, &check, "kept", json!({ "check_record": "与承诺一致", "with": with_ })).await;
        let id = kept["id"].as_str().unwrap();
        assert_eq!(clerk.get(&format!("/api/licences/{id}")).await.expect(200)["status"], "valid");

        let (broken, check) = committed(&o, &clerk, &file).await;
        // nobody comes: the level above has it, and its clock begins anew
        w.house.clock.advance(31 * DAY);
        tick(&w).await;
        let o = Office { accept: w.sign_in("officer1").await, chief: w.sign_in("chief").await, ..o };
        let clerk = w.sign_in("clerk").await;
        assert_eq!(o.accept.get(&format!("/api/cases/{check}")).await.expect(200)["level"], 1);
        let ground = json!({ "check_record": "无冷藏设备", "with": with_, "ground": "承诺不实" });
        assert_eq!(do_(&o.accept, &check, "broken", ground).await["status"], "telling");
        do_(&clerk, &check, "answer", json!({ "answer": "设备在途" })).await;
        let decision =
            json!({ "reason": "承诺不实，行政许可法第六十九条", "remedy": "可以申请复议或者起诉" });
        refused(&o.accept, &check, json!({ "action": "revoke", "form": decision }), 403, "not_permitted")
            .await;
        assert_eq!(do_(&o.chief, &check, "revoke", decision).await["status"], "revoked");
        let id = broken["id"].as_str().unwrap();
        let ended = clerk.get(&format!("/api/licences/{id}")).await.expect(200);
        assert_eq!(ended["status"], "revoked");
        assert!(ended["reason"].as_str().unwrap().contains("食许撤〔2026〕1号"), "{ended}");
        let dossier = o.accept.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        let numbers: Vec<&Value> =
            dossier["licences"].as_array().unwrap().iter().map(|l| &l["number"]).collect();
        assert_eq!(numbers, [&kept["number"]]);
        let page = w.public().get(&format!("/l/{}", broken["code"].as_str().unwrap())).await.text();
        assert!(page.contains("证照已撤销"), "{page}");
        // on suspicion, by hand
        let again = json!({ "what": "群众反映无证人员操作" });
        let id = kept["id"].as_str().unwrap();
        o.accept.post(&format!("/api/licences/{id}/checks"), &again).await.expect(200);
        o.accept.post(&format!("/api/licences/{id}/checks"), &again).await.refused(409, "check_open");
        sound(&w);
    });
}

#[test]
fn a_licence_is_renewed_in_its_window_and_by_law_where_nobody_decides() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let first = applied(&clerk, NEW, &shop(&file)).await;
        let licence = granted(&o, &first).await;
        let number = licence["number"].as_str().unwrap();
        let renew = format!("matter=food_business&act=renew&version=1&licence={number}");
        let early = hand_in(&clerk, &renew, &shop(&file)).await.refused(422, "form_defects");
        assert_eq!(early["defects"][0]["code"], "renew_early");
        let other = "matter=food_business&act=renew&version=1&licence=JY11111111111111";
        hand_in(&clerk, other, &shop(&file)).await.refused(422, "licence_unknown");

        // 60 days before the end: reminded, and in time
        let days = |day: &str| {
            let day: jiff::civil::Date = day.parse().unwrap();
            kit_base::clock::day_start(day) + 10 * 3_600_000 - w.house.clock.now()
        };
        w.house.clock.advance(days("2031-01-02"));
        round(&w).await;
        let clerk = w.sign_in("clerk").await;
        let told = clerk.get("/api/licences?status=renewable").await.expect(200);
        assert_eq!((&told["total"], &told["items"][0]["number"]), (&json!(1), &json!(number)));
        assert!(told["items"][0]["reminded_at"].is_i64());
        let case = applied(&clerk, &renew, &shop(&file)).await;
        let o = Office { accept: w.sign_in("officer1").await, chief: w.sign_in("chief").await, ..o };
        do_(&o.accept, &case, "accept", json!({})).await;
        // the end comes, nobody has decided: renewed by law
        w.house.clock.advance(days("2031-03-03"));
        for _ in 0..6 {
            tick(&w).await;
        }
        let o = Office { accept: w.sign_in("officer1").await, chief: w.sign_in("chief").await, ..o };
        let shown = view(&o.accept, &case).await;
        assert_eq!(shown["permit"]["status"], "issuing", "{}", shown["case"]["flags"]);
        assert!(shown["case"]["flags"].to_string().contains("deemed_renewed"));
        let renewed = issued(&o, &case).await;
        assert_eq!(
            (&renewed["number"], &renewed["expires"]),
            (&json!(number), &json!("2036-03-02")),
            "without a gap"
        );

        // the next time ten working days before the end: late, and told what that means
        let end: jiff::civil::Date = renewed["expires"].as_str().unwrap().parse().unwrap();
        w.house.clock.advance(kit_base::clock::day_start(end) - 7 * DAY - w.house.clock.now());
        let clerk = w.sign_in("clerk").await;
        let late = applied(&clerk, &renew, &shop(&file)).await;
        let notes = view(&clerk, &late).await["permit"]["notes"].to_string();
        assert!(notes.contains("renew_late") && notes.contains("暂停经营"), "{notes}");
        do_(&clerk, &late, "withdraw_application", json!({ "reason": "不再经营" })).await;
        // after the end it is too late, and the duty says so of the licence
        w.house.clock.advance(9 * DAY);
        round(&w).await;
        let clerk = w.sign_in("clerk").await;
        let over = hand_in(&clerk, &renew, &shop(&file)).await.refused(422, "form_defects");
        assert_eq!(over["defects"][0]["code"], "renew_over");
        let ended = clerk.get("/api/licences?status=expired").await.expect(200);
        assert_eq!(ended["items"][0]["number"], number);
        sound(&w);
    });
}

#[test]
fn a_change_and_an_ending_follow_the_number() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let first = applied(&clerk, NEW, &shop(&file)).await;
        let licence = granted(&o, &first).await;
        let number = licence["number"].as_str().unwrap();
        let change = format!("matter=food_business&act=change&version=1&licence={number}");
        let form = with(
            shop(&file),
            json!({ "items": ["X1"], "changed_on": "2026-02-02", "changes": "增加散装熟食" }),
        );
        let case = applied(&clerk, &change, &form).await;
        assert!(view(&clerk, &case).await["permit"]["notes"].to_string().contains("change_late"));
        do_(&o.accept, &case, "grant_on_spot", json!({ "spot_note": "无须现场核查" })).await;
        let changed = issued(&o, &case).await;
        assert_eq!((&changed["number"], &changed["expires"]), (&licence["number"], &licence["expires"]));
        let old = clerk.get(&format!("/api/licences/{}", licence["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(old["status"], "replaced");
        let copy = format!("matter=food_business&act=reissue&version=1&licence={number}");
        let base = json!({
            "name": "胜利路便民超市", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路3号",
            "reason": "证书遗失", "true": true
        });
        let case = applied(&clerk, &copy, &base).await;
        do_(&o.accept, &case, "grant_on_spot", json!({ "spot_note": "已公告遗失" })).await;
        assert_eq!(issued(&o, &case).await["face"], changed["face"]);
        let close = format!("matter=food_business&act=cancel&version=1&licence={number}");
        let case = applied(&clerk, &close, &with(base, json!({ "stopped_on": "2026-03-01" }))).await;
        do_(&o.accept, &case, "grant_on_spot", json!({ "spot_note": "已停业" })).await;
        do_(&o.accept, &case, "issue", json!({})).await;
        let all = clerk.get("/api/licences").await.expect(200);
        let standing = all["items"].as_array().unwrap().iter().map(|l| l["status"].as_str().unwrap());
        assert_eq!(standing.collect::<std::collections::BTreeSet<_>>(), ["cancelled", "replaced"].into());
        let dossier = o.accept.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        assert_eq!(dossier["licences"], json!([]));
        sound(&w);
    });
}

/// A business of another province with its owner.
async fn elsewhere(w: &World, name: &'static str, kind: &'static str, division: &'static str) -> Client {
    let search = w.house.held::<parties::Search>();
    let accounts = w.house.held::<accounts::Accounts>();
    let hash = accounts.passwords.hash_blocking(crate::world::PASSWORD, &w.house.ids).unwrap();
    let actor = kit_web::Actor::house("test");
    let cx = kit_web::Cx::internal(w.house.clone(), actor, "test.people");
    let new: parties::NewParty = serde_json::from_value(
        json!({ "name": name, "kind": kind, "division": division, "address": "解放路1号" }),
    )
    .unwrap();
    cx.act(move |act| {
        let (ids, now) = (act.ids().clone(), act.now);
        let program = parties::Program { name: "test", simulated: false };
        let known = parties::reference::get();
        let made = parties::bring_in(act.tx, &ids, now, &search, known, program, vec![new])?;
        accounts::demo::person(
            act,
            &hash,
            division,
            "business_owner",
            &accounts::demo::Home::Party(&made[0].id),
        )
    })
    .await
    .unwrap();
    w.sign_in(division).await
}

fn small(file: &str, more: Value) -> Value {
    let form = json!({
        "name": "小店", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "解放路1号",
        "photo_id": [file], "true": true
    });
    with(form, more)
}

fn codes(problem: &Value) -> Vec<String> {
    let defect = |d: &Value| format!("{} {}", d["place"].as_str().unwrap(), d["code"].as_str().unwrap());
    problem["defects"].as_array().unwrap().iter().map(defect).collect()
}

#[test]
fn the_small_three_follow_the_rule_of_their_province() {
    each(async |w| {
        // 浙江: near a school not, an online stall not; decided and issued on the day
        let zhejiang = elsewhere(&w, "西湖小吃店", "small_restaurant", "330106").await;
        let file = paper(&zhejiang, "").await;
        let eatery = |more: Value| {
            let own = json!({ "dishes": ["hot"], "area": 80, "online": "no", "canteen": "no", "near_school": "no", "layout": [file], "vow": file });
            small(&file, with(own, more))
        };
        let query = "matter=zj_restaurant&act=new&version=1";
        let near = hand_in(&zhejiang, query, &eatery(json!({ "near_school": "yes" }))).await;
        assert_eq!(codes(&near.refused(422, "form_defects")), ["near_school rule_refused"]);
        let many = json!({ "canteen": "yes", "diners": 51 });
        let many = hand_in(&zhejiang, query, &eatery(many)).await;
        assert_eq!(codes(&many.refused(422, "form_defects")), ["diners rule_refused"]);
        let case = applied(&zhejiang, query, &eatery(json!({ "canteen": "yes", "diners": 50 }))).await;
        assert_eq!(view(&zhejiang, &case).await["permit"]["status"], "submitted");
        // another province's matter is not for it
        hand_in(&zhejiang, "matter=sd_restaurant&act=new&version=1", &eatery(json!({})))
            .await
            .refused(422, "matter_elsewhere");

        // 山东: no dairy from a workshop, less than fifty square metres; a stall is filed on the spot
        let shandong = elsewhere(&w, "历下豆腐坊", "workshop", "370102").await;
        let file = paper(&shandong, "").await;
        let work = |products: Value| {
            small(
                &file,
                json!({ "products": products, "area": 60, "workers": 3, "layout": [file], "vow": file }),
            )
        };
        let dairy =
            hand_in(&shandong, "matter=sd_workshop&act=new&version=1", &work(json!(["tofu", "dairy"]))).await;
        assert_eq!(codes(&dairy.refused(422, "form_defects")), ["products rule_refused"]);
        let wide = small(
            &file,
            json!({ "dishes": ["hot", "cream_cake"], "area": 50, "online": "no", "layout": [file], "vow": file }),
        );
        let wide = hand_in(&shandong, "matter=sd_restaurant&act=new&version=1", &wide).await;
        assert_eq!(codes(&wide.refused(422, "form_defects")), ["area rule_refused", "dishes rule_refused"]);
        applied(&shandong, "matter=sd_workshop&act=new&version=1", &work(json!(["tofu"]))).await;
        let stall = small(
            &file,
            json!({ "place": "夜市3号", "hours": "18:00-23:00", "goods": "烤面筋", "online": "no" }),
        );
        let filed = applied(&shandong, "matter=sd_stall&act=new&version=1", &stall).await;
        w.house.clock.advance(DAY);
        tick(&w).await;
        let shandong = w.sign_in("370102").await;
        assert_eq!(
            view(&shandong, &filed).await["permit"]["outcome"],
            "granted",
            "the day is over, nobody objected"
        );
        let card = shandong.get("/api/licences").await.expect(200);
        assert_eq!(card["items"][0]["number"], "TD370102000001");
        assert_eq!(card["items"][0]["issuer"], "山东省济南市历下区市场监督管理局");

        // 河南: registered on the spot, three years, first looked at within two months
        let (officer, clerk) = (w.sign_in("officer1").await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let shop = small(
            &file,
            json!({ "dishes": ["packed"], "area": 40, "online": "no", "layout": [file], "vow": file }),
        );
        let case = applied(&clerk, "matter=ha_shop&act=new&version=1", &shop).await;
        do_(&officer, &case, "grant_on_spot", json!({ "spot_note": "材料齐全" })).await;
        let done = do_(&officer, &case, "issue", json!({})).await;
        assert_eq!(done["status"], "done");
        let shown = view(&clerk, &case).await;
        let licence = clerk
            .get(&format!("/api/licences/{}", shown["permit"]["issued"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(
            (&licence["number"], &licence["expires"]),
            (&json!("XJD410902000001"), &json!("2029-03-02"))
        );
        let check =
            officer.get(&format!("/api/cases/{}", shown["check"].as_str().unwrap())).await.expect(200);
        assert_eq!(
            check["clocks"][0]["last_day"], "2026-05-06",
            "sixty days, the fourth and fifth of May are holidays"
        );
        sound(&w);
    });
}

#[test]
fn a_filing_is_published_by_its_clock() {
    each(async |w| {
        let clerk = w.sign_in("clerk").await;
        let form = json!({
            "name": "胜利路便民超市", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路3号",
            "trade_mode": "2", "kinds": ["plain"], "ways": ["shop"], "true": true
        });
        let case = applied(&clerk, "matter=prepacked&act=new&version=1", &form).await;
        w.house.clock.advance(8 * DAY);
        tick(&w).await;
        let clerk = w.sign_in("clerk").await;
        let shown = view(&clerk, &case).await;
        assert_eq!(
            (&shown["permit"]["status"], &shown["permit"]["outcome"]),
            (&json!("done"), &json!("granted"))
        );
        let licence = clerk.get("/api/licences").await.expect(200)["items"][0].clone();
        assert_eq!(licence["number"], kit_base::codes::licence::complete("YB", "2410902000001").unwrap());
        assert_eq!((&licence["expires"], &licence["status"]), (&json!(""), &json!("valid")));
        sound(&w);
    });
}

#[test]
fn an_agent_acts_within_a_mandate_and_no_longer() {
    each(async |w| {
        let (owner, clerk) = (w.sign_in("owner").await, w.sign_in("clerk").await);
        let upload = format!("?party={}&matter=food_production", w.factory);
        let query = format!("matter=food_production&act=new&version=1&party={}", w.factory);
        hand_in(&clerk, &query, &json!({})).await.refused(422, "party_unknown");
        let code = clerk.get(&format!("/api/parties/{}", w.shop)).await.expect(200)["party"]["code"].clone();
        let give = |until: &str, matters: Value| json!({ "agent_code": code, "matters": matters, "from_day": "2026-03-01", "until_day": until });
        owner
            .post("/api/licensing/mandates", &give("2026-02-01", json!([])))
            .await
            .refused(422, "dates_reversed");
        clerk
            .post("/api/licensing/mandates", &give("2026-06-30", json!([])))
            .await
            .refused(403, "permission_missing");
        // for another matter it is no mandate
        owner.post("/api/licensing/mandates", &give("2026-06-30", json!(["prepacked"]))).await.expect(200);
        hand_in(&clerk, &query, &json!({})).await.refused(422, "party_unknown");
        let given = owner
            .post("/api/licensing/mandates", &give("2026-06-30", json!(["food_production"])))
            .await
            .expect(200);
        let file = paper(&clerk, &upload).await;
        let form = json!({
            "name": "龙都豆制品有限公司", "uscc": "91330100MA2ABCD05P", "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678",
            "address": "人民路2号", "special": "food", "class_code": "125",
            "varieties": [{ "category": "25", "category_no": "2501", "category_name": "豆制品", "variety": "非发酵豆制品", "standard": "GB 2712" }],
            "area": 800, "equipment": [{ "name": "磨浆机", "count": 2 }],
            "managers": [{ "name": "李小红", "post": "director", "id_no": ID_NO }],
            "layout": [file], "process": [file], "rules": [file], "test_report": [file], "true": true
        });
        let case = applied(&clerk, &query, &form).await;
        let shown = view(&clerk, &case).await;
        assert_eq!(
            (&shown["permit"]["agent"], &shown["case"]["drafter"]["name"]),
            (&json!(w.shop), &json!("陈录入"))
        );
        assert_eq!(view(&owner, &case).await["permit"]["party"], json!(w.factory));
        assert_eq!(clerk.get("/api/permits").await.expect(200)["total"], 1);
        let withdraw = json!({ "action": "withdraw_application", "form": { "reason": "资料有误" } });
        // the mandate ends: nothing of it is theirs any more
        let id = given["id"].as_str().unwrap();
        clerk.delete(&format!("/api/licensing/mandates/{id}")).await.refused(403, "permission_missing");
        owner.delete(&format!("/api/licensing/mandates/{id}")).await.expect(204);
        clerk.get(&format!("/api/permits/{case}")).await.refused(404, "not_found");
        clerk.post(&format!("/api/permits/{case}/acts"), &withdraw).await.refused(404, "not_found");
        let again = owner.post("/api/licensing/mandates", &give("2026-06-30", json!([]))).await.expect(200);
        assert_eq!(again["agent"], json!(w.shop));
        let done = clerk.post(&format!("/api/permits/{case}/acts"), &withdraw).await.expect(200);
        assert_eq!(done["status"], "ended");
        sound(&w);
    });
}

#[test]
fn whoever_is_banned_gets_no_licence_and_the_register_is_asked() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let case = applied(&clerk, NEW, &shop(&file)).await;
        let heads = "姓名或名称,身份证号或统一社会信用代码,起始日期,截止日期,依据";
        let list = format!(
            "{heads}\n王小明,{ID_NO},2025-01-01,2029-12-31,食品安全法第一百三十五条 濮市监罚〔2025〕1号\n某人,123,2025-01-01,,无\n"
        );
        let path = "/api/licensing/bans";
        let done = o.accept.upload(path, "text/csv", "禁业.csv", list.into_bytes()).await.expect(200);
        assert_eq!((&done["kept"], &done["defects"][0]["code"]), (&json!(1), &json!("number_form")));
        let known = o.accept.get(path).await.expect(200);
        assert_eq!(known["items"][0]["shown"], "110105**********2X");
        // told at the door, and looked at again before the grant
        do_(&clerk, &case, "withdraw_application", json!({ "reason": "重新申请" })).await;
        let banned = hand_in(&clerk, NEW, &shop(&file)).await.refused(422, "form_defects");
        assert_eq!(codes(&banned), ["legal_id banned", "managers/0/id_no banned"]);
        let other = "110101199003070134";
        let form = with(
            shop(&file),
            json!({ "legal_id": other, "managers": [{ "name": "甲", "post": "officer", "id_no": other }] }),
        );
        let case = applied(&clerk, NEW, &form).await;
        do_(&o.accept, &case, "accept", json!({})).await;
        let form = json!({ "visitors": o.visitors, "method": "onsite" });
        do_(&o.accept, &case, "send_visit", form).await;
        for client in &o.visit {
            do_(client, &case, "visited", json!({ "visit_result": "pass", "visit_record": "符合" })).await;
        }
        let list = format!("{heads}\n乙,{other},2026-03-01,,终身禁业\n");
        o.accept.upload(path, "text/csv", "禁业.csv", list.into_bytes()).await.expect(200);
        refused(&o.chief, &case, json!({ "action": "grant", "form": {} }), 409, "banned").await;

        let register = format!(
            "统一社会信用代码,名称,法定代表人,住所,登记状态,营业期限至\n{USCC},胜利路便民商店,王小明,人民路,存续,\n91330100MA2ABCD05P,龙都,李,人民路,吊销,\n"
        );
        let done = o
            .accept
            .upload("/api/licensing/register", "text/csv", "登记.csv", register.into_bytes())
            .await
            .expect(200);
        assert_eq!(done["kept"], 2);
        let third = "11010119900307037X";
        let people =
            json!({ "legal_id": third, "managers": [{ "name": "丙", "post": "officer", "id_no": third }] });
        do_(&clerk, &case, "withdraw_application", json!({ "reason": "换人" })).await;
        let case = applied(&clerk, NEW, &with(shop(&file), people.clone())).await;
        let notes = view(&clerk, &case).await["permit"]["notes"].to_string();
        assert!(notes.contains("register_differs") && notes.contains("便民商店"), "{notes}");
        do_(&clerk, &case, "withdraw_application", json!({ "reason": "换照" })).await;
        let gone = with(with(shop(&file), people), json!({ "uscc": "91330100MA2ABCD05P" }));
        let gone = hand_in(&clerk, NEW, &gone).await.refused(422, "form_defects");
        assert_eq!(codes(&gone), ["uscc register_ended"]);
        sound(&w);
    });
}

#[test]
fn a_remote_survey_wants_every_photo_of_its_list() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let case = applied(&clerk, &format!("{NEW}&mode=remote"), &shop(&file)).await;
        let shots = view(&clerk, &case).await["shots"].clone();
        let shots: Vec<String> =
            shots.as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(shots, ["shop_door", "shop_area", "shop_store", "shop_hygiene"]);
        do_(&o.accept, &case, "accept", json!({})).await;
        let send = json!({ "action": "send_visit", "form": { "visitors": o.visitors, "method": "remote" } });
        refused(&o.accept, &case, send.clone(), 409, "shots_missing").await;
        for (i, shot) in shots.iter().enumerate() {
            let path = format!(
                "/api/permits/files?shot={shot}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
            );
            let done =
                clerk.upload(&path, "image/jpeg", "p.jpg", photo(20 + i as u32, 320)).await.expect(200);
            assert_eq!(done["doubts"], json!([]));
        }
        assert_eq!(act(&o.accept, &case, send).await["status"], "visiting");
        let shown = view(&o.accept, &case).await;
        assert!(shown["shots"].as_array().unwrap().iter().all(|s| s["taken"] == 1), "{}", shown["shots"]);
        let far = w.sign_in("officer2").await;
        far.get(&format!("/api/permits/{case}")).await.refused(404, "not_found");
        far.get(&format!("/api/permits/files/{file}")).await.refused(404, "not_found");
        sound(&w);
    });
}

/// What the matrix asks for: a filing of the factory that waits, with its paper; a licence of it; the code of a business
/// that may be given a mandate.
pub async fn scene(w: &World) -> Vec<(String, String)> {
    let (officer, owner) = (w.sign_in("off.own").await, w.sign_in("own.own").await);
    let file = paper(&owner, "").await;
    let base = json!({
        "name": "龙都豆制品有限公司", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路2号",
        "true": true
    });
    let trade = json!({ "trade_mode": "2", "kinds": ["plain"], "ways": ["shop"] });
    let handed =
        hand_in(&owner, "matter=prepacked&act=new&version=1", &with(base.clone(), trade)).await.expect(200);
    let store = json!({
        "licensed_on": "2026-02-01", "rooms": [{ "name": "一号库", "kind": "chill", "volume": 300, "low": 0, "high": 4 }],
        "record": "yes", "ledger": true
    });
    let cold = applied(&owner, "matter=cold_store&act=new&version=1", &with(base, store)).await;
    do_(&officer, &cold, "publish", json!({})).await;
    let licence = officer.get("/api/licences").await.expect(200)["items"][0].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let shop = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
    [
        ("permit", text(&handed["permit"])),
        ("submission", text(&handed["submission"])),
        ("permit_file", file),
        ("licence", text(&licence["id"])),
        ("licence_number", text(&licence["number"])),
        ("licence_code", text(&licence["code"])),
        ("shop_code", text(&shop["party"]["code"])),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
