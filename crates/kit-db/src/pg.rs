//! PostgreSQL: a pool of connections, prepared statements kept, `COPY` for bulk.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use kit_base::{Error, Kind, Result};
use parking_lot::{Condvar, Mutex};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::catalog::Value;
use crate::pulse::{Pulse, Reading, stopwatch};
use crate::row::Row;
use crate::sql::Param;
use crate::tx::{Conn, Tx, constraint};

/// How the server is reached.
#[derive(Debug, Clone)]
pub struct PgOptions {
    pub url: String,
    /// Connections kept; 2 to 4 a core of the database server is the right order.
    pub connections: usize,
}

impl PgOptions {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connections: 8 }
    }
}

pub(crate) struct PgDb {
    options: PgOptions,
    idle: Mutex<Idle>,
    free: Condvar,
    pulse: Pulse,
}

struct Idle {
    connections: Vec<PgConn>,
    made: usize,
}

pub(crate) struct PgConn {
    pub client: Client,
    statements: HashMap<String, Statement>,
}

/// Statements a connection keeps; list queries make new texts, so the map is emptied when it grows past this.
const KEPT_STATEMENTS: usize = 1_024;

impl PgDb {
    pub fn open(options: PgOptions) -> Result<Self> {
        let first = connect(&options.url)?;
        Ok(Self {
            options,
            idle: Mutex::new(Idle { connections: vec![first], made: 1 }),
            free: Condvar::new(),
            pulse: Pulse::default(),
        })
    }

    pub fn pulse(&self) -> Reading {
        self.pulse.read(self.options.connections as u64)
    }

    pub fn run<T>(&self, f: impl FnOnce(&mut Tx) -> Result<T>, read_only: bool) -> Result<T> {
        self.pulse.waiting.fetch_add(1, Ordering::Relaxed);
        let done = self.run_counted(f, read_only);
        self.pulse.waiting.fetch_sub(1, Ordering::Relaxed);
        done
    }

    fn run_counted<T>(&self, f: impl FnOnce(&mut Tx) -> Result<T>, read_only: bool) -> Result<T> {
        let begun = stopwatch();
        let mut conn = self.begin(read_only)?;
        let done = catch_unwind(AssertUnwindSafe(|| unit(&mut conn, f)));
        self.give(conn, matches!(done, Ok(Ok(_))));
        let done = done.unwrap_or_else(|_| Err(Error::internal("unit of work panicked")));
        if let Err(e) = &done
            && e.kind == Kind::Full
        {
            self.pulse.full.fetch_add(1, Ordering::Relaxed);
        }
        let (value, hooks) = done?;
        if !read_only {
            self.pulse.committed(1, begun.elapsed());
        }
        hooks.into_iter().for_each(|hook| hook());
        Ok(value)
    }

