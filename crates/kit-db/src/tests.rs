use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit_base::{Error, Kind};

use super::*;

statements! {
    ADD = "INSERT INTO things (id, name, amount) VALUES ($1, $2, $3)";
    BY_ID = "SELECT name, amount FROM things WHERE id = $1";
    COUNT = "SELECT count(*) FROM things";
    TAKE = "UPDATE things SET amount = amount - $2 WHERE id = $1 AND amount >= $2 RETURNING amount";
}

const SCHEMA: &[Schema] = &[Schema {
    room: "things",
    files: &[(
        "0001.sql",
        "CREATE TABLE things ( -- what is counted
            id BIGINT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            amount BIGINT,
            CONSTRAINT things_name UNIQUE (name),
            CONSTRAINT things_amount_positive CHECK (amount >= 0)
        );",
    )],
}];

/// SQLite always, PostgreSQL where the test run has started one.
fn databases() -> Vec<(Db, tempfile::TempDir)> {
    let dir = tempfile::tempdir().unwrap();
    let mut out = vec![(Db::open_sqlite(SqliteOptions::file(dir.path().join("t.db"))).unwrap(), dir)];
    if let Ok(url) = std::env::var("SHIAN_TEST_POSTGRES") {
        out.push((in_own_schema(url), tempfile::tempdir().unwrap()));
    }
    for (db, _) in &out {
        db.migrate(SCHEMA).unwrap();
        db.migrate(SCHEMA).unwrap();
    }
    out
}

/// Tests run side by side: each has a schema of its own.
pub(crate) fn in_own_schema(url: String) -> Db {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let schema = format!("kit_db_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
    let admin = Db::open_postgres(PgOptions::new(url.clone())).unwrap();
    let fresh = format!("CREATE SCHEMA {schema}");
    admin.write_blocking(move |tx| tx.batch(&fresh)).unwrap();
    let url = format!("{url}?options=-c%20search_path%3D{schema}");
    Db::open_postgres(PgOptions { url, connections: 2 }).unwrap()
}

#[test]
fn every_statement_prepares_on_both() {
    for (db, _dir) in databases() {
        db.write_blocking(|tx| STATEMENTS.iter().try_for_each(|(_, sql)| tx.prepare_only(*sql))).unwrap();
    }
}

#[test]
fn a_refused_unit_leaves_nothing_and_names_its_constraint() {
    for (db, _dir) in databases() {
        db.write_blocking(|tx| tx.exec(ADD, params![1_i64, "rice", 5_i64])).unwrap();
        let twice = db.write_blocking(|tx| {
            tx.exec(ADD, params![2_i64, "salt", 5_i64])?;
            tx.exec(ADD, params![3_i64, "rice", 5_i64])
        });
        let e = twice.unwrap_err();
        assert_eq!(
            (e.kind, e.code.as_ref(), e.field.as_deref()),
            (Kind::Conflict, "unique_violation", Some("things_name"))
        );
        let e = db.write_blocking(|tx| tx.exec(ADD, params![4_i64, "oil", -1_i64])).unwrap_err();
        assert_eq!(e.field.as_deref(), Some("things_amount_positive"));
        assert_eq!(db.read_blocking(|tx| tx.one::<i64>(COUNT, &[])).unwrap(), Some(1));
    }
}

#[test]
fn a_panic_inside_a_unit_is_an_error_and_the_next_unit_works() {
    for (db, _dir) in databases() {
        let r: Result<()> = db.write_blocking(|_| panic!("on purpose"));
        assert_eq!(r.unwrap_err().kind, Kind::Internal);
        let r: Result<()> = db.read_blocking(|_| panic!("on purpose"));
        assert_eq!(r.unwrap_err().kind, Kind::Internal);
        db.write_blocking(|tx| tx.exec(ADD, params![1_i64, "rice", Param::Null])).unwrap();
    }
}

#[test]
fn units_of_a_group_stand_alone_and_hooks_run_only_for_the_kept() {
    for (db, _dir) in databases() {
        let seen = Arc::new(AtomicUsize::new(0));
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let mut tasks = Vec::new();
            for i in 0..200_i64 {
                let (db, seen) = (db.clone(), seen.clone());
                tasks.push(tokio::spawn(async move {
                    db.write(move |tx| {
                        tx.exec(ADD, params![i, format!("n{i}").as_str(), i])?;
                        tx.after_commit(move || {
                            seen.fetch_add(1, Ordering::SeqCst);
                        });
                        if i % 10 == 3 { Err(Error::conflict("no", "no")) } else { Ok(()) }
                    })
                    .await
                }));
            }
            for (i, task) in tasks.into_iter().enumerate() {
                assert_eq!(task.await.unwrap().is_ok(), i % 10 != 3);
            }
        });
        assert_eq!(db.read_blocking(|tx| tx.one::<i64>(COUNT, &[])).unwrap(), Some(180));
        assert_eq!(seen.load(Ordering::SeqCst), 180);
    }
}

