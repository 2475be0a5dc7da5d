//! Divisions that are renamed, moved and divided: old records keep their names, the new county sees the businesses.

use accounts::demo::{Home, person};
use kit_test::{Client, Reply};
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::pages::run_jobs;
use crate::world::{NOW, PASSWORD, World, each, moved, product};

const DAY: i64 = 86_400_000;

async fn send(client: &Client, path: &str, rows: &[&str]) -> Reply {
    let text = format!("变更日期,原代码,原名称,新代码,新名称,依据\n{}\n", rows.join("\n"));
    client.upload(path, "text/csv", "变更.csv", text.into_bytes()).await
}

async fn import(client: &Client, rows: &[&str]) -> Value {
    send(client, "/api/division-changes", rows).await.expect(200)
}

/// An officer of a bureau that is made for the division.
async fn officer(w: &World, login: &'static str, division: &'static str) -> Client {
    let sys = w.sign_in("sysadmin").await;
    let bureaus = sys.get("/api/bureaus?size=100").await.expect(200);
    let city = bureaus["items"].as_array().unwrap().iter().find(|b| b["division"] == "4109").unwrap().clone();
    let bureau =
        json!({ "parent": city["id"], "level": 3, "name": format!("{division}局"), "division": division });
    sys.post("/api/bureaus", &bureau).await.expect(200);
    let hash = w.house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
    let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
    cx.act(move |act| person(act, &hash, login, "officer", &Home::Bureau(division))).await.unwrap();
    w.sign_in(login).await
}

/// As the duty does it, on a thread of its own.
fn followed(w: &World) -> u64 {
    std::thread::scope(|scope| scope.spawn(|| parties::follow_divisions(&w.house)).join()).unwrap().unwrap()
}

async fn total(client: &Client, path: &str) -> i64 {
    client.get(path).await.expect(200)["total"].as_i64().unwrap()
}

/// A delivery to the shop of the other county, received there.
async fn delivered(w: &World) -> (i64, String) {
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000 }] });
    let lot = moved(&owner, make).await;
    let ship =
        json!({ "kind": "ship", "counterpart": w.far_shop, "takes": [{ "lot": lot, "amount": 4_000 }] });
    (moved(&owner, ship).await, tofu)
}

