//! Sheets that people upload, taken in by a job: what every room's import does alike.
//!
//! A room declares a [`kit_docs::table::Table`] and says what becomes of a batch of good rows; this kit counts the rows for
//! the bar, hands them over in batches, gathers what was refused with sheet, row, column and reason, keeps the refused rows
//! as a file to mend and send again, and answers all of it over HTTP ([`http`]).

pub mod http;
pub mod lists;
pub mod out;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use kit_base::{Defect, Error, Kind, Result};
use kit_db::Tx;
use kit_docs::sheet::{Book, Limits, Row};
use kit_docs::table::{Import, Line, Table};
use kit_files::{Files, Kept};
use kit_jobs::Running;
use kit_web::{House, Scope};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The largest sheet that is taken in.
pub const SHEET_LIMIT: u64 = 256 << 20;

/// Media type of an xlsx.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A scope as a job remembers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reach {
    Divisions(Vec<String>),
    Businesses(Vec<String>),
}

impl From<&Scope> for Reach {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Divisions(all) => Self::Divisions(all.clone()),
            Scope::Businesses(all) => Self::Businesses(all.clone()),
        }
    }
}

impl From<Reach> for Scope {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Divisions(all) => Self::Divisions(all),
            Reach::Businesses(all) => Self::Businesses(all),
        }
    }
}

/// A defect as results and answers keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// `进货!B12`, `/epcisBody/eventList/3/action`, `line 7 column 12`
    pub place: String,
    pub code: String,
    pub message: String,
}

impl From<Defect> for Place {
    fn from(d: Defect) -> Self {
        Self { place: d.place, code: d.code.into_owned(), message: d.message }
    }
}

/// What became of a sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportResult {
    /// Rows that held something.
    pub read: u64,
    pub added: u64,
    #[serde(default)]
    pub updated: u64,
    pub rejected: u64,
    /// The first 200.
    pub defects: Vec<Place>,
    pub defects_total: u64,
    /// Headings that were not understood.
    pub unknown: Vec<String>,
    /// Hash of the file of rejected rows; empty when there are none.
    pub file: String,
    pub file_name: String,
    /// Nothing was kept: this is what the import would do.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of one row that was read well.
#[derive(Debug)]
pub enum Outcome {
    Added,
    Updated,
    /// Nothing of it was kept.
    Refused(Vec<Defect>),
}

/// An uploaded sheet.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'u> {
    /// Hash of the kept file.
    pub file: &'u str,
    /// File name without its ending: the sheet name of a CSV, and part of the name of the file of rejected rows.
    pub name: &'u str,
}

impl Upload<'_> {
    fn open(&self, files: &Files, sheet: &str) -> Result<Book> {
        let file = files.get(self.file)?.ok_or_else(|| Error::internal("the uploaded sheet is gone"))?;
        Book::open(file, sheet, &Limits { file_bytes: SHEET_LIMIT, ..Limits::default() })
    }
}

/// Rows that a dry run takes at most: it holds the writer until its end.
pub const DRY_ROWS: u64 = 100_000;

/// What [`take_in`] would do, to the row and the word: `keep` works in one transaction, which is undone at the end.
///
/// Errors: those of [`take_in`]; `dry_run_long`.
pub fn try_out<K>(
    house: &House,
    job: &Running,
    sheet: (&str, &str),
    table: Table,
    batch: usize,
    mut keep: K,
) -> Result<ImportResult>
where
    K: FnMut(&mut Tx, Arc<[Line]>) -> Result<Vec<Outcome>> + Send + 'static,
{
    let upload = Upload { file: sheet.0, name: sheet.1 };
    let total = count(&house.files, upload, &table)?;
    if total > DRY_ROWS {
        let text = format!("试导入最多 {DRY_ROWS} 行，这份表有 {total} 行，请分成几份，或直接导入");
        return Err(Error::new(Kind::TooLarge, "dry_run_long", text));
    }
    job.progress(0, Some(total), "正在试导入，不保存")?;
    let done: Arc<Mutex<Option<ImportResult>>> = Arc::default();
    let (slot, files) = (Arc::clone(&done), house.files.clone());
    let (file, name) = (sheet.0.to_owned(), sheet.1.to_owned());
    let undone = house.db.write_blocking(move |tx| -> Result<()> {
        let upload = Upload { file: &file, name: &name };
        let result = run(&files, upload, &table, batch, &mut |lines| keep(tx, lines), &|_| Ok(()))?;
        *slot.lock() = Some(ImportResult { dry_run: true, ..result });
        Err(Error::conflict(UNDONE, "试导入，未保存"))
    });
    match undone {
        Err(e) if e.code == UNDONE => {
            job.progress(total, Some(total), "完成")?;
            done.lock().take().ok_or_else(|| Error::internal("a dry run without an answer"))
        }
        Err(e) => Err(e),
        Ok(()) => Err(Error::internal("a dry run was kept")),
    }
}