    /// A connection inside a transaction. Kept connections may have died with the server: each is tried once, and the
    /// unit of work has not begun yet.
    fn begin(&self, read_only: bool) -> Result<PgConn> {
        let begin = if read_only { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" };
        let mut left = self.options.connections + 1;
        loop {
            let mut conn = self.take()?;
            match conn.client.batch_execute(begin).map_err(refusal) {
                Ok(()) => return Ok(conn),
                Err(e) => {
                    self.give(conn, false);
                    left -= 1;
                    if left == 0 || e.code != AWAY {
                        return Err(e);
                    }
                }
            }
        }
    }

    fn take(&self) -> Result<PgConn> {
        let mut idle = self.idle.lock();
        loop {
            if let Some(conn) = idle.connections.pop() {
                return Ok(conn);
            }
            if idle.made < self.options.connections.max(1) {
                idle.made += 1;
                drop(idle);
                return connect(&self.options.url).inspect_err(|_| self.idle.lock().made -= 1);
            }
            self.free.wait(&mut idle);
        }
    }

    /// Takes a connection back. After a unit that did not end well it may still be inside a transaction; one that
    /// cannot be brought out of it is dropped.
    fn give(&self, mut conn: PgConn, ended_well: bool) {
        let usable =
            !conn.client.is_closed() && (ended_well || conn.client.batch_execute("ROLLBACK").is_ok());
        let mut idle = self.idle.lock();
        if usable {
            idle.connections.push(conn);
        } else {
            idle.made -= 1;
        }
        drop(idle);
        self.free.notify_one();
    }

    pub fn optimise(&self) -> Result<()> {
        let mut conn = self.take()?;
        let done = conn.client.batch_execute("ANALYZE").map_err(refusal);
        self.give(conn, done.is_ok());
        done
    }
}

impl Drop for PgDb {
    /// The driver's connections close on a thread of their own: they may not from within an async task.
    fn drop(&mut self) {
        let connections = std::mem::take(&mut self.idle.lock().connections);
        if std::thread::spawn(move || drop(connections)).join().is_err() {
            tracing::warn!("closing the database connections failed");
        }
    }
}

type Hooks = Vec<Box<dyn FnOnce() + Send>>;

fn unit<T>(conn: &mut PgConn, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<(T, Hooks)> {
    let mut tx = Tx::new(Conn::Pg(conn));
    match f(&mut tx).and_then(|value| tx.settled().map(|()| value)) {
        Ok(value) => {
            let hooks = tx.into_hooks();
            conn.client.batch_execute("COMMIT").map_err(refusal)?;
            Ok((value, hooks))
        }
        Err(e) => {
            drop(tx);
            // why the unit ended matters more than that a broken connection cannot roll back
            if let Err(rollback) = conn.client.batch_execute("ROLLBACK") {
                tracing::debug!(error = %rollback, "connection given up");
            }
            Err(e)
        }
    }
}

fn connect(url: &str) -> Result<PgConn> {
    let client = Client::connect(url, NoTls).map_err(|e| {
        Error::new(Kind::Unavailable, "database_open", "无法连接 PostgreSQL 数据库").because(e)
    })?;
    Ok(PgConn { client, statements: HashMap::new() })
}

fn statement(conn: &mut PgConn, text: &str) -> Result<Statement> {
    if let Some(found) = conn.statements.get(text) {
        return Ok(found.clone());
    }
    let made = conn.client.prepare(text).map_err(|e| broken(text, &e))?;
    if conn.statements.len() >= KEPT_STATEMENTS {
        conn.statements.clear();
    }
    conn.statements.insert(text.to_owned(), made.clone());
    Ok(made)
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(v) if *ty == Type::INT4 => i32::try_from(v)?.to_sql(ty, out),
            Self::Int(v) if *ty == Type::FLOAT8 => (v as f64).to_sql(ty, out),
            Self::Int(v) => v.to_sql(ty, out),
            Self::Real(v) => v.to_sql(ty, out),
            Self::Text(v) => v.to_sql(ty, out),
            Self::Blob(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(crate) fn exec(conn: &mut PgConn, text: &str, params: &[Param]) -> Result<u64> {
    let statement = statement(conn, text)?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
    conn.client.execute(&statement, &params).map_err(refusal)
}

pub(crate) fn scan(
    conn: &mut PgConn,
    text: &str,
    params: &[Param],
    each: &mut dyn FnMut(&Row) -> Result<bool>,
) -> Result<()> {
    let statement = statement(conn, text)?;
    let mut rows = conn.client.query_raw(&statement, params.iter()).map_err(refusal)?;
    while let Some(row) = rows.next().map_err(refusal)? {
        if !each(&Row::Pg(&row))? {
            break;
        }
    }
    Ok(())
}

pub(crate) fn insert_many<'p>(
    conn: &mut PgConn,
    table: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<Param<'p>>>,
) -> Result<u64> {
    let text = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut sink = conn.client.copy_in(&text).map_err(|e| broken(&text, &e))?;
    let mut line = String::new();
    for row in rows {
        copy_line(&mut line, &row);
        if line.len() > 60_000 {
            sink.write_all(line.as_bytes()).map_err(Error::from)?;
            line.clear();
        }
    }
    sink.write_all(line.as_bytes()).map_err(Error::from)?;
    sink.finish().map_err(refusal)
}

pub(crate) fn insert_stream(
    conn: &mut PgConn,
    table: &str,
    columns: &[String],
    next: &mut dyn FnMut() -> Option<Vec<Vec<Value>>>,
) -> Result<u64> {
    let text = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut sink = conn.client.copy_in(&text).map_err(|e| broken(&text, &e))?;
    let mut lines = String::new();
    while let Some(rows) = next() {
        for row in &rows {
            let row: Vec<Param> = row.iter().map(Value::param).collect();
            copy_line(&mut lines, &row);
        }
        sink.write_all(lines.as_bytes())?;
        lines.clear();
    }
    sink.finish().map_err(refusal)
}

/// One line of COPY's text format.
fn copy_line(line: &mut String, row: &[Param]) {
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            line.push('\t');
        }
        // writing into a String cannot fail
        let _ = match *value {
            Param::Null => line.write_str("\\N"),
            Param::Int(v) => write!(line, "{v}"),
            Param::Real(v) => write!(line, "{v}"),
            Param::Blob(v) => {
                line.push_str("\\\\x");
                v.iter().try_for_each(|b| write!(line, "{b:02x}"))
            }
            Param::Text(v) => {
                escape(line, v);
                Ok(())
            }
        };
    }
    line.push('\n');
}

fn escape(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            // PostgreSQL's text cannot hold NUL
            '\0' => {}
            c => line.push(c),
        }
    }
}