#[test]
fn the_new_county_sees_what_the_old_one_had_and_old_records_keep_their_name() {
    each(async |w| {
        let (transit, _) = delivered(&w).await;
        let sys = w.sign_in("sysadmin").await;
        let rows = ["2026-03-04,410922,清丰县,410982,清丰市,国函〔2026〕1号"];
        // what it would do, and nothing done
        let preview = send(&sys, "/api/division-changes/preview", &rows).await.expect(200);
        assert_eq!(
            (&preview["total"], &preview["businesses"], &preview["changes"][0]["kind"]),
            (&json!(1), &json!(1), &json!("moved")),
            "{preview}"
        );
        assert_eq!(sys.get("/api/division-changes").await.expect(200), json!([]));
        let done = import(&sys, &rows).await;
        assert_eq!(done["changes"], preview["changes"]);
        // a second time it is known already
        assert_eq!(import(&sys, &rows).await["known"], 1);
        run_jobs(&w);

        // the day has not come yet
        let old = w.sign_in("officer2").await;
        let place = old.get("/api/reference/divisions/410922").await.expect(200);
        assert_eq!((place["valid"].as_bool(), place["now"].as_str()), (Some(true), Some("410922")));
        let nearest = old.get("/api/reference/divisions/410982").await.expect(200);
        assert_eq!(nearest["code"], "4109", "not there yet");
        let then = old.get("/api/reference/divisions/410982?on=2026-03-04").await.expect(200);
        assert_eq!(then["full_name"], "河南省濮阳市清丰市");
        assert_eq!(then["predecessors"], json!(["410922"]));

        w.house.clock.advance(2 * DAY);
        w.sign_in("officer2").await;
        let new = officer(&w, "new.officer", "410982").await;
        // before anything followed, the successor's jurisdiction has what the old county had
        assert_eq!(total(&new, "/api/parties").await, 1);
        assert_eq!(
            new.get(&format!("/api/parties/{}", w.far_shop)).await.expect(200)["party"]["division"],
            "410922"
        );
        assert_eq!(followed(&w), 1);
        assert_eq!(followed(&w), 0);
        let dossier = new.get(&format!("/api/parties/{}", w.far_shop)).await.expect(200);
        assert_eq!(
            (dossier["party"]["division"].as_str(), dossier["division_name"].as_str()),
            (Some("410982"), Some("河南省濮阳市清丰市"))
        );
        let change = &dossier["changes"][0];
        assert_eq!(change["changes"][0], json!({ "field": "division", "old": "410922", "new": "410982" }));
        assert_eq!(total(&new, "/api/parties?q=清丰").await, 1);
        assert_eq!(total(&new, "/api/parties?division=410982").await, 1);
        // the lot and its event stay as they were recorded, and are seen
        let lot = new.get(&format!("/api/lots/{transit}")).await.expect(200);
        assert_eq!(
            (lot["lot"]["division"].as_str(), lot["lot"]["division_name"].as_str()),
            (Some("410922"), Some("河南省濮阳市清丰县"))
        );
        assert_eq!(total(&new, "/api/lots").await, 1);
        // the officer of the old county, whose bureau nobody has changed yet, is not blind
        let old = w.sign_in("officer2").await;
        assert_eq!(total(&old, "/api/parties").await, 1);
        assert_eq!(total(&old, "/api/lots").await, 1);
        // and the neighbour sees no more than before
        let near = w.sign_in("officer1").await;
        assert_eq!(total(&near, "/api/parties").await, 3);
        near.get(&format!("/api/parties/{}", w.far_shop)).await.refused(404, "not_found");
        // what comes after belongs to the new county by name
        let investigator = w.sign_in("investigator").await;
        let receive = json!({ "kind": "receive", "party": w.far_shop, "takes": [{ "lot": transit }] });
        let stock = moved(&investigator, receive).await;
        let lot = new.get(&format!("/api/lots/{stock}")).await.expect(200);
        assert_eq!(lot["lot"]["division_name"], "河南省濮阳市清丰市");
        // as of a day: what was, and what is; streets went with their county
        let before = new.get("/api/reference/divisions?parent=4109&on=2026-03-03").await.expect(200);
        assert!(before.to_string().contains("清丰县") && !before.to_string().contains("清丰市"));
        let now = new.get("/api/reference/divisions?parent=4109").await.expect(200);
        assert!(!now.to_string().contains("清丰县") && now.to_string().contains("清丰市"));
        let streets = new.get("/api/reference/divisions?parent=410982").await.expect(200);
        assert!(streets.as_array().unwrap().len() > 5, "{streets}");
        let form = json!({ "name": "新市粮油店", "kind": "shop", "division": streets[0]["code"], "address": "新街1号" });
        assert_eq!(new.post("/api/parties", &form).await.expect(200)["warnings"], json!([]));
        let form =
            json!({ "name": "旧县粮油店", "kind": "shop", "division": "410922", "address": "旧街1号" });
        let warned = new.post("/api/parties", &form).await.expect(200);
        assert_eq!(warned["warnings"][0]["code"], "division_retired", "{warned}");
    });
}

