//! A backup is a folder: the database, the files beside it, and a manifest with the hash of each.
//!
//! It is made beside its place and named when it is whole. Evidence files that an earlier backup in the same folder holds
//! are linked, not copied: a file's name is its hash, so it cannot have changed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use kit_base::{Error, Kind, Millis, Result};
use kit_db::{Db, Dialect};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::postgres;

/// Raised when the layout changes.
const FORMAT: u32 = 1;
pub(crate) const MANIFEST: &str = "manifest.json";
const SQLITE: &str = "shian.db";
const POSTGRES: &str = "shian.pgdump";
/// Names of the data folder that are no part of its content: caches, locks, what is under way.
const LEFT_OUT: &[&str] = &["lock", "trace.graph", "trace.partial", "stream", "incoming", "partial"];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// ms UTC
    pub made_at: Millis,
    pub program: String,
    /// sqlite, postgres
    pub database: String,
    pub position: Position,
    /// Secret keys of the data folder, by name; kept elsewhere unless `with_keys`.
    pub keys: Vec<String>,
    pub with_keys: bool,
    /// Ascending by name.
    pub parts: Vec<Part>,
}

/// How far the records had come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub event: i64,
    pub lot: i64,
    pub audit: i64,
    /// Size and root of the ledger's latest checkpoint, where there is one.
    pub ledger: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Below the backup, with `/`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// What is backed up, and by whom.
pub struct Source<'a> {
    pub db: &'a Db,
    /// Address of the database; PostgreSQL's tools need it.
    pub url: &'a str,
    /// Data folder.
    pub data: &'a Path,
    pub program: &'a str,
    /// Reads how far the records are.
    pub position: &'a dyn Fn(&Db) -> Result<Position>,
    pub with_keys: bool,
    /// Files of the house are linked, not copied: for a backup that is sent elsewhere and then removed.
    pub link: bool,
}

/// Makes a backup below `into`; answers its folder and manifest.
///
/// Errors: `disk_full`, `tool_missing`, `tool_failed`.
pub fn make(
    source: &Source,
    into: &Path,
    now: Millis,
    tell: &mut dyn FnMut(&str),
) -> Result<(PathBuf, Manifest)> {
    fs::create_dir_all(into)?;
    let name = format!("shian-{}", stamp(now));
    let (partial, place) = (into.join(format!("{name}.partial")), into.join(&name));
    if place.exists() {
        return Err(Error::conflict("backup_exists", format!("{} 已存在", place.display())));
    }
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir(&partial)?;
    let made = fill(source, into, &partial, now, tell);
    if made.is_err() {
        // what is half made is of no use, and the disk may be full
        if let Err(e) = fs::remove_dir_all(&partial) {
            tracing::warn!(error = %e, "half a backup stays in {}", partial.display());
        }
    }
    let manifest = made?;
    fs::rename(&partial, &place)?;
    fs::File::open(into)?.sync_all()?;
    Ok((place, manifest))
}

fn fill(
    source: &Source,
    into: &Path,
    folder: &Path,
    now: Millis,
    tell: &mut dyn FnMut(&str),
) -> Result<Manifest> {
    tell("数据库");
    let (database, name, position) = match source.db.dialect() {
        Dialect::Sqlite => {
            let copy = folder.join(SQLITE);
            source.db.copy_to(&copy, || {}, &mut |done, all| {
                tell(&format!("数据库 {}%", (done * 100).checked_div(all).unwrap_or(100)));
            })?;
            let copy = Db::open_reading(&format!("sqlite:{}", copy.display()))?;
            ("sqlite", SQLITE, (source.position)(&copy)?)
        }
        Dialect::Postgres => {
            let position = (source.position)(source.db)?;
            postgres::dump(source.url, &folder.join(POSTGRES))?;
            ("postgres", POSTGRES, position)
        }
    };
    let mut parts = vec![part(folder, name)?];
    tell("文件");
    let mut keys = Vec::new();
    let earlier = latest(into)?;
    let mut copier = Copier { source, folder, earlier, parts: &mut parts, keys: &mut keys };
    copier.gather(source.data, "")?;
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    keys.sort();
    let manifest = Manifest {
        format: FORMAT,
        made_at: now,
        program: source.program.to_owned(),
        database: database.to_owned(),
        position,
        keys,
        with_keys: source.with_keys,
        parts,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    let mut file = fs::File::create(folder.join(MANIFEST))?;
    file.write_all(&text)?;
    file.sync_all()?;
    Ok(manifest)
}

struct Copier<'a> {
    source: &'a Source<'a>,
    folder: &'a Path,
    earlier: Option<PathBuf>,
    parts: &'a mut Vec<Part>,
    keys: &'a mut Vec<String>,
}

