//! The life of the sample city: everything that it should show is there, and it is as true as if done by hand.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kit_db::Sql;
use kit_test::TestDb;
use kit_web::House;
use server::simulation::life::Lived;
use server::simulation::{Plan, Stage, load, sample};

/// Small, and long enough for what takes weeks.
fn plan() -> Plan {
    Plan {
        profile: "puyang".into(),
        scale: 0.01,
        seed: 3,
        days: 60,
        end: Some(jiff::civil::date(2026, 3, 2)),
    }
}

/// A city whose life was lived.
fn city(db: &TestDb) -> (Arc<House>, Lived) {
    let house = crate::simulate::house(db);
    load(&house, db.dir.path(), &plan(), &mut |_| ()).unwrap();
    let sample = sample::prepare(&house, db.dir.path(), "puyang", &mut |_| ()).unwrap().unwrap();
    (house, sample.lived)
}

/// No story broke off.
fn sound_lived(lived: &Lived) {
    let told: Vec<String> = lived.broken.iter().map(|b| b.chars().take(500).collect()).collect();
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), lived.stories, told.join("\n"));
}

fn texts(db: &TestDb, sql: &'static str) -> Vec<String> {
    db.db.read_blocking(|tx| tx.all(Sql::One(sql), &[])).unwrap()
}

/// Every case with where it stands, in a fixed order.
fn cases(db: &TestDb) -> Vec<String> {
    texts(db, "SELECT kind || ' ' || number || ' ' || status || ' ' || id FROM flow_cases ORDER BY id")
}

fn has(db: &TestDb, sql: &'static str, wanted: &[&str]) {
    let found: BTreeSet<String> = texts(db, sql).into_iter().collect();
    let missing: Vec<&&str> = wanted.iter().filter(|w| !found.contains(**w)).collect();
    assert!(missing.is_empty(), "{sql}: missing {missing:?} of {found:?}");
}

/// What pages are looked at by: none of them stands empty.
fn to_be_seen(db: &TestDb) {
    let some = |what: &str, sql: &'static str| {
        let found = texts(db, sql);
        assert!(found.first().is_some_and(|n| n != "0"), "{what} on {}: {found:?}", db.name);
    };
    some(
        "weekly files in the first county",
        "SELECT CAST(count(*) AS TEXT) FROM feedback_files f WHERE f.relation = 'chain'
        AND f.division LIKE (SELECT substr(min(s.division), 1, 6) FROM sample_plans s) || '%'",
    );
    some(
        "a week with a failure of a member",
        "SELECT CAST(count(*) AS TEXT) FROM feedback_files WHERE failed > 0",
    );
    some(
        "a week with a disposal that goes on",
        "SELECT CAST(count(*) AS TEXT) FROM feedback_files WHERE open_failed > 0",
    );
    some(
        "members that passed",
        "SELECT CAST(count(*) AS TEXT) FROM samples s JOIN party_members m ON m.member = s.party
        WHERE s.verdict = 'conforms' AND s.closed_at IS NOT NULL",
    );
    some(
        "readings that were signed",
        "SELECT CAST(count(*) AS TEXT) FROM sample_results WHERE reading <> ''",
    );
    some(
        "readings that wait",
        "SELECT CAST(count(*) AS TEXT) FROM assay_readings r
        WHERE NOT EXISTS (SELECT 1 FROM sample_results t WHERE t.sample = r.sample)",
    );
    some("temperatures", "SELECT CAST(count(*) AS TEXT) FROM sample_hands WHERE temperature <> ''");
    some(
        "rows of a notice of others",
        "SELECT CAST(count(*) AS TEXT) FROM published_samples WHERE fails = 1",
    );
    some(
        "evidence of a party",
        "SELECT CAST(count(*) AS TEXT) FROM enforcement_evidence WHERE by_party = 1 AND sent_at IS NOT NULL",
    );
    some(
        "a holder with an amount missing",
        "SELECT CAST(count(*) AS TEXT) FROM recall_tasks WHERE state = 'reported'",
    );
    some(
        "a recall of the factory",
        "SELECT CAST(count(*) AS TEXT) FROM recalls r JOIN memberships b ON b.party = r.party
        JOIN users u ON u.id = b.user_id WHERE u.name = 'owner'",
    );
}

