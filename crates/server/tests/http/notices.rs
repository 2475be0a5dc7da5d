//! Messages: who is told what of a case, and what was read.

use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, assigned, photo, proof, refused};
use crate::world::each;

async fn messages(client: &Client) -> Vec<(String, String)> {
    let page = client.get("/api/notices").await.expect(200);
    let text = |m: &Value, key: &str| m[key].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(|m| (text(m, "kind"), text(m, "body"))).collect()
}

async fn unread(client: &Client) -> Value {
    client.get("/api/notices/unread").await.expect(200)["unread"].clone()
}

#[test]
fn people_are_told_of_what_others_did_and_of_clocks() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let clerk = w.sign_in("clerk").await;
        let case = assigned(&officer, &w.shop).await;
        // the business is told of its task; nobody of what they did themselves
        let told = messages(&clerk).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "task");
        assert!(told[0].1.ends_with("派发，请您办理“整改并举证”，最后一日 2026-03-13"), "{told:?}");
        assert_eq!(messages(&officer).await, []);
        let piece = proof(&clerk, &case, "mend", photo(1, 320)).await;
        let mend = json!({ "action": "mend", "form": { "answer": "已清理", "proof": [piece["id"]] } });
        act(&clerk, &case, mend).await;
        assert_eq!(messages(&officer).await[0].0, "task");
        let back = json!({ "action": "back", "form": { "result": "角落仍有积水", "due": "2026-03-20" } });
        act(&officer, &case, back).await;
        let told = messages(&clerk).await;
        assert_eq!(told[0].0, "returned");
        assert!(told[0].1.contains("复查退回，请重新办理“整改并举证”"), "{told:?}");
        // what is refused tells nobody
        w.house.clock.advance(60_000);
        let leader = w.sign_in("leader").await;
        let no = officer.get(&format!("/api/cases/{case}")).await.expect(200)["tasks"][0]["no"].clone();
        act(&leader, &case, json!({ "op": { "do": "urge", "task": no } })).await;
        refused(&leader, &case, json!({ "op": { "do": "urge", "task": no } }), 409, "urged_already").await;
        let told = messages(&clerk).await;
        assert_eq!((told.len(), told[0].0.as_str()), (3, "urged"));

        // reading: one's own, once
        assert_eq!(unread(&clerk).await, 3);
        let page = clerk.get("/api/notices?unread=1&size=1").await.expect(200);
        assert_eq!(page["total"], 3);
        assert_eq!(page["items"][0]["link"], json!(format!("/cases/{case}")));
        let ids = json!({ "ids": [page["items"][0]["id"]] });
        assert_eq!(officer.post("/api/notices/read", &ids).await.expect(200)["unread"], 1);
        assert_eq!(unread(&clerk).await, 3, "another's mark nothing");
        assert_eq!(clerk.post("/api/notices/read", &ids).await.expect(200)["unread"], 2);
        assert_eq!(clerk.post("/api/notices/read", &json!({ "all": true })).await.expect(200)["unread"], 0);

        // clocks: nearly over, over; who began it is told as well
        w.house.clock.advance(16 * 86_400_000);
        let tick = || {
            let house = w.house.clone();
            async move {
                tokio::task::spawn_blocking(move || kit_flow::duty::tick(&house)).await.unwrap().unwrap()
            }
        };
        tick().await;
        w.house.clock.advance(3 * 86_400_000);
        tick().await;
        let (officer, clerk) = (w.sign_in("officer1").await, w.sign_in("clerk").await);
        let kinds: Vec<String> = messages(&clerk).await.into_iter().map(|m| m.0).collect();
        assert!(kinds.contains(&"reminder".to_owned()) && kinds.contains(&"expired".to_owned()), "{kinds:?}");
        let told = messages(&officer).await;
        assert_eq!((told[0].0.as_str(), told[0].1.as_str()), ("expired", "整改期限已于 2026-03-20 届满"));
    });
}
