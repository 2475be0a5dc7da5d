//! Records out: XLSX and CSV written row by row, in memory that does not grow with the rows.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use kit_base::PartialDate;
use kit_base::error::{Error, Result};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

use super::is_formula_like;

/// Rows of a sheet below its first; XLSX ends at 1,048,576.
const LAST_ROW: u32 = 1_048_575;
/// Characters in a cell of an XLSX.
const CELL_CHARS: usize = 32_767;

/// A column of an export.
#[derive(Debug, Clone)]
pub struct OutColumn {
    pub heading: String,
    /// In characters of Latin text; a Chinese character takes two.
    pub width: u16,
}

impl OutColumn {
    /// As wide as its heading, at least 10.
    pub fn text(heading: impl Into<String>) -> Self {
        let heading = heading.into();
        let width =
            (heading.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u16>() + 4).clamp(10, 40);
        Self { heading, width }
    }

    pub fn width(mut self, width: u16) -> Self {
        self.width = width;
        self
    }
}

/// A cell of an export. Unknown is `Empty`, never 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Field<'a> {
    Empty,
    /// Always text, also when it looks like a number or a formula.
    Text(Cow<'a, str>),
    Whole(i64),
    /// A decimal number.
    Number(f64),
    /// A full date becomes a date cell, a partial one text.
    Date(PartialDate),
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Field<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<f64> for Field<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<PartialDate> for Field<'_> {
    fn from(date: PartialDate) -> Self {
        Self::Date(date)
    }
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// The sheet that is being written.
struct Open {
    index: usize,
    name: String,
    columns: Vec<OutColumn>,
    notes: Vec<String>,
    /// Which sheet of this name; past [`LAST_ROW`] there is another.
    part: u32,
    row: u32,
    headings_row: u32,
}

/// An XLSX of one sheet a kind. Rows go to a temporary file as they come; only sheet names and formats are held.
///
/// Numbers beyond 15 digits are written as text, for a spreadsheet would round them.
pub struct XlsxOut {
    book: Workbook,
    open: Option<Open>,
    sheets: usize,
    formats: Formats,
}

struct Formats {
    heading: Format,
    note: Format,
    date: Format,
    /// Text that would be a formula if it were typed in.
    disarmed: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            heading: heading_format(),
            note: Format::new().set_font_color(Color::RGB(0x5B_6B_7B)).set_italic(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            disarmed: Format::new().set_quote_prefix(),
        }
    }
}

pub(super) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0xE8_EF_F7))
        .set_border_bottom(FormatBorder::Thin)
        .set_border_color(Color::RGB(0x8A_A4_C0))
        .set_align(FormatAlign::VerticalCenter)
}

impl Default for XlsxOut {
    fn default() -> Self {
        Self::new()
    }
}

impl XlsxOut {
    pub fn new() -> Self {
        Self { book: new_book(), open: None, sheets: 0, formats: Formats::new() }
    }

    /// Begins a sheet. `notes` stand above the headings, one a row (the query, the mark 模拟数据); an import passes
    /// over them. The headings are frozen and have a filter.
    pub fn sheet(&mut self, name: &str, columns: &[OutColumn], notes: &[String]) -> Result<()> {
        self.close()?;
        self.begin(Open {
            index: 0,
            name: name.to_owned(),
            columns: columns.to_vec(),
            notes: notes.to_vec(),
            part: 1,
            row: 0,
            headings_row: 0,
        })
    }

    /// A row of the sheet begun last; past 1,048,575 rows it goes on in a further sheet, `批次（2）`.
    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = Field<'a>>) -> Result<()> {
        if self.open.as_ref().is_some_and(|open| open.row > LAST_ROW) {
            self.next_part()?;
        }
        let Some(open) = &mut self.open else { return Err(Error::internal("a row before its sheet")) };
        let sheet = self.book.worksheet_from_index(open.index).map_err(Error::internal)?;
        for (column, field) in fields.into_iter().enumerate() {
            let column = u16::try_from(column).map_err(Error::internal)?;
            write_field(sheet, open.row, column, &field, &self.formats)?;
        }
        open.row += 1;
        Ok(())
    }

    /// Writes the file.
    pub fn save(mut self, path: &Path) -> Result<()> {
        self.close()?;
        self.book.save(path).map_err(Error::internal)
    }

    /// Writes the file to anything that can be written and sought.
    pub fn save_to(mut self, to: impl Write + std::io::Seek + Send) -> Result<()> {
        self.close()?;
        self.book.save_to_writer(to).map_err(Error::internal)
    }

    fn next_part(&mut self) -> Result<()> {
        self.close()?;
        match self.open.take() {
            Some(open) => self.begin(Open { part: open.part + 1, ..open }),
            None => Ok(()),
        }
    }

    fn begin(&mut self, mut open: Open) -> Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        open.index = self.sheets;
        self.sheets += 1;
        write_head(sheet, &mut open, &self.formats).map_err(Error::internal)?;
        self.open = Some(open);
        Ok(())
    }

    /// The filter reaches to the last row, which is known only now.
    fn close(&mut self) -> Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        if open.columns.is_empty() {
            return Ok(());
        }
        let sheet = self.book.worksheet_from_index(open.index).map_err(Error::internal)?;
        let last_row = (open.row - 1).max(open.headings_row);
        let last_column = (open.columns.len() - 1) as u16;
        sheet.autofilter(open.headings_row, 0, last_row, last_column).map_err(Error::internal)?;
        Ok(())
    }
}

