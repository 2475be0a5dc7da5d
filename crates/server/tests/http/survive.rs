//! Copies, checks, the upgrade from the first schema, and what machines ask.

use std::sync::Arc;

use accounts::Cost;
use kit_backup::backup;
use kit_base::{Clock, Ids};
use kit_db::{Db, Schema, Sql, Tx, carry};
use kit_test::{Client, TestDb};
use serde_json::json;
use server::check::{self, Place, Report};
use server::opening::{Settings, furnish};
use server::{keep, rooms};
use trace::store::partitions;

use crate::world::{NOW, World, each, moved, product};

/// What shian wrote with its first schema; see the head of the file.
const FIRST: &str = include_str!("fixtures/first-schema.sql");
/// The one-time password that the first administrator of that database was given.
const FIRST_PASSWORD: &str = "hrib-3i9y-ue56-355k";

fn settings(data: &std::path::Path) -> Settings {
    Settings {
        data: data.to_owned(),
        database: None,
        public_url: "http://127.0.0.1:8080".into(),
        production: false,
        map_approval: String::new(),
        ledger: server::opening::LedgerSettings::default(),
        password_cost: Cost::Quick,
        guard: kit_web::GuardSettings::default(),
        key: None,
    }
}

/// The schema as it was when the dump was made: only the files that it names.
fn first_schema() -> &'static [Schema] {
    let was = |room: &str, file: &str| FIRST.contains(&format!("('{room}', '{file}', "));
    let schemas: Vec<Schema> = rooms::SCHEMAS
        .iter()
        .map(|s| {
            let files: Vec<_> = s.files.iter().copied().filter(|(file, _)| was(s.room, file)).collect();
            Schema { room: s.room, files: Box::leak(files.into_boxed_slice()) }
        })
        .collect();
    Box::leak(schemas.into_boxed_slice())
}

/// Work that waits, from within an async test.
fn calm<T>(f: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(f)
}

fn checked(db: &Db, data: &std::path::Path) -> Report {
    let ledger = settings(data).ledger_key(&Ids::seeded(1)).unwrap().public();
    calm(|| check::run(&Place { db, data, files: true, ledger: Some(ledger) }, &mut |_| {})).unwrap()
}

#[track_caller]
fn sound(db: &Db, data: &std::path::Path) {
    let report = checked(db, data);
    assert!(report.sound, "{}", report.text());
}

#[test]
fn a_database_of_the_first_schema_opens_with_all_its_data() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for old in TestDb::all() {
        eprintln!("on {}", old.name);
        old.db.migrate(first_schema()).unwrap();
        old.db.write_blocking(|tx| tx.script(FIRST)).unwrap();
        if rooms::SCHEMAS.iter().map(|s| s.files.len()).sum::<usize>() > 12 {
            assert_eq!(old.db.fits(rooms::SCHEMAS).unwrap_err().code, "schema_older");
        }
        let data = old.dir.path();
        let house = furnish(old.db.clone(), Clock::fixed(1_795_400_000_000), Ids::seeded(3), &settings(data))
            .unwrap();
        let house = Arc::new(house);
        sound(&old.db, data);
        let (events, lots) = old.db.read_blocking(trace::store::events::numbers).unwrap();
        assert_eq!((events, lots), (186, 183));
        let mut client = Client::new(server::serve::app(&house));
        let reply = runtime.block_on(async {
            client.post("/api/session", &json!({ "name": "sysadmin", "password": FIRST_PASSWORD })).await
        });
        client.keep_cookie(&reply);
        reply.expect(200);
    }
}

/// A factory that made, a shop that received.
async fn busy(w: &World) -> (i64, i64) {
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000, "inspector": "检验员甲" }] });
    let lot = moved(&owner, make).await;
    let ship = json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 4_000 }] });
    let transit = moved(&owner, ship).await;
    let clerk = w.sign_in("clerk").await;
    let receive =
        json!({ "kind": "receive", "takes": [{ "lot": transit }], "amount": 3_900, "reason": "破损" });
    (lot, moved(&clerk, receive).await)
}