impl Copier<'_> {
    /// Everything of the data folder but the database, caches and, unless asked for, keys.
    fn gather(&mut self, from: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{own}");
            let is_database = prefix.is_empty() && own.starts_with(SQLITE);
            if is_database || LEFT_OUT.contains(&own.as_str()) || own.ends_with(".partial") {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.gather(&entry.path(), &format!("{name}/"))?;
                continue;
            }
            if own.ends_with(".key") {
                self.keys.push(name.clone());
                if !self.source.with_keys {
                    continue;
                }
            }
            self.copy(&entry.path(), &name)?;
        }
        Ok(())
    }

    fn copy(&mut self, from: &Path, name: &str) -> Result<()> {
        let place = self.folder.join(name);
        fs::create_dir_all(place.parent().unwrap_or(self.folder))?;
        let linked = self.earlier.as_ref().map(|e| e.join(name)).is_some_and(|earlier| {
            // only what is named by its hash cannot have changed
            name.starts_with("files/") && fs::hard_link(earlier, &place).is_ok()
        });
        // what is named by its hash is never changed, so a link is as good until it is sent
        let linked =
            linked || self.source.link && name.starts_with("files/") && fs::hard_link(from, &place).is_ok();
        if !linked {
            fs::copy(from, &place)?;
            fs::File::open(&place)?.sync_all()?;
        }
        self.parts.push(part(self.folder, name)?);
        Ok(())
    }
}

fn part(folder: &Path, name: &str) -> Result<Part> {
    let (size, sha256) = hash(&folder.join(name))?;
    Ok(Part { name: name.to_owned(), size, sha256 })
}

fn hash(path: &Path) -> Result<(u64, String)> {
    let (mut file, mut hasher) = (fs::File::open(path)?, Sha256::new());
    let (mut buffer, mut size) = (vec![0; 1 << 18], 0);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok((size, hex::encode(hasher.finalize())));
        }
        size += n as u64;
        hasher.update(&buffer[..n]);
    }
}

/// `20261122-233500`, in China's time.
fn stamp(at: Millis) -> String {
    kit_base::clock::china_text(at).replace(['-', ':'], "").replace(' ', "-")
}

