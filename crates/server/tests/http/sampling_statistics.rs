//! Statistics of sampling over samples made by hand: shares, intervals, laboratories, steps, and the list behind each figure.

use kit_db::{Sql, params};
use serde_json::{Value, json};

use crate::world::{NOW, World, each};

const DAY: i64 = 86_400_000;
/// Every column that has no default.
const SAMPLE: &str = "INSERT INTO samples (id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, party_kind, site, division,
        lab, sampler1, sampler2, house1, house2, producer, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at, verdict, grave,
        recheck_lab, recheck_draw, finding, status, phase, flags, opened_at, served_at, closed_at, simulated)
    VALUES ($1, $1, $1, $1, '', 'outer', $2, $3, $4, '豆干', $5, 'shop', '', $6, $7, 'u1', 'u2', '', '', '', '', '{}', '', $8, '', $9, $10, $11, 0,
        '', '', '', $12, $13, $14, $15, $16, $17, 0)";
const VERDICT: &str = "INSERT INTO sample_verdicts (sample, no, item, judged, outcome, decided_by, decided_why) VALUES ($1, $2, $3, '{}', $4, '', '')";

/// So many samples alike.
struct Lot<'a> {
    n: usize,
    fails: usize,
    category: &'a str,
    stage: &'a str,
    division: &'a str,
    lab: &'a str,
    /// Days before now on which they were taken; the report comes ten days later.
    taken: i64,
    kind: &'a str,
    flags: &'a str,
}

const PLAIN: Lot = Lot {
    n: 0,
    fails: 0,
    category: "4.1",
    stage: "trade",
    division: "410902001",
    lab: "lab-a",
    taken: 30,
    kind: "supervision",
    flags: ",",
};

fn put(w: &World, lots: &[Lot]) {
    let mut made = Vec::new();
    for (k, lot) in lots.iter().enumerate() {
        for i in 0..lot.n {
            made.push((format!("s-{k}-{i:04}"), lot, i < lot.fails));
        }
    }
    let party = w.shop.clone();
    std::thread::scope(|scope| {
        let put = scope.spawn(|| {
            let rows: Vec<_> = made
                .iter()
                .map(|(id, lot, fails)| {
                    let own = |text: &str| text.to_owned();
                    (
                        id.clone(),
                        own(lot.kind),
                        own(lot.stage),
                        own(lot.category),
                        own(lot.division),
                        own(lot.lab),
                        lot.taken,
                        *fails,
                        own(lot.flags),
                    )
                })
                .collect();
            let party = party.clone();
            w.db.db
                .write_blocking(move |tx| {
                    for (id, kind, stage, category, division, lab, taken, fails, flags) in &rows {
                        let taken = NOW - taken * DAY;
                        let issued = taken + 10 * DAY;
                        let verdict = if *fails { "fails" } else { "conforms" };
                        let (status, phase) = if *fails { ("served", "open") } else { ("closed", "done") };
                        let served = fails.then_some(issued + DAY);
                        let closed = (!fails).then_some(issued);
                        let row = params![
                            id,
                            kind,
                            stage,
                            category,
                            &party,
                            division,
                            lab,
                            taken,
                            taken + 2 * DAY,
                            issued,
                            verdict,
                            status,
                            phase,
                            flags,
                            taken - DAY,
                            served,
                            closed
                        ];
                        tx.exec(Sql::One(SAMPLE), row)?;
                        tx.exec(Sql::One(VERDICT), params![id, 1, "菌落总数", verdict])?;
                        tx.exec(Sql::One(VERDICT), params![id, 2, "苯甲酸", "conforms"])?;
                    }
                    Ok(())
                })
                .unwrap();
        });
        put.join().unwrap();
    });
}

fn row<'a>(answer: &'a Value, key: &str) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|r| r["key"] == key).unwrap_or_else(|| panic!("no {key} in {answer}"))
}

fn of(share: &Value) -> (i64, i64, bool) {
    (share["n"].as_i64().unwrap(), share["hits"].as_i64().unwrap(), share["few"].as_bool().unwrap())
}

