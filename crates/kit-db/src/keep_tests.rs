//! What must hold when the disk is full, when the database is copied, and when it moves.

use kit_base::Kind;

use super::*;
use crate::carry::carry;

const ADD: Sql = Sql::One("INSERT INTO things (id, parent, name, weight, raw) VALUES ($1, $2, $3, $4, $5)");
const COUNT: Sql = Sql::One("SELECT count(*) FROM things");
const FORGET: Sql = Sql::One("DELETE FROM things WHERE id > $1");

const SCHEMA: &[Schema] = &[Schema {
    room: "things",
    files: &[(
        "0001.sql",
        "CREATE TABLE things (
            id BIGINT NOT NULL PRIMARY KEY,
            parent BIGINT,
            name TEXT NOT NULL,
            weight DOUBLE PRECISION,
            raw BYTEA,
            CONSTRAINT things_under FOREIGN KEY (parent) REFERENCES things (id)
        );
        CREATE TABLE a_parts (
            thing BIGINT NOT NULL PRIMARY KEY,
            CONSTRAINT a_parts_of FOREIGN KEY (thing) REFERENCES things (id)
        );
        INSERT INTO things (id, name) VALUES (0, 'seed');",
    )],
}];

fn sqlite(dir: &tempfile::TempDir, name: &str, pages: Option<u32>) -> Db {
    let options = SqliteOptions { max_pages: pages, ..SqliteOptions::file(dir.path().join(name)) };
    let db = Db::open_sqlite(options).unwrap();
    db.migrate(SCHEMA).unwrap();
    db
}

fn add(db: &Db, id: i64, size: usize) -> Result<()> {
    let text = "x".repeat(size);
    db.write_blocking(move |tx| tx.exec(ADD, params![id, Param::Null, &text, 0.1, Param::Null]).map(drop))
}

fn count(db: &Db) -> i64 {
    db.read_blocking(|tx| tx.one::<i64>(COUNT, &[])).unwrap().unwrap()
}

