//! Two records of one business made one.

use accounts::demo::{Home, person};
use kit_web::{Actor, Cx};
use serde_json::json;

use crate::world::{PASSWORD, World, each, moved, product};

/// A second record of the shop, and what was delivered to it: lot on the way.
async fn twice(w: &World) -> (String, String, i64, i64) {
    let officer = w.sign_in("officer1").await;
    let form = json!({ "name": "胜利路便民超市（重复）", "kind": "shop", "division": "410902", "address": "人民路3号甲" });
    let made = officer.post("/api/parties", &form).await.expect(200);
    let (id, code) = (made["party"]["id"].as_str().unwrap(), made["party"]["code"].as_str().unwrap());
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000 }] });
    let lot = moved(&owner, make).await;
    let ship = json!({ "kind": "ship", "counterpart": id, "takes": [{ "lot": lot, "amount": 4_000 }] });
    let transit = moved(&owner, ship).await;
    (id.to_owned(), code.to_owned(), lot, transit)
}

#[test]
fn the_survivor_goes_on_with_what_was_recorded_under_the_duplicate() {
    each(async |w| {
        let (duplicate, code, lot, transit) = twice(&w).await;
        let officer = w.sign_in("officer1").await;
        let path = format!("/api/parties/{duplicate}/merge");
        officer.post(&path, &json!({ "into": duplicate, "reason": "重复" })).await.refused(422, "merge_self");
        officer.post(&path, &json!({ "into": w.shop, "reason": " " })).await.refused(422, "reason_missing");
        officer.post(&path, &json!({ "into": w.far_shop, "reason": "重复" })).await.refused(404, "not_found");
        let preview = officer.post(&format!("{path}/preview"), &json!({ "into": w.shop })).await.expect(200);
        assert_eq!(preview["lines"][2], json!({ "label": "现存批次", "value": "1 批", "link": "" }));
        assert_eq!(preview["differences"][0]["field"], "name");
        officer.post(&path, &json!({ "into": w.shop, "reason": "重复登记" })).await.expect(200);
        officer
            .post(&path, &json!({ "into": w.shop, "reason": "重复登记" }))
            .await
            .refused(409, "party_merged");

        // the old code leads to the survivor, also for the public
        let found = officer.get(&format!("/api/parties/code/{code}")).await.expect(200);
        assert_eq!(found["id"], w.shop.as_str());
        assert!(w.public().get(&format!("/t/{code}")).await.text().contains("胜利路便民超市"));
        let old = officer.get(&format!("/api/parties/{duplicate}")).await.expect(200);
        assert_eq!(
            (old["party"]["merged_into"].as_str(), old["merged"]["reason"].as_str()),
            (Some(w.shop.as_str()), Some("重复登记"))
        );
        let dossier = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        assert_eq!(dossier["merged_from"][0]["code"], code.as_str());
        assert!(dossier["sections"].to_string().contains("1 批，共 4 公斤"), "{dossier}");

        // the clerk of the survivor receives what was on its way to the duplicate
        let clerk = w.sign_in("clerk").await;
        let waiting = clerk.get("/api/lots?state=transit&on_hand=1").await.expect(200);
        assert_eq!((waiting["total"].as_i64(), waiting["items"][0]["no"].as_i64()), (Some(1), Some(transit)));
        let stock = moved(&clerk, json!({ "kind": "receive", "takes": [{ "lot": transit }] })).await;
        assert_eq!(clerk.get(&format!("/api/lots/{stock}")).await.expect(200)["lot"]["on_hand"], 4_000);
        // what was recorded keeps its id, under the survivor's name
        let sent = officer.get(&format!("/api/events?kind=ship&counterpart={}", w.shop)).await.expect(200);
        assert_eq!(
            (sent["items"][0]["counterpart"].as_str(), sent["items"][0]["other_name"].as_str()),
            (Some(duplicate.as_str()), Some("胜利路便民超市"))
        );
        // a delivery to the duplicate goes to the survivor
        let owner = w.sign_in("owner").await;
        let ship =
            json!({ "kind": "ship", "counterpart": duplicate, "takes": [{ "lot": lot, "amount": 1_000 }] });
        let next = moved(&owner, ship).await;
        assert_eq!(
            clerk.get(&format!("/api/lots/{next}")).await.expect(200)["lot"]["holder"],
            w.shop.as_str()
        );

        let undo = format!("{path}/undo");
        officer.post(&undo, &json!({ "reason": "合并有误" })).await.refused(409, "merge_used");
    });
}

#[test]
fn a_merge_is_undone_while_nothing_was_recorded_since() {
    each(async |w| {
        let (duplicate, code, _, transit) = twice(&w).await;
        let officer = w.sign_in("officer1").await;
        let path = format!("/api/parties/{duplicate}/merge");
        let undo = format!("{path}/undo");
        officer.post(&undo, &json!({ "reason": "x" })).await.refused(409, "merge_none");
        officer.post(&path, &json!({ "into": w.shop, "reason": "重复登记" })).await.expect(200);
        let investigator = w.sign_in("investigator").await;
        let case = crate::investigation::begun(&investigator, json!({ "lots": [transit] })).await;
        let view = format!("/api/investigations/{}/view", case["id"].as_str().unwrap());
        let picture = investigator.post(&view, &json!({})).await.expect(200).to_string();
        assert!(picture.contains(&w.shop) && !picture.contains(&duplicate), "{picture}");

        officer.post(&undo, &json!({ "reason": "不是同一家" })).await.expect(204);
        let found = officer.get(&format!("/api/parties/code/{code}")).await.expect(200);
        assert_eq!(
            (found["id"].as_str(), found["status"].as_str()),
            (Some(duplicate.as_str()), Some("active"))
        );
        assert_eq!(w.sign_in("clerk").await.get("/api/lots?on_hand=1").await.expect(200)["total"], 0);
        let lots = officer.get(&format!("/api/lots?on_hand=1&holder={duplicate}")).await.expect(200);
        assert_eq!(lots["items"][0]["no"], transit);
        let changes =
            officer.get(&format!("/api/parties/{duplicate}")).await.expect(200)["changes"].to_string();
        assert!(changes.contains("不是同一家"), "{changes}");
    });
}

#[test]
fn a_merge_across_counties_is_undone_only_by_who_reaches_both() {
    each(async |w| {
        let (duplicate, ..) = twice(&w).await;
        let passwords = &w.house.held::<accounts::Accounts>().passwords;
        let hash = passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
        let made = cx.act(move |act| person(act, &hash, "city.officer", "officer", &Home::Bureau("4109")));
        made.await.unwrap();
        let city = w.sign_in("city.officer").await;
        let path = format!("/api/parties/{duplicate}/merge");
        let undo = format!("{path}/undo");
        city.post(&path, &json!({ "into": w.far_shop, "reason": "迁址" })).await.expect(200);
        // one county has the duplicate, the other the survivor
        for name in ["officer1", "officer2"] {
            let reply = w.sign_in(name).await.post(&undo, &json!({ "reason": "不是同一家" })).await;
            reply.refused(404, "not_found");
        }
        city.post(&undo, &json!({ "reason": "不是同一家" })).await.expect(204);
    });
}