/// What the tests count: 100 of trade with 10 failing, 40 of production with none, 12 of another food in the other county, and some that do not count.
fn scene(w: &World) {
    put(
        w,
        &[
            Lot { n: 100, fails: 10, ..PLAIN },
            Lot { n: 40, stage: "produce", lab: "lab-b", ..PLAIN },
            Lot { n: 12, fails: 3, category: "14", division: "410922001", taken: 120, lab: "lab-b", ..PLAIN },
            // overturned: conforms; monitored and another food above: not counted, counted apart
            Lot { n: 1, fails: 1, flags: ",overturned,", ..PLAIN },
            Lot { n: 5, fails: 5, kind: "monitor", ..PLAIN },
        ],
    );
}

#[test]
fn failure_rates_come_with_their_intervals_and_small_cells_are_marked() {
    each(async |w| {
        scene(&w);
        let leader = w.sign_in("leader").await;
        let all = leader.get("/api/sample-statistics?by=food&across=stage").await.expect(200);
        assert_eq!(of(&all["total"]), (153, 13, false));
        assert_eq!((&all["overturned"], &all["undecided"]), (&json!(1), &json!(0)));
        let beans = row(&all, "4");
        assert_eq!(of(&beans["share"]), (141, 10, false), "{beans}");
        // Wilson of 10 in 141: 3.90 % to 12.55 %
        let near = |v: &Value, x: f64| (v.as_f64().unwrap() - x).abs() < 5e-4;
        assert!(near(&beans["share"]["low"], 0.0390) && near(&beans["share"]["high"], 0.1255), "{beans}");
        let cell = |key: &str, column: &str| {
            let at = all["columns"].as_array().unwrap().iter().position(|c| c["key"] == column).unwrap();
            row(&all, key)["cells"][at].clone()
        };
        assert_eq!(of(&cell("4", "trade")), (101, 10, false));
        assert_eq!(of(&cell("4", "produce")), (40, 0, false));
        assert_eq!(of(&cell("14", "trade")), (12, 3, true), "few are marked");
        assert_eq!(cell("14", "produce"), Value::Null, "nothing tested is no zero");
        // by item results are counted, not samples
        let items = leader.get("/api/sample-statistics?by=item").await.expect(200);
        assert_eq!(items["of_items"], true);
        assert_eq!(
            (of(&row(&items, "菌落总数")["share"]), of(&row(&items, "苯甲酸")["share"])),
            ((153, 13, false), (153, 0, false))
        );
        // a level below, a region, a season: 2026-03-03 less 120 days is November, less 30 is February
        let below = leader.get("/api/sample-statistics?category=4").await.expect(200);
        assert_eq!(of(&row(&below, "4.1")["share"]), (141, 10, false));
        let region = leader.get("/api/sample-statistics?by=region").await.expect(200);
        assert_eq!(of(&row(&region, "410922")["share"]), (12, 3, true));
        assert_eq!(row(&region, "410922")["name"], "清丰县");
        let season = leader.get("/api/sample-statistics?by=season").await.expect(200);
        assert_eq!(
            (of(&row(&season, "winter")["share"]).0, of(&row(&season, "autumn")["share"]).0),
            (141, 12)
        );
        let autumn = leader.get("/api/sample-statistics?by=food&season=autumn").await.expect(200);
        assert_eq!(of(&autumn["total"]), (12, 3, true));
        assert_eq!(
            leader.get("/api/sample-statistics?from=2020-01-01&to=2020-12-31").await.expect(200)["total"]["rate"],
            Value::Null
        );
    });
}

