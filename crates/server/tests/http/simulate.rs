//! A tiny simulated city in the database: its books are right, it repeats, and a load that broke off goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use accounts::Cost;
use kit_base::codes::platform;
use kit_base::{Clock, Ids, Result};
use kit_db::Sql;
use kit_test::{Client, TestDb};
use kit_web::House;
use serde_json::json;
use server::opening::{Settings, furnish};
use server::simulation::{Made, Plan, Stage, load, sample, sealed};
use sha2::{Digest, Sha256};
use trace::live::LiveGraph;
use trace::store::load as store;

use crate::world::NOW;

fn plan() -> Plan {
    // long enough for the spice to be made, bought and sold
    Plan {
        profile: "puyang".into(),
        scale: 0.01,
        seed: 3,
        days: 20,
        end: Some(jiff::civil::date(2026, 3, 2)),
    }
}

pub fn house(db: &TestDb) -> Arc<House> {
    let settings = Settings {
        data: db.dir.path().to_owned(),
        database: None,
        public_url: "http://127.0.0.1:8080".into(),
        production: false,
        map_approval: String::new(),
        ledger: Default::default(),
        password_cost: Cost::Quick,
        guard: kit_web::GuardSettings::default(),
        key: None,
    };
    Arc::new(furnish(db.db.clone(), Clock::fixed(NOW), Ids::seeded(7), &settings).unwrap())
}

fn loaded(db: &TestDb) -> (Arc<House>, Made) {
    let house = house(db);
    let made = load(&house, db.dir.path(), &plan(), &mut |_| ()).unwrap();
    (house, made)
}

fn number(db: &TestDb, sql: &'static str) -> i64 {
    db.db.read_blocking(|tx| tx.one(Sql::One(sql), &[])).unwrap().unwrap()
}

