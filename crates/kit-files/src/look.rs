//! What a kept file is, by its own bytes: never by its name or by what the sender says.

use std::io::Read as _;

use kit_base::{Error, Kind, Result};

use crate::photo::{self, Photo};
use crate::{Files, Kept};

/// Photos larger than this are kept but not looked into, bytes.
const LOOKED_INTO: u64 = 24 << 20;

/// A file that was kept, and what it shows.
pub struct Looked {
    pub kept: Kept,
    /// `image/jpeg`, `video/mp4`, `application/pdf` …
    pub media: &'static str,
    /// What a photo tells of itself, where it could be read.
    pub photo: Option<Photo>,
}

/// What a place takes in, and what it answers to anything else.
pub struct Takes {
    /// PDF beside photos, film and sound.
    pub pdf: bool,
    pub code: &'static str,
    pub text: &'static str,
}

impl Files {
    /// Looks at a kept file; blocking. Errors: `file_empty`, the code of `takes`.
    pub fn look(&self, kept: Kept, takes: &Takes) -> Result<Looked> {
        if kept.size == 0 {
            return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
        }
        let file = self.get(&kept.hash)?.ok_or_else(|| Error::internal("the file just kept is gone"))?;
        let mut bytes = Vec::new();
        file.take(LOOKED_INTO).read_to_end(&mut bytes)?;
        let pdf = (takes.pdf && bytes.starts_with(b"%PDF-")).then_some("application/pdf");
        let media = pdf.or_else(|| photo::media_of(&bytes));
        let media = media.ok_or_else(|| Error::new(Kind::Invalid, takes.code, takes.text))?;
        let is_photo = media.starts_with("image/") && kept.size <= LOOKED_INTO;
        let photo = if is_photo { photo::look(&bytes) } else { None };
        Ok(Looked { kept, media, photo })
    }
}
