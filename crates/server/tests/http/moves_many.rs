//! Moves by the thousand: a till's batch, a stream, a flood.

use serde_json::json;

use crate::moves::{made, on_hand};
use crate::world::{each, product};

/// Ten sales of one lot of 10 kg and one sale too many, with keys.
fn till(lot: i64, from: usize) -> Vec<serde_json::Value> {
    (from..from + 11)
        .map(|n| json!({ "kind": "sell", "client_key": format!("till-{n}"), "takes": [{ "lot": lot, "amount": 1_000 }] }))
        .collect()
}

#[test]
fn a_batch_is_decided_line_by_line_over_what_the_lines_before_left() {
    each(async |w| {
        let (owner, tofu, lot) = made(&w).await;
        let done = owner.post("/api/moves", &json!({ "items": till(lot, 0) })).await.expect(200);
        assert_eq!(done["kept"].as_array().unwrap().len(), 10);
        assert_eq!(
            (done["refused"][0]["index"].as_i64(), done["refused"][0]["code"].as_str()),
            (Some(10), Some("stock_short"))
        );
        assert_eq!(on_hand(&owner, lot).await, 0);
        let events: Vec<i64> =
            done["kept"].as_array().unwrap().iter().map(|k| k["event"].as_i64().unwrap()).collect();
        assert!(events.windows(2).all(|e| e[1] == e[0] + 1), "dense and in order: {events:?}");

        // a key twice in one batch, and in a second one
        let make = |key: &str, amount: i64| json!({ "kind": "produce", "client_key": key, "makes": [{ "product": tofu, "amount": amount }] });
        let items = [make("m-1", 5), make("m-2", 6), make("m-1", 5)];
        let done = owner.post("/api/moves", &json!({ "items": items })).await.expect(200);
        let kept = done["kept"].as_array().unwrap();
        assert_eq!((kept.len(), &kept[0]["event"]), (3, &kept[2]["event"]));
        assert_eq!((kept[0]["repeated"].as_bool(), kept[2]["repeated"].as_bool()), (Some(false), Some(true)));
        let again = owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.expect(200);
        assert!(again["kept"].as_array().unwrap().iter().all(|k| k["repeated"] == true), "{again}");
        assert_eq!(owner.get("/api/events?kind=produce").await.expect(200)["total"], 3);
        // what a batch made is in the graph
        let new = kept[1]["lots"][0].as_i64().unwrap();
        owner.get(&format!("/api/lots/{new}/chain")).await.expect(200);

        let many: Vec<_> = (0..10_001).map(|_| make("x", 1)).collect();
        owner.post("/api/moves", &json!({ "items": many })).await.refused(422, "moves_too_many");
    });
}

#[test]
fn ten_thousand_lines_go_in_at_once() {
    each(async |w| {
        let (owner, tofu, _) = made(&w).await;
        let items: Vec<_> = (0..10_000)
            .map(|n| json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": format!("B{n}"), "amount": 1_000 }] }))
            .collect();
        let done = owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.expect(200);
        let lots: Vec<i64> =
            done["kept"].as_array().unwrap().iter().map(|k| k["lots"][0].as_i64().unwrap()).collect();
        let ships: Vec<_> = lots
            .iter()
            .map(|lot| json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 400 }] }))
            .collect();
        let done = owner.post("/api/moves", &json!({ "mode": "all", "items": ships })).await.expect(200);
        assert_eq!(done["kept"].as_array().unwrap().len(), 10_000);
        assert_eq!(on_hand(&owner, lots[9_999]).await, 600);
        let total: i64 = w
            .house
            .db
            .read(|tx| tx.one(kit_db::Sql::One("SELECT CAST(sum(on_hand) AS BIGINT) FROM stock"), &[]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(total, 10_000 * 1_000 + 10_000);
    });
}

#[test]
fn a_stream_is_answered_line_by_line() {
    each(async |w| {
        let (owner, _, lot) = made(&w).await;
        let mut text: String = till(lot, 0).iter().map(|mv| format!("{mv}\n")).collect();
        text.push_str("\n{\"kind\":\"teleport\"}\n{ no json\n");
        let send = async |text: &str| {
            let bytes = text.as_bytes().to_vec();
            let reply = owner
                .send(axum::http::Method::POST, "/api/moves/stream", "application/x-ndjson", bytes, &[])
                .await;
            assert_eq!(reply.status, 200);
            let lines = reply.text();
            lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<serde_json::Value>>()
        };
        let answers = send(&text).await;
        let numbers: Vec<i64> = answers.iter().filter_map(|a| a["line"].as_i64()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]);
        assert_eq!(
            (answers[10]["code"].as_str(), answers[10]["field"].as_str()),
            (Some("stock_short"), Some("takes/0/amount"))
        );
        assert_eq!(
            (answers[11]["code"].as_str(), answers[11]["field"].as_str()),
            (Some("body_field"), Some("kind"))
        );
        assert_eq!(answers[12]["code"], "body_syntax");
        assert_eq!(answers[13], json!({ "done": true, "lines": 14, "kept": 10, "refused": 3 }));
        // compressed, and with nothing in it
        let packed = [("accept-encoding", "gzip")];
        let path = "/api/moves/stream";
        let none =
            owner.send(axum::http::Method::POST, path, "application/x-ndjson", Vec::new(), &packed).await;
        assert_eq!(none.status, 200);
        // sent again it adds nothing
        let again = send(&text).await;
        assert!(again[..10].iter().all(|a| a["repeated"] == true), "{again:?}");
        assert_eq!(owner.get("/api/events?kind=sell").await.expect(200)["total"], 10);
        // a line without an end is refused before it fills the memory
        let long = send(&"x".repeat(300 * 1024)).await;
        assert_eq!((long[0]["error"].as_str(), long[0]["line"].as_i64()), (Some("line_too_long"), Some(1)));
    });
}

#[test]
fn who_floods_is_told_to_wait_and_the_others_go_on() {
    each(async |w| {
        let (owner, tofu, _) = made(&w).await;
        let make = json!({ "items": [{ "kind": "produce", "makes": [{ "product": tofu, "amount": 1 }] }] });
        // all places of the factory are taken, and its line is full
        let fair = w.house.fair.clone();
        let held = fair.enter(&w.factory, u64::MAX).await.unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..kit_web::fair::WAITING {
            let (fair, factory) = (fair.clone(), w.factory.clone());
            waiting.spawn(async move { fair.enter(&factory, 10).await.map(drop).is_ok() });
        }
        while fair.waiting(&w.factory) < kit_web::fair::WAITING {
            tokio::task::yield_now().await;
        }
        let reply = owner.post("/api/moves", &make).await;
        assert_eq!(reply.headers["retry-after"], "1");
        reply.refused(429, "too_many_writes");
        // another business writes as ever
        let clerk = w.sign_in("clerk").await;
        product(&clerk, "矿泉水", None).await;
        drop(held);
        while let Some(entered) = waiting.join_next().await {
            assert!(entered.unwrap());
        }
        owner.post("/api/moves", &make).await.expect(200);
    });
}
