//! Sheets in: CSV and XLSX read as one stream of rows, whoever made the file.
//!
//! [`Book::open`] looks at the bytes, never at the file name. A CSV may be UTF-8 (with or without BOM), UTF-16 with
//! BOM, or GB18030/GBK; separated by comma, semicolon or tab. An XLSX gives the cached values of its formulas (a
//! formula without one is a defect of that cell), fills merged cells from their first cell, and is refused before
//! anything is unpacked when it is a zip bomb. Both stream: of a CSV one record is held at a time (at most
//! [`Limits::record_bytes`]); of an XLSX one row and the shared strings (at most [`Limits::strings_bytes`] unpacked),
//! because its cells point into them. Every limit is a field of [`Limits`].

mod csv;
mod guard;
mod pack;
mod xlsx;

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use kit_base::error::{Error, Kind, Result};

pub use pack::unpacked;

/// What a reader may cost; more is refused with [`Kind::TooLarge`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// The file as uploaded.
    pub file_bytes: u64,
    /// All parts of an XLSX together, unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked : packed of one part; looked at from 16 MiB on, because small parts compress oddly well.
    pub ratio: u64,
    /// Parts in an XLSX.
    pub entries: usize,
    /// The shared strings of an XLSX, unpacked: the only part that is held in memory as a whole.
    pub strings_bytes: u64,
    /// Rows of one sheet (XLSX itself ends at 1,048,576).
    pub rows: u32,
    pub columns: u32,
    /// Cells of one sheet that are written in the file, empty but formatted ones included.
    pub cells: u64,
    /// Characters in a cell; longer ones are a defect of the cell. Excel itself ends at 32,767.
    pub cell_chars: usize,
    /// One CSV record; an unclosed quotation mark would otherwise swallow the file.
    pub record_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            unpacked_bytes: 2 << 30,
            ratio: 200,
            entries: 2_000,
            strings_bytes: 512 << 20,
            rows: 1_100_000,
            columns: 256,
            cells: 50_000_000,
            cell_chars: 32_767,
            record_bytes: 4 << 20,
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    /// Text as written, not trimmed.
    Text(String),
    Number(f64),
    /// A date as the program that wrote the file understood it; the time of day is dropped.
    Date(jiff::civil::Date),
    Bool(bool),
    /// The cell cannot be used; the reason is for the person who made the file.
    Broken {
        code: &'static str,
        message: String,
    },
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as a person would read it: numbers with at most 15 digits and no exponent, dates as `2024-03-05`.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Broken { .. } => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => decimal(*number),
            Self::Date(date) => date.to_string(),
            Self::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        }
    }
}

/// One row that holds something; blank rows are passed over but counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub sheet: Arc<str>,
    /// As the spreadsheet program shows it, from 1.
    pub number: u32,
    pub cells: Vec<Cell>,
}

impl Row {
    /// `主体!B12`; `column` counts from 0.
    pub fn place(&self, column: usize) -> String {
        place(&self.sheet, column, self.number)
    }
}

/// `主体!B12`; `column` counts from 0, `row` from 1.
pub fn place(sheet: &str, column: usize, row: u32) -> String {
    format!("{sheet}!{}{row}", letters(column))
}

/// The letters of a column: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut out = Vec::new();
    while rest > 0 {
        rest -= 1;
        out.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    out.iter().rev().collect()
}

/// A number with the 15 digits that spreadsheets keep, without exponent: 0.1 + 0.2 is `0.3`.
pub fn decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// What a book can be read from: a file, a cursor over bytes.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A sheet of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    pub name: String,
    pub hidden: bool,
}

enum Form {
    Csv(Option<Box<csv::CsvFile>>),
    Xlsx(Box<xlsx::XlsxFile>),
}

/// An opened CSV or XLSX.
pub struct Book {
    sheets: Vec<SheetInfo>,
    limits: Limits,
    form: Form,
}

