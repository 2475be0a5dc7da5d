//! The Chinese fonts of the machine, found once and loaded when a page first needs them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use kit_base::error::{Error, Kind, Result};
use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Where fonts are looked for.
pub const FONT_DIRS: &[&str] =
    &["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"];

/// 宋体, for titles and running text, by preference.
const SERIF: &[&str] = &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", "Songti SC"];
/// 黑体, for headings, labels and figures.
const SANS: &[&str] =
    &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "SimHei", "WenQuanYi Zen Hei", "PingFang SC"];
/// 仿宋, which official documents are set in where it is installed; else 宋体.
const FANGSONG: &[&str] = &["FangSong_GB2312", "FangSong", "STFangsong"];

/// Which families a template uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Families {
    pub serif: String,
    pub sans: String,
    pub body: String,
}

struct Slot {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// A font book of the families above and no others. A collection of Noto CJK is about 20 MB; one is read, and kept,
/// for each weight that documents use (at most four).
pub struct Fonts {
    book: LazyHash<FontBook>,
    slots: Vec<Slot>,
    pub(super) families: Families,
}

impl Fonts {
    /// Looks through the folders and all below them. Errors: `font_missing`.
    pub fn find(dirs: &[&Path]) -> Result<Self> {
        let mut faces = fontdb::Database::new();
        dirs.iter().for_each(|dir| faces.load_fonts_dir(dir));
        let named =
            |face: &fontdb::FaceInfo, family: &str| face.families.iter().any(|(name, _)| name == family);
        let first = |families: &[&str]| {
            families.iter().find(|f| faces.faces().any(|face| named(face, f))).map(|&f| f.to_owned())
        };
        let (serif, sans) = (first(SERIF), first(SANS));
        let (serif, sans) = match (serif, sans) {
            (Some(serif), Some(sans)) => (serif, sans),
            (Some(only), None) | (None, Some(only)) => (only.clone(), only),
            (None, None) => return Err(missing(dirs)),
        };
        let families = Families { body: first(FANGSONG).unwrap_or_else(|| serif.clone()), serif, sans };
        let (mut book, mut slots) = (FontBook::new(), Vec::new());
        for face in faces.faces() {
            let wanted = [&families.serif, &families.sans, &families.body].iter().any(|f| named(face, f));
            let fontdb::Source::File(path) = &face.source else { continue };
            let info = if wanted { faces.with_face_data(face.id, FontInfo::new).flatten() } else { None };
            if let Some(info) = info {
                book.push(info);
                slots.push(Slot { path: path.clone(), index: face.index, font: OnceLock::new() });
            }
        }
        if slots.is_empty() {
            return Err(missing(dirs));
        }
        Ok(Self { book: LazyHash::new(book), slots, families })
    }

    /// The fonts of this machine, looked for until some are found, then kept for the life of the process.
    pub fn installed() -> Result<Arc<Self>> {
        static FOUND: OnceLock<Arc<Fonts>> = OnceLock::new();
        if let Some(fonts) = FOUND.get() {
            return Ok(Arc::clone(fonts));
        }
        let dirs: Vec<&Path> = FONT_DIRS.iter().map(Path::new).collect();
        let fonts = Arc::new(Self::find(&dirs)?);
        Ok(Arc::clone(FOUND.get_or_init(|| fonts)))
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        let slot = self.slots.get(index)?;
        let load = || Font::new(Bytes::new(std::fs::read(&slot.path).ok()?), slot.index);
        slot.font.get_or_init(load).clone()
    }
}

fn missing(dirs: &[&Path]) -> Error {
    let looked: Vec<String> = dirs.iter().map(|d| d.display().to_string()).collect();
    Error::new(
        Kind::Unavailable,
        "font_missing",
        format!(
            "服务器没有安装中文字体，无法生成 PDF。请管理员安装软件包 fonts-noto-cjk（已查找：{}）",
            looked.join("、")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_chinese_font_the_error_names_the_package() {
        let empty = tempfile::tempdir().unwrap();
        let error = Fonts::find(&[empty.path()]).err().unwrap();
        assert_eq!(error.code, "font_missing");
        assert!(error.message.contains("fonts-noto-cjk"), "{error}");
    }
}
