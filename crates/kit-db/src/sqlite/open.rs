//! How the file is opened.

use std::path::PathBuf;
use std::time::Duration;

use kit_base::{Error, Kind, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::log;

/// How the file is opened.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub path: PathBuf,
    /// Connections for reading.
    pub readers: usize,
    /// Units of work that may wait for the writer; more are refused with `database_busy`.
    pub queue: usize,
    /// Units of work that one commit may carry.
    pub group: usize,
    /// `synchronous=FULL`; only a bulk load into a file that can be made again turns it off.
    pub durable: bool,
    /// Nothing is written and no file is made: another process may be serving it.
    pub read_only: bool,
    /// Pages the file may grow to; for tests of a full disk.
    pub max_pages: Option<u32>,
}

impl SqliteOptions {
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            queue: 1024,
            group: 128,
            durable: true,
            read_only: false,
            max_pages: None,
        }
    }

    /// For looking at a database that a server may have open.
    pub fn reading(path: impl Into<PathBuf>) -> Self {
        Self { read_only: true, ..Self::file(path) }
    }
}

/// Bytes of the file that a connection may map: what is read often is not copied.
const MAPPED: i64 = 1 << 30;

/// Gives back what a connection that does nothing has mapped; it maps again as it reads.
pub(super) fn unmap(conn: &Connection) -> Result<()> {
    [0, MAPPED]
        .into_iter()
        .try_for_each(|bytes| conn.pragma_update(None, "mmap_size", bytes))
        .map_err(super::refusal)
}

pub(super) fn connect(options: &SqliteOptions, reader: bool) -> Result<Connection> {
    let make = if options.read_only { OpenFlags::empty() } else { OpenFlags::SQLITE_OPEN_CREATE };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | make;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(&options.path, flags)?;
        // without it every statement that is bound again is planned again: measured 2 to 8 times slower
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.set_prepared_statement_cache_capacity(512);
        if !options.read_only {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        conn.pragma_update(None, "synchronous", if options.durable { "FULL" } else { "OFF" })?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "cache_size", if reader { -16_384 } else { -65_536 })?;
        conn.pragma_update(None, "mmap_size", MAPPED)?;
        if reader {
            conn.pragma_update(None, "query_only", true)?;
        } else {
            conn.pragma_update(None, "wal_autocheckpoint", log::CHECKPOINT_FRAMES)?;
            if let Some(pages) = options.max_pages {
                conn.pragma_update(None, "max_page_count", pages)?;
            }
        }
        Ok(conn)
    };
    open().map_err(|e| {
        Error::new(
            Kind::Unavailable,
            "database_open",
            format!("无法打开数据库文件 {}", options.path.display()),
        )
        .because(e)
    })
}