fn write_head(
    sheet: &mut Worksheet,
    open: &mut Open,
    formats: &Formats,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    sheet.set_name(sheet_name(&open.name, open.part))?;
    for (column, out) in open.columns.iter().enumerate() {
        sheet.set_column_width(column as u16, f64::from(out.width))?;
    }
    let mut row = 0;
    for note in &open.notes {
        sheet.write_string_with_format(row, 0, note, &formats.note)?;
        row += 1;
    }
    for (column, out) in open.columns.iter().enumerate() {
        sheet.write_string_with_format(row, column as u16, &out.heading, &formats.heading)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    sheet.set_repeat_rows(row, row)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    open.headings_row = row;
    open.row = row + 1;
    Ok(())
}

fn write_field(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    field: &Field<'_>,
    formats: &Formats,
) -> Result<()> {
    /// What a spreadsheet keeps exactly.
    const EXACT: i64 = 999_999_999_999_999;
    let written = match field {
        Field::Empty => return Ok(()),
        Field::Text(text) if text.is_empty() => return Ok(()),
        Field::Text(text) => {
            let text = fitting(text);
            match is_formula_like(&text) {
                true => sheet.write_string_with_format(row, column, text, &formats.disarmed),
                false => sheet.write_string(row, column, text),
            }
        }
        Field::Whole(number) if number.abs() > EXACT => sheet.write_string(row, column, number.to_string()),
        Field::Whole(number) => sheet.write_number(row, column, *number as f64),
        Field::Number(number) if number.is_finite() => sheet.write_number(row, column, *number),
        Field::Number(_) => return Ok(()),
        Field::Date(date) => match date.day() {
            Some(day) => {
                let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8);
                let day = day.map_err(Error::internal)?;
                sheet.write_datetime_with_format(row, column, &day, &formats.date)
            }
            None => sheet.write_string(row, column, date.to_string()),
        },
    };
    written.map(|_| ()).map_err(Error::internal)
}

/// Text at the length a cell can hold; what is cut ends in `…`.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL_CHARS || text.encode_utf16().count() <= CELL_CHARS {
        return text.into();
    }
    let mut units = 0;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < CELL_CHARS
        })
        .collect();
    kept.push('…');
    kept.into()
}

/// At most 31 characters, without the signs that a sheet name may not have.
pub(super) fn sheet_name(name: &str, part: u32) -> String {
    let suffix = if part > 1 { format!("（{part}）") } else { String::new() };
    let clean = name.chars().map(|c| if "[]:*?/\\'".contains(c) { '_' } else { c });
    let kept: String = clean.take(31 - suffix.chars().count()).collect();
    let kept = if kept.trim().is_empty() { "表".to_owned() } else { kept };
    kept + &suffix
}

/// The same rows make the same file: the library would write the time of day into it.
pub(super) fn new_book() -> Workbook {
    let mut book = Workbook::new();
    if let Ok(day) = ExcelDateTime::from_ymd(2000, 1, 1) {
        book.set_properties(&DocProperties::new().set_author("食安 shian").set_creation_datetime(&day));
    }
    book
}

/// A CSV in UTF-8 with BOM, as spreadsheets in Chinese offices open it. Text that looks like a formula gets an
/// apostrophe before it, which reading it back takes off.
pub struct CsvOut<W: Write> {
    writer: csv::Writer<W>,
    line: Vec<String>,
}

impl<W: Write> CsvOut<W> {
    pub fn new(mut to: W, columns: &[OutColumn]) -> Result<Self> {
        to.write_all("\u{FEFF}".as_bytes())?;
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
        let mut out = Self { writer, line: Vec::new() };
        out.row(columns.iter().map(|c| Field::Text(c.heading.as_str().into())))?;
        Ok(out)
    }

    /// A row; all rows have as many fields as there are columns.
    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = Field<'a>>) -> Result<()> {
        self.line.clear();
        self.line.extend(fields.into_iter().map(csv_field));
        self.writer.write_record(&self.line).map_err(Error::internal)
    }

    pub fn finish(mut self) -> Result<()> {
        self.writer.flush()?;
        Ok(())
    }
}

fn csv_field(field: Field<'_>) -> String {
    match field {
        Field::Empty => String::new(),
        Field::Text(text) if is_formula_like(&text) => format!("'{text}"),
        Field::Text(text) => text.into_owned(),
        Field::Whole(number) => number.to_string(),
        Field::Number(number) if number.is_finite() => number.to_string(),
        Field::Number(_) => String::new(),
        Field::Date(date) => date.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_fit() {
        assert_eq!(sheet_name("批次", 1), "批次");
        assert_eq!(sheet_name("批次", 2), "批次（2）");
        assert_eq!(sheet_name("a/b:c", 1), "a_b_c");
        assert_eq!(sheet_name(&"长".repeat(40), 12).chars().count(), 31);
        assert_eq!(sheet_name("", 1), "表");
    }
}
