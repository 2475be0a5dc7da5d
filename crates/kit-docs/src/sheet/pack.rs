//! Several workbooks in one zip, as offices publish them: taken out one by one, within limits.

use std::io::{Read, Seek};

use encoding_rs::GB18030;
use kit_base::error::{Error, Kind, Result};

use super::{Limits, guard, mib, too_large};

/// Workbooks in one pack.
const MOST: usize = 100;
/// Parts of any kind, folders and all.
const PARTS: usize = 1_000;

/// Hands over each workbook of a zip with its name, one in memory at a time; answers `false` where the file is no zip of workbooks: a
/// workbook itself, or no zip at all. What is no workbook in it is passed over.
///
/// Errors: `zip_bomb`, `sheet_damaged`, `pack_empty`, `books_many`, `file_too_large`, those of `each`.
pub fn unpacked(
    source: &mut (impl Read + Seek),
    limits: &Limits,
    each: &mut dyn FnMut(String, Vec<u8>) -> Result<()>,
) -> Result<bool> {
    source.rewind()?;
    let mut magic = [0; 4];
    let got = super::read_full(source, &mut magic)?;
    source.rewind()?;
    if got < 4 || !(magic == *b"PK\x03\x04" || magic == *b"PK\x05\x06") {
        return Ok(false);
    }
    let mut zip = zip::ZipArchive::new(source).map_err(guard::damaged)?;
    if zip.file_names().any(|name| name.starts_with("xl/")) {
        return Ok(false);
    }
    if zip.len() > PARTS {
        return Err(guard::bomb(format!("内含 {} 个部件", zip.len())));
    }
    let (mut books, mut total) = (0, 0_u64);
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(guard::damaged)?;
        let name = named(entry.name_raw());
        if entry.is_dir() || !is_book(&name) {
            continue;
        }
        books += 1;
        if books > MOST {
            let text = format!("一个压缩包最多 {MOST} 个工作簿，请分成几个上传");
            return Err(too_large("books_many", text));
        }
        let packed = entry.compressed_size();
        let mut bytes = Vec::new();
        // one more than may be: a directory can lie
        entry
            .by_ref()
            .take(limits.file_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| guard::damaged(e.into()))?;
        let size = bytes.len() as u64;
        if size > limits.file_bytes {
            let text = format!("压缩包里的 {name} 超出上限 {}，请单独处理", mib(limits.file_bytes));
            return Err(too_large("file_too_large", text));
        }
        guard::check_part(&name, size, packed, limits)?;
        total += size;
        if total > limits.unpacked_bytes {
            return Err(guard::bomb(format!("展开后超过 {}", mib(limits.unpacked_bytes))));
        }
        each(name, bytes)?;
    }
    match books {
        0 => {
            let text = "压缩包里没有 .xlsx 或 .csv 工作簿";
            Err(Error::new(Kind::Invalid, "pack_empty", text))
        }
        _ => Ok(true),
    }
}

/// The last part of a path. Older programs in China write names in GBK and do not say so.
fn named(raw: &[u8]) -> String {
    let whole = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    let name = whole.rsplit(['/', '\\']).next().unwrap_or("");
    if whole.starts_with("__MACOSX/") { String::new() } else { name.to_owned() }
}

fn is_book(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // what a spreadsheet program leaves beside an open file
    let left = name.starts_with("~$") || name.starts_with('.');
    !left && (lower.ends_with(".xlsx") || lower.ends_with(".csv"))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn zip(parts: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(bytes).unwrap();
        }
        let mut done = out.finish().unwrap();
        done.set_position(0);
        done
    }

    fn names(source: &mut Cursor<Vec<u8>>, limits: &Limits) -> Result<Option<Vec<String>>> {
        let mut out = Vec::new();
        let found = unpacked(source, limits, &mut |name, _| {
            out.push(name);
            Ok(())
        })?;
        Ok(found.then_some(out))
    }

    #[test]
    fn workbooks_come_out_and_nothing_else() {
        let all = Limits::default();
        let mut pack = zip(&[
            ("公告/甲.csv", b"a"),
            ("~$乙.xlsx", b"b"),
            ("说明.pdf", b"c"),
            ("__MACOSX/._甲.csv", b"d"),
        ]);
        assert_eq!(names(&mut pack, &all).unwrap().unwrap(), ["甲.csv"]);
        assert_eq!(names(&mut zip(&[("xl/workbook.xml", b"")]), &all).unwrap(), None, "a workbook itself");
        assert_eq!(names(&mut Cursor::new(b"a,b\n".to_vec()), &all).unwrap(), None);
        assert_eq!(names(&mut zip(&[("说明.pdf", b"c")]), &all).unwrap_err().code, "pack_empty");
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let small = Limits { file_bytes: 10, unpacked_bytes: 15, ..Limits::default() };
        assert_eq!(names(&mut zip(&[("甲.csv", &[b'a'; 11])]), &small).unwrap_err().code, "file_too_large");
        let two = [("甲.csv", &[b'a'; 9][..]), ("乙.csv", &[b'a'; 9][..])];
        assert_eq!(names(&mut zip(&two), &small).unwrap_err().code, "zip_bomb");
        let names_of: Vec<String> = (0..=MOST).map(|n| format!("{n}.csv")).collect();
        let many: Vec<(&str, &[u8])> = names_of.iter().map(|n| (n.as_str(), &b"a"[..])).collect();
        assert_eq!(names(&mut zip(&many), &Limits::default()).unwrap_err().code, "books_many");
    }
}
