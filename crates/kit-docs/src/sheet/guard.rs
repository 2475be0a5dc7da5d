//! Looks into a zip before anybody trusts it.

use std::io::{BufReader, Read, Seek};

use kit_base::error::{Error, Kind, Result};
use quick_xml::events::Event;

use super::{Limits, mib, too_large};

/// What the look found.
pub(super) struct Looked {
    /// Whether any sheet has merged cells; without them the reader saves itself a second pass.
    pub merges: bool,
}

const MERGE: &[u8] = b"mergeCell";
/// Parts smaller than this may be packed as tightly as they like.
const RATIO_FROM: u64 = 16 << 20;
/// The least that a string takes up: `<si><t/></si>`.
const BYTES_OF_A_STRING: u64 = 13;
/// Room for so many strings costs little, and some programs do not count well.
const STRINGS_ANYWAY: u64 = 1 << 16;

/// Refuses bombs: first by what the directory declares, then by unpacking every part into nothing, because a
/// directory can lie. Errors: `zip_bomb`, `sheet_damaged`, `not_a_sheet`.
pub(super) fn check_zip(source: &mut (impl Read + Seek), limits: &Limits) -> Result<Looked> {
    source.rewind()?;
    let mut zip = zip::ZipArchive::new(&mut *source).map_err(damaged)?;
    if zip.len() > limits.entries {
        return Err(bomb(format!("内含 {} 个部件", zip.len())));
    }
    let mut declared = 0_u64;
    for i in 0..zip.len() {
        let entry = zip.by_index_raw(i).map_err(damaged)?;
        declared = declared.saturating_add(entry.size());
        check_part(entry.name(), entry.size(), entry.compressed_size(), limits)?;
    }
    if declared > limits.unpacked_bytes {
        return Err(bomb(format!("展开后有 {}", mib(declared))));
    }
    if !zip.file_names().any(|name| name.starts_with("xl/")) {
        let message = "这个压缩包不是 .xlsx 工作簿，请上传 .xlsx 或 .csv 文件";
        return Err(Error::new(Kind::Invalid, "not_a_sheet", message));
    }
    let (mut merges, mut total) = (false, 0);
    for i in 0..zip.len() {
        merges |= unpack_into_nothing(&mut zip, i, &mut total, limits)?;
    }
    for i in 0..zip.len() {
        check_strings(&mut zip, i)?;
    }
    source.rewind()?;
    Ok(Looked { merges })
}

/// The strings say how many they are, and the reader makes room for so many before it reads one: a number that the part
/// cannot hold would end the process.
fn check_strings<R: Read + Seek>(zip: &mut zip::ZipArchive<R>, index: usize) -> Result<()> {
    let entry = zip.by_index(index).map_err(damaged)?;
    if !is_strings(entry.name()) {
        return Ok(());
    }
    let most = entry.size() / BYTES_OF_A_STRING + STRINGS_ANYWAY;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(entry));
    xml.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        // the same events as the reader sees; what is no XML it refuses itself
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "sst" => {
                return match e
                    .attributes_raw()
                    .split("uniqueCount")
                    .skip(1)
                    .all(|rest| says_at_most(rest, most))
                {
                    true => Ok(()),
                    false => Err(bomb("声明的文字条数与内容不符".to_owned())),
                };
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// Whether the first number in a text is at most so much.
fn says_at_most(text: &str, most: u64) -> bool {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    end == 0 || digits[..end].parse::<u64>().is_ok_and(|n| n <= most)
}

/// Wherever the workbook keeps them, and in whatever case: the reader finds them all the same.
fn is_strings(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("sharedstrings.xml")
}

/// Whether the part is a sheet with merged cells.
fn unpack_into_nothing<R: Read + Seek>(
    zip: &mut zip::ZipArchive<R>,
    index: usize,
    total: &mut u64,
    limits: &Limits,
) -> Result<bool> {
    let mut entry = zip.by_index(index).map_err(damaged)?;
    let (name, packed) = (entry.name().to_owned(), entry.compressed_size());
    let is_sheet = name.starts_with("xl/worksheets/");
    let mut buffer = vec![0; 1 << 16];
    let (mut size, mut kept, mut found) = (0_u64, 0, false);
    loop {
        let got = entry.read(&mut buffer[kept..]).map_err(|e| damaged(e.into()))?;
        if got == 0 {
            return Ok(found);
        }
        size += got as u64;
        *total += got as u64;
        if *total > limits.unpacked_bytes {
            return Err(bomb(format!("展开后超过 {}", mib(limits.unpacked_bytes))));
        }
        check_part(&name, size, packed, limits)?;
        let filled = kept + got;
        if is_sheet && !found {
            found = memchr::memmem::find(&buffer[..filled], MERGE).is_some();
            // a name cut by the end of the buffer is found with the next piece
            kept = filled.min(MERGE.len() - 1);
            buffer.copy_within(filled - kept..filled, 0);
        } else {
            kept = 0;
        }
    }
}

pub(super) fn check_part(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<()> {
    if size > RATIO_FROM && size / packed.max(1) > limits.ratio {
        return Err(bomb(format!("部件 {name} 的压缩比超过 {}", limits.ratio)));
    }
    if is_strings(name) && size > limits.strings_bytes {
        return Err(too_large(
            "strings_too_large",
            format!(
                "工作簿的文字共有 {}，超出上限 {}，请分成几个文件上传",
                mib(size),
                mib(limits.strings_bytes)
            ),
        ));
    }
    Ok(())
}

pub(super) fn bomb(why: String) -> Error {
    too_large("zip_bomb", format!("文件{why}，超出安全限度，未作处理；请分成几个文件，或另存为 .csv 上传"))
}

pub(super) fn damaged(e: zip::result::ZipError) -> Error {
    Error::new(
        Kind::Invalid,
        "sheet_damaged",
        "工作簿已损坏或不完整，无法解压，请在表格软件中打开并重新另存为 .xlsx",
    )
    .because(e)
}
