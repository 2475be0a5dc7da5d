//! One statement on a connection: parameters bound, rows read, refusals told.

use kit_base::{Error, Result};
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::catalog::Value;
use crate::row::Row;
use crate::sql::Param;
use crate::tx::constraint;

/// `$1` of the portable text is `?1` to SQLite, where `$` would make it a name. No fixed text holds a `$` of its own.
fn own(text: &str) -> String {
    // on the path of every statement: one pass over bytes, several times quicker than `str::replace`
    let mut bytes = text.as_bytes().to_vec();
    bytes.iter_mut().filter(|b| **b == b'$').for_each(|b| *b = b'?');
    String::from_utf8(bytes).unwrap_or_else(|_| text.replace('$', "?"))
}

struct Bound<'a>(Param<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Param::Null => ValueRef::Null,
            Param::Int(v) => ValueRef::Integer(v),
            Param::Real(v) => ValueRef::Real(v),
            Param::Text(v) => ValueRef::Text(v.as_bytes()),
            Param::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

fn bind<'a>(params: &'a [Param<'a>]) -> impl rusqlite::Params + 'a {
    rusqlite::params_from_iter(params.iter().map(|p| Bound(*p)))
}

pub(crate) fn exec(conn: &Connection, text: &str, params: &[Param]) -> Result<u64> {
    let mut statement = conn.prepare_cached(&own(text)).map_err(|e| broken(text, e))?;
    if statement.column_count() == 0 {
        return statement.execute(bind(params)).map(|n| n as u64).map_err(refusal);
    }
    let mut rows = statement.query(bind(params)).map_err(refusal)?;
    let mut n = 0;
    while rows.next().map_err(refusal)?.is_some() {
        n += 1;
    }
    Ok(n)
}

pub(crate) fn scan(
    conn: &Connection,
    text: &str,
    params: &[Param],
    each: &mut dyn FnMut(&Row) -> Result<bool>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(&own(text)).map_err(|e| broken(text, e))?;
    let mut rows = statement.query(bind(params)).map_err(refusal)?;
    let mut wanted = true;
    // a statement that writes and returns must run to its end, wanted or not
    while let Some(row) = rows.next().map_err(refusal)? {
        if wanted {
            wanted = each(&Row::Sqlite(row))?;
        } else if !text.contains("RETURNING") {
            break;
        }
    }
    Ok(())
}

pub(crate) fn insert_many<'p>(
    conn: &Connection,
    table: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<Param<'p>>>,
) -> Result<u64> {
    let places: Vec<String> = (1..=columns.len()).map(|i| format!("?{i}")).collect();
    let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let mut statement = conn.prepare_cached(&text).map_err(|e| broken(&text, e))?;
    let mut n = 0;
    for row in rows {
        n += statement.execute(bind(&row)).map_err(refusal)? as u64;
    }
    Ok(n)
}

pub(crate) fn insert_stream(
    conn: &Connection,
    table: &str,
    columns: &[String],
    next: &mut dyn FnMut() -> Option<Vec<Vec<Value>>>,
) -> Result<u64> {
    let places: Vec<String> = (1..=columns.len()).map(|i| format!("?{i}")).collect();
    let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let mut statement = conn.prepare_cached(&text).map_err(|e| broken(&text, e))?;
    let mut n = 0;
    while let Some(rows) = next() {
        for row in &rows {
            let row: Vec<Param> = row.iter().map(Value::param).collect();
            n += statement.execute(bind(&row)).map_err(refusal)? as u64;
        }
    }
    Ok(n)
}

pub(crate) fn prepare_only(conn: &Connection, text: &str) -> Result<()> {
    conn.prepare(&own(text)).map(drop).map_err(|e| broken(text, e))
}

fn broken(text: &str, e: rusqlite::Error) -> Error {
    Error::internal(format!("{e} in: {text}"))
}

/// What the database's error means for the caller.
pub(crate) fn refusal(e: rusqlite::Error) -> Error {
    use rusqlite::ffi;
    let rusqlite::Error::SqliteFailure(code, Some(text)) = &e else { return Error::internal(&e) };
    let name = text.rsplit_once(": ").map_or(text.as_str(), |(_, name)| name);
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            constraint("unique_violation", unique_name(name), &e)
        }
        ffi::SQLITE_CONSTRAINT_CHECK => constraint("check_violation", name.to_owned(), &e),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => constraint("foreign_key_violation", String::new(), &e),
        ffi::SQLITE_FULL | ffi::SQLITE_IOERR_SHMSIZE => Error::disk_full().because(e),
        ffi::SQLITE_READONLY | ffi::SQLITE_READONLY_DBMOVED | ffi::SQLITE_IOERR_WRITE => {
            Error::disk_read_only().because(e)
        }
        ffi::SQLITE_BUSY => crate::busy(),
        _ => Error::internal(&e),
    }
}

/// `parties.uscc, parties.kind` becomes `parties_uscc_kind`; `index 'name'` becomes `name`.
fn unique_name(text: &str) -> String {
    if let Some(index) = text.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut name = String::new();
    for column in text.split(", ") {
        let (table, column) = column.split_once('.').unwrap_or(("", column));
        if name.is_empty() {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name
}
