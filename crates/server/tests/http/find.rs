//! The one search box.

use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

/// The titles of a group.
fn titles(found: &Value, kind: &str) -> Vec<String> {
    let groups = found["groups"].as_array().unwrap();
    let hits = groups.iter().find(|g| g["kind"] == kind).map(|g| g["hits"].as_array().unwrap().clone());
    hits.unwrap_or_default().iter().map(|h| h["title"].as_str().unwrap().to_owned()).collect()
}

/// The factory makes a product and a batch of it; answers the number of its lot.
async fn batch(w: &World) -> i64 {
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "龙都老豆腐", Some("6901234567892")).await;
    moved(
        &owner,
        json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "LD0302A", "amount": 10_000 }] }),
    )
    .await
}

/// What stands in an address.
pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[test]
fn lists_that_are_searched_have_what_a_look_at_every_row_has() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let officer = w.sign_in("officer1").await;
        for (i, name) in ["龙都老豆腐", "豆腐干", "黄豆", "老陈醋"].into_iter().enumerate() {
            let of = product(&owner, name, None).await;
            let make = json!({ "product": of, "batch": format!("B{i}-豆"), "amount": 10_000 });
            let made = json!({ "kind": "produce", "makes": [make], "doc_no": format!("单{i}") });
            let lot = moved(&owner, made).await;
            let ship = json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 10 }], "doc_no": format!("豆{i}") });
            moved(&owner, ship).await;
            moved(&owner, json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": 5 }] })).await;
        }
        let all = async |path: &str| {
            let page = officer.get(&format!("{path}size=100&sort=no")).await.expect(200);
            page["items"].as_array().unwrap().clone()
        };
        let (lots, events) = (all("/api/lots?").await, all("/api/events?").await);
        let has = |row: &Value, field: &str, q: &str, whole: bool| {
            let text = row[field].as_str().unwrap_or_default();
            if whole { text.contains(q) } else { text.starts_with(q) }
        };
        for q in ["豆腐", "豆", "B1", "单2", "豆3", "陈醋", "B", "没有的"] {
            let wanted = |rows: &[Value], doc: bool| -> Vec<i64> {
                let rows = rows.iter().filter(|r| {
                    has(r, "product_name", q, true)
                        || has(r, "batch", q, false)
                        || doc && has(r, "doc_no", q, false)
                });
                rows.map(|r| r["no"].as_i64().unwrap()).collect()
            };
            let numbers =
                |rows: Vec<Value>| -> Vec<i64> { rows.iter().map(|r| r["no"].as_i64().unwrap()).collect() };
            let typed = percent(q);
            assert_eq!(
                numbers(all(&format!("/api/lots?q={typed}&")).await),
                wanted(&lots, false),
                "lots {q}"
            );
            assert_eq!(
                numbers(all(&format!("/api/events?q={typed}&")).await),
                wanted(&events, true),
                "events {q}"
            );
        }
        let sales = all(&format!("/api/ledgers/sales?q={}&", percent("陈醋"))).await;
        assert_eq!(sales.len(), 2);
    });
}

#[test]
fn one_box_finds_businesses_products_batches_and_codes() {
    each(async |world: World| {
        let lot = batch(&world).await;
        let officer = world.sign_in("officer1").await;
        let find = async |q: &str| officer.get(&format!("/api/find?q={}", percent(q))).await.expect(200);

        let found = find("龙都").await;
        assert_eq!(titles(&found, "business"), ["龙都豆制品有限公司"]);
        assert_eq!(titles(&found, "product"), ["龙都老豆腐"]);
        assert_eq!(titles(&find("ldldf").await, "product"), ["龙都老豆腐"], "initials");
        assert_eq!(titles(&find("laodoufu").await, "product"), ["龙都老豆腐"], "pinyin");
        assert_eq!(titles(&find("6901234567892").await, "product"), ["龙都老豆腐"], "barcode");
        assert_eq!(titles(&find("人民路3号").await, "business"), ["胜利路便民超市"], "address");
        assert_eq!(titles(&find("LD0302").await, "lot"), ["龙都老豆腐 批号 LD0302A"]);

        let found = find("胜利路便民超巿").await;
        assert_eq!(
            (titles(&found, "business"), &found["guessed"]),
            (vec!["胜利路便民超市".to_owned()], &json!(true))
        );
        assert_eq!(find("查无此物查无此物").await["groups"], json!([]));

        let owner = world.sign_in("owner").await;
        let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
        let code = code["code"].as_str().unwrap();
        let address = format!("http://127.0.0.1:8080/t/{code}");
        assert_eq!(
            titles(&find(&address).await, "code"),
            ["龙都老豆腐 批号 LD0302A"],
            "as a scanner types it"
        );

        officer.get("/api/find?q=x").await.refused(422, "query_short");
        world.public().get("/api/find?q=longdu").await.refused(401, "sign_in_required");
    });
}

#[test]
fn nobody_finds_what_is_not_theirs() {
    each(async |world: World| {
        batch(&world).await;
        let (far, shop) = (world.sign_in("officer2").await, world.sign_in("clerk").await);
        for q in ["longdu", "LD0302A", "6901234567892", "longdulaodoufv"] {
            for (who, client) in [("officer of the other county", &far), ("clerk of another business", &shop)]
            {
                let found = client.get(&format!("/api/find?q={q}")).await.expect(200);
                assert_eq!(found["groups"], json!([]), "{who}: {q}");
            }
        }
        let admin = world.sign_in("sysadmin").await;
        assert_eq!(
            admin.get("/api/find?q=longdu").await.expect(200)["groups"],
            json!([]),
            "no business data"
        );
        assert_eq!(
            titles(&far.get("/api/find?q=liangyou").await.expect(200), "business"),
            ["清丰县城关粮油店"]
        );
    });
}
