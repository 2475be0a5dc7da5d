//! After the grant: commitments, renewals, changes, endings.

use super::*;
use crate::findings::{refused, sound};
use crate::flows::tick;
use crate::world::each;

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

#[test]
fn a_check_after_the_grant_is_a_visit_of_supervision() {
    each(async |w| {
        let (o, clerk) = (office(&w).await, w.sign_in("clerk").await);
        let file = paper(&clerk, "").await;
        let (_, check) = committed(&o, &clerk, &file).await;
        let few = json!({ "visitors": [o.visitors[0]], "visit_by": "2026-03-20" });
        refused(&o.accept, &check, json!({ "action": "send_visit", "form": few }), 422, "visitors_few").await;
        let send = json!({ "visitors": o.visitors, "visit_by": "2026-03-20" });
        do_(&o.accept, &check, "send_visit", send).await;
        let list = o.visit[0].get("/api/visits/mine?ahead=30").await.expect(200);
        let visit = &list[0];
        assert_eq!(
            (&visit["kind"], &visit["due"]),
            (&json!("after_licence"), &json!("2026-03-20")),
            "{list}"
        );
        // the record is that of a supervision visit: what it finds is ordered to be mended, and the check hears of it
        let id = visit["id"].as_str().unwrap();
        let [one, two] = &o.visit;
        let photo = crate::inspection::shot(one, id, 51, "signature").await;
        let mut answers = crate::inspection::all_well(one, id, &photo).await;
        answers[8] = json!({ "item": answers[8]["item"], "verdict": "bad", "note": "承诺的冷藏柜没有到位", "severity": "general", "photos": [photo] });
        let sent = crate::inspection::Pair {
            one: w.sign_in("visit1").await,
            two: w.sign_in("visit2").await,
            ids: [o.visitors[0].clone(), o.visitors[1].clone()],
        };
        let record = crate::inspection::record_of(&sent, "k-check", answers, &photo);
        let done = one.post(&format!("/api/visits/{id}/record"), &record).await.expect(200);
        assert_eq!(
            (&done["conclusion"], done["findings"].as_array().unwrap().len()),
            (&json!("issue_found"), 1)
        );
        two.get(&format!("/api/visits/{id}")).await.expect(200);
        let case = o.accept.get(&format!("/api/cases/{check}")).await.expect(200);
        assert_eq!(case["status"], "checking", "whoever checks says what follows");
        let data = case.to_string();
        assert!(data.contains(done["number"].as_str().unwrap()), "{case}");
        let ground = json!({ "check_record": "无冷藏设备", "with": o.visitors[0], "ground": "承诺不实" });
        assert_eq!(do_(&o.accept, &check, "broken", ground).await["status"], "telling");
        sound(&w);
    });
}
