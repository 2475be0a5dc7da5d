//! Recalls of a hub's batch, with as many holders as wanted.

use serde_json::{Value, json};

use super::{closes, ordered};
use crate::findings::id;
use crate::pages::run_jobs;
use crate::world::{each, moved, product};

/// A hub that sent a batch to many holders: `SHIAN_RECALL_HOLDERS=20000`.
#[test]
fn a_hub_lot_is_recalled_from_all_who_hold_it() {
    let holders: usize =
        std::env::var("SHIAN_RECALL_HOLDERS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "冷链豆腐", None).await;
        let search = w.house.held::<parties::Search>();
        let cx = kit_web::Cx::internal(w.house.clone(), kit_web::Actor::house("test"), "test.bring");
        let made: Vec<String> = cx
            .act(move |act| {
                let new = |i: usize| serde_json::from_value(json!({ "name": format!("门店{i:05}"), "kind": "shop",
                    "division": if i.is_multiple_of(3) { "410922" } else { "410902" }, "address": format!("人民路{i}号") })).unwrap();
                let (ids, now) = (act.ids().clone(), act.now);
                let program = parties::Program { name: "test", simulated: false };
                let list = (0..holders).map(new).collect();
                let made = parties::bring_in(act.tx, &ids, now, &search, parties::reference::get(), program, list)?;
                Ok(made.into_iter().map(|p| p.id).collect())
            })
            .await
            .unwrap();
        let all = 1_000 * holders as i64 + 777;
        let lot = moved(
            &owner,
            json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": all, "batch": "HUB" }] }),
        )
        .await;
        for part in made.chunks(5_000) {
            let ship = |to: &String| json!({ "kind": "ship", "counterpart": to, "takes": [{ "lot": lot, "amount": 1_000 }] });
            let items: Vec<Value> = part.iter().map(ship).collect();
            owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.expect(200);
        }
        let leader = w.sign_in("leader").await;
        let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({})).await.expect(200);
        let page = format!("/t/{}", code["code"].as_str().unwrap());
        assert!(!w.public().get(&page).await.text().contains("已召回"));
        #[allow(clippy::disallowed_methods, reason = "measured")]
        let from = std::time::Instant::now();
        let recall = id(&leader.post("/api/recalls", &ordered(lot, 1, "safety")).await.expect(200));
        assert!(w.public().get(&page).await.text().contains("已召回"));
        let told = from.elapsed();
        #[allow(clippy::disallowed_methods, reason = "measured")]
        let from = std::time::Instant::now();
        run_jobs(&w);
        let took = from.elapsed();
        let body = closes(&leader, &recall).await;
        assert_eq!(body["counts"]["tasks"], holders as i64 + 1);
        assert_eq!((&body["account"]["produced"], &body["account"]["waiting"]), (&json!(all), &json!(all)));
        eprintln!(
            "{holders} holders on {}: page after the order {told:?}, scope {} µs, tasks and notices {took:?}",
            w.db.name, body["recall"]["scope_micros"]
        );
    });
}
