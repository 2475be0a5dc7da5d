//! XLSX over calamine's cell reader: one row held at a time.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use kit_base::error::{Error, Kind, Result};

use super::{
    Cell, Limits, Row, SheetInfo, Source, columns_too_many, place, rows_too_many, text_cell, too_large,
};

type Bytes = Box<dyn Source>;

pub(super) struct XlsxFile {
    book: Xlsx<Bytes>,
    merges: bool,
}

impl XlsxFile {
    pub(super) fn open(source: Bytes, merges: bool) -> Result<Self> {
        let book = guarded(|| Xlsx::new(source))?;
        Ok(Self { book, merges })
    }

    pub(super) fn sheets(&self) -> Vec<SheetInfo> {
        let sheets = self.book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet);
        sheets
            .map(|s| SheetInfo { name: s.name.clone(), hidden: s.visible != SheetVisible::Visible })
            .collect()
    }

    pub(super) fn rows(&mut self, name: &str, limits: &Limits) -> Result<XlsxRows<'_>> {
        let merges = if self.merges {
            guarded(|| self.book.merge_cells_by_sheet_name(name)).map_err(|e| e.at(name))?
        } else {
            Vec::new()
        };
        let cells = guarded(|| self.book.worksheet_cells_reader(name)).map_err(|e| e.at(name))?;
        Ok(XlsxRows {
            cells,
            sheet: name.into(),
            limits: limits.clone(),
            merges: Merges::new(merges, limits.columns),
            ahead: None,
            seen: 0,
            ended: false,
            last_row: None,
        })
    }
}

/// calamine is given files from anybody: where it panics (an overflowing cell reference does), the file is damaged.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(XlsxError::Password)) => {
            Err(Error::new(Kind::Invalid, "xls_old", "工作簿设有密码，请去掉密码后另存为 .xlsx 再上传"))
        }
        Ok(Err(e)) => Err(damaged().because(e)),
        Err(_) => Err(damaged()),
    }
}

fn damaged() -> Error {
    let message = "工作簿的内容已损坏，无法读取，请在表格软件中打开并重新另存为 .xlsx";
    Error::new(Kind::Invalid, "sheet_damaged", message)
}

/// A cell read, but not yet given out.
struct Ahead {
    row: u32,
    column: u32,
    cell: Cell,
}

pub(super) struct XlsxRows<'a> {
    cells: XlsxCellReader<'a, Bytes>,
    sheet: Arc<str>,
    limits: Limits,
    merges: Merges,
    /// The first cell of the next row.
    ahead: Option<Ahead>,
    seen: u64,
    /// The reader must not be asked again after its end.
    ended: bool,
    last_row: Option<u32>,
}

