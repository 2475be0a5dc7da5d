//! Draws that anybody can do again, and the yearly plan.

use kit_test::Client;
use serde_json::{Value, json};

use crate::find::percent;
use crate::findings::{act, id};
use crate::inspection::{pair, recorded};
use crate::world::{World, each};

/// What the script in docs/ for this kind of draw says of a file; `None` where there is no Python.
pub fn by_python(file: &std::path::Path) -> Option<bool> {
    let draw: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let script = if draw["format"] == "shian-draw-1" { SCRIPTS[0] } else { SCRIPTS[1] };
    let done = std::process::Command::new("python3").arg(script).arg(file).output();
    match done {
        Ok(done) => Some(done.status.success()),
        Err(_) => {
            eprintln!("skipped: no python3 here, {script} was not run");
            None
        }
    }
}

/// Of places and officers; of batches for cells.
const SCRIPTS: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/draw_verify.py"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/draw_verify_seats.py"),
];

#[test]
fn the_scripts_that_do_a_draw_again_are_read_in_a_minute() {
    for script in SCRIPTS {
        let text = std::fs::read_to_string(script).unwrap();
        // every other piece between the marks is a text for readers
        let code = text.split("\"\"\"").step_by(2).flat_map(str::lines).map(str::trim);
        let lines = code.filter(|l| !l.is_empty() && !l.starts_with('#')).count();
        assert!((20..=60).contains(&lines), "{script}: {lines} lines of code");
    }
}

#[test]
fn a_draw_is_promised_drawn_and_done_again_by_anyone() {
    each(async |w| {
        let pair = pair(&w).await;
        let new = json!({ "name": "一季度双随机", "division": "410902", "kinds": [], "count": 2, "team": 2 });
        for (field, value, code) in [
            ("count", json!(0), "count_range"),
            ("team", json!(1), "team_range"),
            ("team", json!(3), "officers_few"),
            ("division", json!("410922"), "out_of_scope"),
            ("kinds", json!(["storage"]), "pool_empty"),
            ("name", json!(" "), "name_form"),
            ("officers", json!(["nobody"]), "person_unfit"),
        ] {
            let mut wrong = new.clone();
            wrong[field] = value;
            pair.one.post("/api/draws", &wrong).await.refused(422, code);
        }
        // who must stand back from one of them is never sent there
        let recusal = json!({ "officer": pair.ids[1], "party": w.shop, "reason": "亲属经营" });
        pair.one.post("/api/recusals", &recusal).await.expect(200);
        let seen = async |query: &str| pair.one.get(&format!("/api/recusals?{query}")).await.expect(200);
        let all = seen("sort=-at").await;
        assert_eq!((&all["total"], &all["items"][0]["party"]), (&json!(1), &json!(w.shop)));
        assert_eq!(
            (&seen("mine=1").await["total"], &seen("q=nothing").await["total"]),
            (&json!(0), &json!(0))
        );
        pair.one.get("/api/recusals?sort=colour").await.refused(422, "sort_unknown");
        let draw = pair.one.post("/api/draws", &new).await.expect(200);
        assert_eq!((&draw["subjects"], &draw["officers"]), (&json!(3), &json!(2)));
        let path = format!("/api/draws/{}", id(&draw));
        let public = format!("/api/public/draws/{}", id(&draw));
        let before = w.public().get(&public).await.expect(200);
        assert_eq!(
            (&before["seed"], &before["pool"], &before["result"]),
            (&json!(""), &json!(""), &json!([]))
        );
        assert_eq!(before["seed_hash"], draw["seed_hash"]);
        pair.one.post(&format!("{path}/run"), &json!({})).await.refused(409, "draw_early");
        w.sign_in("officer2").await.post(&format!("{path}/run"), &json!({})).await.refused(404, "not_found");
        let due = json!({ "due": "2026-03-31" });
        pair.one.post(&format!("{path}/visits"), &due).await.refused(409, "draw_not_yet");
        crate::ledger::signed(&w.house).await;
        let drawn = pair.one.post(&format!("{path}/run"), &json!({})).await.expect(200);
        let picked = drawn["picked"].as_array().unwrap();
        assert_eq!(picked.len(), 2);
        for one in picked {
            let nobody = one["party"] == json!(w.shop);
            assert_eq!(one["officers"].as_array().unwrap().len(), if nobody { 0 } else { 2 }, "{one}");
        }
        assert_eq!(
            pair.one.post(&format!("{path}/run"), &json!({})).await.expect(200)["picked"],
            drawn["picked"]
        );

        let file = w.public().get(&public).await.expect(200);
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("draw.json");
        std::fs::write(&place, file.to_string()).unwrap();
        let read: kit_draw::DrawFile = serde_json::from_value(file.clone()).unwrap();
        assert_eq!(kit_draw::verify(&read).unwrap(), 2);
        assert_ne!(by_python(&place), Some(false));
        let mut other = file.clone();
        other["result"].as_array_mut().unwrap().swap(0, 1);
        std::fs::write(&place, other.to_string()).unwrap();
        assert_ne!(by_python(&place), Some(true));
        let key = w.house.held::<kit_ledger::Ledger>().public_key();
        kit_ledger::Checkpoint::open(file["checkpoint"].as_str().unwrap(), &key).unwrap();

        let done = pair.one.post(&format!("{path}/visits"), &due).await.expect(200);
        assert_eq!(done["planned"].as_i64().unwrap() + done["left"].as_i64().unwrap(), 2);
        pair.one.post(&format!("{path}/visits"), &due).await.refused(409, "draw_planned");
        let visits = pair.one.get(&format!("/api/visits?draw={}", id(&draw))).await.expect(200);
        assert_eq!(visits["total"], done["planned"]);
        assert!(visits["items"].as_array().unwrap().iter().all(|v| v["kind"] == "random"));
        let total = async |query: &str| {
            pair.one.get(&format!("/api/draws?{query}")).await.expect(200)["total"].as_i64().unwrap()
        };
        assert_eq!(
            (total("state=planned").await, total("state=committed").await, total("q=no-such").await),
            (1, 0, 0)
        );
        let none = json!({ "format": "csv", "list": { "state": "committed" } });
        let text = crate::findings::exported(&w, &pair.one, "/api/draws", &none).await;
        assert!(!text.contains("已安排检查"), "{text}");
        let text = crate::findings::exported(&w, &pair.one, "/api/draws", &json!({ "format": "csv" })).await;
        assert!(text.contains("已安排检查") && text.contains(draw["seed_hash"].as_str().unwrap()), "{text}");
    });
}