/// Whole backups below a folder, the oldest first.
pub fn list(into: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if into.is_dir() {
        for entry in fs::read_dir(into)? {
            let path = entry?.path();
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with("shian-") && !name.ends_with(".partial") && path.join(MANIFEST).is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn latest(into: &Path) -> Result<Option<PathBuf>> {
    Ok(list(into)?.pop())
}

/// Removes all but the newest `keep` backups.
pub fn prune(into: &Path, keep: usize) -> Result<()> {
    let all = list(into)?;
    for old in all.iter().take(all.len().saturating_sub(keep.max(1))) {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}

/// The manifest of a backup.
///
/// Errors: `backup_unknown`, `backup_newer`.
pub fn read(folder: &Path) -> Result<Manifest> {
    let text = fs::read(folder.join(MANIFEST)).map_err(|e| {
        let text = format!("{} 不是完整的备份（没有 {MANIFEST}）", folder.display());
        Error::new(Kind::NotFound, "backup_unknown", text).because(e)
    })?;
    parse(&text)
}

/// [`read`] of a manifest's text.
pub fn parse(text: &[u8]) -> Result<Manifest> {
    let manifest: Manifest = serde_json::from_slice(text)
        .map_err(|e| Error::new(Kind::Conflict, "backup_broken", format!("{MANIFEST} 已损坏")).because(e))?;
    if manifest.format > FORMAT {
        return Err(Error::conflict("backup_newer", "备份由更新的版本制作，请升级程序"));
    }
    Ok(manifest)
}

/// Compares every part with the manifest, and opens the database.
///
/// Errors: `backup_broken` with every part that is missing or changed.
pub fn verify(folder: &Path, position: &dyn Fn(&Db) -> Result<Position>) -> Result<Manifest> {
    let manifest = read(folder)?;
    let mut defects = Vec::new();
    let defect = |place: &str, code: &'static str, message: String| kit_base::Defect {
        place: place.to_owned(),
        code: code.into(),
        message,
    };
    for part in &manifest.parts {
        match hash(&folder.join(&part.name)) {
            Ok((size, sha256)) if (size, &sha256) == (part.size, &part.sha256) => {}
            Ok(_) => {
                let text = format!("{} 的内容与清单不符", part.name);
                defects.push(defect(&part.name, "part_changed", text));
            }
            Err(e) => {
                let text = format!("{} 缺失或无法读取：{}", part.name, e.message);
                defects.push(defect(&part.name, "part_missing", text));
            }
        }
    }
    if defects.is_empty() && manifest.database == "sqlite" {
        let db = Db::open_reading(&format!("sqlite:{}", folder.join(SQLITE).display()))?;
        for fault in db.integrity()? {
            defects.push(defect(SQLITE, "database_broken", fault));
        }
        if position(&db)? != manifest.position {
            let text = "数据库记录数与清单不符".to_owned();
            defects.push(defect(SQLITE, "position_differs", text));
        }
    }
    if defects.is_empty() {
        return Ok(manifest);
    }
    let text = format!("备份不完整：{} 处与清单不符", defects.len());
    Err(Error::conflict("backup_broken", text).with_defects(defects))
}

/// Puts a verified backup into an empty data folder, or an empty PostgreSQL database; answers the keys that must be
/// brought from where they are kept.
///
/// Errors: `data_not_empty`, `backup_database` where the backup is of the other database (restore, then `shian move`).
pub fn restore(folder: &Path, manifest: &Manifest, data: &Path, url: Option<&str>) -> Result<Vec<String>> {
    fs::create_dir_all(data)?;
    let other = |name: &std::ffi::OsStr| name != "lock";
    if fs::read_dir(data)?.filter_map(Result::ok).any(|e| other(&e.file_name())) {
        let text = format!("数据目录 {} 不是空的，请先移走原有内容", data.display());
        return Err(Error::conflict("data_not_empty", text));
    }
    let is_postgres = manifest.database == "postgres";
    if is_postgres != url.is_some_and(|u| u.starts_with("postgres")) {
        let text =
            format!("备份的数据库是 {}，与 --database 不符；恢复后可用 shian move 迁移", manifest.database);
        return Err(Error::conflict("backup_database", text));
    }
    for part in manifest.parts.iter().filter(|p| p.name != POSTGRES) {
        let place = data.join(&part.name);
        fs::create_dir_all(place.parent().unwrap_or(data))?;
        fs::copy(folder.join(&part.name), &place)?;
        fs::File::open(&place)?.sync_all()?;
    }
    if let (true, Some(url)) = (is_postgres, url) {
        postgres::restore(url, &folder.join(POSTGRES))?;
    }
    Ok(if manifest.with_keys { Vec::new() } else { manifest.keys.clone() })
}
