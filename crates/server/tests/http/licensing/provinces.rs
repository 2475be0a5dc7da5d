//! The rules of provinces, and filings.

use super::*;
use crate::findings::sound;
use crate::flows::tick;
use crate::world::each;

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
            (&json!("XJD410902000001"), &json!("2029-03-03"))
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
