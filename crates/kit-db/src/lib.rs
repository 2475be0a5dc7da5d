//! One portable SQL text, two databases: SQLite by default, PostgreSQL for a province.
//!
//! Rooms write synchronous functions over [`Tx`]; a handler awaits one unit of work:
//!
//! ```ignore
//! let id = app.db.write(move |tx| store::insert(tx, &party)).await?;
//! ```
//!
//! A unit of work is one transaction. On SQLite all writers share one thread that commits in groups (one `fsync` for
//! all that waited); each unit is a savepoint inside the group, so a refusal of one leaves the others alone. The answer
//! is given only after the commit is on disk, and what was registered with [`Tx::after_commit`] has run.
//!
//! This is the only crate that names a driver.

#[macro_use]
mod sql;
pub mod carry;
pub mod catalog;
mod facts;
mod migrate;
mod pg;
pub mod pulse;
mod row;
mod sqlite;
mod tx;

use std::sync::Arc;

pub use facts::{Digest, Fact, Facts};
pub use migrate::{Schema, portable_ddl};
pub use pg::PgOptions;
pub use row::{FromColumn, FromRow, Row};
pub use sql::{Either, Filter, Param, Sql, prefix_range};
pub use sqlite::SqliteOptions;
pub use sqlite::log::{Frames, LogSink};
pub use tx::Tx;

use kit_base::{Error, Kind, Result};

/// Which of the two databases stands under a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

