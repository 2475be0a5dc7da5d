//! Whole backups in a bucket: `NAME/…` for what a backup alone has, `files/…` for what all share (a file's name is its hash,
//! so it is sent once), and `NAME/manifest.json`, sent last: without it there is no backup.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kit_base::{Error, Kind, Millis, Result};

use crate::backup::{self, MANIFEST, Manifest, Source};
use crate::target::Target;

/// What all backups share.
const SHARED: &str = "files/";
/// Where a backup is put together before it is sent; in the data folder, left out of backups by its ending.
const STAGE: &str = "backup-stage.partial";

/// Makes a backup and sends it; answers its name and manifest. The data folder needs room for a copy of the database.
///
/// Errors: those of [`backup::make`] and of the target.
pub fn make(
    source: &Source,
    target: &dyn Target,
    now: Millis,
    tell: &mut dyn FnMut(&str),
) -> Result<(String, Manifest)> {
    let stage = source.data.join(STAGE);
    clear(&stage)?;
    // on one disk: files are linked there, not copied
    let source = Source { link: true, ..*source };
    let sent = backup::make(&source, &stage, now, tell).and_then(|(folder, manifest)| {
        tell("上传");
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        send(target, &folder, &name, &manifest)?;
        Ok((name, manifest))
    });
    clear(&stage)?;
    sent
}

fn clear(stage: &Path) -> Result<()> {
    match fs::remove_dir_all(stage) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// Name of a part as an object.
fn object(backup: &str, part: &str) -> String {
    if part.starts_with(SHARED) { part.to_owned() } else { format!("{backup}/{part}") }
}

fn send(target: &dyn Target, folder: &Path, name: &str, manifest: &Manifest) -> Result<()> {
    send_shared(target, folder, manifest)?;
    for part in manifest.parts.iter().filter(|p| !p.name.starts_with(SHARED)) {
        target.put_file(&object(name, &part.name), &folder.join(&part.name))?;
    }
    target.put_file(&object(name, MANIFEST), &folder.join(MANIFEST))?;
    // somebody who removed old backups meanwhile did not know of this one yet
    send_shared(target, folder, manifest)
}

fn send_shared(target: &dyn Target, folder: &Path, manifest: &Manifest) -> Result<()> {
    let there: BTreeSet<String> = target.list(SHARED)?.into_iter().collect();
    let mut missing =
        manifest.parts.iter().filter(|p| p.name.starts_with(SHARED) && !there.contains(&p.name));
    missing.try_for_each(|part| target.put_file(&part.name, &folder.join(&part.name)))
}

/// Whole backups, the oldest first.
pub fn list(target: &dyn Target) -> Result<Vec<(String, Manifest)>> {
    let ending = format!("/{MANIFEST}");
    let mut found = Vec::new();
    for object in target.list("shian-")? {
        let Some(name) = object.strip_suffix(&ending).filter(|name| !name.contains('/')) else { continue };
        found.push((name.to_owned(), backup::parse(&target.get(&object)?)?));
    }
    Ok(found)
}

/// Brings a backup into a folder, as if it had been made there; the latest where none is named. It is not compared yet
/// ([`backup::verify`] does).
///
/// Errors: `backup_unknown`.
pub fn fetch(target: &dyn Target, name: Option<&str>, into: &Path) -> Result<PathBuf> {
    let mut all = list(target)?;
    let found = match name {
        Some(wanted) => all.into_iter().find(|(name, _)| name == wanted),
        None => all.pop(),
    };
    let (name, manifest) = found.ok_or_else(|| {
        Error::new(Kind::NotFound, "backup_unknown", "备份目标中没有这个完整的备份，请核对名称")
    })?;
    let folder = into.join(&name);
    fs::create_dir_all(&folder)?;
    for part in manifest.parts.iter().map(|p| p.name.as_str()).chain([MANIFEST]) {
        let place = inside(&folder, part)?;
        fs::create_dir_all(place.parent().unwrap_or(&folder))?;
        target.get_file(&object(&name, part), &place)?;
    }
    Ok(folder)
}

/// The place of a part; a manifest that names a place elsewhere is none of ours.
fn inside(folder: &Path, part: &str) -> Result<PathBuf> {
    let fit = !part.is_empty() && part.split('/').all(|p| !matches!(p, "" | "." | ".."));
    fit.then(|| folder.join(part))
        .ok_or_else(|| Error::conflict("backup_broken", format!("备份清单中的文件名有误：{part}")))
}

/// Removes all but the newest `keep` backups, then the shared files that none of those has.
pub fn prune(target: &dyn Target, keep: usize) -> Result<()> {
    let mut all = list(target)?;
    let old: Vec<_> = all.drain(..all.len().saturating_sub(keep.max(1))).collect();
    if old.is_empty() {
        return Ok(());
    }
    for (name, _) in old {
        // the manifest first: a backup that is half removed is none
        target.delete(&object(&name, MANIFEST))?;
        for part in target.list(&format!("{name}/"))? {
            target.delete(&part)?;
        }
    }
    let parts = all.iter().flat_map(|(_, m)| &m.parts);
    let needed: BTreeSet<&str> = parts.map(|p| p.name.as_str()).collect();
    for file in target.list(SHARED)?.iter().filter(|f| !needed.contains(f.as_str())) {
        target.delete(file)?;
    }
    Ok(())
}