fn disturb(db: &Db, sql: &'static str) {
    calm(|| db.write_blocking(move |tx| tx.exec(Sql::One(sql), &[]))).unwrap();
}

#[test]
fn what_does_not_agree_is_named() {
    each(async |w| {
        busy(&w).await;
        let data = w.db.dir.path();
        sound(&w.house.db, data);
        let breaks = [
            (
                "stock",
                "UPDATE stock SET on_hand = on_hand + 1 WHERE lot = 1",
                "UPDATE stock SET on_hand = on_hand - 1 WHERE lot = 1",
            ),
            (
                "links",
                "UPDATE inputs SET lot = 99 WHERE event = 2",
                "UPDATE inputs SET lot = 1 WHERE event = 2",
            ),
            (
                "numbers",
                "UPDATE trace_numbers SET event = event + 1",
                "UPDATE trace_numbers SET event = event - 1",
            ),
            (
                "time",
                "UPDATE events SET recorded_at = recorded_at + 9 WHERE no = 1",
                "UPDATE events SET recorded_at = recorded_at - 9 WHERE no = 1",
            ),
            (
                "audit",
                "UPDATE audit SET note = note || ' ' WHERE no = 2",
                "UPDATE audit SET note = rtrim(note) WHERE no = 2",
            ),
            (
                "graph",
                "UPDATE inputs SET event = 1 WHERE event = 2",
                "UPDATE inputs SET event = 2 WHERE event = 1",
            ),
        ];
        // the snapshot is of before: the graph check compares it with what the database says then
        w.house.held::<trace::live::LiveGraph>().save().unwrap();
        for (code, wrong, right) in breaks {
            disturb(&w.house.db, wrong);
            let report = checked(&w.house.db, data);
            let named: Vec<&str> =
                report.checks.iter().filter(|c| !c.faults.is_empty()).map(|c| c.code).collect();
            assert!(named.contains(&code), "{wrong}: {named:?}\n{}", report.text());
            disturb(&w.house.db, right);
            sound(&w.house.db, data);
        }
        let kept = w.house.files.put(&b"report"[..], 100).unwrap();
        sound(&w.house.db, data);
        std::fs::write(w.house.files.path(&kept.hash), b"forged").unwrap();
        let report = checked(&w.house.db, data);
        assert!(report.text().contains(&kept.hash), "{}", report.text());
    });
}

#[test]
fn a_damaged_snapshot_of_the_graph_is_set_aside() {
    each(async |w| {
        let (lot, _) = busy(&w).await;
        let path = w.db.dir.path().join("trace.graph");
        let live = w.house.held::<trace::live::LiveGraph>();
        live.save().unwrap();
        let whole = std::fs::read(&path).unwrap();
        for place in [3, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x10;
            std::fs::write(&path, &bytes).unwrap();
            let again = calm(|| trace::live::LiveGraph::open(&w.house.db, Some(path.clone()))).unwrap();
            let start = [u32::try_from(lot).unwrap()];
            assert_eq!(again.read().forward(&start).unwrap(), live.read().forward(&start).unwrap());
        }
    });
}

