//! Food from the factory to the shop: stock, both books, corrections, codes.

use kit_test::Client;
use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

/// The factory makes 10 kg; answers the signed-in factory, its product and the lot.
pub async fn made(w: &World) -> (Client, String, i64) {
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let lot = moved(&owner, json!({
        "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000, "inspector": "检验员甲" }]
    }))
    .await;
    (owner, tofu, lot)
}

pub async fn on_hand(client: &Client, lot: i64) -> Value {
    client.get(&format!("/api/lots/{lot}")).await.expect(200)["lot"]["on_hand"].clone()
}

#[test]
fn a_delivery_is_written_into_both_books() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let ship = json!({ "kind": "ship", "counterpart": w.shop, "doc_no": "S-1", "takes": [{ "lot": lot, "amount": 4_000 }] });
        let transit = moved(&owner, ship).await;
        assert_eq!(on_hand(&owner, lot).await, 6_000);

        let clerk = w.sign_in("clerk").await;
        let waiting = clerk.get("/api/lots?state=transit&on_hand=1").await.expect(200);
        assert_eq!((waiting["total"].as_i64(), waiting["items"][0]["no"].as_i64()), (Some(1), Some(transit)));
        let receive = json!({ "kind": "receive", "takes": [{ "lot": transit }], "amount": 3_900, "reason": "破损两块" });
        let stock = moved(&clerk, receive).await;
        assert_eq!(on_hand(&clerk, stock).await, 3_900);
        assert_eq!(on_hand(&clerk, transit).await, 0);

        let bought = clerk.get("/api/ledgers/purchases").await.expect(200);
        let line = &bought["items"][0];
        assert_eq!((line["difference"].as_i64(), line["batch"].as_str()), (Some(100), Some("A01")));
        assert_eq!(line["other_name"], "龙都豆制品有限公司");
        let sold = owner.get("/api/ledgers/sales").await.expect(200);
        assert_eq!((sold["total"].as_i64(), sold["items"][0]["doc_no"].as_str()), (Some(1), Some("S-1")));

        let chain = clerk.get(&format!("/api/lots/{stock}/chain")).await.expect(200);
        let lots: Vec<i64> =
            chain["nodes"].as_array().unwrap().iter().map(|n| n["lot"].as_i64().unwrap()).collect();
        assert_eq!(lots, [lot, transit, stock]);
    });
}

#[test]
fn nobody_ships_twice_what_it_has_once() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let ship = || {
            let mv =
                json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 7_000 }] });
            json!({ "mode": "all", "items": [mv] })
        };
        // at the same time
        let (a, b) = (ship(), ship());
        let (one, two) = tokio::join!(owner.post("/api/moves", &a), owner.post("/api/moves", &b));
        let mut codes = [one.status.as_u16(), two.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [200, 409]);
        let refused = if one.status.as_u16() == 409 { one } else { two };
        let problem = refused.refused(409, "stock_short");
        assert_eq!(problem["field"], "items/0/takes/0/amount");
        assert_eq!(on_hand(&owner, lot).await, 3_000);
    });
}

#[test]
fn each_line_stands_alone_or_all_fall_together() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let sell = |amount: i64| json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": amount }] });
        let items = [sell(1_000), sell(99_000), sell(2_000)];
        owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.refused(409, "stock_short");
        assert_eq!(on_hand(&owner, lot).await, 10_000);
        let done = owner.post("/api/moves", &json!({ "mode": "each", "items": items })).await.expect(200);
        assert_eq!(done["kept"].as_array().unwrap().len(), 2);
        assert_eq!(
            (done["refused"][0]["index"].as_i64(), done["refused"][0]["code"].as_str()),
            (Some(1), Some("stock_short"))
        );
        assert_eq!(on_hand(&owner, lot).await, 7_000);
    });
}

