//! The workbench: from a suspicion to all of it, the real network, frozen scopes and what goes out of them.

use std::collections::BTreeSet;

use kit_test::Client;
use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

/// The factory makes tofu (10 kg) from beans; 4 kg go to the shop (3.9 arrive, 1.5 are sold), 2 kg to the far shop (on
/// their way). Answers lots: beans, tofu, transit, shop's stock, transit to the far shop.
async fn tofu(w: &World) -> [i64; 5] {
    let owner = w.sign_in("owner").await;
    let beans = product(&owner, "黄豆", None).await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let bought = moved(
        &owner,
        json!({
            "kind": "receive", "counterpart_name": "外省豆业公司", "at": "2026-02-20",
            "makes": [{ "product": beans, "batch": "HD-1", "amount": 5_000 }]
        }),
    )
    .await;
    let made = moved(
        &owner,
        json!({
            "kind": "produce", "at": "2026-03-01", "takes": [{ "lot": bought, "amount": 4_000 }],
            "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000 }]
        }),
    )
    .await;
    let ship = |to: &str, amount: i64| json!({ "kind": "ship", "at": "2026-03-01", "counterpart": to, "takes": [{ "lot": made, "amount": amount }] });
    let near = moved(&owner, ship(&w.shop, 4_000)).await;
    let far = moved(&owner, ship(&w.far_shop, 2_000)).await;
    let clerk = w.sign_in("clerk").await;
    let stock = moved(&clerk, json!({
        "kind": "receive", "at": "2026-03-02", "takes": [{ "lot": near }], "amount": 3_900, "reason": "破损"
    }))
    .await;
    moved(
        &clerk,
        json!({ "kind": "sell", "at": "2026-03-02", "takes": [{ "lot": stock, "amount": 1_500 }] }),
    )
    .await;
    [bought, made, near, stock, far]
}

pub async fn begun(client: &Client, seeds: Value) -> Value {
    client.post("/api/investigations", &json!({ "title": "豆腐异味", "seeds": seeds })).await.expect(200)
}

pub fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

pub async fn run_jobs(w: &World) {
    let house = w.house.clone();
    let run = move || kit_jobs::run_due(&*house, &server::rooms::job_kinds(), &house.db, &house.clock);
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}

#[test]
fn from_one_lot_to_all_of_it_and_back_to_its_source() {
    each(async |w| {
        let [bought, made, near, stock, far] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "lots": [stock] })).await;
        assert_eq!(text(&case, "no"), "排查〔2026〕0001");
        assert_eq!(case["marks"]["enforce_temporal_order"], true);
        let path = format!("/api/investigations/{}", text(&case, "id"));

        // from the shop's stock backward: the tofu, the beans; the far shop is not on this way
        let view = investigator.post(&format!("{path}/view"), &json!({})).await.expect(200);
        assert_eq!(
            (view["counts"]["reached"].as_i64(), view["counts"]["sources"].as_i64()),
            (Some(4), Some(3))
        );
        // starting from the beans: everything
        investigator.post(&format!("{path}/seeds"), &json!({ "lots": [bought] })).await.expect(200);
        let view = investigator.post(&format!("{path}/view"), &json!({})).await.expect(200);
        let counts = &view["counts"];
        assert_eq!((counts["reached"].as_i64(), counts["businesses"].as_i64()), (Some(5), Some(4)), "{view}");
        assert_eq!(counts["deliveries"], 3, "the purchase from outside is one");
        let total = &view["totals"][0];
        assert_eq!(
            (text(total, "unit"), total["sold"].as_i64(), total["on_hand"].as_i64()),
            ("g", Some(1_500), Some(7_400))
        );
        assert_eq!((total["on_way"].as_i64(), total["unaccounted"].as_i64()), (Some(2_000), Some(100)));
        let counties: Vec<&str> =
            view["counties"].as_array().unwrap().iter().map(|c| text(c, "division")).collect();
        assert_eq!(counties, ["", "410902", "410922"]);

        let ask = |body: Value| (format!("{path}/view/lots"), body);
        let (at, body) = ask(json!({ "sort": "-amount", "size": 2 }));
        let page = investigator.post(&at, &body).await.expect(200);
        let first: Vec<i64> =
            page["items"].as_array().unwrap().iter().map(|l| l["no"].as_i64().unwrap()).collect();
        assert_eq!((page["total"].as_i64(), first), (Some(5), vec![made, bought]));
        let (at, body) = ask(json!({ "divisions": ["410922"] }));
        assert_eq!(investigator.post(&at, &body).await.expect(200)["items"][0]["no"], far);
        let (at, body) = ask(json!({ "until": "2026-02-28" }));
        assert_eq!(investigator.post(&at, &body).await.expect(200)["total"], 1);
        let (at, body) = ask(json!({ "direction": "forward", "distance": 1, "seeds": [bought] }));
        assert_eq!(investigator.post(&at, &body).await.expect(200)["total"], 2);

        let moves =
            investigator.post(&format!("{path}/view/moves"), &json!({ "sort": "lot" })).await.expect(200);
        let arrived = &moves["items"][1];
        assert_eq!((arrived["lot"].as_i64(), text(arrived, "arrival")), (Some(near), "2026-03-02"));
        assert_eq!(moves["items"][0]["from_name"], "外省豆业公司");

        let network = investigator.get(&format!("{path}/network")).await.expect(200);
        let relations: BTreeSet<(String, String)> = network["relations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (text(r, "from").to_owned(), text(r, "into").to_owned()))
            .collect();
        let pair = |a: i64, b: i64| (a.to_string(), b.to_string());
        assert_eq!(relations, BTreeSet::from([pair(bought, near), pair(bought, far)]));
    });
}