#[test]
fn a_backup_is_checked_restored_and_serves() {
    each(async |w| {
        if w.db.name != "sqlite" {
            return;
        }
        busy(&w).await;
        w.house.files.put(&b"evidence"[..], 100).unwrap();
        let far = tempfile::tempdir().unwrap();
        let source = backup::Source {
            db: &w.house.db,
            url: "",
            data: w.db.dir.path(),
            program: "test",
            position: &keep::position,
            with_keys: false,
            link: false,
        };
        let make = |now| calm(|| backup::make(&source, far.path(), now, &mut |_| {})).unwrap();
        let (first, manifest) = make(NOW);
        assert_eq!(manifest.keys, ["ledger.key", "secret.key"]);
        assert!(!first.join("secret.key").exists());
        // the second links what the first holds
        let (second, _) = make(NOW + 1_000);
        let evidence = manifest.parts.iter().find(|p| p.name.starts_with("files/")).unwrap();
        use std::os::unix::fs::MetadataExt as _;
        let inode = |folder: &std::path::Path| std::fs::metadata(folder.join(&evidence.name)).unwrap().ino();
        assert_eq!(inode(&first), inode(&second));
        backup::prune(far.path(), 1).unwrap();
        assert_eq!(backup::list(far.path()).unwrap(), std::slice::from_ref(&second));

        let manifest = calm(|| backup::verify(&second, &keep::position)).unwrap();
        let again = tempfile::tempdir().unwrap();
        let keys = backup::restore(&second, &manifest, again.path(), None).unwrap();
        assert_eq!(keys, ["ledger.key", "secret.key"]);
        for key in keys {
            std::fs::copy(w.db.dir.path().join(&key), again.path().join(&key)).unwrap();
        }
        let db = Db::open(&format!("sqlite:{}", again.path().join("shian.db").display())).unwrap();
        sound(&db, again.path());
        assert_eq!(keep::position(&db).unwrap(), manifest.position);
        let refused = backup::restore(&second, &manifest, again.path(), None).unwrap_err();
        assert_eq!(refused.code, "data_not_empty");

        let mut bytes = std::fs::read(second.join("shian.db")).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(second.join("shian.db"), bytes).unwrap();
        let broken = calm(|| backup::verify(&second, &keep::position)).unwrap_err();
        assert_eq!((broken.code.as_ref(), broken.defects[0].place.as_str()), ("backup_broken", "shian.db"));
    });
}

#[test]
fn a_whole_house_moves_to_the_other_database_and_back() {
    each(async |w| {
        if w.db.name != "sqlite" {
            return;
        }
        busy(&w).await;
        let data = w.db.dir.path();
        disturb(&w.house.db, "INSERT INTO trace_cuts (month, event, lot, at) VALUES ('2026-02', 3, 3, 0)");
        let from = w.house.db.clone();
        let targets = calm(|| [Some(TestDb::sqlite()), TestDb::postgres()]);
        for target in targets.into_iter().flatten() {
            let cuts = calm(|| from.read_blocking(partitions::months)).unwrap();
            let before = move |tx: &mut kit_db::Tx| partitions::repeat(tx, &cuts);
            let there =
                calm(|| carry::carry(&from, &target.db, rooms::SCHEMAS, before, &mut |_, _| {})).unwrap();
            assert!(there.iter().any(|t| t.table == "events" && t.rows == 3), "{there:?}");
            sound(&target.db, data);
            // what comes next goes behind the months that came over
            let next = |tx: &mut kit_db::Tx| {
                assert!(partitions::note_month(tx, "2026-03", NOW)?);
                partitions::ahead(tx, partitions::LEAST)
            };
            assert_eq!(target.db.write(next).await.unwrap(), if target.name == "sqlite" { 0 } else { 9 });
        }
    });
}

/// One day's records: a move of today, and an event of long ago from another system.
async fn a_day(w: &World, product: &str, n: usize) {
    let owner = w.sign_in("owner").await;
    let made =
        json!({ "kind": "produce", "makes": [{ "product": product, "amount": 1_000, "inspector": "甲" }] });
    moved(&owner, made).await;
    let event = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "ObjectEvent",
        "eventTime": format!("{}-05-01T08:00:00+08:00", 1960 + n), "eventTimeZoneOffset": "+08:00", "action": "ADD",
        "epcList": [format!("urn:epc:id:sgtin:4012345.011122.{n}")]
    });
    let told =
        owner.upload("/epcis/capture", "application/ld+json", "", event.to_string().into_bytes()).await;
    assert_eq!(told.expect(200)["events"], 1);
}

/// Rows of the default partition, and those of the table.
fn parted(db: &Db, table: &'static str) -> (i64, i64) {
    let count =
        |text: &'static str| db.read_blocking(|tx| tx.one::<i64>(Sql::One(text), &[])).unwrap().unwrap();
    match table {
        "events" => (count("SELECT COUNT(*) FROM events_open"), count("SELECT COUNT(*) FROM events")),
        "inputs" => (count("SELECT COUNT(*) FROM inputs_open"), count("SELECT COUNT(*) FROM inputs")),
        _ => (count("SELECT COUNT(*) FROM lots_open"), count("SELECT COUNT(*) FROM lots")),
    }
}

