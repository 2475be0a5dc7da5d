//! kit-db: rusqlite and postgres under one text.

#[path = "../../common.rs"]
mod common;

use common::{
    CREATE, DROP, INDEX, INSERTS, LOOKUPS, PAGES, ROWS, anywhere, division, each, lot, rate, start,
};
use kit_base::Result;
use kit_db::{Db, Filter, Param, Sql, SqliteOptions, params};

const BY_NO: Sql = Sql::One("SELECT event, product, holder, division FROM bench_lots WHERE no = $1");
const ADD: Sql = Sql::One(
    "INSERT INTO bench_lots (no, event, product, holder, division, amount) VALUES ($1, $2, $3, $4, $5, $6)",
);
const COLUMNS: &[&str] = &["no", "event", "product", "holder", "division", "amount"];

type Row = (i64, String, String, String);

fn main() -> Result<()> {
    let file = std::env::temp_dir().join(format!("bench-kit-{}.db", std::process::id()));
    run("SQLite", &Db::open_sqlite(SqliteOptions::file(&file))?)?;
    for tail in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(tail);
        let _ = std::fs::remove_file(name);
    }
    match std::env::args().nth(1) {
        Some(url) => run("PostgreSQL", &Db::open(&url)?),
        None => Ok(()),
    }
}

fn run(name: &str, db: &Db) -> Result<()> {
    db.write_blocking(|tx| {
        [DROP, CREATE, INDEX].iter().try_for_each(|sql| tx.exec(Sql::One(sql), &[]).map(drop))
    })?;
    let lots: Vec<common::Lot> = (1..=ROWS).map(lot).collect();
    let from = start();
    db.write_blocking(move |tx| {
        let rows = lots.iter().map(|l| -> Vec<Param> {
            params![l.no, l.event, &l.product, &l.holder, &l.division, l.amount].to_vec()
        });
        tx.insert_many("bench_lots", COLUMNS, rows)
    })?;
    rate("kit-db", name, "bulk load of 1 000 000 rows", from.elapsed(), ROWS);
    db.optimise()?;
    let from = start();
    for n in 0..LOOKUPS {
        db.read_blocking(|tx| tx.one::<Row>(BY_NO, params![anywhere(n)]))?;
    }
    each("kit-db", name, "point look-up, a transaction each", from.elapsed(), LOOKUPS);
    let from = start();
    for n in 0..PAGES {
        db.read_blocking(|tx| {
            let filter = Filter::new("SELECT event, product, holder, division FROM bench_lots")
                .and("division = ?", params![&division(n)])
                .and("amount > ?", params![500_i64])
                .then("ORDER BY no LIMIT ? OFFSET ?", params![20_i64, 100_i64]);
            tx.list::<Row>(&filter)
        })?;
    }
    each("kit-db", name, "filtered page of 20, sixth page", from.elapsed(), PAGES);
    let from = start();
    for n in 0..INSERTS {
        db.write_blocking(move |tx| {
            let l = lot(ROWS + 1 + n);
            tx.exec(ADD, params![l.no, l.event, &l.product, &l.holder, &l.division, l.amount])
        })?;
    }
    each("kit-db", name, "insert of one row, durable, one after the other", from.elapsed(), INSERTS);
    db.write_blocking(|tx| tx.exec(Sql::One(DROP), &[])).map(drop)
}