#[test]
fn scores_follow_the_marks_and_a_mark_can_be_withdrawn() {
    each(async |w| {
        let [bought, _, near, _, _] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "lots": [bought] })).await;
        let path = format!("/api/investigations/{}", text(&case, "id"));
        let marks = |shop: f64| {
            json!({
                "stations": { w.shop.as_str(): { "weight": shop } }, "deliveries": {}, "groups": [],
                "enforce_temporal_order": true
            })
        };
        let scores = investigator.post(&format!("{path}/score"), &marks(1.0)).await.expect(200);
        assert_eq!(scores["stations"][&w.factory]["score"], 1.0);
        assert_eq!(scores["stations"][&w.far_shop]["score"], 0.0);
        assert_eq!(scores["deliveries"][near.to_string()]["normalized"], 1.0);
        let common: BTreeSet<&str> =
            scores["common"]["stations"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        assert!(common.contains(w.factory.as_str()) && !common.contains(w.far_shop.as_str()));
        // not kept yet
        let kept = investigator.post(&format!("{path}/score"), &json!({})).await.expect(200);
        assert_eq!(kept["stations"][&w.factory]["score"], 0.0);

        let put = format!("{path}/marks");
        investigator.put(&put, &marks(1.0)).await.expect(200);
        investigator.put(&put, &marks(1.0)).await.expect(200);
        investigator.put(&put, &marks(3.0)).await.expect(200);
        let log = investigator.get(&put).await.expect(200);
        assert_eq!(log.as_array().unwrap().len(), 2, "what changes nothing is no entry: {log}");
        assert_eq!(text(&log[0], "by"), "邱溯源");
        let back = investigator.post(&format!("{path}/marks/undo"), &json!({})).await.expect(200);
        assert_eq!(back["stations"][&w.shop]["weight"], 1.0);
        investigator.post(&format!("{path}/marks/undo"), &json!({})).await.expect(200);
        investigator
            .post(&format!("{path}/marks/undo"), &json!({}))
            .await
            .refused(409, "nothing_to_withdraw");
        assert_eq!(investigator.get(&path).await.expect(200)["marks"]["stations"], json!({}));
        investigator
            .put(&put, &json!({ "stations": { "x": { "weight": 1e13 } }, "deliveries": {}, "groups": [] }))
            .await
            .refused(422, "weight_invalid");
    });
}