/// Code of the error that undoes a dry run.
const UNDONE: &str = "dry_run";

/// Takes a sheet in: `keep` is given up to `batch` good rows at a time and answers what became of each, in their order.
///
/// Errors: those of reading the file (it is then left as far as it got), and of `keep`.
pub fn take_in(
    house: &House,
    job: &Running,
    upload: Upload,
    table: &Table,
    batch: usize,
    keep: &mut dyn FnMut(Arc<[Line]>) -> Result<Vec<Outcome>>,
) -> Result<ImportResult> {
    let total = count(&house.files, upload, table)?;
    let step = |read| job.progress(read, Some(total), "正在导入");
    let result = run(&house.files, upload, table, batch, keep, &step)?;
    job.progress(total, Some(total), "完成")?;
    Ok(result)
}

/// Reads a sheet and hands its rows over; `step` is told how many were read.
fn run(
    files: &Files,
    upload: Upload,
    table: &Table,
    batch: usize,
    keep: &mut dyn FnMut(Arc<[Line]>) -> Result<Vec<Outcome>>,
    step: &dyn Fn(u64) -> Result<()>,
) -> Result<ImportResult> {
    let mut book = upload.open(files, table.name())?;
    let at = book.pick(table.name());
    let mut import = Import::begin(table, book.rows(at)?)?;
    let mut result = ImportResult::default();
    let mut waiting = Vec::with_capacity(batch);
    while let Some(line) = import.next() {
        waiting.push(line?);
        if waiting.len() == batch {
            settle(&mut import, &mut waiting, keep, &mut result)?;
            step(import.read())?;
        }
    }
    settle(&mut import, &mut waiting, keep, &mut result)?;
    let report = import.finish()?;
    result.read = report.read;
    result.rejected = report.rejected;
    result.defects = report.defects.into_iter().map(Place::from).collect();
    result.defects_total = report.defects_total;
    result.unknown = report.unknown.iter().map(|u| u.heading.clone()).collect();
    if let Some(rejected) = report.file {
        let path = tempfile::Builder::new().suffix(".xlsx").tempfile()?.into_temp_path();
        rejected.write_xlsx(&path)?;
        result.file = keep_file(files, &path)?.hash;
        result.file_name = format!("{}-未导入的行.xlsx", upload.name);
    }
    Ok(result)
}

/// Rows of the sheet, so that the bar knows its end.
fn count(files: &Files, upload: Upload, table: &Table) -> Result<u64> {
    let mut book = upload.open(files, table.name())?;
    let at = book.pick(table.name());
    let mut total = 0_u64;
    for row in book.rows(at)? {
        row?;
        total += 1;
    }
    Ok(total)
}

/// Hands over what waits; what is refused becomes defects of its rows.
fn settle<R: Iterator<Item = Result<Row>>>(
    import: &mut Import<R>,
    waiting: &mut Vec<Line>,
    keep: &mut dyn FnMut(Arc<[Line]>) -> Result<Vec<Outcome>>,
    result: &mut ImportResult,
) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let lines: Arc<[Line]> = std::mem::take(waiting).into();
    let outcomes = keep(Arc::clone(&lines))?;
    debug_assert_eq!(lines.len(), outcomes.len());
    for (line, outcome) in lines.iter().zip(outcomes) {
        match outcome {
            Outcome::Added => result.added += 1,
            Outcome::Updated => result.updated += 1,
            Outcome::Refused(defects) => import.reject(line, defects)?,
        }
    }
    Ok(())
}

/// Keeps a file that a job wrote.
pub fn keep_file(files: &Files, path: &Path) -> Result<Kept> {
    files.put(File::open(path)?, u64::MAX)
}
