//! Where a stream goes: a folder (another disk, a share of another machine) or an S3 bucket.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use kit_base::{Error, Result};

/// A place for objects of at most some ten megabytes, by names with `/`.
pub trait Target: Send + Sync {
    /// Keeps an object; when this answers, it is durable there.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()>;
    fn get(&self, name: &str) -> Result<Vec<u8>>;
    /// Every name, ascending.
    fn list(&self) -> Result<Vec<String>>;
    fn delete(&self, name: &str) -> Result<()>;
}

/// Opens a target by its address: a path.
pub fn open(address: &str) -> Result<Box<dyn Target>> {
    Ok(Box::new(Folder::open(address)?))
}

/// A folder.
pub struct Folder(PathBuf);

impl Folder {
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Target for Folder {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let place = self.0.join(name);
        let folder = place.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        let partial = place.with_extension("partial");
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, &place)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Vec<u8>> {
        Ok(fs::read(self.0.join(name))?)
    }

    fn list(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        gather(&self.0, "", &mut names)?;
        names.retain(|name| !name.ends_with(".partial"));
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