/// The content of every table that a load fills, in a fixed order.
fn content(db: &TestDb) -> String {
    let tables = [
        "SELECT id || code || name || division || address || origin FROM parties ORDER BY seq",
        "SELECT party || number || issued || expires FROM party_licences ORDER BY id",
        "SELECT id || party || name || own_code || search FROM products ORDER BY own_code",
        "SELECT id || kind || party || at || doc_no || reason || CAST(first_lot AS TEXT) FROM events ORDER BY no",
        "SELECT product || holder || state || batch || made || expires || inspector || CAST(origin + amount AS TEXT)
            FROM lots ORDER BY no",
        "SELECT CAST(event AS TEXT) || CAST(lot AS TEXT) || CAST(amount AS TEXT) FROM inputs ORDER BY event, lot",
        "SELECT CAST(lot AS TEXT) || holder || state || CAST(on_hand AS TEXT) FROM stock ORDER BY lot",
        "SELECT code || CAST(lot AS TEXT) || party FROM trace_codes ORDER BY lot",
    ];
    let mut hash = Sha256::new();
    for table in tables {
        let add = |tx: &mut kit_db::Tx| -> Result<()> {
            tx.scan(Sql::One(table), &[], &mut |row| {
                hash.update(row.get::<String>(0)?.as_bytes());
                hash.update([0]);
                Ok(true)
            })
        };
        db.db.read_blocking(add).unwrap();
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_loaded_city_keeps_its_books_and_says_that_it_is_simulated() {
    for db in TestDb::all() {
        let (house, made) = loaded(&db);
        let counts = [
            ("SELECT count(*) FROM parties WHERE simulated = 1", made.parties),
            ("SELECT count(*) FROM products WHERE simulated = 1", made.products),
            ("SELECT count(*) FROM events WHERE simulated = 1", made.events),
            ("SELECT count(*) FROM lots", made.lots),
            ("SELECT count(*) FROM inputs", made.inputs),
            ("SELECT count(*) FROM trace_codes", made.codes),
            ("SELECT count(*) FROM stock WHERE on_hand > 0", made.on_hand),
            ("SELECT event FROM trace_numbers", made.events),
            ("SELECT lot FROM trace_numbers", made.lots),
        ];
        for (sql, expected) in counts {
            assert_eq!(number(&db, sql) as u64, expected, "{sql} on {}", db.name);
            assert!(expected > 50, "{sql}: something is there");
        }
        let faults = [
            // stock is the fold of lots and inputs
            "SELECT count(*) FROM lots l LEFT JOIN stock s ON s.lot = l.no
                LEFT JOIN (SELECT lot, sum(amount) AS used FROM inputs GROUP BY lot) i ON i.lot = l.no
                WHERE s.lot IS NULL OR s.on_hand <> l.amount - COALESCE(i.used, 0) OR s.holder <> l.holder",
            // a lot is among those that its event made
            "SELECT count(*) FROM lots l JOIN events e ON e.no = l.event
                WHERE l.no < e.first_lot OR l.no >= e.first_lot + e.lots",
            // a batch begins with its maker and stays the same
            "SELECT count(*) FROM lots l JOIN lots o ON o.no = l.origin
                WHERE o.origin <> o.no OR o.batch <> l.batch OR o.product <> l.product OR o.inspector <> l.inspector",
            // nothing lies in the future
            "SELECT count(*) FROM events WHERE recorded_at > 1772500000000 OR at_ms <> recorded_at",
            "SELECT count(*) FROM events WHERE party NOT IN (SELECT id FROM parties)",
            "SELECT count(*) FROM trace_codes c JOIN lots l ON l.no = c.lot WHERE l.origin <> l.no OR l.holder <> c.party",
        ];
        for sql in faults {
            assert_eq!(number(&db, sql), 0, "{sql} on {}", db.name);
        }
        let codes: Vec<String> =
            house.db.read_blocking(|tx| tx.all(Sql::One("SELECT code FROM trace_codes"), &[])).unwrap();
        for code in codes {
            assert_eq!(platform::read(&code).unwrap(), (platform::Kind::Trace, code.clone()));
        }
        assert!(house.db.read_blocking(store::is_simulated).unwrap());
    }
}

#[test]
fn what_an_incident_reaches_is_what_the_sealed_answer_says() {
    for db in TestDb::all() {
        let (house, made) = loaded(&db);
        let file = sealed::path(db.dir.path(), "puyang", 3);
        let answers = sealed::read(&file).unwrap().answers;
        assert_eq!(answers, made.answers);
        assert!(!answers.is_empty(), "something was planted");
        let live = house.held::<LiveGraph>();
        for answer in &answers {
            let sources: Vec<u32> = answer.source_lots.iter().map(|no| *no as u32).collect();
            let mut reached = live.read().forward(&sources).unwrap();
            reached.extend(&sources);
            reached.sort_unstable();
            reached.dedup();
            let expected: Vec<u32> = answer.affected_lots.iter().map(|no| *no as u32).collect();
            assert_eq!(reached, expected, "{} on {}", answer.incident, db.name);
            let first = answer.source_lots[0] as i64;
            let by_sql = house.db.read_blocking(|tx| trace::store::lots::forward_by_sql(tx, first)).unwrap();
            assert!(by_sql.len() > 1 && by_sql.iter().all(|no| expected.contains(&(*no as u32))));
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_rows_even_in_two_goes() {
    let once: Vec<String> = TestDb::all().iter().map(|db| (loaded(db), content(db)).1).collect();
    for (db, expected) in TestDb::all().iter().zip(&once) {
        let house = house(db);
        // the program dies in the middle of the days
        let broken = catch_unwind(AssertUnwindSafe(|| {
            load(&house, db.dir.path(), &plan(), &mut |stage| {
                assert!(!matches!(stage, Stage::Days(12, ..)), "as if the power went off");
            })
        }));
        assert!(broken.is_err());
        let events = number(db, "SELECT events FROM simulations");
        let other = Plan { seed: 4, ..plan() };
        let refused = load(&house, db.dir.path(), &other, &mut |_| ()).unwrap_err();
        assert_eq!(refused.code, "simulation_unfinished");
        let made = load(&house, db.dir.path(), &plan(), &mut |_| ()).unwrap();
        assert!(events < made.events as i64, "{events} of {}", made.events);
        assert_eq!(&content(db), expected, "on {}", db.name);
        let again = load(&house, db.dir.path(), &plan(), &mut |_| ()).unwrap_err();
        assert_eq!(again.code, "simulation_exists");
    }
    assert!(once.iter().all(|hash| hash == &once[0]), "both databases hold the same");
}

#[test]
fn real_data_is_left_alone() {
    crate::world::each(async |w| {
        let house = w.house.clone();
        let data = w.db.dir.path().to_owned();
        let done = tokio::task::spawn_blocking(move || {
            assert!(!house.db.read_blocking(store::is_simulated).unwrap());
            let refused = load(&house, &data, &plan(), &mut |_| ()).unwrap_err();
            assert_eq!(refused.code, "database_not_empty");
            assert!(sample::prepare(&house, &data, "puyang", &mut |_| ()).unwrap().is_none());
        });
        done.await.unwrap();
    });
}

#[test]
fn a_sample_city_has_accounts_and_a_code_to_begin_with_and_is_made_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let db = TestDb::sqlite();
    let (house, _) = loaded(&db);
    let data = db.dir.path();
    let first = sample::prepare(&house, data, "puyang", &mut |_| ()).unwrap().unwrap();
    // neither its world nor its life is made a second time
    let mut stages = 0;
    let second = sample::prepare(&house, data, "puyang", &mut |_| stages += 1).unwrap().unwrap();
    assert_eq!((stages, first.accounts.len()), (0, second.accounts.len()));
    assert!(first.accounts.iter().any(|account| account.name == "investigator"));
    runtime.block_on(async {
        let client = Client::new(server::serve::app(&house));
        let form = json!({ "name": "investigator", "password": sample::PASSWORD });
        client.post("/api/session", &form).await.expect(200);
    });
    if let Some(walk) = first.walk {
        let lot = house.db.read_blocking(|tx| trace::store::lots::by_no(tx, walk.lot)).unwrap().unwrap();
        let code =
            house.db.read_blocking(|tx| trace::store::codes::by_code(tx, &walk.code)).unwrap().unwrap();
        assert_eq!(lot.origin, code.lot);
    }
}
