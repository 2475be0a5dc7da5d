//! The worker of clocks killed at any moment: each consequence once, exactly those that a worker has that nobody kills.
//!
//! `SHIAN_WORKER_KILLS` says how often it is killed (24 where it is not said).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kit_base::{Clock, Ids, Millis};
use kit_db::{Db, Sql};
use kit_web::{Actor, Cx, House};
use serde_json::json;
use server::opening::furnish;

use crate::process::{checked, factory, settings};

/// Tuesday 2026-03-03T09:26:40+08:00
const BEGIN: Millis = 1_772_500_000_000;
const DAY: Millis = 86_400_000;
const CASES: usize = 80;
/// Times that it is killed on one day; then it may finish that day.
const A_DAY: u64 = 4;

fn times() -> u64 {
    std::env::var("SHIAN_WORKER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

fn house(data: &Path, now: Millis, seed: u64) -> Arc<House> {
    let settings = settings(data, None);
    let db = Db::open(&settings.database_url()).unwrap();
    Arc::new(furnish(db, Clock::fixed(now), Ids::seeded(seed), &settings).unwrap())
}

/// A county where nobody does anything: each finding waits, is late, goes up, is late again.
fn county(data: &Path) {
    std::fs::create_dir_all(data).unwrap();
    let house = house(data, BEGIN, 1);
    let party = factory(&house);
    for i in 1..=CASES {
        let new = json!({ "source": "model", "party": party, "what": format!("第 {i} 个问题"), "rule": "食品安全法第三十三条", "severity": "general" });
        let found = findings::Discovered { finding: serde_json::from_value(new).unwrap(), simulated: false };
        // found at different hours of two days
        house.clock.advance(DAY / 40);
        let cx = Cx::internal(house.clone(), Actor::house("test"), "test.find");
        cx.act_blocking(move |act| findings::discover(act, &found)).unwrap();
    }
}

/// What is run as a process of its own: the duty comes round at the given time.
#[test]
#[ignore = "the process that the test below starts and kills"]
fn one_round() {
    let Ok(data) = std::env::var("SHIAN_WORKER_DATA") else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<i64>().unwrap();
    let house = house(Path::new(&data), number("SHIAN_WORKER_NOW"), number("SHIAN_WORKER_SEED") as u64);
    eprintln!("ready");
    kit_flow::duty::tick(&house).unwrap();
}

fn worker(data: &Path, now: Millis, seed: u64) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["worker::one_round", "--exact", "--ignored", "--nocapture"])
        .env("SHIAN_WORKER_DATA", data)
        .env("SHIAN_WORKER_NOW", now.to_string())
        .env("SHIAN_WORKER_SEED", seed.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stderr.take().unwrap();
    // it may end at once, where there is nothing to do
    let _ready = BufReader::new(out).lines().map_while(Result::ok).find(|line| line == "ready");
    child
}

/// Entries of each case without what differs by nature: ids and hashes.
fn told(db: &Db) -> BTreeMap<String, Vec<(i64, Millis, String, String)>> {
    const LOG: Sql = Sql::One(
        "SELECT o.title, l.seq, l.at, l.action, l.body FROM flow_log l JOIN flow_cases o ON o.id = l.case_id
            WHERE l.seq > 1 ORDER BY o.title, l.seq",
    );
    let rows: Vec<(String, i64, Millis, String, String)> =
        db.read_blocking(|tx| tx.all(LOG, kit_db::params![])).unwrap();
    let mut out: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (case, seq, at, action, body) in rows {
        out.entry(case).or_default().push((seq, at, action, body));
    }
    out
}

fn count(db: &Db, sql: &'static str) -> i64 {
    db.read_blocking(move |tx| tx.one::<(i64,)>(Sql::One(sql), kit_db::params![])).unwrap().unwrap().0
}

#[test]
fn a_killed_worker_has_each_consequence_once() {
    let dir = tempfile::tempdir().unwrap();
    let (killed, calm) = (dir.path().join("killed"), dir.path().join("calm"));
    county(&killed);
    county(&calm);
    let twin = house(&calm, BEGIN + 2 * DAY, 2);
    let mut fate = 20_260_303_u64;
    let (mut kills, mut now, mut before_the_end) = (0, BEGIN + 2 * DAY, 0);
    while kills < times() {
        now += DAY;
        for _ in 0..A_DAY.min(times() - kills) {
            kills += 1;
            let mut child = worker(&killed, now, 100 + kills);
            fate = fate.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            std::thread::sleep(Duration::from_micros((fate >> 33) % 60_000));
            before_the_end += u64::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert!(worker(&killed, now, 1_000_000 + kills).wait().unwrap().success());
        twin.clock.advance(DAY);
        kit_flow::duty::tick(&twin).unwrap();
    }
    eprintln!(
        "{kills} kills, {before_the_end} of them before its end, over {} days",
        (now - BEGIN) / DAY - 2
    );
    let db = Db::open(&settings(&killed, None).database_url()).unwrap();
    let (did, wanted) = (told(&db), told(&twin.db));
    assert_eq!(did, wanted);
    let entries: usize = did.values().map(Vec::len).sum();
    assert!(entries > CASES, "{entries} consequences");
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('flow.expire', 'flow.remind')";
    assert_eq!(count(&db, audited), entries as i64, "one audit row each");
    let report = checked(&db, &killed);
    assert!(report.sound, "{}", report.text());
}
