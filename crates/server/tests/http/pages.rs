//! What belongs to no room, files that jobs leave, and the QR of a business.

use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

/// Runs every job that waits.
pub fn run_jobs(w: &World) {
    let (house, kinds) = (w.house.clone(), server::rooms::job_kinds());
    std::thread::spawn(move || kit_jobs::run_due(&*house, &kinds, &house.db, &house.clock).unwrap())
        .join()
        .unwrap();
}

#[test]
fn the_first_page_counts_what_the_asker_may_see() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let lot =
            moved(&owner, json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 10_000 }] }))
                .await;
        let ship =
            json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 1_000 }] });
        moved(&owner, ship).await;
        let home = async |name: &str| w.sign_in(name).await.get("/api/home").await.expect(200);
        let near = home("officer1").await;
        assert_eq!(near["figures"]["parties"], 3, "{near}");
        assert_eq!((&near["figures"]["products"], &near["figures"]["in_transit"]), (&json!(1), &json!(1)));
        assert_eq!(near["today"], "2026-03-03");
        let far = home("officer2").await;
        assert_eq!(
            (&far["figures"]["parties"], &far["figures"]["in_transit"]),
            (&json!(1), &json!(0)),
            "{far}"
        );
        // a business sees its own and no count of others
        let clerk = home("clerk").await;
        assert_eq!(clerk["figures"].get("parties"), None, "{clerk}");
        assert_eq!(clerk["duties"], json!([{ "code": "receive", "count": 1 }]));
        // administrators see no business data at all
        for name in ["sysadmin", "secadmin", "audadmin"] {
            assert_eq!(home(name).await["figures"], json!({}), "{name}");
        }
        w.public().get("/api/home").await.refused(401, "sign_in_required");
    });
}

#[test]
fn anyone_is_told_what_this_is_and_no_more() {
    each(async |w| {
        let about = w.public().get("/api/about").await.expect(200);
        assert_eq!(about["name"], "食安 shian");
        assert_eq!(
            (&about["simulated"], &about["production"], &about["demo"]),
            (&json!(false), &json!(false), &Value::Null)
        );
        assert_eq!(w.public().get("/api/health").await.expect(200)["state"], "ok");
    });
}

#[test]
fn every_audited_act_has_a_name_in_chinese() {
    each(async |w| {
        let named = w.sign_in("audadmin").await.get("/api/audit/actions").await.expect(200);
        let named: Vec<(&str, &str)> = named
            .as_array()
            .unwrap()
            .iter()
            .map(|a| (a["code"].as_str().unwrap(), a["name"].as_str().unwrap()))
            .collect();
        for route in server::rooms::routes().iter().filter(|r| !r.audit.is_empty()) {
            let name = named.iter().find(|(code, _)| *code == route.audit).map(|(_, name)| *name);
            assert!(name.is_some_and(|n| n.chars().any(|c| c > '\u{2e80}')), "{}", route.audit);
        }
        w.sign_in("leader").await.get("/api/audit/actions").await.expect(200);
        w.sign_in("officer1").await.get("/api/audit/actions").await.refused(403, "permission_missing");
    });
}

#[test]
fn an_export_holds_what_the_list_shows() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let lot = moved(
            &owner,
            json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 10_000, "batch": "B1" }] }),
        )
        .await;
        let ship = |to: &str| json!({ "kind": "ship", "counterpart": to, "takes": [{ "lot": lot, "amount": 1_000 }] });
        moved(&owner, ship(&w.shop)).await;
        moved(&owner, ship(&w.far_shop)).await;
        for (path, heading, all, far) in [
            ("/api/products/exports", "名称", 1, 1),
            ("/api/lots/exports", "产品", 3, 1),
            ("/api/events/exports", "种类", 3, 0),
            ("/api/ledgers/sales/exports", "种类", 2, 0),
            ("/api/ledgers/purchases/exports", "种类", 0, 0),
        ] {
            for (name, rows) in [("owner", all), ("leader", all), ("officer2", far)] {
                let client = w.sign_in(name).await;
                // who sees which products is for the products' own tests
                if name == "officer2" && path == "/api/products/exports" {
                    continue;
                }
                let list = path.trim_end_matches("/exports");
                let shown = client.get(list).await.expect(200)["total"].as_u64().unwrap();
                let job = client.post(path, &json!({ "format": "csv" })).await.expect(200)["job"].clone();
                let file = format!("/api/trace-exports/{}/file", job.as_str().unwrap());
                client.get(&file).await.refused(409, "job_running");
                run_jobs(&w);
                let text = client.get(&file).await.text();
                let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
                assert!(lines[0].starts_with(heading), "{path}: {text}");
                assert_eq!(lines.len() as u64 - 1, shown, "{name} {path}: {text}");
                assert_eq!(shown, rows, "{name} {path}");
                // another's file is not there
                w.sign_in("clerk").await.get(&file).await.refused(404, "not_found");
            }
        }
        let job =
            owner.post("/api/lots/exports", &json!({ "format": "xlsx" })).await.expect(200)["job"].clone();
        run_jobs(&w);
        let book = owner.get(&format!("/api/trace-exports/{}/file", job.as_str().unwrap())).await;
        assert!(book.bytes.starts_with(b"PK"));
    });
}

#[test]
fn the_qr_of_a_business_is_a_picture_of_its_public_address() {
    each(async |w| {
        let leader = w.sign_in("leader").await;
        let party = leader.get(&format!("/api/parties/{}", w.factory)).await.expect(200);
        let code = party["party"]["code"].as_str().or(party["code"].as_str()).unwrap().to_owned();
        let qr = leader.get(&format!("/api/codes/{code}/qr.svg")).await;
        assert_eq!(qr.status, 200, "{}", qr.text());
        assert_eq!(qr.headers["content-type"], "image/svg+xml");
        let expected =
            kit_docs::qr::Qr::new(&format!("http://127.0.0.1:8080/t/{code}"), kit_docs::qr::Level::Medium);
        assert_eq!(qr.text(), expected.unwrap().svg(kit_docs::qr::QUIET));
        leader.get("/api/codes/%3Cscript%3E/qr.svg").await.refused(404, "not_found");
        w.public().get(&format!("/api/codes/{code}/qr.svg")).await.refused(401, "sign_in_required");
        // the same code leads an officer to the dossier
        let lead = leader.get(&format!("/api/codes/{code}")).await.expect(200);
        assert!(lead.to_string().contains(&w.factory), "{lead}");
    });
}