#[test]
fn a_frozen_scope_stays_as_it_was() {
    each(async |w| {
        let [bought, made, ..] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "lots": [bought] })).await;
        let path = format!("/api/investigations/{}", text(&case, "id"));
        investigator
            .post(&format!("{path}/export?what=holders"), &json!({}))
            .await
            .refused(409, "scope_missing");
        let frozen =
            investigator.post(&format!("{path}/freeze"), &json!({ "note": "局长办公会" })).await.expect(200);
        assert_eq!((text(&frozen, "state"), text(&frozen["scope"], "no")), ("frozen", "范围〔2026〕0001"));
        investigator
            .put(&format!("{path}/marks"), &json!({ "stations": {} }))
            .await
            .refused(409, "case_frozen");
        investigator.post(&format!("{path}/freeze"), &json!({})).await.refused(409, "case_frozen");

        let owner = w.sign_in("owner").await;
        moved(&owner, json!({ "kind": "sell", "takes": [{ "lot": made, "amount": 4_000 }] })).await;
        let view = investigator.post(&format!("{path}/view"), &json!({})).await.expect(200);
        assert_eq!(view["totals"][0]["sold"], 1_500, "as it was frozen");
        let scope = text(&frozen["scope"], "id").to_owned();
        let kept = investigator.get(&format!("/api/investigations/scopes/{scope}")).await.expect(200);
        assert_eq!(
            (kept["lots"].as_i64(), kept["summary"]["totals"][0]["sold"].as_i64()),
            (Some(5), Some(1_500))
        );
        assert_eq!(text(&kept, "hash").len(), 64);
        // opened anew, from the file
        w.house.held::<investigation::Workbench>().clear();
        assert_eq!(investigator.post(&format!("{path}/view"), &json!({})).await.expect(200), view);
        // a new case sees the ledger as it is now
        let next = begun(&investigator, json!({ "lots": [bought] })).await;
        assert_eq!(text(&next, "no"), "排查〔2026〕0002");
        let now = format!("/api/investigations/{}/view", text(&next, "id"));
        assert_eq!(investigator.post(&now, &json!({})).await.expect(200)["totals"][0]["sold"], 5_500);

        for (what, start) in [("xlsx", &b"PK"[..]), ("holders", b"PK"), ("counties", b"PK")] {
            let job = investigator.post(&format!("{path}/export?what={what}"), &json!({})).await.expect(200);
            let job = text(&job, "job").to_owned();
            run_jobs(&w).await;
            let done = investigator.get(&format!("/api/jobs/{job}")).await.expect(200);
            if done["error"].as_str().is_some_and(|e| e.contains("字体")) {
                eprintln!("no Chinese font here: {what} not checked");
                continue;
            }
            assert_eq!(done["state"], "done", "{done}");
            let result: Value = serde_json::from_str(text(&done, "result")).unwrap();
            let file = investigator.get(text(&result["files"][0], "href")).await;
            assert_eq!(file.status, 200);
            assert!(file.bytes.starts_with(start), "{what}");
            if what == "xlsx" {
                check_book(file.bytes);
            }
            let officer = w.sign_in("officer1").await;
            officer.get(text(&result["files"][0], "href")).await.refused(404, "not_found");
        }
    });
}

fn check_book(bytes: Vec<u8>) {
    let limits = kit_docs::sheet::Limits::default();
    let book = kit_docs::sheet::Book::open(std::io::Cursor::new(bytes), "排查.xlsx", &limits).unwrap();
    let names: Vec<String> = book.sheets().iter().map(|s| s.name.clone()).collect();
    assert_eq!(names, ["主体", "批次", "流转"]);
}

