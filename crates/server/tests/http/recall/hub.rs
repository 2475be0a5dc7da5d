//! Recalls of a hub's batch, with as many holders as wanted.

use serde_json::{Value, json};

use super::{closes, line, ordered, shot};
use crate::findings::id;
use crate::pages::run_jobs;
use crate::world::{World, each, moved, product};

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
        reported(&w, &recall, lot, &made, all).await;
        eprintln!(
            "{holders} holders on {}: page after the order {told:?}, scope {} µs, tasks and notices {took:?}",
            w.db.name, body["recall"]["scope_micros"]
        );
    });
}

/// Six of seven holders report amounts drawn at random, some less than they answer for, some twice; a sum kept beside in five plain numbers
/// is that of the account, to the gram.
async fn reported(w: &World, recall: &str, lot: i64, holders: &[String], all: i64) {
    let officers = [w.sign_in("officer1").await, w.sign_in("officer2").await];
    let mut state = 20_261_123_u64;
    let mut upto = move |most: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % (most + 1)
    };
    let (mut sums, mut waiting) = ([0_i64; 5], 777);
    for (i, party) in holders.iter().enumerate() {
        if i % 7 == 3 {
            waiting += 1_000;
            continue;
        }
        if i % 100 == 99 {
            // an account asks only so often
            w.house.clock.advance(10_000);
        }
        // every third lies in the other county
        let officer = &officers[usize::from(i.is_multiple_of(3))];
        let photo = shot(officer, recall, party, i as u32 + 1).await;
        let path = format!("/api/recalls/{recall}/tasks/{party}/report");
        let mut last = [0; 5];
        for _ in 0..=usize::from(i % 11 == 5) {
            let on_hand = upto(1_000);
            let sold = upto(1_000 - on_hand);
            let destroyed = upto(1_000 - on_hand - sold);
            let left = 1_000 - on_hand - sold - destroyed;
            // half of them can say where all of it is
            let back = if upto(1) == 0 { left } else { upto(left) };
            let lines = json!({ "lines": [line(lot, on_hand, sold, destroyed, back)], "proof": [photo] });
            officer.post(&path, &lines).await.expect(204);
            last = [on_hand, sold, destroyed, back, left - back];
        }
        sums.iter_mut().zip(last).for_each(|(sum, n)| *sum += n);
    }
    let body = closes(&officers[0], recall).await;
    let account = &body["account"];
    let told = ["on_hand", "sold", "destroyed", "returning", "open"].map(|f| account[f].as_i64().unwrap());
    assert_eq!((told, account["waiting"].as_i64()), (sums, Some(waiting)), "{account}");
    assert_eq!(sums.iter().sum::<i64>() + waiting, all);
    assert!(sums.iter().all(|n| *n > 0) && waiting > 1_000, "{sums:?}");
}
