//! CSV: encoding, separator and row numbers found out, one record held at a time.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use kit_base::error::{Error, Kind, Result};

use super::{Limits, Row, Source, columns_too_many, place, rows_too_many, text_cell, too_large};

/// How much is looked at to find the separator.
const SAMPLE: usize = 64 << 10;

pub(super) struct CsvFile {
    reader: csv::Reader<Metered<Decoded>>,
    since: Arc<AtomicU64>,
    record: csv::StringRecord,
    sheet: Arc<str>,
    limits: Limits,
    /// Rows passed, blank ones included.
    row: u32,
    /// Where the last record ended.
    line: u64,
}

impl CsvFile {
    pub(super) fn open(
        mut source: Box<dyn Source>,
        magic: &[u8],
        name: &str,
        limits: &Limits,
    ) -> Result<Self> {
        let (encoding, skip, utf8_until) = encoding_of(&mut source, magic)?;
        source.seek(SeekFrom::Start(skip))?;
        let mut decoded = Decoded::new(source, encoding, utf8_until);
        let head = decoded.peek(SAMPLE)?;
        let head = String::from_utf8_lossy(head);
        let (separator, sep_line) = separator_of(&head);
        let since = Arc::new(AtomicU64::new(0));
        let metered = Metered { inner: decoded, since: Arc::clone(&since), limit: limits.record_bytes };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(metered);
        let mut record = csv::StringRecord::new();
        if sep_line {
            // Excel's own `sep=;` is a row of the file, but not of the table
            reader.read_record(&mut record).map_err(|e| csv_error(e, 1, limits))?;
        }
        let line = reader.position().line();
        let row = u32::from(sep_line);
        Ok(Self { reader, since, record, sheet: name.into(), limits: limits.clone(), row, line })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            self.since.store(0, Ordering::Relaxed);
            let line = self.line;
            let more =
                self.reader.read_record(&mut self.record).map_err(|e| csv_error(e, line, &self.limits))?;
            if !more {
                return Ok(None);
            }
            self.count_row();
            if self.row > self.limits.rows {
                return Err(rows_too_many(&self.sheet, self.limits.rows));
            }
            if self.record.len() > self.limits.columns as usize {
                let at = place(&self.sheet, self.limits.columns as usize, self.row);
                return Err(columns_too_many(&at, self.limits.columns));
            }
            if self.record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let cells = self.record.iter().map(|f| text_cell(unguarded(f), self.limits.cell_chars)).collect();
            return Ok(Some(Row { sheet: Arc::clone(&self.sheet), number: self.row, cells }));
        }
    }

    /// A spreadsheet counts blank lines, which the reader passes over, and not the lines inside a cell.
    fn count_row(&mut self) {
        let end = self.reader.position().line();
        let inside: u64 =
            self.record.iter().map(|f| memchr::memchr_iter(b'\n', f.as_bytes()).count() as u64).sum();
        let lines = end.saturating_sub(self.line).saturating_sub(inside).max(1);
        self.line = end;
        self.row = self.row.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }
}

/// Takes off the apostrophe with which an export disarms a formula.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if crate::table::is_formula_like(rest) => rest,
        _ => text,
    }
}

/// The encoding, the length of its mark, and how many lines were good UTF-8. What is not UTF-8 from end to end is taken
/// for GB18030, which is checked while reading.
fn encoding_of(source: &mut Box<dyn Source>, magic: &[u8]) -> Result<(&'static Encoding, u64, u64)> {
    if let Some((encoding, length)) = Encoding::for_bom(magic) {
        return Ok((encoding, length as u64, 0));
    }
    let mut utf8 = UTF_8.new_decoder_without_bom_handling();
    let mut buffer = vec![0; 1 << 16];
    let mut scratch = vec![0; 1 << 17];
    let mut lines = 0;
    loop {
        let got = source.read(&mut buffer)?;
        if memchr::memchr(0, &buffer[..got]).is_some() {
            let message = "文件不是文本表格（含有二进制内容），请上传 .xlsx 或 .csv 文件";
            return Err(Error::new(Kind::Invalid, "not_a_sheet", message));
        }
        let (result, _, good) =
            utf8.decode_to_utf8_without_replacement(&buffer[..got], &mut scratch, got == 0);
        lines += memchr::memchr_iter(b'\n', &scratch[..good]).count() as u64;
        if let DecoderResult::Malformed(..) = result {
            return Ok((GB18030, 0, lines));
        }
        if got == 0 {
            return Ok((UTF_8, 0, lines));
        }
    }
}

/// The separator of the first lines, and whether the first line is Excel's `sep=`.
fn separator_of(head: &str) -> (u8, bool) {
    let first = head.lines().next().unwrap_or_default().trim().as_bytes();
    if let [b's', b'e', b'p', b'=', separator @ (b',' | b';' | b'\t')] = first {
        return (*separator, true);
    }
    let score = |separator: u8| -> (usize, usize) {
        let counts: Vec<usize> = head.lines().take(20).map(|line| outside_quotes(line, separator)).collect();
        let lines = counts.iter().filter(|&&c| c > 0).count();
        (lines, counts.iter().sum())
    };
    // the comma stands last: of equal scores the later wins
    let best = [b'\t', b';', b','].into_iter().max_by_key(|&s| score(s)).unwrap_or(b',');
    (best, false)
}