#[test]
fn a_repeat_by_key_is_answered_and_not_done_again() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let sale =
            json!({ "kind": "sell", "client_key": "till-7", "takes": [{ "lot": lot, "amount": 1_000 }] });
        let body = json!({ "items": [sale] });
        let first = owner.post("/api/moves", &body).await.expect(200);
        let again = owner.post("/api/moves", &body).await.expect(200);
        assert_eq!(first["kept"][0]["event"], again["kept"][0]["event"]);
        assert_eq!(again["kept"][0]["repeated"], true);

        let key = [("idempotency-key", "k-1")];
        let send = async |body: &Value| {
            let bytes = body.to_string().into_bytes();
            owner.send(axum::http::Method::POST, "/api/moves", "application/json", bytes, &key).await
        };
        let plain = json!({ "items": [{ "kind": "sell", "takes": [{ "lot": lot, "amount": 500 }] }] });
        let one = send(&plain).await.expect(200);
        assert_eq!(one, send(&plain).await.expect(200));
        let other = json!({ "items": [{ "kind": "sell", "takes": [{ "lot": lot, "amount": 501 }] }] });
        send(&other).await.refused(409, "idempotency_mismatch");
        assert_eq!(on_hand(&owner, lot).await, 8_500);
    });
}

#[test]
fn an_error_is_declared_and_its_effect_undone_while_nothing_followed() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let ship =
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 4_000 }] });
        let done = owner.post("/api/moves", &json!({ "items": [ship] })).await.expect(200);
        let id = done["kept"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/events/{id}/correction");
        owner.post(&path, &json!({ "reason": " " })).await.refused(422, "reason_missing");
        w.sign_in("clerk").await.post(&path, &json!({ "reason": "x" })).await.refused(404, "not_found");
        owner.post(&path, &json!({ "reason": "数量填错" })).await.expect(200);
        assert_eq!(on_hand(&owner, lot).await, 10_000);
        owner.post(&path, &json!({ "reason": "数量填错" })).await.refused(409, "event_corrected");
        let events = owner.get("/api/events?kind=ship").await.expect(200);
        assert_eq!(events["items"][0]["corrected"], "数量填错");

        let produced = owner.get("/api/events?kind=produce").await.expect(200)["items"][0]["id"].clone();
        moved(
            &owner,
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 1 }] }),
        )
        .await;
        let path = format!("/api/events/{}/correction", produced.as_str().unwrap());
        owner.post(&path, &json!({ "reason": "批号填错" })).await.refused(409, "lots_used");
    });
}

#[test]
fn a_batch_has_one_code_and_only_its_maker_gives_it() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let path = format!("/api/lots/{lot}/code");
        let code = owner.post(&path, &json!({ "labels": 10 })).await.expect(200);
        let again = owner.post(&path, &json!({ "labels": 5 })).await.expect(200);
        assert_eq!((code["code"].clone(), again["printed"].as_i64()), (again["code"].clone(), Some(15)));
        let ship =
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 1_000 }] });
        let transit = moved(&owner, ship).await;
        let clerk = w.sign_in("clerk").await;
        clerk.post(&format!("/api/lots/{transit}/code"), &json!({})).await.refused(403, "code_not_maker");
        let void = format!("/api/trace-codes/{}/void", code["code"].as_str().unwrap());
        clerk.post(&void, &json!({ "reason": "x" })).await.refused(404, "not_found");
        owner.post(&void, &json!({ "reason": "标签丢失" })).await.expect(204);
        owner.post(&path, &json!({})).await.refused(409, "code_voided");
    });
}