/// Every case is the fold of its log, every row of the audit fits the one before it, and the grades are those of their facts.
fn found_sound(house: &Arc<House>) {
    let flows = house.held::<kit_flow::Flows>();
    let faults = house.db.read_blocking(|tx| {
        assert!(kit_web::audit::verify(tx)? > 500);
        let mut faults = Vec::new();
        for id in kit_flow::store::log::cases_after(tx, "", 10_000)? {
            faults.extend(kit_flow::engine::verify(tx, &flows, &id)?);
        }
        Ok(faults)
    });
    assert_eq!(faults.unwrap(), Vec::<String>::new());
    let (looked, faults) = credit::check(&house.db, 20).unwrap();
    assert!(looked > 0 && faults.is_empty(), "{faults:?}");
}

/// What anybody may take along of the city is as its schema says, row by row.
fn open_data(house: &Arc<House>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let public = kit_test::Client::new(server::serve::app(house));
    let rows = runtime.block_on(crate::open::every_row_fits(&public));
    eprintln!("{rows} rows of open data");
    assert!(rows > 5, "{rows}");
}

#[test]
fn the_sample_city_lives_and_everything_is_there() {
    for db in TestDb::all() {
        let (house, lived) = city(&db);
        sound_lived(&lived);
        eprintln!("{} stories, {} requests", lived.stories, lived.requests);
        has(
            &db,
            "SELECT DISTINCT status FROM findings",
            &["found", "mending", "verifying", "case", "closed", "dismissed"],
        );
        has(
            &db,
            "SELECT DISTINCT source FROM findings",
            &["inspection", "complaint", "camera", "model", "self_check", "exchange"],
        );
        has(
            &db,
            "SELECT DISTINCT status FROM visits",
            &["planned", "on_site", "recorded", "held", "published", "cancelled"],
        );
        has(&db, "SELECT DISTINCT kind FROM visits", &["daily", "flying", "special", "random", "system"]);
        has(
            &db,
            "SELECT DISTINCT status FROM enforcement_cases",
            &["lead", "investigating", "executing", "closed"],
        );
        has(
            &db,
            "SELECT DISTINCT kind FROM flow_cases",
            &["case", "case_simple", "seize", "preserve", "permit", "permit_check", "sample", "serious"],
        );
        has(&db, "SELECT DISTINCT outcome FROM permits", &["", "granted", "refused", "withdrawn"]);
        has(
            &db,
            "SELECT DISTINCT status FROM samples",
            &["planned", "taken", "testing", "closed", "failed", "disposal"],
        );
        has(&db, "SELECT DISTINCT status FROM recalls", &["recalling", "closed"]);
        has(&db, "SELECT DISTINCT way FROM recall_drills", &["nightly"]);
        to_be_seen(&db);
        has(&db, "SELECT DISTINCT CAST(simulated AS TEXT) FROM flow_cases", &["1"]);
        found_sound(&house);
        open_data(&house);
        drop(house);
    }
}

#[test]
fn a_life_that_broke_off_goes_on_and_is_the_same_for_the_same_days() {
    for db in TestDb::all() {
        let house = crate::simulate::house(&db);
        load(&house, db.dir.path(), &plan(), &mut |_| ()).unwrap();
        let broken = catch_unwind(AssertUnwindSafe(|| {
            sample::prepare(&house, db.dir.path(), "puyang", &mut |stage| {
                assert!(!matches!(stage, Stage::Life(25, _)), "as if the power went off");
            })
        }));
        assert!(broken.is_err());
        let before = cases(&db);
        assert!(before.len() > 10, "{before:?}");
        let sample = sample::prepare(&house, db.dir.path(), "puyang", &mut |_| ()).unwrap().unwrap();
        sound_lived(&sample.lived);
        // what is drawn at random is drawn anew: what it draws is not the same, nor what follows from it
        let told = |db: &TestDb| {
            let sql = "SELECT kind || number || status FROM flow_cases
                WHERE kind IN ('permit', 'permit_check', 'sample', 'serious', 'case_simple', 'seize') ORDER BY kind, division, number";
            texts(db, sql)
        };
        let whole = TestDb::sqlite();
        let (_, lived) = city(&whole);
        assert!(sample.lived.requests < lived.requests, "what was done is not done again");
        assert_eq!(told(&db), told(&whole), "on {}", db.name);
        found_sound(&house);
        // the same life again is the same to the last id
        if db.name == "sqlite" {
            let again = TestDb::sqlite();
            city(&again);
            assert_eq!(cases(&again), cases(&whole));
        }
    }
}