enum Inner {
    Sqlite(sqlite::SqliteDb),
    Pg(pg::PgDb),
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`. Creates the SQLite file where it is missing.
    ///
    /// Errors: `database_url` for another form, `database_open` where it cannot be reached.
    pub fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(SqliteOptions::file(path));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(PgOptions::new(url));
        }
        Err(Error::invalid("database", "database_url", "数据库地址应以 sqlite: 或 postgres:// 开头"))
    }

    /// [`Db::open`] for looking only: no file is made, no schema changed, and another process may be serving it. Writes
    /// are refused with `database_reading`.
    pub fn open_reading(url: &str) -> Result<Self> {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::open_sqlite(SqliteOptions::reading(path)),
            None => Self::open(url),
        }
    }

    pub fn open_sqlite(options: SqliteOptions) -> Result<Self> {
        Ok(Self(Arc::new(Inner::Sqlite(sqlite::SqliteDb::open(options)?))))
    }

    pub fn open_postgres(options: PgOptions) -> Result<Self> {
        Ok(Self(Arc::new(Inner::Pg(pg::PgDb::open(options)?))))
    }

    pub fn dialect(&self) -> Dialect {
        match &*self.0 {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Pg(_) => Dialect::Postgres,
        }
    }

    /// Runs one unit of work that only reads, on a snapshot.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        blocking(move || db.read_blocking(f)).await
    }

    /// [`Db::read`] for a few look-ups by key: on SQLite they are done here and now, because handing them to another
    /// thread costs more than doing them. Never for lists, sums or exports: they would hold up other requests.
    pub async fn glance<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => match db.read_if_free(f) {
                Ok(result) => result,
                Err(f) => self.read(f).await,
            },
            Inner::Pg(_) => self.read(f).await,
        }
    }

    /// Runs one unit of work that writes; answers after it is durable.
    ///
    /// Errors: those of `f` (then nothing was written), and `database_busy` (too many, with the time to wait) when the queue of writers is full.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.write(f).await,
            Inner::Pg(_) => {
                let db = self.clone();
                blocking(move || db.write_blocking(f)).await
            }
        }
    }

    /// [`Db::read`] for threads of their own (commands, jobs); never call it from an async task.
    pub fn read_blocking<T, F>(&self, f: F) -> Result<T>
    where
        F: FnOnce(&mut Tx) -> Result<T>,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.read(f),
            Inner::Pg(db) => db.run(f, true),
        }
    }

    /// [`Db::write`] for threads of their own (commands, jobs); never call it from an async task.
    pub fn write_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.write_blocking(f),
            Inner::Pg(db) => db.run(f, false),
        }
    }

    /// Brings the schema of the named rooms up to date, in their order, in one transaction.
    ///
    /// Errors: `schema_changed` when a file that was already applied differs, `schema_newer` when the database knows
    /// files that this program does not.
    pub fn migrate(&self, schemas: &'static [Schema]) -> Result<()> {
        self.write_blocking(move |tx| migrate::migrate(tx, schemas))
    }

    /// Whether the schema is exactly that of this program.
    ///
    /// Errors: `schema_older`, `schema_newer`, `schema_changed`.
    pub fn fits(&self, schemas: &'static [Schema]) -> Result<()> {
        self.read_blocking(|tx| migrate::fits(tx, schemas))
    }

    /// What the database is doing, for the metrics.
    pub fn pulse(&self) -> pulse::Reading {
        match &*self.0 {
            Inner::Sqlite(db) => db.pulse(),
            Inner::Pg(db) => db.pulse(),
        }
    }

    /// SQLite: copies the database, as it stands at one moment, page by page into a new file while others write.
    /// `at` runs at that moment, on the writer's thread; `tell`: pages done and in all.
    ///
    /// Errors: `copy_postgres` on PostgreSQL, which has `pg_dump`; `disk_full`.
    pub fn copy_to(
        &self,
        path: &std::path::Path,
        at: impl FnOnce() + Send + 'static,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(db) => db.copy_to(path, at, tell),
            Inner::Pg(_) => Err(Error::conflict("copy_postgres", "PostgreSQL 数据库请用 pg_dump 备份")),
        }
    }

    /// SQLite: from now on every committed page is handed to `sink` before its place in the write-ahead log may be used
    /// again. [`Db::flush_log`] hands over what has come since; `None` ends it.
    ///
    /// Errors: `log_postgres` on PostgreSQL, which archives its own log.
    pub fn follow_log(&self, sink: Option<Box<dyn LogSink>>) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(db) => db.follow_log(sink),
            Inner::Pg(_) => Err(Error::conflict("log_postgres", "PostgreSQL 请用自身的 WAL 归档")),
        }
    }

    /// Hands what was committed since the last call to the sink. Answers `false` where the thread was lost (the sink
    /// failed for too long, or another process wrote): a new copy must be begun.
    pub fn flush_log(&self) -> Result<bool> {
        match &*self.0 {
            Inner::Sqlite(db) => db.flush_log(),
            Inner::Pg(_) => Ok(false),
        }
    }

    /// The database's own check of its structure; what is wrong, in its words. Empty where all is well.
    pub fn integrity(&self) -> Result<Vec<String>> {
        match &*self.0 {
            Inner::Sqlite(db) => db.integrity(),
            Inner::Pg(_) => Ok(Vec::new()),
        }
    }

    /// Gives memory back that is only a view of the database file (SQLite); for now and then while serving.
    pub fn rest(&self) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(db) => db.rest(),
            Inner::Pg(_) => Ok(()),
        }
    }

    /// Copies the write-ahead log into the database file and gathers statistics for the planner.
    pub fn optimise(&self) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(db) => db.optimise(),
            Inner::Pg(db) => db.optimise(),
        }
    }
}

async fn blocking<T, F>(f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    tokio::task::spawn_blocking(f)
        .await
        .map_err(|e| Error::internal(format!("unit of work broke off: {e}")))?
}

/// More units of work wait than the queue takes.
fn full() -> Error {
    Error::new(Kind::TooMany, "database_busy", "系统繁忙，请稍后重试").retry_after(1)
}

fn busy() -> Error {
    Error::new(Kind::Unavailable, "database_busy", "系统繁忙，请稍后重试").retry_after(1)
}

#[cfg(test)]
mod keep_tests;
#[cfg(test)]
mod tests;