#[test]
fn stock_is_taken_in_one_statement_or_not_at_all() {
    for (db, _dir) in databases() {
        db.write_blocking(|tx| tx.exec(ADD, params![1_i64, "rice", 5_i64])).unwrap();
        let take = |n: i64| db.write_blocking(move |tx| tx.one::<i64>(TAKE, params![1_i64, n])).unwrap();
        assert_eq!(take(3), Some(2));
        assert_eq!(take(3), None);
        let left: Option<(String, Option<i64>)> =
            db.read_blocking(|tx| tx.one(BY_ID, params![1_i64])).unwrap();
        assert_eq!(left, Some(("rice".into(), Some(2))));
    }
}

#[test]
fn many_rows_keep_every_character() {
    for (db, _dir) in databases() {
        let names = ["tab\there", "line\nbreak", "back\\slash", "\\N", "食品 一品一码", "quote'\""];
        db.write_blocking(move |tx| {
            let rows =
                names.iter().enumerate().map(|(i, n)| vec![(i as i64).into(), (*n).into(), Param::Null]);
            tx.insert_many("things", &["id", "name", "amount"], rows)
        })
        .unwrap();
        let back: Vec<String> = db
            .read_blocking(|tx| tx.list(&Filter::new("SELECT name FROM things").then("ORDER BY id", &[])))
            .unwrap();
        assert_eq!(back, names);
    }
}

#[test]
fn filters_bind_values_and_ranges() {
    for (db, _dir) in databases() {
        db.write_blocking(|tx| {
            for (i, name) in ["410901", "410902", "411001", "419999"].iter().enumerate() {
                tx.exec(ADD, params![i as i64, *name, 1_i64])?;
            }
            Ok(())
        })
        .unwrap();
        let within = |prefixes: &[&str]| -> Vec<String> {
            let prefixes: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
            let filter = Filter::new("SELECT name FROM things")
                .within("name >= ? AND name < ?", &prefixes)
                .and_some("amount = ?", Some(1_i64))
                .then("ORDER BY name LIMIT ?", &[Param::Int(10)]);
            db.read_blocking(|tx| tx.list(&filter)).unwrap()
        };
        assert_eq!(within(&["4109"]), ["410901", "410902"]);
        assert_eq!(within(&["410902", "4110"]), ["410902", "411001"]);
        assert_eq!(within(&[""]).len(), 4);
        assert!(within(&[]).is_empty());
    }
}

#[test]
fn a_changed_or_unknown_schema_file_is_refused() {
    const CHANGED: &[Schema] =
        &[Schema { room: "things", files: &[("0001.sql", "CREATE TABLE things (id BIGINT);")] }];
    const OLDER: &[Schema] = &[Schema { room: "things", files: &[] }];
    for (db, _dir) in databases() {
        assert_eq!(db.migrate(CHANGED).unwrap_err().code, "schema_changed");
        assert_eq!(db.migrate(OLDER).unwrap_err().code, "schema_newer");
    }
}

#[test]
fn prefixes_become_ranges() {
    for (prefix, next) in [("41", "42"), ("4109", "4110"), ("4199", "4200"), ("99", "99999999999999")] {
        assert_eq!(prefix_range(prefix), [prefix, next]);
    }
}

#[test]
fn a_nested_part_fails_alone() {
    for (db, _dir) in databases() {
        db.write_blocking(|tx| {
            tx.exec(ADD, params![1_i64, "rice", 1_i64])?;
            let part = tx.nested(|tx| {
                tx.exec(ADD, params![2_i64, "salt", 1_i64])?;
                tx.exec(ADD, params![3_i64, "rice", 1_i64])
            });
            assert_eq!(part.unwrap_err().code, "unique_violation");
            tx.nested(|tx| tx.exec(ADD, params![4_i64, "oil", 1_i64]))
        })
        .unwrap();
        assert_eq!(db.read_blocking(|tx| tx.one::<i64>(COUNT, &[])).unwrap(), Some(2));
    }
}

#[test]
fn a_closed_partition_keeps_its_rows_and_the_open_one_takes_the_next() {
    const PARTED: &[Schema] = &[Schema {
        room: "parted",
        files: &[(
            "0001.sql",
            "CREATE TABLE things (
                id BIGINT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                amount BIGINT
            ) PARTITION BY RANGE (id);
--postgres CREATE TABLE things_open PARTITION OF things DEFAULT;",
        )],
    }];
    const BOTH: &[Schema] = &[SCHEMA[0], PARTED[0]];
    for (db, _dir) in databases() {
        db.write_blocking(|tx| tx.batch("DROP TABLE things")).unwrap();
        db.migrate(BOTH).unwrap();
        for step in 0..3_i64 {
            db.write_blocking(move |tx| {
                tx.exec(ADD, params![step * 10 + 1, format!("n{step}").as_str(), 1_i64])?;
                tx.cut_partition("things", step * 10, step * 10 + 10)
            })
            .unwrap();
        }
        assert_eq!(db.read_blocking(|tx| tx.one::<i64>(COUNT, &[])).unwrap(), Some(3));
        let found: Option<(String, Option<i64>)> =
            db.read_blocking(|tx| tx.one(BY_ID, params![11_i64])).unwrap();
        assert_eq!(found, Some(("n1".into(), Some(1))));
    }
}