/// The list of a plan: searched, sorted, narrowed to what is late, and as a file; a county has its own part of it.
async fn listed(w: &World, officer: &Client, path: &str) {
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap().to_owned()).collect()
    };
    let ask = async |query: &str| officer.get(&format!("{path}/items?{query}")).await.expect(200);
    let found = ask(&format!("q={}", percent("便民"))).await;
    assert_eq!(names(&found), ["胜利路便民超市"]);
    let code = found["items"][0]["code"].as_str().unwrap().to_lowercase();
    assert_eq!(names(&ask(&format!("q={code}")).await), ["胜利路便民超市"]);
    assert_eq!(ask(&format!("q={}", percent("没有这家"))).await["total"], 0);
    assert_eq!(ask(&format!("q={}", percent("清丰"))).await["total"], 0, "another county");
    let (up, down) = (names(&ask("sort=name").await), names(&ask("sort=-name").await));
    assert_eq!(up.len(), 3);
    assert_eq!(up.iter().rev().collect::<Vec<_>>(), down.iter().collect::<Vec<_>>());
    for sort in ["due", "-due", "grade", "-grade", "needed", "-needed", "done", "-done", "last", "-last"] {
        assert_eq!(ask(&format!("sort={sort}&priority=0")).await["total"], 3, "{sort}");
    }
    officer.get(&format!("{path}/items?sort=colour")).await.refused(422, "sort_unknown");
    // one visit is asked of each in the year: late when it is over
    assert_eq!(ask("state=late").await["total"], 0);
    let due = ask("sort=due").await["items"][0]["next_due"].as_i64().unwrap();
    assert_eq!(kit_base::clock::china_day(due - 1).to_string(), "2026-12-31");
    let wanted = json!({ "format": "csv", "list": { "q": "便民", "sort": "due" } });
    let job = officer.post(&format!("{path}/items/exports"), &wanted).await.expect(200)["job"].clone();
    officer
        .post(&format!("{path}/items/exports"), &json!({ "format": "csv", "list": { "sort": "colour" } }))
        .await
        .refused(422, "sort_unknown");
    crate::pages::run_jobs(w);
    let file = format!("/api/inspection-plans/exports/{}/file", job.as_str().unwrap());
    let text = officer.get(&file).await.text();
    assert!(
        text.contains("下次应查日期") && text.contains("胜利路便民超市") && !text.contains("龙都"),
        "{text}"
    );
    assert!(text.contains("2026-12-31"), "{text}");
    filled(w, officer, path).await;
}

