//! Schemas grow by files, each applied once.

use std::fmt::Write as _;

use kit_base::{Error, Kind, Result};

use crate::Dialect;
use crate::sql::Sql;
use crate::tx::Tx;

/// The migrations of one room, in order: (file name, portable text).
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    pub room: &'static str,
    pub files: &'static [(&'static str, &'static str)],
}

const APPLIED: Sql = Sql::One("SELECT name, hash FROM schema_files WHERE room = $1 ORDER BY name");
const RECORD: Sql = Sql::One("INSERT INTO schema_files (room, name, hash) VALUES ($1, $2, $3)");

pub(crate) fn migrate(tx: &mut Tx, schemas: &[Schema]) -> Result<()> {
    tx.batch(&portable_ddl(
        "CREATE TABLE IF NOT EXISTS schema_files (
            room TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (room, name)
        );",
        tx.dialect(),
    ))?;
    for schema in schemas {
        let applied: Vec<(String, String)> = tx.all(APPLIED, params![schema.room])?;
        for (name, hash) in &applied {
            let Some((_, text)) = schema.files.iter().find(|(file, _)| file == name) else {
                return Err(newer(schema.room, name));
            };
            if *hash != fingerprint(text) {
                return Err(changed(schema.room, name));
            }
        }
        for (name, text) in schema.files {
            if applied.iter().any(|(done, _)| done == name) {
                continue;
            }
            let ddl = portable_ddl(text, tx.dialect());
            tx.batch(&ddl).map_err(|e| Error::internal(format!("{}/{name}: {e}", schema.room)))?;
            tx.exec(RECORD, params![schema.room, *name, fingerprint(text).as_str()])?;
        }
    }
    Ok(())
}

/// Whether the database has exactly the schema of this program: what is to be read without being changed.
///
/// Errors: `schema_older` (start this program on it once), `schema_newer`, `schema_changed`.
pub(crate) fn fits(tx: &mut Tx, schemas: &[Schema]) -> Result<()> {
    for schema in schemas {
        let applied: Vec<(String, String)> = tx.all(APPLIED, params![schema.room])?;
        for (name, hash) in &applied {
            match schema.files.iter().find(|(file, _)| file == name) {
                None => return Err(newer(schema.room, name)),
                Some((_, text)) if *hash != fingerprint(text) => return Err(changed(schema.room, name)),
                Some(_) => {}
            }
        }
        if applied.len() < schema.files.len() {
            let text = "数据库是旧版本的结构，请先用本版本启动一次服务完成升级";
            return Err(Error::new(Kind::Conflict, "schema_older", text).at(schema.room));
        }
    }
    Ok(())
}

fn newer(room: &str, name: &str) -> Error {
    Error::new(Kind::Conflict, "schema_newer", format!("数据库由更新的版本建立（{room}/{name}），请升级程序"))
}

fn changed(room: &str, name: &str) -> Error {
    Error::new(Kind::Conflict, "schema_changed", format!("已应用的结构文件 {room}/{name} 与程序内的不同"))
}

/// FNV-1a over the text without comments and spacing, so that a better comment is no new schema.
fn fingerprint(text: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for line in text.lines() {
        let code = line.split("--").next().unwrap_or("");
        for byte in code.bytes().filter(|b| !b.is_ascii_whitespace()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let mut out = String::new();
    let _ = write!(out, "{hash:016x}");
    out
}

/// The schema text for one database. Portable text is PostgreSQL's with these words:
///
/// - `BIGINT`, `DOUBLE PRECISION`, `BYTEA`, `TEXT`; SQLite gets `INTEGER`, `REAL`, `BLOB`, `TEXT` and `STRICT` tables;
/// - `) WITHOUT ROWID;` holds for SQLite, `) PARTITION BY …;` for PostgreSQL (`) WITHOUT ROWID PARTITION BY …;` for both);
/// - a line that begins with `--sqlite ` or `--postgres ` is for that database alone.
pub fn portable_ddl(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let (sqlite_only, postgres_only) = (line.strip_prefix("--sqlite "), line.strip_prefix("--postgres "));
        match (dialect, sqlite_only, postgres_only) {
            (Dialect::Sqlite, Some(code), _) | (Dialect::Postgres, _, Some(code)) => out.push_str(code),
            (Dialect::Postgres, Some(_), _) | (Dialect::Sqlite, _, Some(_)) => {}
            (Dialect::Sqlite, None, None) => out.push_str(&for_sqlite(line)),
            (Dialect::Postgres, None, None) => out.push_str(&line.replacen(") WITHOUT ROWID", ")", 1)),
        }
        out.push('\n');
    }
    out
}

fn for_sqlite(line: &str) -> String {
    let code = line.split("--").next().unwrap_or("");
    let code = code.replace("DOUBLE PRECISION", "REAL").replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB");
    let end = code.trim();
    if end.starts_with(") WITHOUT ROWID") {
        return ") STRICT, WITHOUT ROWID;".to_owned();
    }
    if end == ");" || end.starts_with(") PARTITION BY") {
        return ") STRICT;".to_owned();
    }
    code
}
