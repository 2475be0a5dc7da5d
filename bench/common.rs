// What both sides share: the table, the work, and how it is told.

use std::time::{Duration, Instant};

/// Rows of the bulk load.
pub const ROWS: i64 = 1_000_000;
pub const LOOKUPS: i64 = 20_000;
pub const PAGES: i64 = 2_000;
pub const INSERTS: i64 = 500;
/// Divisions that the rows lie in.
pub const DIVISIONS: i64 = 1_000;

pub const CREATE: &str = "CREATE TABLE bench_lots (
    no BIGINT NOT NULL PRIMARY KEY, event BIGINT NOT NULL, product TEXT NOT NULL, holder TEXT NOT NULL,
    division TEXT NOT NULL, amount BIGINT)";
pub const INDEX: &str = "CREATE INDEX bench_lots_division ON bench_lots (division, no)";
pub const DROP: &str = "DROP TABLE IF EXISTS bench_lots";

pub struct Lot {
    pub no: i64,
    pub event: i64,
    pub product: String,
    pub holder: String,
    pub division: String,
    pub amount: Option<i64>,
}

pub fn lot(no: i64) -> Lot {
    Lot {
        no,
        event: no / 2,
        product: format!("product-{}", no % 10_000),
        holder: format!("holder-{}", no % 50_000),
        division: division(no),
        amount: (no % 10 != 0).then_some(no % 1_000),
    }
}

pub fn division(n: i64) -> String {
    format!("4109{:08}", n % DIVISIONS)
}

/// A place that nobody can foresee, the same in every run.
pub fn anywhere(n: i64) -> i64 {
    (n.wrapping_mul(7_919) % ROWS + ROWS) % ROWS + 1
}

pub fn start() -> Instant {
    Instant::now()
}

pub fn each(layer: &str, database: &str, task: &str, time: Duration, count: i64) {
    println!("| {layer} | {database} | {task} | {:.1} µs |", time.as_secs_f64() * 1e6 / count as f64);
}

pub fn rate(layer: &str, database: &str, task: &str, time: Duration, count: i64) {
    println!("| {layer} | {database} | {task} | {:.0} rows/s |", count as f64 / time.as_secs_f64());
}
