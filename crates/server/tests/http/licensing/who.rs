//! Who may: agents, banned persons, photos of a remote survey.

use super::*;
use crate::findings::{refused, sound};
use crate::world::{NOW, each};

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
        // what comes later is later: the clock of the test stands still by itself
        w.house.clock.advance(60_000);
        let case = applied(&clerk, &query, &form).await;
        w.house.clock.advance(60_000);
        let shown = view(&clerk, &case).await;
        assert_eq!(
            (&shown["permit"]["agent"], &shown["case"]["drafter"]["name"]),
            (&json!(w.shop), &json!("陈录入"))
        );
        assert_eq!(view(&owner, &case).await["permit"]["party"], json!(w.factory));
        assert_eq!(clerk.get("/api/permits").await.expect(200)["total"], 1);
        // both are told of each step, nobody of what they did; what the agent did stands with the mandate
        let told = |messages: Value| -> Vec<String> {
            let each = |n: &Value| n["body"].as_str().unwrap().to_owned();
            messages["items"].as_array().unwrap().iter().map(each).collect()
        };
        let first = told(owner.get("/api/notices").await.expect(200));
        assert!(first[0].contains("陈录入已提交申请，等待受理"), "{first:?}");
        assert_eq!(clerk.get("/api/notices").await.expect(200)["total"], 0);
        let o = office(&w).await;
        let ask = json!({ "to_mend": "缺工艺流程图" });
        do_(&o.accept, &case, "ask_mend", ask).await;
        for client in [&owner, &clerk] {
            let last = client.get("/api/notices").await.expect(200)["items"][0].clone();
            assert_eq!(last["kind"], "task", "{last}");
        }
        assert!(told(clerk.get("/api/notices").await.expect(200))[0].contains("一次性告知书"));
        let mandate = given["id"].as_str().unwrap();
        let acts = clerk.get(&format!("/api/licensing/mandates/{mandate}/acts")).await.expect(200);
        let did: Vec<&str> = acts.as_array().unwrap().iter().map(|a| a["what"].as_str().unwrap()).collect();
        assert_eq!(did, ["提交申请", "上传材料：p.jpg"]);
        assert_eq!((&acts[0]["permit"], &acts[0]["user_name"]), (&json!(case), &json!("陈录入")));
        assert_eq!(owner.get(&format!("/api/licensing/mandates/{mandate}/acts")).await.expect(200), acts);
        let stranger = w.sign_in("officer2").await;
        stranger.get(&format!("/api/licensing/mandates/{mandate}/acts")).await.refused(404, "not_found");
        let withdraw = json!({ "action": "withdraw_application", "form": { "reason": "资料有误" } });
        // the mandate ends: nothing of it is theirs any more
        let id = given["id"].as_str().unwrap();
        clerk.delete(&format!("/api/licensing/mandates/{id}")).await.refused(403, "permission_missing");
        owner.delete(&format!("/api/licensing/mandates/{id}")).await.expect(204);
        clerk.get(&format!("/api/permits/{case}")).await.refused(404, "not_found");
        clerk.post(&format!("/api/permits/{case}/acts"), &withdraw).await.refused(404, "not_found");
        let again = owner.post("/api/licensing/mandates", &give("2026-06-30", json!([]))).await.expect(200);
        assert_eq!(again["agent"], json!(w.shop));
        w.house.clock.advance(60_000);
        let done = clerk.post(&format!("/api/permits/{case}/acts"), &withdraw).await.expect(200);
        assert_eq!(done["status"], "ended");
        let path = format!("/api/licensing/mandates/{}/acts", again["id"].as_str().unwrap());
        assert_eq!(clerk.get(&path).await.expect(200)[0]["what"], "撤回申请");
        assert!(told(owner.get("/api/notices").await.expect(200))[0].contains("申请已撤回"));
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
