//! Files that arrive in pieces, over several connections and across restarts: `root/partial/NAME` until they are whole,
//! then a file like any other. Who owns them notes how many bytes count; what lies beyond is cut off by the next piece.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use kit_base::{Error, Kind, Result};

use crate::{Files, Kept, hash_of, place};

const FOLDER: &str = "partial";

/// A piece being written behind the bytes that count.
pub struct Piece {
    file: File,
    at: u64,
}

impl Piece {
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Brings what was written to the disk; answers how many bytes the file has now.
    pub fn settle(&mut self) -> Result<u64> {
        self.file.sync_data()?;
        Ok(self.at)
    }

    /// Forgets what was written beyond `at`.
    pub fn back_to(&mut self, at: u64) -> Result<()> {
        self.file.set_len(at)?;
        self.file.seek(SeekFrom::Start(at))?;
        self.at = at;
        Ok(())
    }
}

impl Files {
    /// Opens a file in pieces behind its first `at` bytes; makes it where `at` is 0.
    ///
    /// Errors: `partial_lost` where the file has fewer bytes than that.
    pub fn piece(&self, name: &str, at: u64) -> Result<Piece> {
        let path = self.partial(name)?;
        let folder = self.root.join(FOLDER);
        let fresh = at == 0 && !path.exists();
        if fresh {
            fs::create_dir_all(&folder)?;
        }
        let opened = OpenOptions::new().write(true).create(at == 0).truncate(false).open(&path);
        let file = opened.map_err(|e| if e.kind() == io::ErrorKind::NotFound { lost() } else { e.into() })?;
        if file.metadata()?.len() < at {
            return Err(lost());
        }
        if fresh {
            // the name must last as long as the bytes
            File::open(&folder)?.sync_all()?;
            File::open(&self.root)?.sync_all()?;
        }
        let mut piece = Piece { file, at: 0 };
        piece.back_to(at)?;
        Ok(piece)
    }

    /// The name that the first `size` bytes of a file in pieces have as content.
    ///
    /// Errors: `partial_lost`.
    pub fn partial_hash(&self, name: &str, size: u64) -> Result<Kept> {
        let path = self.partial(name)?;
        let file = match File::open(&path) {
            Ok(file) if file.metadata()?.len() >= size => file,
            Ok(_) => return Err(lost()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(lost()),
            Err(e) => return Err(e.into()),
        };
        Ok(Kept { hash: hash_of(&mut io::Read::take(file, size))?, size })
    }

    /// Makes a whole file in pieces the kept content of that hash. Twice does no harm.
    ///
    /// Errors: `partial_lost` where it is neither in pieces nor kept.
    pub fn adopt(&self, name: &str, kept: &Kept) -> Result<()> {
        let (from, to) = (self.partial(name)?, place(&self.root, &kept.hash));
        if to.exists() {
            return self.drop_partial(name);
        }
        let file = OpenOptions::new().write(true).open(&from).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => lost(),
            _ => e.into(),
        })?;
        file.set_len(kept.size)?;
        file.sync_all()?;
        let folder = to.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        fs::rename(&from, &to)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// Removes a file in pieces, if it is there.
    pub fn drop_partial(&self, name: &str) -> Result<()> {
        match fs::remove_file(self.partial(name)?) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Names of all files in pieces.
    pub fn partials(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join(FOLDER)) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e.into()),
        };
        entries.map(|e| Ok(e?.file_name().to_string_lossy().into_owned())).collect()
    }

    fn partial(&self, name: &str) -> Result<PathBuf> {
        let fit = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fit {
            return Err(Error::internal(format!("no name for a file in pieces: {name}")));
        }
        Ok(Path::new(&self.root).join(FOLDER).join(name))
    }
}

fn lost() -> Error {
    Error::new(Kind::Conflict, "partial_lost", "已上传的部分不在服务器上了（可能恢复过备份），请重新上传")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn pieces_are_joined_and_what_was_not_counted_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::open(dir.path()).unwrap();
        let mut piece = files.piece("a-1", 0).unwrap();
        piece.write(b"leek and ").unwrap();
        assert_eq!(piece.settle().unwrap(), 9);
        piece.write(b"never acknowledged").unwrap();
        drop(piece);
        let mut piece = files.piece("a-1", 9).unwrap();
        piece.write(b"ham").unwrap();
        assert_eq!(piece.settle().unwrap(), 12);
        let kept = files.partial_hash("a-1", 12).unwrap();
        files.adopt("a-1", &kept).unwrap();
        files.adopt("a-1", &kept).unwrap();
        let mut text = String::new();
        files.get(&kept.hash).unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "leek and ham");
        assert_eq!(files.put(&b"leek and ham"[..], 100).unwrap().hash, kept.hash);
        assert!(files.partials().unwrap().is_empty());
    }

    #[test]
    fn lost_bytes_are_told_and_names_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::open(dir.path()).unwrap();
        assert_eq!(files.piece("b", 5).err().unwrap().code, "partial_lost");
        files.piece("b", 0).unwrap().write(b"abc").unwrap();
        assert_eq!(files.piece("b", 5).err().unwrap().code, "partial_lost");
        assert_eq!(files.partial_hash("b", 5).unwrap_err().code, "partial_lost");
        assert!(files.piece("../b", 0).is_err());
        files.drop_partial("b").unwrap();
        files.drop_partial("b").unwrap();
    }
}