#[test]
fn wrong_input_names_its_place() {
    each(async |w| {
        let (owner, tofu, lot) = made(&w).await;
        let table = [
            (
                json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": -1 }] }),
                "items/0/takes/0/amount",
                "amount_negative",
            ),
            (
                json!({ "kind": "sell", "takes": [{ "lot": 999, "amount": 1 }] }),
                "items/0/takes/0/lot",
                "lot_not_held",
            ),
            (
                json!({ "kind": "produce", "makes": [{ "product": "nope", "amount": 1 }] }),
                "items/0/makes/0/product",
                "product_unknown",
            ),
            (
                json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 1, "made": "2026-02-30" }] }),
                "items/0/makes/0/made",
                "date_impossible",
            ),
            (
                json!({ "kind": "sell", "at": "2027-01-01", "takes": [{ "lot": lot }] }),
                "items/0/at",
                "date_future",
            ),
            (
                json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": i64::MAX }] }),
                "items/0/makes/0/amount",
                "amount_too_large",
            ),
            (
                json!({ "kind": "ship", "counterpart": w.factory, "takes": [{ "lot": lot }] }),
                "items/0/counterpart",
                "counterpart_self",
            ),
        ];
        for (mv, field, code) in table {
            let reply = owner.post("/api/moves", &json!({ "mode": "all", "items": [mv] })).await;
            let problem = reply.json();
            assert_eq!(
                (problem["field"].as_str(), problem["code"].as_str()),
                (Some(field), Some(code)),
                "{problem}"
            );
        }
        let syntax = owner.send(
            axum::http::Method::POST,
            "/api/moves",
            "application/json",
            b"{\"items\":[".to_vec(),
            &[],
        );
        syntax.await.refused(422, "body_syntax");
        let unknown = owner.post("/api/moves", &json!({ "items": [{ "kind": "teleport" }] })).await;
        assert_eq!(unknown.refused(422, "body_field")["field"], "items/0/kind");
        assert_eq!(on_hand(&owner, lot).await, 10_000);
    });
}

#[test]
fn a_dossier_tells_of_stock_partners_and_the_latest_moves() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        for amount in [1_000, 2_000] {
            let ship =
                json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": amount }] });
            moved(&owner, ship).await;
        }
        let line = |dossier: &serde_json::Value, code: &str, i: usize| {
            let section = dossier["sections"].as_array().unwrap().iter().find(|s| s["code"] == code);
            let line = &section.unwrap_or_else(|| panic!("no {code} in {dossier}"))["lines"][i];
            (line["label"].as_str().unwrap().to_owned(), line["value"].as_str().unwrap().to_owned())
        };
        let officer = w.sign_in("officer1").await;
        let factory = officer.get(&format!("/api/parties/{}", w.factory)).await.expect(200);
        assert_eq!(line(&factory, "stock", 0), ("在库".into(), "1 批，现存 7 公斤".into()));
        assert_eq!(line(&factory, "customers", 0), ("胜利路便民超市".into(), "2 次，最近 2026-03-03".into()));
        assert_eq!(line(&factory, "events", 0).0, "2026-03-03 发货");
        let shop = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        assert_eq!(line(&shop, "stock", 0), ("待收货".into(), "2 批，共 3 公斤".into()));
        // those who may not read the trace room see none of it
        let far = w.sign_in("officer2").await;
        far.get(&format!("/api/parties/{}", w.factory)).await.refused(404, "not_found");
    });
}

#[test]
fn businesses_are_listed_by_how_their_licences_stand() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let shop = |name: &str, number: &str, expires: &str| {
            json!({ "name": name, "kind": "shop", "division": "410902", "address": format!("{name}路"),
                "licences": [{ "number": number, "expires": expires }] })
        };
        // today is 2026-03-03
        for (name, number, expires) in [
            ("甲店", "JY14109020000011", "2026-03-02"),
            ("乙店", "JY14109020000020", "2026-03-03"),
            ("丙店", "JY14109020000038", "2026-03"),
            ("丁店", "JY14109020000046", "2026-06-01"),
            ("戊店", "JY14109020000054", ""),
        ] {
            officer.post("/api/parties", &shop(name, number, expires)).await.expect(200);
        }
        let names = async |query: &str| {
            let page = officer.get(&format!("/api/parties?sort=name&{query}")).await.expect(200);
            let items = page["items"].as_array().unwrap().clone();
            items.iter().map(|i| i["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("licence=expired").await, ["甲店"]);
        assert_eq!(names("licence=expiring").await, ["丙店", "乙店"]);
        assert_eq!(names("licence=expiring&licence_days=100").await, ["丁店", "丙店", "乙店"]);
        assert_eq!(names("licence=expired&q=甲店").await, ["甲店"]);
        let all = officer.get("/api/parties?sort=created").await.expect(200);
        let row =
            |name: &str| all["items"].as_array().unwrap().iter().find(|i| i["name"] == name).unwrap().clone();
        assert_eq!(row("甲店")["licence"]["state"], "expired");
        assert_eq!(row("乙店")["licence"]["expires"], "2026-03-03");
        assert_eq!(row("戊店")["licence"]["number"], "JY14109020000054");
        assert!(row("胜利路便民超市")["licence"].is_null());
    });
}