#[test]
fn a_new_name_a_moved_street_and_a_divided_county() {
    each(async |w| {
        let sys = w.sign_in("sysadmin").await;
        let city = w.sign_in("leader").await;
        let make = |name: &str, division: &str| json!({ "name": name, "kind": "shop", "division": division, "address": name });
        let near = w.sign_in("officer1").await;
        let street = make("街道店", "410902001");
        let street =
            near.post("/api/parties", &street).await.expect(200)["party"]["id"].as_str().unwrap().to_owned();
        let rows = [
            // a street of one county becomes a street of another
            "2026-01-01,410902001,,410922501,新街道,",
            // a county gets another name and keeps its code
            "2026-02-01,410923,南乐县,410923,南乐区,",
            // and one is divided
            "2026-02-01,410926,范县,410983,范东区,",
            "2026-02-01,410926,范县,410984,范西区,",
        ];
        let done = import(&sys, &rows).await;
        let kinds: Vec<&str> =
            done["changes"].as_array().unwrap().iter().map(|c| c["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["moved", "renamed", "divided", "divided"]);
        run_jobs(&w);
        let far = w.sign_in("officer2").await;
        assert_eq!(
            far.get(&format!("/api/parties/{street}")).await.expect(200)["party"]["division"],
            "410922501"
        );
        w.sign_in("officer1").await.get(&format!("/api/parties/{street}")).await.refused(404, "not_found");
        let renamed = city.get("/api/reference/divisions/410923").await.expect(200);
        assert_eq!(renamed["name"], "南乐区");
        assert_eq!(renamed["former_names"], json!([{ "name": "南乐县", "until": "2026-02-01" }]));
        let before = city.get("/api/reference/divisions/410923?on=2026-01-31").await.expect(200);
        assert_eq!(before["name"], "南乐县");
        // both halves see what lies in the divided county until somebody says where
        let divided = city.get("/api/reference/divisions/410926").await.expect(200);
        assert_eq!((&divided["now"], &divided["successors"]), (&Value::Null, &json!(["410983", "410984"])));
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.bring");
        let old: parties::NewParty = serde_json::from_value(make("范县老店", "410926")).unwrap();
        let search = w.house.held::<parties::Search>();
        let made = cx.act(move |act| {
            let (ids, now) = (act.ids().clone(), act.now);
            let known = parties::divisions::today(&act.cx.house);
            let made = parties::bring_in(
                act.tx,
                &ids,
                now,
                &search,
                &known,
                parties::Program { name: "test", simulated: false },
                vec![old],
            )?;
            Ok(made[0].id.clone())
        });
        let made = made.await.unwrap();
        assert_eq!(followed(&w), 0);
        for (login, division) in [("east", "410983"), ("west", "410984")] {
            let half = officer(&w, login, division).await;
            half.get(&format!("/api/parties/{made}")).await.expect(200);
        }
        near.get(&format!("/api/parties/{made}")).await.refused(404, "not_found");
    });
}

#[test]
fn a_list_with_a_fault_is_not_taken_in_at_all() {
    each(async |w| {
        let sys = w.sign_in("sysadmin").await;
        let table = [
            ("2026-03-04,410922,清丰县,410982,,", "required", "E3"),
            ("2026-03-04,410922,青丰县,410982,清丰市,", "name_differs", "C3"),
            ("2026-03-04,419999,某县,410982,某市,", "division_unknown", "B3"),
            ("2026-03-04,410922,清丰县,410902,清丰市,", "name_differs", "E3"),
            ("2026-03-04,540422,米林县,540482,米林市,", "division_retired", "B3"),
            ("2026-03-04,410922,清丰县,540422,米林县,", "division_reused", "D3"),
            ("2026-03-04,410922,清丰县,410922,清丰县,", "nothing_changes", "E3"),
            ("2026-03-04,410922,清丰县,4198,某市,", "level_differs", "D3"),
            ("2026-03-04,,,,,", "codes_missing", "B3"),
            ("2026-03-04,,,419901,某区,", "division_unknown", "D3"),
            ("2026-02-30,410922,清丰县,410982,清丰市,", "date_impossible", "A3"),
            ("2026-03-05,410923,南乐县,410981,南乐市,", "duplicate_in_file", "B3"),
            ("2026-03-05,410923,南乐县,410923,南乐区,", "division_kept", "B2"),
        ];
        let good = "2026-03-05,410923,南乐县,410981,南乐市,";
        for (row, code, cell) in table {
            let rows = [good, row];
            let refused = send(&sys, "/api/division-changes", &rows).await.refused(422, "divisions_refused");
            let first = &refused["defects"][0];
            assert_eq!(
                (first["code"].as_str(), first["place"].as_str()),
                (Some(code), Some(format!("区划变更!{cell}").as_str())),
                "{row}: {refused}"
            );
            let preview = send(&sys, "/api/division-changes/preview", &rows).await.expect(200);
            assert_eq!(preview["defects"], refused["defects"], "{row}");
            assert_eq!(sys.get("/api/division-changes").await.expect(200), json!([]), "{row}");
        }
        w.sign_in("officer1").await.get("/api/division-changes").await.refused(403, "permission_missing");
        assert_eq!(w.house.clock.now(), NOW);
    });
}
