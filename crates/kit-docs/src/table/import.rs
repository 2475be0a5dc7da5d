//! Sheets in: a record for each good row, a reason for each bad one.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use kit_base::error::{Defect, Error, Result};
use kit_base::{Amount, PartialDate, Unit};

use super::headings::{self, Bound, LOOK, Unknown};
use super::rejected::Rejected;
use super::values::{self, Wrong};
use super::{Column, ColumnKind, Table, UnitFrom, half_width};
use crate::sheet::{Cell, Row, place};

/// Defects kept for the answer; the file of rejected rows has them all.
const KEPT_DEFECTS: usize = 200;

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, a code, or the value of a choice.
    Text(String),
    Whole(i64),
    Number(f64),
    /// In base units.
    Amount(Amount, Unit),
    Date(PartialDate),
}

/// The values of one row, by the keys of the columns. An empty cell is `None`. Asking for a key that the table has not
/// is a fault of the program and panics.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    columns: Arc<[Column]>,
    values: Vec<Option<Value>>,
}

impl Record {
    /// Whether the table has this column.
    pub fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|c| c.key == key)
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        match self.columns.iter().position(|c| c.key == key) {
            Some(at) => self.values[at].as_ref(),
            None => panic!("the table has no column {key}"),
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn whole(&self, key: &str) -> Option<i64> {
        match self.value(key) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        match self.value(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub fn amount(&self, key: &str) -> Option<(Amount, Unit)> {
        match self.value(key) {
            Some(Value::Amount(amount, unit)) => Some((*amount, *unit)),
            _ => None,
        }
    }

    pub fn date(&self, key: &str) -> Option<PartialDate> {
        match self.value(key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }
}

/// A good row: its record, and where it stood, so that what is found wrong with it later can be placed.
#[derive(Debug, Clone)]
pub struct Line {
    pub sheet: Arc<str>,
    /// Row number in the sheet, from 1.
    pub row: u32,
    pub record: Record,
    raw: Vec<Cell>,
    at: Arc<[Option<usize>]>,
}

impl Line {
    /// `主体!B12`; a column that the sheet has not is placed at the row: `主体!12`.
    pub fn place(&self, key: &str) -> String {
        let column = self.record.columns.iter().position(|c| c.key == key);
        match column.and_then(|c| self.at[c]) {
            Some(at) => place(&self.sheet, at, self.row),
            None => format!("{}!{}", self.sheet, self.row),
        }
    }

    /// A defect of this row that the room found; `text` says what is wrong and how to mend it.
    pub fn defect(&self, key: &str, code: &'static str, text: impl std::fmt::Display) -> Defect {
        let column = self.record.columns.iter().find(|c| c.key == key);
        let message = match column {
            Some(column) => format!("“{}”：{text}", column.name),
            None => text.to_string(),
        };
        Defect { place: self.place(key), code: code.into(), message }
    }

    /// A refusal of the room as defects of this row: the error's field is looked up among the keys.
    pub fn because(&self, error: &Error) -> Vec<Defect> {
        let field = error.field.as_deref().unwrap_or_default();
        let key = field.rsplit('/').next().unwrap_or_default();
        let mut defects = error.defects.clone();
        if defects.is_empty() {
            let mut own = self.defect(key, "", &error.message);
            own.code = error.code.clone();
            defects.push(own);
        } else {
            defects.iter_mut().for_each(|d| d.place = self.place(&d.place));
        }
        defects
    }
}

/// What became of a sheet.
#[derive(Debug)]
pub struct Report {
    /// Rows that held something, without the example row.
    pub read: u64,
    pub rejected: u64,
    /// The first defects (at most 200), in the order of the rows.
    pub defects: Vec<Defect>,
    /// All defects, also those not kept.
    pub defects_total: u64,
    /// Headings that were not understood; their cells were passed over.
    pub unknown: Vec<Unknown>,
    /// The rejected rows, to be given back as a file; `None` when there are none.
    pub file: Option<Rejected>,
}

impl Report {
    pub fn accepted(&self) -> u64 {
        self.read - self.rejected
    }
}

/// Reads a sheet of rows as records of a table. Iterate it for the good rows ([`Line`]); the bad ones are kept with their
/// reasons, as are those that the room hands back with [`Import::reject`]; [`Import::finish`] gives the account.
/// An `Err` ends the sheet: the file cannot be read further.
///
/// ```
/// use kit_docs::sheet::{Book, Limits};
/// use kit_docs::table::{Column, Import, Table};
/// # fn main() -> kit_base::Result<()> {
/// let table = Table::new("主体").column(Column::text("name", "名称", 20).required());
/// let file = std::io::Cursor::new("名称\n老王烩面馆\n \n好想来超市\n".as_bytes());
/// let mut book = Book::open(file, "主体", &Limits::default())?;
/// let sheet = book.pick(table.name());
/// let mut import = Import::begin(&table, book.rows(sheet)?)?;
/// while let Some(line) = import.next() {
///     let line = line?;
///     if line.record.text("name") == Some("好想来超市") {
///         import.reject(&line, vec![line.defect("name", "exists", "已登记，请删除此行")])?;
///     }
/// }
/// let report = import.finish()?;
/// assert_eq!((report.accepted(), report.rejected), (1, 1));
/// assert_eq!(report.defects[0].place, "主体!A4");
/// # Ok(())
/// # }
/// ```
pub struct Import<R> {
    columns: Arc<[Column]>,
    at: Arc<[Option<usize>]>,
    reason: Option<usize>,
    /// Rows looked at for headings and not given out yet.
    looked: VecDeque<Row>,
    rows: R,
    /// For each unique column, in which row a value was first seen.
    seen: Vec<Option<HashMap<String, u32>>>,
    report: Report,
    spool: Rejected,
}

impl<R: Iterator<Item = Result<Row>>> Import<R> {
    /// Finds and binds the headings. Errors: `headings_missing`, `heading_twice`, and those of reading.
    pub fn begin(table: &Table, mut rows: R) -> Result<Self> {
        let mut looked = VecDeque::new();
        while looked.len() < LOOK {
            match rows.next() {
                Some(row) => looked.push_back(row?),
                None => break,
            }
        }
        let (at, bound) = headings::find(table, looked.make_contiguous())?;
        looked.drain(..=at);
        let Bound { columns: places, headings, reason, unknown } = bound;
        let columns = table.shared_columns();
        let seen = columns.iter().map(|c| c.unique.then(HashMap::new)).collect();
        let report =
            Report { read: 0, rejected: 0, defects: Vec::new(), defects_total: 0, unknown, file: None };
        let spool = Rejected::new(table.name(), &headings, reason)?;
        Ok(Self { columns, at: places.into(), reason, looked, rows, seen, report, spool })
    }

    /// Headings that no column is called by.
    pub fn unknown(&self) -> &[Unknown] {
        &self.report.unknown
    }

    /// Rows read so far, for a progress bar.
    pub fn read(&self) -> u64 {
        self.report.read
    }

    /// The room refuses a row that was read well.
    pub fn reject(&mut self, line: &Line, defects: Vec<Defect>) -> Result<()> {
        self.keep(&line.raw, defects)
    }

    /// The account, and the file of rejected rows. Rows not read yet are left.
    pub fn finish(mut self) -> Result<Report> {
        if self.report.rejected > 0 {
            self.report.file = Some(self.spool.written()?);
        }
        Ok(self.report)
    }

    fn keep(&mut self, raw: &[Cell], defects: Vec<Defect>) -> Result<()> {
        let reasons: Vec<&str> = defects.iter().map(|d| d.message.as_str()).collect();
        self.spool.push(raw.iter().map(Cell::shown).collect(), &reasons.join("；"))?;
        self.report.rejected += 1;
        self.report.defects_total += defects.len() as u64;
        let room = KEPT_DEFECTS - self.report.defects.len();
        self.report.defects.extend(defects.into_iter().take(room));
        Ok(())
    }

    fn next_row(&mut self) -> Option<Result<Row>> {
        match self.looked.pop_front() {
            Some(row) => Some(Ok(row)),
            None => self.rows.next(),
        }
    }

    fn next_line(&mut self) -> Result<Option<Line>> {
        while let Some(row) = self.next_row() {
            let row = row?;
            if self.is_blank(&row) || self.is_example(&row) {
                continue;
            }
            self.report.read += 1;
            let (line, defects) = self.line(row);
            if defects.is_empty() {
                return Ok(Some(line));
            }
            self.keep(&line.raw, defects)?;
        }
        Ok(None)
    }

    /// Whether the row holds nothing but the reason of an earlier import.
    fn is_blank(&self, row: &Row) -> bool {
        row.cells.iter().enumerate().all(|(i, cell)| Some(i) == self.reason || cell.is_empty())
    }

    /// The example row of the template, left in by the person who filled it.
    fn is_example(&self, row: &Row) -> bool {
        let mut any = false;
        let same = self.columns.iter().zip(self.at.iter()).all(|(column, at)| {
            let Some(cell) = at.and_then(|at| row.cells.get(at)) else { return column.example.is_empty() };
            any |= !column.example.is_empty();
            half_width(&cell.shown()) == half_width(&column.example)
        });
        same && any
    }

    fn line(&mut self, row: Row) -> (Line, Vec<Defect>) {
        let mut values = Vec::with_capacity(self.columns.len());
        let mut defects = Vec::new();
        for index in 0..self.columns.len() {
            match self.read_value(&row, index) {
                Ok(value) => values.push(value),
                Err(wrong) => {
                    values.push(None);
                    defects.push(self.defect(&row, index, wrong));
                }
            }
        }
        let record = Record { columns: Arc::clone(&self.columns), values };
        let at = Arc::clone(&self.at);
        (Line { sheet: row.sheet, row: row.number, record, raw: row.cells, at }, defects)
    }

    fn read_value(&mut self, row: &Row, index: usize) -> Result<Option<Value>, Wrong> {
        let column = &self.columns[index];
        let unit = match column.kind {
            ColumnKind::Amount(UnitFrom::Column(key)) => self.cell_of(row, key).map(Cell::shown),
            _ => None,
        };
        let cell = self.at[index].and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        let value = values::read(&column.kind, cell, unit.as_deref())?;
        if value.is_none() && column.required {
            return Err(Wrong { code: "required".into(), message: "不能为空，请填写".to_owned() });
        }
        if let (Some(Value::Text(text)), Some(seen)) = (&value, &mut self.seen[index]) {
            let first = *seen.entry(text.clone()).or_insert(row.number);
            if first != row.number {
                let message = format!("“{text}”与第 {first} 行重复，请删除或改正其中一行");
                return Err(Wrong { code: "duplicate_in_file".into(), message });
            }
        }
        Ok(value)
    }

    fn cell_of<'r>(&self, row: &'r Row, key: &str) -> Option<&'r Cell> {
        let column = self.columns.iter().position(|c| c.key == key)?;
        row.cells.get(self.at[column]?)
    }

    fn defect(&self, row: &Row, index: usize, wrong: Wrong) -> Defect {
        let column = &self.columns[index];
        let place = match self.at[index] {
            Some(at) => row.place(at),
            None => format!("{}!{}", row.sheet, row.number),
        };
        let message = format!("“{}”：{}", column.name, wrong.message);
        Defect { place, code: wrong.code, message }
    }
}

impl<R: Iterator<Item = Result<Row>>> Iterator for Import<R> {
    type Item = Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_line().transpose()
    }
}