/// A plan that was computed before its list could be searched: a start of the program fills it in.
async fn filled(w: &World, officer: &Client, path: &str) {
    let before = officer.get(&format!("{path}/items?sort=name")).await.expect(200);
    let old = kit_db::Sql::One("UPDATE plan_items SET name = '', code = '', next_due = NULL, last_at = NULL");
    w.house.db.write(move |tx| tx.exec(old, &[])).await.unwrap();
    let search = format!("{path}/items?q={}", percent("便民"));
    assert_eq!(officer.get(&search).await.expect(200)["total"], 0);
    server::duties::begin(&w.house).await.unwrap();
    crate::pages::run_jobs(w);
    assert_eq!(officer.get(&search).await.expect(200)["total"], 1);
    assert_eq!(officer.get(&format!("{path}/items?sort=name")).await.expect(200), before);
}

#[test]
fn the_year_is_planned_and_counted_as_visits_are_recorded() {
    each(async |w| {
        let pair = pair(&w).await;
        let leader = w.sign_in("leader").await;
        let new = json!({ "year": 2026, "division": "4109" });
        pair.one.post("/api/inspection-plans", &new).await.refused(403, "permission_missing");
        for (field, value, code) in [
            ("year", json!(2020), "year_range"),
            ("division", json!("4110"), "out_of_scope"),
            ("division", json!("x"), "division_form"),
        ] {
            let mut wrong = new.clone();
            wrong[field] = value;
            leader.post("/api/inspection-plans", &wrong).await.refused(422, code);
        }
        let begun = leader.post("/api/inspection-plans", &new).await.expect(200);
        crate::pages::run_jobs(&w);
        let path = format!("/api/inspection-plans/{}", begun["plan"].as_str().unwrap());
        let plan = leader.get(&path).await.expect(200);
        assert_eq!((&plan["plan"]["state"], &plan["plan"]["businesses"]), (&json!("ready"), &json!(4)));
        let sum = |plan: &Value, county: &str, what: &str| -> i64 {
            let counts = plan["counts"].as_array().unwrap();
            counts.iter().filter(|c| c["county"] == county).map(|c| c[what].as_i64().unwrap()).sum()
        };
        assert_eq!((sum(&plan, "410902", "businesses"), sum(&plan, "410922", "businesses")), (3, 1));
        // nobody was ever visited: the two-year floor asks for each
        assert!(sum(&plan, "410902", "needed") >= 3 && sum(&plan, "410902", "done") == 0, "{plan}");
        // a county sees its own part
        let own = pair.one.get(&path).await.expect(200);
        assert_eq!((sum(&own, "410902", "businesses"), sum(&own, "410922", "businesses")), (3, 0));
        assert_eq!(pair.one.get("/api/inspection-plans").await.expect(200).as_array().unwrap().len(), 1);
        assert_eq!(pair.one.get(&format!("{path}/items?state=due")).await.expect(200)["total"], 3);

        listed(&w, &pair.one, &path).await;

        let (visit, ..) = recorded(&pair, &w.shop).await;
        let seen = pair.one.get(&format!("/api/visits/{visit}")).await.expect(200);
        assert_eq!(seen["visit"]["plan"], begun["plan"]);
        assert_eq!(sum(&leader.get(&path).await.expect(200), "410902", "done"), 1);
        // again: the same plan, with what was done since
        let again = leader.post("/api/inspection-plans", &new).await.expect(200);
        assert_eq!(again["plan"], begun["plan"]);
        crate::pages::run_jobs(&w);
        let plan = leader.get(&path).await.expect(200);
        assert_eq!((sum(&plan, "410902", "done"), sum(&plan, "410902", "businesses")), (1, 3));
        // a void visit counts no more
        act(&leader, &visit, json!({ "op": { "do": "void" }, "note": "重复记录" })).await;
        assert_eq!(sum(&leader.get(&path).await.expect(200), "410902", "done"), 0);
    });
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What pyxform says of a workbook; `None` where it is not here.
fn by_pyxform(place: &std::path::Path) -> Option<bool> {
    let has = std::process::Command::new("python3").args(["-c", "import pyxform"]).output();
    if !has.is_ok_and(|h| h.status.success()) {
        eprintln!("skipped: pyxform is not installed, the XLSForm was not validated by it");
        return None;
    }
    let script = "import sys; from pyxform.xls2xform import convert; convert(sys.argv[1])";
    let done = std::process::Command::new("python3").args(["-c", script]).arg(place).output().unwrap();
    eprintln!("{}", String::from_utf8_lossy(&done.stderr));
    Some(done.status.success())
}

#[test]
fn a_checklist_goes_out_as_xlsform_and_comes_back_as_the_next_version() {
    each(async |w| {
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        let list = officer.get("/api/checklists").await.expect(200);
        let head = list.as_array().unwrap().iter().find(|c| c["code"] == "catering").unwrap().clone();
        let path = format!("/api/checklists/{}/xlsform", head["hash"].as_str().unwrap());
        let book = officer.get(&path).await;
        assert_eq!(book.status.as_u16(), 200, "{}", book.text());
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("catering.xlsx");
        std::fs::write(&place, &book.bytes).unwrap();
        assert_ne!(by_pyxform(&place), Some(false));
        // the same again is the same version; only a leader brings one in
        let send = async |client: &kit_test::Client, bytes: Vec<u8>| {
            client.upload("/api/checklists", XLSX, "c.xlsx", bytes).await
        };
        send(&officer, book.bytes.clone()).await.refused(403, "permission_missing");
        assert_eq!(send(&leader, book.bytes.clone()).await.expect(200)["hash"], head["hash"]);
        send(&leader, b"PK".to_vec()).await.refused(422, "xlsform_sheet");
        // with an item less it is the second version, and new visits are pinned to it
        let mut fewer = inspection::model::brought().unwrap().remove(2);
        fewer.list.pop();
        let fewer = inspection::model::Checklist { head: fewer.head, list: fewer.list };
        let bytes = inspection::rules::book::book(&inspection::rules::xlsform::sheets(&fewer)).unwrap();
        let second = send(&leader, bytes).await.expect(200);
        assert_eq!(
            (&second["version"], &second["items"], &second["origin"]),
            (&json!(2), &json!(48), &json!("import"))
        );
        let list = officer.get("/api/checklists").await.expect(200);
        let newest = list.as_array().unwrap().iter().find(|c| c["code"] == "catering").unwrap();
        assert_eq!(newest["hash"], second["hash"]);
        assert_eq!(officer.get(&path).await.status.as_u16(), 200, "the first version stays");
    });
}

/// `SHIAN_PLAN_BUSINESSES=666000` for the figure; two thousand in every run.
#[test]
#[allow(clippy::disallowed_methods, reason = "tells how long it took, and asserts nothing of it")]
fn the_plan_of_a_province_asks_for_every_business() {
    let most = std::env::var("SHIAN_PLAN_BUSINESSES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000_i64);
    each(async |w| {
        let leader = w.sign_in("leader").await;
        fill(&w, most);
        let new = json!({ "year": 2026, "division": "4109" });
        let begun = leader.post("/api/inspection-plans", &new).await.expect(200);
        let from = std::time::Instant::now();
        crate::pages::run_jobs(&w);
        eprintln!("plan of {most} businesses: {:?}", from.elapsed());
        let path = format!("/api/inspection-plans/{}", begun["plan"].as_str().unwrap());
        let plan = leader.get(&path).await.expect(200);
        assert_eq!(
            (&plan["plan"]["state"], &plan["plan"]["businesses"]),
            (&json!("ready"), &json!(most + 4))
        );
        let first = leader.get(&format!("{path}/items?state=due")).await.expect(200);
        assert_eq!(first["total"].as_i64().unwrap(), (most + 4).min(100_000));
    });
}

const COLUMNS: &[&str] = &[
    "id",
    "seq",
    "code",
    "name",
    "kind",
    "division",
    "address",
    "status",
    "items",
    "note",
    "origin",
    "simulated",
    "created_at",
    "updated_at",
];

/// So many shops over a hundred counties.
fn fill(w: &crate::world::World, most: i64) {
    let texts: Vec<[String; 3]> = (0..most)
        .map(|i| {
            [format!("019cb000-0000-7000-8000-{i:012}"), format!("BT{i:010}"), format!("4109{:02}", i % 100)]
        })
        .collect();
    // the database is asked beside the runtime of the test
    let filled = std::thread::scope(|scope| scope.spawn(|| put(&w.house.db, texts)).join());
    assert_eq!(filled.unwrap() as i64, most);
}

fn put(db: &kit_db::Db, texts: Vec<[String; 3]>) -> u64 {
    let put = db.write_blocking(move |tx| {
        use kit_db::Param::{Int, Text};
        let rows = (1_000_i64..).zip(&texts).map(|(seq, [id, code, division])| {
            let (none, zero) = (Text(""), Int(0));
            let head = [Text(id), Int(seq), Text(code), Text("试店"), Text("shop"), Text(division), none];
            let tail = [Text("active"), none, none, none, zero, zero, zero];
            head.into_iter().chain(tail).collect()
        });
        tx.insert_many("parties", COLUMNS, rows)
    });
    put.unwrap()
}