const MONTH: i64 = 31 * 86_400_000;

#[test]
fn partitions_are_ready_before_what_goes_into_them() {
    each(async |w| {
        let postgres = w.db.name == "postgres";
        let tofu = product(&w.sign_in("owner").await, "卤水豆腐", None).await;
        // two years that are looked after: partitions of four numbers, so that many are gone through
        for month in 0..24_usize {
            a_day(&w, &tofu, month).await;
            w.house.clock.advance(MONTH);
            let ended = format!("{}-{:02}", 2026 + month / 12, month % 12 + 1);
            let made = w.house.db.write(move |tx| {
                partitions::note_month(tx, &ended, NOW)?;
                partitions::ahead(tx, 4)
            });
            assert!(made.await.unwrap() < 20);
            if postgres {
                let ends = w.house.db.read(|tx| {
                    let (event, lot) = trace::store::events::numbers(tx)?;
                    let end = |tx: &mut Tx, table| tx.partitions_end(table).map(Option::unwrap);
                    Ok([end(tx, "events")? - event, end(tx, "inputs")? - event, end(tx, "lots")? - lot])
                });
                let ends = ends.await.unwrap();
                assert!(ends.iter().all(|room| (13..=16).contains(room)), "{ends:?}");
            }
        }
        if postgres {
            assert_eq!(calm(|| parted(&w.house.db, "events")), (0, 48));
            assert_eq!(calm(|| parted(&w.house.db, "lots")), (0, 48));
        }
        // two years that nobody looks after: everything goes in, and is taken out of the default partition afterwards
        for month in 24..48 {
            a_day(&w, &tofu, month).await;
            w.house.clock.advance(MONTH);
        }
        if postgres {
            let (open, all) = calm(|| parted(&w.house.db, "events"));
            assert!(open > 20 && all == 96, "{open} {all}");
            w.house.db.write(|tx| partitions::ahead(tx, 4)).await.unwrap();
            for table in ["events", "inputs", "lots"] {
                assert_eq!(calm(|| parted(&w.house.db, table)).0, 0, "{table}");
            }
            assert_eq!(
                w.house.db.write(|tx| partitions::ahead(tx, 4)).await.unwrap(),
                0,
                "twice makes nothing"
            );
        }
        a_day(&w, &tofu, 48).await;
        sound(&w.house.db, w.db.dir.path());
    });
}

#[test]
fn machines_are_told_how_the_house_is() {
    each(async |w| {
        busy(&w).await;
        let public = w.public();
        assert_eq!(public.get("/healthz").await.text(), "ok");
        let ready = public.get("/readyz").await.expect(200);
        assert_eq!(ready["ready"], true, "{ready}");
        // nobody knows where a request without an address comes from
        public.get("/metrics").await.refused(404, "not_found");
        let request = axum::http::Request::get("/metrics")
            .extension(axum::extract::ConnectInfo::<std::net::SocketAddr>("127.0.0.1:1".parse().unwrap()))
            .body(axum::body::Body::empty())
            .unwrap();
        use tower::ServiceExt as _;
        let answer = server::serve::app(&w.house).oneshot(request).await.unwrap();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        for line in [
            "shian_http_answer_seconds_count{method=\"POST\",route=\"/api/moves\",status=\"200\"} 3",
            "shian_graph_lots 3",
            "shian_writer_waiting 0",
            "shian_graph_behind_events 0",
            "shian_commit_seconds_bucket",
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        let admin = w.sign_in("sysadmin").await;
        let told = admin.get("/api/operations").await.expect(200);
        assert_eq!((told["database"].as_str(), told["backups_on"].as_bool()), (Some(w.db.name), Some(false)));
        w.house.held::<server::watch::Watch>().stopping();
        assert_eq!(public.get("/readyz").await.expect(503)["ready"], false);
    });
}