#[test]
fn a_list_names_what_it_does_not_know_by_line() {
    each(async |w| {
        let [.., far] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let list = format!("A01\n\n没有的批号\n#{far}\n#99999999\n");
        let case = begun(&investigator, json!({ "text": list })).await;
        let lines: Vec<(i64, &str)> = case["unresolved"]
            .as_array()
            .unwrap()
            .iter()
            .map(|u| (u["line"].as_i64().unwrap(), text(u, "code")))
            .collect();
        assert_eq!(
            (lines, case["unresolved_count"].as_i64()),
            (vec![(3, "unknown"), (5, "unknown")], Some(2))
        );
        assert_eq!(case["seeds"], 4, "the batch A01 at three places and on its way");
        let none = json!({ "title": "x", "seeds": { "codes": ["NO-1", "NO-2"] } });
        let problem = investigator.post("/api/investigations", &none).await.refused(422, "seeds_none");
        assert_eq!(problem["defects"][1]["place"], "第 2 行");
        let long: String = (0..250_000).map(|i| format!("L{i}\n")).collect();
        let long = json!({ "title": "x", "seeds": { "text": long } });
        let problem = investigator.post("/api/investigations", &long).await.refused(413, "list_too_long");
        assert_eq!(problem["field"], "seeds/text/200001");
        for (seeds, code) in [
            (json!({}), "seeds_none"),
            (json!({ "lots": [999_999] }), "lot_unknown"),
            (json!({ "products": ["nothing"] }), "product_unknown"),
            (json!({ "parties": [w.shop], "from": "2026-02-30" }), "date_impossible"),
            (json!({ "parties": [w.shop], "from": "2026-03-02", "to": "2026-03-01" }), "period_reversed"),
        ] {
            let body = json!({ "title": "x", "seeds": seeds });
            investigator.post("/api/investigations", &body).await.refused(422, code);
        }
        let of_shop =
            begun(&investigator, json!({ "parties": [w.shop], "from": "2026-03-02", "to": "2026-03-02" }))
                .await;
        assert_eq!(
            of_shop["seeds"], 1,
            "the stock of that day; the goods on their way came into being the day before"
        );
        // nothing half begun: the numbers have no gap
        assert_eq!(text(&of_shop, "no"), "排查〔2026〕0002");
    });
}