fn outside_quotes(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|&b| {
            quoted ^= b == b'"';
            b == separator && !quoted
        })
        .count()
}

/// Any encoding as UTF-8. What cannot be decoded ends it with the number of the line.
struct Decoded {
    source: BufReader<Box<dyn Source>>,
    decoder: Decoder,
    encoding: &'static Encoding,
    out: Vec<u8>,
    /// What of `out` is not handed on yet.
    ready: std::ops::Range<usize>,
    lines: u64,
    /// Lines that were good UTF-8, in a file that is not UTF-8 as a whole.
    utf8_until: u64,
    ended: bool,
}

impl Decoded {
    fn new(source: Box<dyn Source>, encoding: &'static Encoding, utf8_until: u64) -> Self {
        Self {
            source: BufReader::with_capacity(SAMPLE, source),
            decoder: encoding.new_decoder_without_bom_handling(),
            encoding,
            out: vec![0; 4 * SAMPLE],
            ready: 0..0,
            lines: 0,
            utf8_until,
            ended: false,
        }
    }

    /// The first bytes, without taking them. Only before the first read.
    fn peek(&mut self, want: usize) -> Result<&[u8]> {
        while self.ready.len() < want && !self.ended {
            self.fill().map_err(unwrap_io)?;
        }
        Ok(&self.out[self.ready.clone()])
    }

    /// Decodes another piece behind what is ready.
    fn fill(&mut self) -> std::io::Result<()> {
        if self.ready.is_empty() {
            self.ready = 0..0;
        }
        let input = self.source.fill_buf()?;
        let last = input.is_empty();
        let start = self.ready.end;
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(input, &mut self.out[start..], last);
        self.source.consume(read);
        let fresh = &self.out[start..start + written];
        self.lines += memchr::memchr_iter(b'\n', fresh).count() as u64;
        let nul = memchr::memchr(0, fresh).is_some();
        self.ready.end += written;
        match result {
            DecoderResult::Malformed(..) => return Err(self.malformed()),
            _ if nul => return Err(self.malformed()),
            DecoderResult::InputEmpty => self.ended = last,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }

    fn malformed(&self) -> std::io::Error {
        let tried = match self.encoding {
            e if e == UTF_16LE || e == UTF_16BE => "UTF-16",
            e if e == UTF_8 => "UTF-8",
            _ => "UTF-8 和 GB18030（GBK）",
        };
        // of two encodings that both break off, the one that came further is the file's own
        let line = self.lines.max(self.utf8_until) + 1;
        std::io::Error::other(
            Error::new(
                Kind::Invalid,
                "encoding_unknown",
                format!("第 {line} 行有无法识别的文字（已试 {tried}），请另存为“CSV UTF-8”再上传"),
            )
            .at(format!("line {line}")),
        )
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.ended {
            self.fill()?;
        }
        let n = self.ready.len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.out[self.ready.start..self.ready.start + n]);
        self.ready.start += n;
        Ok(n)
    }
}

/// Ends a record that never ends.
struct Metered<R> {
    inner: R,
    since: Arc<AtomicU64>,
    limit: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since.load(Ordering::Relaxed) > self.limit {
            return Err(std::io::Error::other(too_large(
                "record_too_long",
                "有一行过长，可能是引号没有成对，请检查双引号（\"）".to_owned(),
            )));
        }
        let got = self.inner.read(buffer)?;
        self.since.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

fn csv_error(e: csv::Error, line: u64, limits: &Limits) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(io) => {
            let mut error = unwrap_io(io);
            if error.code == "record_too_long" {
                error.message = format!(
                    "第 {line} 行起的一行超过 {} 字节，可能是引号没有成对，请检查双引号（\"）",
                    limits.record_bytes
                );
            }
            error
        }
        other => Error::internal(format!("csv: {other:?}")),
    }
}

/// Our own error, carried through a reader.
fn unwrap_io(e: std::io::Error) -> Error {
    match e.downcast::<Error>() {
        Ok(own) => own,
        Err(io) => io.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found_outside_quotes() {
        let table: [(&str, u8, bool); 6] = [
            ("a,b,c\n1,2,3\n", b',', false),
            ("a;b;c\n1;2,5;3\n", b';', false),
            ("a\tb\n1\t2,3\n", b'\t', false),
            ("\"a;b;c;d\",x\n\"1;2\",y\n", b',', false),
            ("sep=;\na;b\n", b';', true),
            ("只有一列\n", b',', false),
        ];
        for (text, separator, line) in table {
            assert_eq!(separator_of(text), (separator, line), "{text:?}");
        }
    }
}
