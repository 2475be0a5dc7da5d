//! Scans counted beside the page, and codes that look copied.

use kit_test::Client;
use publication::scans::Scans;
use serde_json::{Value, json};

use crate::epcis::read;
use crate::world::{World, each, moved, product};

const GTIN: &str = "06901234567892";

/// Writes the counters and looks for copies, as the duties do.
pub async fn look(w: &World) {
    let house = w.house.clone();
    let done = tokio::task::spawn_blocking(move || {
        house.held::<Scans>().flush(&house.db)?;
        publication::look_for_copies(&house)
    });
    done.await.unwrap().unwrap();
}

fn counted(w: &World) -> i64 {
    let sql = kit_db::Sql::One("SELECT CAST(COALESCE(sum(scans), 0) AS BIGINT) FROM scan_counts");
    read(w, |tx| tx.one::<i64>(sql, &[])).unwrap()
}

async fn list(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/api/publication/suspicions?{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn rules(rows: &[Value]) -> Vec<String> {
    let mut rules: Vec<String> = rows.iter().map(|r| r["rule"].as_str().unwrap().to_owned()).collect();
    rules.sort();
    rules
}

#[test]
fn a_scan_writes_nothing_and_is_counted_all_the_same() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", Some(GTIN)).await;
        let make = json!({ "product": tofu, "batch": "A01", "amount": 10_000 });
        moved(&owner, json!({ "kind": "produce", "makes": [make] })).await;
        let public = w.public();
        for place in ["", "?place=410902", "?place=410902", "?place=127.0.0.1", "?place=9999"] {
            let page = public.get(&format!("/01/{GTIN}/10/A01{place}")).await;
            assert_eq!(page.status, 200);
        }
        // noise is not counted
        for path in ["/t/hello", "/01/06901234567893", "/t/T0000000000000"] {
            public.get(path).await;
        }
        assert_eq!(counted(&w), 0);
        look(&w).await;
        let places = kit_db::Sql::One("SELECT place, scans FROM scan_counts ORDER BY place");
        let rows: Vec<(String, i64)> = read(&w, |tx| tx.all(places, &[]));
        assert_eq!(rows, [(String::new(), 3), ("410902".to_owned(), 2)]);
        look(&w).await;
        assert_eq!(counted(&w), 5, "a second flush adds nothing");
    });
}

#[test]
fn a_limit_that_is_set_holds_from_the_next_look() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", Some(GTIN)).await;
        let make = json!({ "product": tofu, "batch": "A01", "amount": 10_000 });
        moved(&owner, json!({ "kind": "produce", "makes": [make] })).await;
        for place in ["410902", "410102"] {
            w.public().get(&format!("/01/{GTIN}/10/A01?place={place}")).await;
        }
        let officer = w.sign_in("officer1").await;
        look(&w).await;
        assert!(list(&officer, "").await.is_empty(), "a batch may be in thirty cities");

        let path = "/api/publication/limits";
        officer.get(path).await.refused(403, "permission_missing");
        let sys = w.sign_in("sysadmin").await;
        let before = sys.get(path).await.expect(200);
        let batch = |all: &Value| {
            all.as_array().unwrap().iter().find(|l| l["name"] == "cities_of_batch").cloned().unwrap()
        };
        assert_eq!(
            (&batch(&before)["value"], &batch(&before)["unit"], &batch(&before)["certainty"]),
            (&json!(30), &json!("个城市"), &json!("setting"))
        );
        for (values, code) in [
            (json!({ "cities_of_batch": 0 }), "limit_range"),
            (json!({ "cities_of_batch": 1, "cities": 1 }), "limit_unknown"),
        ] {
            let problem = sys.put(path, &json!({ "values": values })).await.refused(422, code);
            assert!(problem["field"].as_str().unwrap().starts_with("values/cit"), "{problem}");
        }
        assert_eq!(sys.get(path).await.expect(200), before, "a refusal sets nothing");
        let after = sys.put(path, &json!({ "values": { "cities_of_batch": 1 } })).await.expect(200);
        assert_eq!((&batch(&after)["value"], &batch(&after)["changed_by"]), (&json!(1), &json!("孙系统")));
        look(&w).await;
        assert_eq!(rules(&list(&officer, "").await), ["places"]);
        let audit = w.sign_in("audadmin").await.get("/api/audit?action=publication.limits").await.expect(200);
        let note = audit["items"][0].to_string();
        assert!(note.contains("cities_of_batch") && note.contains("30"), "{note}");
        let back = sys.put(path, &json!({ "values": { "cities_of_batch": null } })).await.expect(200);
        assert_eq!(batch(&back), batch(&before));
    });
}

#[test]
fn copies_are_listed_checked_and_come_back() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", Some(GTIN)).await;
        let make = json!({ "product": tofu, "batch": "A01", "amount": 10_000 });
        let lot = moved(&owner, json!({ "kind": "produce", "makes": [make] })).await;
        let made = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 2 })).await.expect(200);
        let code = made["code"].as_str().unwrap().to_owned();
        let public = w.public();
        // one packet in two cities within the hour
        for place in ["410902", "410102"] {
            public.get(&format!("/01/{GTIN}/10/A01/21/7?place={place}")).await;
        }
        // a batch that the product does not have
        for _ in 0..3 {
            public.get(&format!("/01/{GTIN}/10/XXX")).await;
        }
        // more than the two labels can have been read
        for _ in 0..21 {
            public.get(&format!("/t/{code}")).await;
        }
        look(&w).await;
        let officer = w.sign_in("officer1").await;
        let rows = list(&officer, "checked=0").await;
        assert_eq!(rules(&rows), ["many", "places", "unknown"], "{rows:?}");
        assert!(list(&w.sign_in("officer2").await, "").await.is_empty());
        assert_eq!(list(&officer, "rule=places").await[0]["product"], "卤水豆腐");

        let many = list(&officer, "rule=many").await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/publication/suspicions/{many}/check");
        officer.post(&path, &json!({ "note": " " })).await.refused(422, "note_missing");
        w.sign_in("officer2").await.post(&path, &json!({ "note": "看过" })).await.expect(404);
        let checked = officer.post(&path, &json!({ "note": "现场核查，系展会集中扫码" })).await.expect(200);
        assert_eq!(checked["checked_note"], "现场核查，系展会集中扫码");
        look(&w).await;
        assert_eq!(rules(&list(&officer, "checked=1").await), ["many"]);
        for _ in 0..21 {
            public.get(&format!("/t/{code}")).await;
        }
        look(&w).await;
        assert_eq!(rules(&list(&officer, "checked=0").await), ["many", "places", "unknown"]);
        let csv = officer.get("/api/publication/suspicions/export?rule=many").await;
        assert!(csv.text().contains("次数过多") && csv.text().contains(&code), "{}", csv.text());
    });
}