impl XlsxRows<'_> {
    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            let first = match self.ahead.take() {
                Some(cell) => cell,
                None => match self.next_cell()? {
                    Some(cell) => cell,
                    None => return Ok(None),
                },
            };
            let row = first.row;
            let mut cells = Vec::new();
            put(&mut cells, first);
            while let Some(cell) = self.next_cell()? {
                if cell.row != row {
                    self.ahead = Some(cell);
                    break;
                }
                put(&mut cells, cell);
            }
            self.check_order(row)?;
            // a row that holds nothing of its own is blank, even beside a merged cell
            let blank = cells.iter().all(Cell::is_empty);
            self.merges.fill(row, &mut cells, blank);
            if !blank {
                return Ok(Some(Row { sheet: Arc::clone(&self.sheet), number: row + 1, cells }));
            }
        }
    }

    fn check_order(&mut self, row: u32) -> Result<()> {
        if self.last_row.is_some_and(|last| row <= last) {
            return Err(damaged().at(format!("{}!{}", self.sheet, row + 1)));
        }
        self.last_row = Some(row);
        Ok(())
    }

    fn next_cell(&mut self) -> Result<Option<Ahead>> {
        if self.ended {
            return Ok(None);
        }
        let found = guarded(|| self.cells.next_cell_with_formula_metadata());
        // the fault is in the row behind the last that was whole, or later
        let row = self.last_row.map_or(1, |last| last + 2);
        let Some(record) = found.map_err(|e| e.at(format!("{}!{row}", self.sheet)))? else {
            self.ended = true;
            return Ok(None);
        };
        self.seen += 1;
        let (row, column) = record.pos;
        if self.seen > self.limits.cells {
            let limit = self.limits.cells;
            let message = format!("工作表“{}”超过 {limit} 个单元格，请分成几个文件上传", self.sheet);
            return Err(too_large("cells_too_many", message));
        }
        if row >= self.limits.rows {
            return Err(rows_too_many(&self.sheet, self.limits.rows));
        }
        let formula = record.formula.is_some();
        let cell = self.cell(record.value, formula);
        if column >= self.limits.columns {
            if cell.is_empty() {
                // a format painted over whole rows holds nothing
                return Ok(Some(Ahead { row, column: 0, cell: Cell::Empty }));
            }
            return Err(columns_too_many(&place(&self.sheet, column as usize, row + 1), self.limits.columns));
        }
        Ok(Some(Ahead { row, column, cell }))
    }

    fn cell(&self, value: DataRef<'_>, formula: bool) -> Cell {
        let limit = self.limits.cell_chars;
        match value {
            DataRef::Empty if formula => Cell::Broken {
                code: "formula_without_value",
                message: "公式没有保存计算结果，请在表格软件中重新计算并保存，或改填数值".to_owned(),
            },
            DataRef::Empty => Cell::Empty,
            DataRef::Int(n) => Cell::Number(n as f64),
            DataRef::Float(n) => Cell::Number(n),
            DataRef::String(text) => text_cell(&text, limit),
            DataRef::SharedString(text) => text_cell(text, limit),
            DataRef::Bool(yes) => Cell::Bool(yes),
            DataRef::DateTime(at) => date_cell(&at),
            DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
                Some(date) => Cell::Date(date),
                None => text_cell(&text, limit),
            },
            DataRef::DurationIso(text) => text_cell(&text, limit),
            DataRef::Error(e) => Cell::Broken {
                code: "formula_error",
                message: format!("单元格是错误值 {e}，请改正公式或改填数值"),
            },
        }
    }
}

/// A serial number formatted as a date. 60 is the 29th of February 1900 that never was; a time of day alone is 0.x.
fn date_cell(at: &calamine::ExcelDateTime) -> Cell {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let date = jiff::civil::Date::new(year as i16, month as i8, day as i8);
    match date {
        Ok(date) if at.is_datetime() && at.as_f64() >= 1.0 => Cell::Date(date),
        _ => Cell::Broken {
            code: "date_impossible",
            message: "单元格是时间或不存在的日期，请填写日期，如 2024-03-05".to_owned(),
        },
    }
}

/// Puts a cell at its column. A cell given twice keeps the first that holds something.
fn put(cells: &mut Vec<Cell>, ahead: Ahead) {
    let column = ahead.column as usize;
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    if cells[column].is_empty() {
        cells[column] = ahead.cell;
    }
}

/// Merged regions, applied while the rows pass.
struct Merges {
    /// Not begun yet, by first row.
    waiting: VecDeque<Dimensions>,
    /// Begun, with the value of their first cell.
    open: Vec<(Dimensions, Cell)>,
    /// Columns read at most.
    columns: usize,
}

impl Merges {
    fn new(mut regions: Vec<Dimensions>, columns: u32) -> Self {
        regions.sort_by_key(|d| d.start);
        Self { waiting: regions.into(), open: Vec::new(), columns: columns as usize }
    }

    /// Takes up the regions that begin in `row` and fills those that cover it. A blank row is not filled, but it may
    /// begin a region whose first cell is then empty.
    fn fill(&mut self, row: u32, cells: &mut Vec<Cell>, blank: bool) {
        self.open.retain(|(region, _)| region.end.0 >= row);
        while self.waiting.front().is_some_and(|region| region.start.0 <= row) {
            let Some(region) = self.waiting.pop_front() else { break };
            let value = match cells.get(region.start.1 as usize) {
                Some(value) if region.start.0 == row => value.clone(),
                _ => Cell::Empty,
            };
            // regions that do not overlap are at most one a column; more is a made-up file
            if !value.is_empty() && region.end.0 >= row && self.open.len() < self.columns {
                self.open.push((region, value));
            }
        }
        if blank {
            return;
        }
        for (region, value) in &self.open {
            let last = (region.end.1 as usize).min(self.columns.saturating_sub(1));
            for column in region.start.1 as usize..=last {
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                if cells[column].is_empty() {
                    cells[column] = value.clone();
                }
            }
        }
    }
}