impl Book {
    /// Looks at the file and opens it. `name` is the sheet name of a CSV, which has none of its own.
    ///
    /// Errors: `file_too_large`, `file_empty`, `xls_old` (an old or encrypted workbook), `not_a_sheet`,
    /// `encoding_unknown` (with the line), `zip_bomb`, `sheet_damaged`.
    pub fn open(source: impl Source + 'static, name: &str, limits: &Limits) -> Result<Self> {
        let mut source: Box<dyn Source> = Box::new(source);
        let size = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        if size > limits.file_bytes {
            return Err(too_large(
                "file_too_large",
                format!("文件有 {}，超出上限 {}，请分成几个文件上传", mib(size), mib(limits.file_bytes)),
            ));
        }
        if size == 0 {
            return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
        }
        let mut magic = [0; 8];
        let got = read_full(&mut source, &mut magic)?;
        source.rewind()?;
        if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
            return Self::open_xlsx(source, limits);
        }
        if magic.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(Error::new(
                Kind::Invalid,
                "xls_old",
                "这是旧版 .xls 或加密的工作簿，请在表格软件中另存为不带密码的 .xlsx 再上传",
            ));
        }
        Self::open_csv(source, &magic[..got], name, limits)
    }

    /// [`Book::open`] for a file on disk; a CSV takes the file's stem as its sheet name.
    pub fn open_path(path: &Path, limits: &Limits) -> Result<Self> {
        let name = path.file_stem().map_or_else(|| "CSV".into(), |s| s.to_string_lossy());
        Self::open(std::fs::File::open(path)?, &name, limits)
    }

    fn open_csv(source: Box<dyn Source>, magic: &[u8], name: &str, limits: &Limits) -> Result<Self> {
        let file = csv::CsvFile::open(source, magic, name, limits)?;
        let sheets = vec![SheetInfo { name: name.to_owned(), hidden: false }];
        Ok(Self { sheets, limits: limits.clone(), form: Form::Csv(Some(Box::new(file))) })
    }

    fn open_xlsx(mut source: Box<dyn Source>, limits: &Limits) -> Result<Self> {
        let looked = guard::check_zip(&mut source, limits)?;
        let file = xlsx::XlsxFile::open(source, looked.merges)?;
        let sheets = file.sheets();
        if sheets.is_empty() {
            return Err(Error::new(Kind::Invalid, "sheet_missing", "工作簿中没有工作表"));
        }
        Ok(Self { sheets, limits: limits.clone(), form: Form::Xlsx(Box::new(file)) })
    }

    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The sheet to read: the one called `name`, else the first that is shown.
    pub fn pick(&self, name: &str) -> usize {
        let named = self.sheets.iter().position(|s| s.name.trim() == name);
        named.or_else(|| self.sheets.iter().position(|s| !s.hidden)).unwrap_or(0)
    }

    /// The rows of a sheet, from its start. A CSV can be read once.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>> {
        let info = self.sheets.get(sheet).ok_or_else(|| Error::internal(format!("no sheet {sheet}")))?;
        match &mut self.form {
            Form::Csv(file) => {
                let file = file.take().ok_or_else(|| Error::internal("a csv is read once"))?;
                Ok(Rows(Inner::Csv(file)))
            }
            Form::Xlsx(file) => Ok(Rows(Inner::Xlsx(Box::new(file.rows(&info.name, &self.limits)?)))),
        }
    }
}

/// The rows of one sheet, in order. After an error it ends.
///
/// Errors while reading: `encoding_unknown`, `record_too_long`, `rows_too_many`, `columns_too_many`,
/// `cells_too_many`, `sheet_damaged`.
pub struct Rows<'a>(Inner<'a>);

enum Inner<'a> {
    Csv(Box<csv::CsvFile>),
    Xlsx(Box<xlsx::XlsxRows<'a>>),
    Ended,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match &mut self.0 {
            Inner::Csv(file) => file.next_row(),
            Inner::Xlsx(rows) => rows.next_row(),
            Inner::Ended => Ok(None),
        };
        if !matches!(row, Ok(Some(_))) {
            self.0 = Inner::Ended;
        }
        row.transpose()
    }
}

/// The cell, or the defect of being longer than the limit.
fn text_cell(text: &str, limit: usize) -> Cell {
    if text.is_empty() {
        return Cell::Empty;
    }
    if text.len() > limit && text.chars().count() > limit {
        let message = format!("内容超过 {limit} 个字，请缩短");
        return Cell::Broken { code: "cell_too_long", message };
    }
    Cell::Text(text.to_owned())
}

fn too_large(code: &'static str, message: String) -> Error {
    Error::new(Kind::TooLarge, code, message)
}

fn rows_too_many(sheet: &str, limit: u32) -> Error {
    too_large("rows_too_many", format!("工作表“{sheet}”超过 {limit} 行，请分成几个文件上传"))
}

fn columns_too_many(place: &str, limit: u32) -> Error {
    too_large("columns_too_many", format!("{place} 超出第 {limit} 列，请删除多余的列"))
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_048_576.0)
}

/// Reads until `buffer` is full or the source ends.
fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match source.read(&mut buffer[got..])? {
            0 => break,
            n => got += n,
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, want) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), want);
        }
        assert_eq!(place("主体", 1, 12), "主体!B12");
    }

    #[test]
    fn numbers_are_shown_as_people_wrote_them() {
        let table =
            [(0.1 + 0.2, "0.3"), (6_901_234_567_892.0, "6901234567892"), (12.50, "12.5"), (-3.0, "-3")];
        for (number, want) in table {
            assert_eq!(decimal(number), want);
        }
    }
}
