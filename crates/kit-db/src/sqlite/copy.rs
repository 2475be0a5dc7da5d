//! Copies of a whole database file while it is written, and its own check.

use std::path::Path;
use std::time::Duration;

use kit_base::{Error, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{SqliteDb, connect, refusal};

/// Pages copied between two reports.
const STEP: i32 = 4_096;

impl SqliteDb {
    pub fn copy_to(
        &self,
        path: &Path,
        at: impl FnOnce() + Send + 'static,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<()> {
        let reader = connect(&self.options, true)?;
        // the moment is chosen on the writer's thread, where nothing is half done
        let reader = if self.writer.is_some() {
            let shared = self.shared.clone();
            self.write_blocking(move |_| {
                shared.log.flush()?;
                hold(&reader)?;
                at();
                Ok(reader)
            })?
        } else {
            hold(&reader)?;
            at();
            reader
        };
        copy(&reader, path, tell)?;
        std::fs::File::open(path)?.sync_all()?;
        Ok(())
    }

    pub fn integrity(&self) -> Result<Vec<String>> {
        let conn = connect(&self.options, true)?;
        let mut faults = Vec::new();
        let mut ask = |sql: &str, tell: &dyn Fn(&rusqlite::Row) -> rusqlite::Result<String>| -> Result<()> {
            let mut statement = conn.prepare(sql).map_err(refusal)?;
            let mut rows = statement.query([]).map_err(refusal)?;
            while let Some(row) = rows.next().map_err(refusal)? {
                faults.push(tell(row).map_err(refusal)?);
            }
            Ok(())
        };
        ask("PRAGMA integrity_check(100)", &|row| row.get(0))?;
        ask("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 100", &|row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            let place: Option<i64> = row.get(1)?;
            Ok(format!("{table} 第 {} 行引用的 {parent} 不存在", place.unwrap_or(0)))
        })?;
        faults.retain(|fault| fault != "ok");
        Ok(faults)
    }
}

/// Opens a snapshot on the connection; it lasts until the connection closes.
fn hold(reader: &Connection) -> Result<()> {
    reader.execute_batch("BEGIN").map_err(refusal)?;
    reader.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(refusal)
}

fn copy(reader: &Connection, path: &Path, tell: &mut dyn FnMut(u64, u64)) -> Result<()> {
    let mut target = Connection::open(path).map_err(refusal)?;
    // the file is worth nothing before the copy is whole
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").map_err(refusal)?;
    let backup = Backup::new(reader, &mut target).map_err(refusal)?;
    loop {
        let step = backup.step(STEP).map_err(refusal)?;
        let progress = backup.progress();
        let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
        tell(count(progress.pagecount - progress.remaining), count(progress.pagecount));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(20)),
            _ => return Err(Error::internal("the copy of the database broke off")),
        }
    }
}
