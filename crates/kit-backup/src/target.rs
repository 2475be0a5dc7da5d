//! Where copies go: a folder (another disk, a share of another machine) or an S3 bucket.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use kit_base::{Clock, Error, Result};

pub use crate::s3::{Keys, S3};

/// A place for objects by names with `/`. What is put and got in memory has at most some ten megabytes; files may be large.
pub trait Target: Send + Sync {
    /// Keeps an object; when this answers, it is durable there.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()>;
    fn get(&self, name: &str) -> Result<Vec<u8>>;
    /// Every name that begins so, whole and ascending.
    fn list(&self, below: &str) -> Result<Vec<String>>;
    /// Forgets an object; one that is not there is forgotten already.
    fn delete(&self, name: &str) -> Result<()>;
    /// [`Target::put`] of a file of any size.
    fn put_file(&self, name: &str, from: &Path) -> Result<()>;
    /// [`Target::get`] into a file.
    fn get_file(&self, name: &str, into: &Path) -> Result<()>;
}

/// Whether an address names a bucket and not a folder.
pub fn is_remote(address: &str) -> bool {
    address.starts_with("s3://")
}

/// Opens a target by its address: a path, or `s3://…` (see [`S3::open`]), which wants keys.
pub fn open(address: &str, keys: Option<Keys>) -> Result<Box<dyn Target>> {
    match is_remote(address) {
        true => Ok(Box::new(S3::open(address, keys, Clock::System)?)),
        false => Ok(Box::new(Folder::open(address)?)),
    }
}

/// A folder.
pub struct Folder(PathBuf);

impl Folder {
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Written beside its place, synced, then named.
    fn keep(&self, name: &str, write: &mut dyn FnMut(&mut fs::File) -> Result<()>) -> Result<()> {
        let place = self.0.join(name);
        let folder = place.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        let partial = place.with_extension("partial");
        let mut file = fs::File::create(&partial)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&partial, &place)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(())
    }
}

impl Target for Folder {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.keep(name, &mut |file| Ok(file.write_all(bytes)?))
    }

    fn put_file(&self, name: &str, from: &Path) -> Result<()> {
        self.keep(name, &mut |file| {
            std::io::copy(&mut fs::File::open(from)?, file)?;
            Ok(())
        })
    }

    fn get_file(&self, name: &str, into: &Path) -> Result<()> {
        fs::copy(self.0.join(name), into)?;
        fs::File::open(into)?.sync_all()?;
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Vec<u8>> {
        Ok(fs::read(self.0.join(name))?)
    }

    fn list(&self, below: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        gather(&self.0, "", &mut names)?;
        names.retain(|name| !name.ends_with(".partial") && name.starts_with(below));
        names.sort();
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<()> {
        let place = self.0.join(name);
        match fs::remove_file(&place) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
        // folders that are empty now go too; one that is not stays
        let mut folder = place.parent();
        while let Some(empty) = folder.filter(|f| *f != self.0) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
        Ok(())
    }
}

fn gather(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| Error::internal("a file name that is no text"))?;
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{prefix}{name}/"), names)?;
        } else {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