pub(crate) fn prepare_only(conn: &mut PgConn, text: &str) -> Result<()> {
    let statement = conn.client.prepare(text).map_err(|e| broken(text, &e))?;
    let readable = [Type::INT8, Type::FLOAT8, Type::TEXT, Type::VARCHAR, Type::BYTEA];
    match statement.columns().iter().find(|c| !readable.contains(c.type_())) {
        Some(c) => {
            let (name, kind) = (c.name(), c.type_());
            Err(Error::internal(format!("{name} is {kind}, which no column is read as: CAST it in: {text}")))
        }
        None => Ok(()),
    }
}

fn broken(text: &str, e: &postgres::Error) -> Error {
    if is_away(e) {
        return away(e);
    }
    let cause = e.source().map(ToString::to_string).unwrap_or_default();
    Error::internal(format!("{e}: {cause} in: {text}"))
}

/// The code of a refusal because the server is not there (any more).
const AWAY: &str = "database_away";

/// The connection broke, or the server is stopping or starting. Whether a commit under way still came through is not
/// known: the client repeats with its key and is answered with the first outcome.
fn away(e: &postgres::Error) -> Error {
    let cause = std::io::Error::other(e.to_string());
    Error::new(Kind::Unavailable, AWAY, "数据库暂时不可用，请稍后重试").retry_after(2).because(cause)
}

fn is_away(e: &postgres::Error) -> bool {
    if let Some(db) = e.as_db_error() {
        return db.code().code().starts_with("08") || ["57P01", "57P02", "57P03"].contains(&db.code().code());
    }
    e.is_closed() || e.source().is_some_and(|s| s.downcast_ref::<std::io::Error>().is_some())
}

/// What the database's error means for the caller. What it says of values stays out: they may be personal data.
pub(crate) fn refusal(e: postgres::Error) -> Error {
    if is_away(&e) {
        return away(&e);
    }
    let Some(db) = e.as_db_error() else { return Error::internal(&e) };
    let name = db.constraint().unwrap_or_default().to_owned();
    let said = format!("{} ({})", db.message(), db.code().code());
    match db.code().code() {
        "23505" => constraint("unique_violation", name, &said),
        "23514" => constraint("check_violation", name, &said),
        "23503" => constraint("foreign_key_violation", name, &said),
        "40001" | "40P01" => crate::busy(),
        "53100" => Error::disk_full().because(std::io::Error::other(said)),
        "25006" => Error::disk_read_only().because(std::io::Error::other(said)),
        _ => Error::internal(said),
    }
}
