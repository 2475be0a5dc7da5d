//! From the application to the licence: grant, mending, refusal.

use super::*;
use crate::findings::{refused, sound};
use crate::flows::tick;
use crate::world::each;

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
        w.house.clock.advance(1_000);
        mend(with(shop(&file), json!({ "rules": [] }))).await.refused(422, "form_defects");
        w.house.clock.advance(1_000);
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

#[test]
fn an_on_site_check_is_a_visit_and_its_signed_record_moves_the_application_on() {
    use crate::inspection::{Pair, all_well, record_of, shot};
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let [one, two] = o.visit.clone();
        let ids = [o.visitors[0].clone(), o.visitors[1].clone()];
        let pair = Pair { one, two, ids };
        let send = json!({ "visitors": o.visitors, "method": "onsite" });
        let case = applied(&clerk, NEW, &shop(&file)).await;
        do_(&o.accept, &case, "accept", json!({})).await;
        do_(&o.accept, &case, "send_visit", send.clone()).await;
        // on the officer's list, with the checklist of what was applied for
        let mine = pair.one.get("/api/visits/mine?ahead=30").await.expect(200);
        let visit = mine[0]["id"].as_str().unwrap().to_owned();
        assert_eq!((&mine[0]["kind"], &mine[0]["about"]), (&json!("licence"), &json!(case)));
        let pack = pair.one.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
        assert_eq!(pack["checklist"]["code"], "sale");
        // signed without a fault: the application goes on by itself
        let (photo, sign) =
            (shot(&pair.one, &visit, 61, "S01").await, shot(&pair.one, &visit, 62, "signature").await);
        let answers = all_well(&pair.one, &visit, &photo).await;
        let record = record_of(&pair, "k-permit", answers, &sign);
        let done = pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
        assert_eq!((&done["status"], &done["findings"]), (&json!("filed"), &json!([])));
        let shown = view(&o.accept, &case).await;
        assert_eq!(shown["permit"]["status"], "deciding");
        assert_eq!(shown["visits"][0]["record_no"], done["number"]);
        do_(&o.chief, &case, "grant", json!({})).await;
        issued(&o, &case).await;

        // with a fault, whoever signed says what follows; nothing is ordered to be mended
        let case = applied(&clerk, NEW, &shop(&file)).await;
        do_(&o.accept, &case, "accept", json!({})).await;
        do_(&o.accept, &case, "send_visit", send.clone()).await;
        let visit = view(&o.accept, &case).await["visits"][0]["visit"].as_str().unwrap().to_owned();
        let (photo, sign) =
            (shot(&pair.one, &visit, 63, "S13").await, shot(&pair.one, &visit, 64, "signature").await);
        let bad = json!({ "item": "S13", "verdict": "bad", "note": "地面有垃圾", "severity": "general", "photos": [photo] });
        let record = record_of(&pair, "k-fault", vec![bad], &sign);
        pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
        assert_eq!(view(&o.accept, &case).await["permit"]["status"], "visiting");
        assert_eq!(o.accept.get("/api/findings").await.expect(200)["total"], 0);
        let conclude = json!({ "visit_result": "fail", "visit_record": "地面未整理" });
        let other = json!({ "action": "conclude_visit", "form": conclude });
        let third = another(&w, "visit3", "officer", "410902").await;
        refused(&third, &case, other, 403, "visitor_only").await;
        assert_eq!(do_(&pair.two, &case, "conclude_visit", conclude).await["status"], "deciding");
        refused(&o.chief, &case, json!({ "action": "grant", "form": {} }), 409, "visit_failed").await;

        // withdrawn while officers are on their way: the visit is called off
        do_(&clerk, &case, "withdraw_application", json!({ "reason": "重新准备" })).await;
        let case = applied(&clerk, NEW, &shop(&file)).await;
        do_(&o.accept, &case, "accept", json!({})).await;
        do_(&o.accept, &case, "send_visit", send).await;
        do_(&clerk, &case, "withdraw_application", json!({ "reason": "不办了" })).await;
        assert_eq!(pair.one.get("/api/visits/mine?ahead=30").await.expect(200), json!([]));
        sound(&w);
    });
}