#[test]
fn laboratories_are_compared_by_what_they_test_and_steps_by_their_clocks() {
    each(async |w| {
        put(
            &w,
            &[
                Lot { n: 100, fails: 30, lab: "lab-a", ..PLAIN },
                Lot { n: 100, fails: 10, lab: "lab-b", ..PLAIN },
                Lot { n: 10, fails: 2, lab: "lab-c", ..PLAIN },
            ],
        );
        let leader = w.sign_in("leader").await;
        let all = leader.get("/api/sample-statistics").await.expect(200);
        let lab = |id: &str| all["labs"].as_array().unwrap().iter().find(|l| l["lab"] == id).unwrap();
        // 42 of 210 fail: 0.2; of a hundred 20 are expected, √(100·0.2·0.8) = 4
        let a = lab("lab-a");
        assert!((a["expected"].as_f64().unwrap() - 20.0).abs() < 1e-9, "{a}");
        assert!((a["z"].as_f64().unwrap() - 2.5).abs() < 1e-9 && a["few"] == false, "{a}");
        assert!((lab("lab-b")["z"].as_f64().unwrap() + 2.5).abs() < 1e-9);
        assert_eq!(lab("lab-c")["few"], true, "ten tell nothing");
        let step = |code: &str| all["steps"].as_array().unwrap().iter().find(|s| s["step"] == code).unwrap();
        assert_eq!((&step("report")["n"], &step("report")["half"]), (&json!(210), &json!(8 * DAY)));
        assert_eq!((&step("serve")["n"], &step("serve")["longest"]), (&json!(42), &json!(DAY)));
        assert!(step("report")["limit"].as_str().unwrap().contains("20 个工作日"));
        assert_eq!(step("dispose")["n"], 0);
    });
}

#[test]
fn the_list_behind_a_share_has_as_many_samples_as_it_says() {
    each(async |w| {
        scene(&w);
        let (leader, near, far) =
            (w.sign_in("leader").await, w.sign_in("officer1").await, w.sign_in("officer2").await);
        let narrow = [
            "category=4",
            "category=4.1&stage=trade",
            "category=14",
            "item=菌落总数",
            "item=苯甲酸",
            "stage=produce",
            "season=autumn",
            "month=2025-11",
            "season=winter&stage=trade",
            "lab=lab-b",
            "division=410922",
        ];
        for q in narrow {
            let q = q
                .replace("菌落总数", "%E8%8F%8C%E8%90%BD%E6%80%BB%E6%95%B0")
                .replace("苯甲酸", "%E8%8B%AF%E7%94%B2%E9%85%B8");
            let (n, hits, _) =
                of(&leader.get(&format!("/api/sample-statistics?{q}")).await.expect(200)["total"]);
            let list = |more: &str| format!("/api/sample-statistics/samples?{q}{more}");
            assert_eq!(leader.get(&list("")).await.expect(200)["total"], json!(n), "{q}");
            assert_eq!(leader.get(&list("&fails=true")).await.expect(200)["total"], json!(hits), "{q}");
        }
        let worst = leader.get("/api/sample-statistics/samples?size=1").await.expect(200)["items"][0].clone();
        assert_eq!((&worst["verdict"], &worst["failing"]), (&json!("fails"), &json!("菌落总数")));
        assert_eq!(
            (&worst["party_name"], &worst["division_name"].as_str().unwrap().contains("华龙区")),
            (&json!("胜利路便民超市"), &true)
        );
        // each sees their own place
        assert_eq!(of(&near.get("/api/sample-statistics").await.expect(200)["total"]).0, 141);
        assert_eq!(of(&far.get("/api/sample-statistics").await.expect(200)["total"]).0, 12);
        far.get("/api/sample-statistics?division=410902").await.refused(404, "not_found");
        far.get("/api/sample-statistics/samples?division=410902").await.refused(404, "not_found");
        far.get("/api/sample-statistics/file?division=410902").await.refused(404, "not_found");
        leader.get("/api/sample-statistics?from=2026-03-02&to=2026-03-01").await.refused(422, "period_order");
        let bytes = leader.get("/api/sample-statistics/file?by=food&across=stage").await.bytes;
        let limits = kit_docs::sheet::Limits::default();
        let book =
            kit_docs::sheet::Book::open(std::io::Cursor::new(bytes), "抽检统计.xlsx", &limits).unwrap();
        let names: Vec<&str> = book.sheets().iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["不合格率", "逐月", "机构比对", "环节用时"]);
    });
}