#[test]
fn a_corrected_chain_shows_both_records_and_the_wrong_one_leads_nowhere() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let beans = product(&owner, "黄豆", None).await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let beans =
            moved(&owner, json!({ "kind": "harvest", "makes": [{ "product": beans, "amount": 10_000 }] }))
                .await;
        let produce = |batch: &str, from: i64, amount: i64| {
            json!({ "kind": "produce", "takes": [{ "lot": from, "amount": 4_000 }],
                "makes": [{ "product": tofu, "batch": batch, "amount": amount }] })
        };
        let done =
            owner.post("/api/moves", &json!({ "items": [produce("A01", beans, 9_000)] })).await.expect(200);
        let (wrong, lot) = (
            done["kept"][0]["id"].as_str().unwrap().to_owned(),
            done["kept"][0]["lots"][0].as_i64().unwrap(),
        );
        let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({})).await.expect(200);
        let path = format!("/api/events/{wrong}/correction");

        // all or nothing: what was meant must stand too
        let bad = json!({ "reason": "批号填错", "instead": produce("B01", 999_999, 8_000) });
        let problem = owner.post(&path, &bad).await.refused(422, "lot_not_held");
        assert_eq!(problem["field"], "instead/takes/0/lot");
        assert_eq!(on_hand(&owner, beans).await, 6_000);
        owner
            .post(&path, &json!({ "reason": "x", "replaced_by": wrong }))
            .await
            .refused(422, "replacement_unknown");

        let mut other = produce("B01", beans, 8_000);
        other["party"] = json!(w.shop);
        let refused = owner.post(&path, &json!({ "reason": "x", "instead": other })).await;
        assert_eq!(refused.refused(422, "instead_other_business")["field"], "instead/party");

        let right = json!({ "reason": "批号填错", "instead": produce("B01", beans, 8_000) });
        let declared = owner.post(&path, &right).await.expect(200);
        let new = declared["lots"][0].as_i64().unwrap();
        assert_eq!(on_hand(&owner, beans).await, 6_000);
        assert_eq!(on_hand(&owner, lot).await, 0);
        assert_eq!(on_hand(&owner, new).await, 8_000);

        let events = owner.get("/api/events?kind=produce&sort=no").await.expect(200);
        let (first, second) = (&events["items"][0], &events["items"][1]);
        assert_eq!(
            (first["correction"]["reason"].as_str(), first["correction"]["by"].as_str()),
            (Some("批号填错"), Some("王老板"))
        );
        assert_eq!(
            (&first["correction"]["replaced_by"], &second["replaces"]["event"]),
            (&second["no"], &first["no"])
        );
        let page = owner.get(&format!("/api/lots/{new}")).await.expect(200);
        assert_eq!(page["made_by"]["replaces"]["id"], wrong.as_str());

        // the public page of the wrong one says so and names the right one
        let scanned = w.public().get(&format!("/t/{}", code["code"].as_str().unwrap())).await.text();
        assert!(
            scanned.contains("这一批次的记录有误") && scanned.contains("正确的登记为批号 B01"),
            "{scanned}"
        );
        let chain = owner.get(&format!("/api/lots/{beans}/chain")).await.expect(200);
        let lots: Vec<i64> =
            chain["nodes"].as_array().unwrap().iter().map(|n| n["lot"].as_i64().unwrap()).collect();
        assert!(lots.contains(&new), "{chain}");

        // food that has moved on is corrected from the last step back
        let right = second["id"].as_str().unwrap().to_owned();
        moved(
            &owner,
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": new, "amount": 1 }] }),
        )
        .await;
        owner
            .post(&format!("/api/events/{right}/correction"), &json!({ "reason": "x" }))
            .await
            .refused(409, "lots_used");
    });
}