#[test]
fn a_full_disk_refuses_writes_keeps_reading_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let db = sqlite(&dir, "t.db", Some(40));
    let mut kept = 1;
    let refusal = loop {
        match add(&db, kept, 10_000) {
            Ok(()) => kept += 1,
            Err(e) => break e,
        }
    };
    assert_eq!((refusal.kind, refusal.code.as_ref()), (Kind::Full, "disk_full"));
    assert!(kept > 3);
    assert_eq!(count(&db), kept);
    // many at once, some of which would fit: each is told the truth
    let told: Vec<bool> = std::thread::scope(|scope| {
        let db = &db;
        let writers: Vec<_> =
            (0..16).map(|i| scope.spawn(move || add(db, 1_000 + i, 3_000).is_ok())).collect();
        writers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    let more = told.iter().filter(|kept| **kept).count() as i64;
    assert_eq!(count(&db), kept + more);
    // room again
    db.write_blocking(|tx| tx.exec(FORGET, params![1])).unwrap();
    add(&db, 2, 10_000).unwrap();
    assert_eq!(count(&db), 3);
    assert_eq!(db.pulse().waiting, 0);
    assert!(db.pulse().full > 0);
}

#[test]
fn a_copy_is_of_one_moment_while_others_write() {
    let dir = tempfile::tempdir().unwrap();
    let db = sqlite(&dir, "t.db", None);
    for id in 1..=200 {
        add(&db, id, 4_000).unwrap();
    }
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (writer, hands) = (db.clone(), stop.clone());
    let thread = std::thread::spawn(move || {
        let mut id = 1_000;
        while !hands.load(std::sync::atomic::Ordering::SeqCst) {
            // two rows belong together
            writer
                .write_blocking(move |tx| {
                    tx.exec(ADD, params![id, Param::Null, "a", 0.0, Param::Null])?;
                    tx.exec(ADD, params![id + 1, id, "b", 0.0, Param::Null])
                })
                .unwrap();
            id += 2;
        }
    });
    for round in 0..5 {
        let path = dir.path().join(format!("copy{round}.db"));
        db.copy_to(&path, || {}, &mut |_, _| {}).unwrap();
        let copy = Db::open_reading(&format!("sqlite:{}", path.display())).unwrap();
        copy.fits(SCHEMA).unwrap();
        assert_eq!(copy.integrity().unwrap(), Vec::<String>::new());
        let rows = count(&copy);
        assert!(rows >= 201 && rows % 2 == 1, "{rows}");
        let refused = copy.write_blocking(|tx| tx.exec(FORGET, params![0])).unwrap_err();
        assert_eq!(refused.code, "database_reading");
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    thread.join().unwrap();
}

#[test]
fn a_database_moves_there_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let first = sqlite(&dir, "from.db", None);
    let values: &[(f64, &str)] =
        &[(0.1, "a\tb\\c\nd"), (f64::MAX, ""), (-0.0, "食安 \u{1F96C}"), (5e-324, "'\"\\N")];
    for (i, (weight, text)) in values.iter().enumerate() {
        let (id, weight, text) = (i as i64 + 1, *weight, (*text).to_owned());
        let raw = [0_u8, 255, 92, 10];
        // the child before its parent in the table's order
        let parent = if id == 1 { Some(3) } else { None };
        first
            .write_blocking(move |tx| {
                tx.script("PRAGMA defer_foreign_keys = ON")?;
                tx.exec(ADD, params![id, parent, &text, weight, &raw[..]])?;
                if id == 1 {
                    tx.exec(ADD, params![3, Param::Null, "parent", 1.5, Param::Null])?;
                }
                Ok(())
            })
            .unwrap_or_else(|e| assert_eq!(e.code, "unique_violation"));
    }
    let mut targets = vec![Db::open(&format!("sqlite:{}", dir.path().join("to.db").display())).unwrap()];
    if let Ok(url) = std::env::var("SHIAN_TEST_POSTGRES") {
        targets.push(crate::tests::in_own_schema(url));
    }
    for target in &targets {
        let there = carry(&first, target, SCHEMA, |_| Ok(()), &mut |_, _| {}).unwrap();
        assert_eq!(there.iter().map(|t| t.table.as_str()).next_back().unwrap(), "a_parts");
        assert_eq!(count(target), count(&first));
        let back = dir.path().join(format!("back-{:?}.db", target.dialect()));
        let back = Db::open(&format!("sqlite:{}", back.display())).unwrap();
        assert_eq!(carry(target, &back, SCHEMA, |_| Ok(()), &mut |_, _| {}).unwrap(), there);
        // not over what is there already
        let refused = carry(&first, target, SCHEMA, |_| Ok(()), &mut |_, _| {}).unwrap_err();
        assert_eq!(refused.code, "target_not_empty");
    }
    // what fails half way leaves nothing
    let path = dir.path().join("half.db");
    let half = Db::open(&format!("sqlite:{}", path.display())).unwrap();
    let failed = |_: &mut Tx| Err(Error::conflict("on_purpose", "故意"));
    assert_eq!(carry(&first, &half, SCHEMA, failed, &mut |_, _| {}).unwrap_err().code, "on_purpose");
    carry(&first, &half, SCHEMA, |_| Ok(()), &mut |_, _| {}).unwrap();
}

/// Bytes of a file that this process has mapped and in memory.
fn mapped(path: &std::path::Path) -> u64 {
    let (maps, mut own, mut bytes) = (std::fs::read_to_string("/proc/self/smaps").unwrap(), false, 0);
    for line in maps.lines() {
        if line.split(' ').next().is_some_and(|first| first.contains('-') && !first.contains(':')) {
            own = line.ends_with(path.to_str().unwrap());
        } else if let Some(kb) = line.strip_prefix("Rss:").filter(|_| own) {
            bytes += kb.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10;
        }
    }
    bytes
}

#[test]
fn a_view_of_the_file_is_given_back_and_reading_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large.db");
    let db = sqlite(&dir, "large.db", None);
    (1..=2_000).try_for_each(|id| add(&db, id, 4_000)).unwrap();
    // all of it out of the log and into the file
    drop(db);
    let db = sqlite(&dir, "large.db", None);
    let read = || {
        const SUM: Sql = Sql::One("SELECT CAST(SUM(length(name)) AS BIGINT) FROM things");
        db.read_blocking(|tx| tx.one::<i64>(SUM, &[])).unwrap()
    };
    assert_eq!(read(), Some(8_000_004));
    assert!(mapped(&path) > 4 << 20, "{}", mapped(&path));
    db.rest().unwrap();
    // the writer gives back just after the answer
    for _ in 0..1_000 {
        if mapped(&path) < 1 << 20 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(mapped(&path) < 1 << 20, "{}", mapped(&path));
    assert_eq!(read(), Some(8_000_004));
}
