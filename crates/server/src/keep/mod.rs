//! Copies of the running house: the continuous copy of the log, and whole backups as a duty.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use kit_backup::backup::{self, Manifest, Position};
use kit_backup::depot;
use kit_backup::stream::{Options, Progress, Stream};
use kit_backup::target::{self, Target};
use kit_base::{Millis, Result};
use kit_db::{Db, Dialect};
use kit_web::{Access, Ask, Cx, House, Json, Route};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;

/// What an operator asked for.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Database address and data folder; the tools of PostgreSQL want the first.
    pub url: String,
    pub data: PathBuf,
    /// Folder or bucket for whole backups; `None`: none are made.
    pub backup_to: Option<String>,
    pub backup_keep: usize,
    pub backup_hours: i64,
    /// Folder or bucket for the continuous copy; `None`: none is made.
    pub stream_to: Option<String>,
    pub stream_keep_hours: i64,
    pub stream_base_hours: i64,
}

/// The copies of this house; held in it. Empty until the server starts.
#[derive(Default)]
pub struct Keep {
    settings: OnceLock<Settings>,
    stream: Mutex<Option<Arc<Stream>>>,
    failed: Mutex<Option<String>>,
}

impl Keep {
    /// Begins what the settings ask for. Once.
    ///
    /// Errors: those of the continuous copy.
    pub fn begin(&self, house: &House, settings: Settings) -> Result<()> {
        if let (Some(address), Dialect::Sqlite) = (&settings.stream_to, house.db.dialect()) {
            let options = Options {
                spool: settings.data.join("stream"),
                every: 1_000,
                base_hours: settings.stream_base_hours,
                keep_hours: settings.stream_keep_hours,
            };
            let (target, ids) = (open(address)?, house.ids.clone());
            let stream = Stream::start(house.db.clone(), target, house.clock.clone(), ids, options)?;
            *self.stream.lock() = Some(Arc::new(stream));
        } else if settings.stream_to.is_some() {
            tracing::warn!("the continuous copy is for SQLite; PostgreSQL archives its own log");
        }
        if self.settings.set(settings).is_err() {
            tracing::warn!("copies of this house were begun already");
        }
        Ok(())
    }

    /// Brings the last commits to the continuous copy and ends it.
    pub fn end(&self) {
        let stream = self.stream.lock().take();
        if let Some(stream) = stream {
            stream.stop();
        }
    }

    /// How the continuous copy goes; `None`: there is none.
    pub fn progress(&self) -> Option<Progress> {
        self.stream.lock().as_ref().map(|s| s.progress())
    }

    /// Hours between two backups; `None`: none are asked for.
    pub fn backup_hours(&self) -> Option<i64> {
        self.settings.get().filter(|s| s.backup_to.is_some()).map(|s| s.backup_hours.max(1))
    }

    /// Makes a whole backup, where they are asked for, and removes those beyond the number to keep.
    pub fn back_up(&self, house: &House) -> Result<()> {
        let Some(settings) = self.settings.get() else { return Ok(()) };
        let Some(into) = &settings.backup_to else { return Ok(()) };
        let source = backup::Source {
            db: &house.db,
            url: &settings.url,
            data: &settings.data,
            program: env!("CARGO_PKG_VERSION"),
            position: &position,
            with_keys: false,
            link: false,
        };
        let made = make(&source, into, house.clock.now(), &mut |_| {});
        let made = made.and_then(|done| prune(into, settings.backup_keep).map(|()| done));
        *self.failed.lock() = made.as_ref().err().map(|e| e.message.clone());
        let (place, manifest) = made?;
        tracing::info!(place, event = manifest.position.event, "backup made");
        Ok(())
    }

    fn backups(&self) -> Result<Vec<Made>> {
        let Some(into) = self.settings.get().and_then(|s| s.backup_to.as_ref()) else {
            return Ok(Vec::new());
        };
        let made = |(name, manifest): (String, Manifest)| Made {
            name,
            made_at: manifest.made_at,
            bytes: manifest.parts.iter().map(|p| p.size).sum(),
            event: manifest.position.event,
        };
        Ok(list(into)?.into_iter().rev().map(made).collect())
    }
}

/// Opens a folder or a bucket; the keys of a bucket are in the environment or in files it names.
///
/// Errors: those of [`target::open`] and [`crate::secrets::read`].
pub fn open(address: &str) -> Result<Box<dyn Target>> {
    let read = |name| crate::secrets::read(name, &crate::secrets::environment);
    let keys = match (read("SHIAN_S3_KEY_ID")?, read("SHIAN_S3_SECRET")?) {
        (Some(id), Some(secret)) => Some(target::Keys { id, secret }),
        _ => None,
    };
    target::open(address, keys)
}

/// Makes a whole backup in a folder or a bucket; answers where it is.
pub fn make(
    source: &backup::Source,
    into: &str,
    now: Millis,
    tell: &mut dyn FnMut(&str),
) -> Result<(String, Manifest)> {
    if target::is_remote(into) {
        return depot::make(source, &*open(into)?, now, tell);
    }
    let (folder, manifest) = backup::make(source, Path::new(into), now, tell)?;
    Ok((folder.display().to_string(), manifest))
}

/// Removes all but the newest whole backups.
pub fn prune(into: &str, keep: usize) -> Result<()> {
    if target::is_remote(into) {
        depot::prune(&*open(into)?, keep)
    } else {
        backup::prune(Path::new(into), keep)
    }
}

/// Whole backups, the oldest first.
pub fn list(into: &str) -> Result<Vec<(String, Manifest)>> {
    if target::is_remote(into) {
        return depot::list(&*open(into)?);
    }
    let named = |folder: PathBuf| {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((name, backup::read(&folder)?))
    };
    backup::list(Path::new(into))?.into_iter().map(named).collect()
}

/// How far the records of a database are.
pub fn position(db: &Db) -> Result<Position> {
    db.read_blocking(|tx| {
        let (event, lot) = trace::store::events::numbers(tx)?;
        let signed = kit_ledger::store::latest(tx)?;
        let ledger = signed.map(|s| kit_ledger::Checkpoint::parse(&s.note)).transpose()?;
        let ledger = ledger.map(|c| format!("{} {}", c.size, kit_ledger::hash::base64(&c.root)));
        Ok(Position { event, lot, audit: kit_web::audit::end(tx)?.0, ledger })
    })
}

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/operations", Access::Needs("house.operations"), "备份与运行状况", operations)]
}

/// Backups and the continuous copy.
#[derive(Serialize, JsonSchema)]
struct Operations {
    /// sqlite, postgres
    database: &'static str,
    /// Whole backups are made by the house.
    backups_on: bool,
    /// Newest first.
    backups: Vec<Made>,
    /// Why the last one failed; `null` where it did not.
    backup_error: Option<String>,
    /// `null`: no continuous copy.
    stream: Option<Progress>,
}

/// One whole backup.
#[derive(Serialize, JsonSchema)]
struct Made {
    name: String,
    made_at: Millis,
    bytes: u64,
    /// Last event in it.
    event: i64,
}

async fn operations(cx: Cx, _: Ask) -> Result<Json<Operations>> {
    let keep = cx.house.held::<Keep>();
    let hands = keep.clone();
    let backups = tokio::task::spawn_blocking(move || hands.backups());
    let backups = backups.await.map_err(kit_base::Error::internal)??;
    Ok(Json(Operations {
        database: match cx.house.db.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
        },
        backups_on: keep.backup_hours().is_some(),
        backups,
        backup_error: keep.failed.lock().clone(),
        stream: keep.progress(),
    }))
}