#[test]
fn a_case_is_seen_in_its_jurisdiction_only() {
    each(async |w| {
        let [bought, ..] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let city = begun(&investigator, json!({ "lots": [bought] })).await;
        let county = json!({ "title": "县里的", "division": "410922", "seeds": { "lots": [bought] } });
        let county = investigator.post("/api/investigations", &county).await.expect(200);
        let seen = async |name: &str| -> Vec<String> {
            let list = w.sign_in(name).await.get("/api/investigations").await.expect(200);
            let titles = list["items"].as_array().unwrap().iter().map(|c| text(c, "title").to_owned());
            // both of the same moment: their order is that of random ids
            titles.collect::<BTreeSet<_>>().into_iter().collect()
        };
        assert_eq!(seen("leader").await, ["县里的", "豆腐异味"]);
        assert_eq!(seen("officer2").await, ["县里的"]);
        assert_eq!(seen("officer1").await, Vec::<String>::new());
        let officer = w.sign_in("officer2").await;
        officer.get(&format!("/api/investigations/{}", text(&city, "id"))).await.refused(404, "not_found");
        let far = format!("/api/investigations/{}", text(&county, "id"));
        officer.put(&format!("{far}/marks"), &json!({})).await.refused(403, "permission_missing");
        // food goes on beyond the county: its businesses are named, their places not told
        let rows = officer.post(&format!("{far}/view/businesses"), &json!({})).await.expect(200);
        let outside: BTreeSet<(&str, bool)> = rows["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|b| (text(b, "name"), b["outside"].as_bool().unwrap()))
            .collect();
        assert!(
            outside.contains(&("清丰县城关粮油店", false)) && outside.contains(&("胜利路便民超市", true)),
            "{rows}"
        );
        let elsewhere = json!({ "title": "x", "division": "110101", "seeds": { "lots": [bought] } });
        investigator.post("/api/investigations", &elsewhere).await.refused(403, "out_of_scope");
    });
}

#[test]
fn frozen_scopes_are_one_list_and_a_new_case_takes_over_the_start_of_one() {
    each(async |w| {
        let [bought, made, ..] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let city = begun(&investigator, json!({ "lots": [made] })).await;
        let county = json!({ "title": "县里的", "division": "410922", "seeds": { "lots": [bought] } });
        let county = investigator.post("/api/investigations", &county).await.expect(200);
        for (case, note) in [(&city, "局长办公会"), (&county, "县局会商")] {
            let path = format!("/api/investigations/{}/freeze", text(case, "id"));
            investigator.post(&path, &json!({ "note": note })).await.expect(200);
        }
        let list = async |name: &str, query: &str| -> Vec<String> {
            let path = format!("/api/investigations/scopes?{query}");
            let page = w.sign_in(name).await.get(&path).await.expect(200);
            let items = page["items"].as_array().unwrap();
            assert_eq!(page["total"].as_u64(), Some(items.len() as u64));
            items.iter().map(|s| text(s, "title").to_owned()).collect()
        };
        let page = investigator.get("/api/investigations/scopes?sort=-lots").await.expect(200);
        let lots = page["items"].as_array().unwrap().iter().map(|s| s["lots"].as_i64().unwrap());
        assert!(lots.is_sorted_by(|a, b| a >= b), "{page}");
        assert_eq!(list("investigator", "sort=title").await, ["县里的", "豆腐异味"]);
        assert_eq!(list("investigator", "q=%E5%B1%80%E9%95%BF").await, ["豆腐异味"], "by its grounds");
        assert_eq!(list("investigator", "at_to=2020-01-01").await, Vec::<String>::new());
        assert_eq!(list("officer2", "").await, ["县里的"], "only of the own jurisdiction");
        assert_eq!(list("officer1", "").await, Vec::<String>::new());
        w.sign_in("clerk").await.get("/api/investigations/scopes").await.refused(403, "permission_missing");

        let again = begun(&investigator, json!({ "cases": [text(&city, "id")] })).await;
        assert_eq!((again["seeds"].as_i64(), text(&again, "state")), (Some(1), "open"));
        let none = json!({ "title": "x", "seeds": { "cases": ["00000000-0000-7000-8000-000000000000"] } });
        investigator.post("/api/investigations", &none).await.refused(422, "case_unknown");
        // whose case it is not, has nothing to take over
        let officer = w.sign_in("officer2").await;
        let path = format!("/api/investigations/{}", text(&city, "id"));
        officer.get(&path).await.refused(404, "not_found");
    });
}

#[test]
fn tables_follow_the_scores_and_a_sparse_answer_leaves_out_what_says_nothing() {
    each(async |w| {
        let [bought, ..] = tofu(&w).await;
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "lots": [bought] })).await;
        let path = format!("/api/investigations/{}", text(&case, "id"));
        let marks = json!({ "stations": { &w.shop: { "weight": 1.0 } }, "enforce_temporal_order": true });
        investigator.put(&format!("{path}/marks"), &marks).await.expect(200);
        let score = format!("{path}/score");
        let all = investigator.post(&score, &json!({})).await.expect(200);
        let sparse = investigator.post(&score, &json!({ "sparse": true })).await.expect(200);
        assert_eq!(all["stations"][&w.far_shop]["score"], 0.0);
        assert!(sparse["stations"].get(&w.far_shop).is_none(), "{sparse}");
        for kind in ["stations", "deliveries"] {
            for (id, score) in all[kind].as_object().unwrap() {
                let said = score["score"] != 0.0;
                assert_eq!(sparse[kind].get(id), said.then_some(score), "{kind} {id}");
            }
        }
        let first = async |table: &str, sort: &str| {
            let ask = json!({ "sort": sort, "size": 10 });
            let page = investigator.post(&format!("{path}/view/{table}"), &ask).await.expect(200);
            page["items"][0]["id"].as_str().unwrap().to_owned()
        };
        assert_ne!(first("businesses", "-score").await, w.far_shop);
        assert_eq!(first("businesses", "score").await, w.far_shop, "nothing leads from there to a case");
        let best = first("moves", "-score").await;
        assert_eq!(all["deliveries"][&best]["score"], 1.0);
        let refused = json!({ "sort": "score" });
        investigator.post(&format!("{path}/view/lots"), &refused).await.refused(422, "sort_unknown");
    });
}
