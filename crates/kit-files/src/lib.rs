//! Content-addressed files: a file's name is its SHA-256, so the same content is kept once and a reference proves what
//! it refers to. Files are written beside their place, synced, then moved: a crash leaves no half file under a name.
//!
//! Layout: `root/ab/cdef…` (first two hex digits are the folder). A file that nothing refers to is harmless. Files that
//! arrive in pieces lie in `root/partial` until they are whole.

mod look;
mod partial;
pub mod photo;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use kit_base::{Error, Kind, Result};
use sha2::{Digest, Sha256};

pub use look::{Looked, Takes};
pub use partial::Piece;

/// A store of files in a folder.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

/// What came of keeping a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Lower-case hex SHA-256; the name of the content.
    pub hash: String,
    /// Bytes.
    pub size: u64,
}

impl Files {
    /// Opens the store, making the folder where it is missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        fs::create_dir_all(root.join("incoming"))?;
        Ok(Self { root })
    }

    /// Keeps a stream of at most `limit` bytes.
    ///
    /// Errors: `file_too_large`, `disk_full`.
    pub fn put(&self, mut source: impl Read, limit: u64) -> Result<Kept> {
        let mut intake = self.intake(limit)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = source.read(&mut buffer)?;
            if n == 0 {
                return intake.keep();
            }
            intake.write(&buffer[..n])?;
        }
    }

    /// Begins a file whose bytes arrive bit by bit; dropped before [`Intake::keep`], nothing stays.
    pub fn intake(&self, limit: u64) -> Result<Intake> {
        let file = tempfile::NamedTempFile::new_in(self.root.join("incoming"))?;
        Ok(Intake { root: self.root.clone(), file, hasher: Sha256::new(), size: 0, limit })
    }

    /// Opens a kept file; `None` where there is no such content.
    pub fn get(&self, hash: &str) -> Result<Option<File>> {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        match File::open(place(&self.root, hash)) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Hands over every kept file: its hash, as the name says it, and where it lies.
    pub fn each(&self, each: &mut dyn FnMut(&str, &Path) -> Result<()>) -> Result<()> {
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            let first = folder.file_name().to_string_lossy().into_owned();
            if first.len() != 2 || !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                let hash = format!("{first}{}", file.file_name().to_string_lossy());
                if hash.len() == 64 {
                    each(&hash, &file.path())?;
                }
            }
        }
        Ok(())
    }

    /// Where a kept file lies, for readers that want a path.
    pub fn path(&self, hash: &str) -> PathBuf {
        place(&self.root, hash)
    }
}

/// The name that content would have: its SHA-256, lower-case hex.
pub fn hash_of(source: &mut impl Read) -> Result<String> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let n = source.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&buffer[..n]);
    }
}

/// SHA-256 over fields, each with its length before it: what is fixed of a piece of evidence, as the ledger has it.
pub fn hash_of_fields<T: AsRef<str>>(fields: &[T]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for field in fields {
        let bytes = field.as_ref().as_bytes();
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().into()
}

fn place(root: &Path, hash: &str) -> PathBuf {
    root.join(&hash[..2]).join(&hash[2..])
}

/// A file on its way in.
pub struct Intake {
    root: PathBuf,
    file: tempfile::NamedTempFile,
    hasher: Sha256,
    size: u64,
    limit: u64,
}

impl Intake {
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            let mb = self.limit / 1_048_576;
            return Err(Error::new(Kind::TooLarge, "file_too_large", format!("文件超过 {mb} MB 上限")));
        }
        self.hasher.update(bytes);
        self.file.write_all(bytes).map_err(Error::from)
    }

    pub fn keep(self) -> Result<Kept> {
        let hash = hex::encode(self.hasher.finalize());
        let place = place(&self.root, &hash);
        if !place.exists() {
            self.file.as_file().sync_all()?;
            let folder = place.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)?;
            self.file.persist(&place).map_err(|e| Error::from(e.error))?;
            File::open(folder)?.sync_all()?;
        }
        Ok(Kept { hash, size: self.size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_is_kept_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::open(dir.path()).unwrap();
        let a = files.put(&b"leek"[..], 100).unwrap();
        let b = files.put(&b"leek"[..], 100).unwrap();
        assert_eq!((&a, a.size), (&b, 4));
        let mut text = String::new();
        files.get(&a.hash).unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "leek");
        assert!(files.get("../../etc/passwd").unwrap().is_none());
        assert!(files.get(&"0".repeat(64)).unwrap().is_none());
    }

    #[test]
    fn too_large_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::open(dir.path()).unwrap();
        assert_eq!(files.put(&[0_u8; 11][..], 10).unwrap_err().code, "file_too_large");
        assert_eq!(fs::read_dir(dir.path().join("incoming")).unwrap().count(), 0);
    }
}
