//! The rows that were not taken, kept until they are given back.

use std::io::{Seek, Write};
use std::path::Path;

use kit_base::error::{Error, Result};
use tempfile::SpooledTempFile;

use super::out::{CsvOut, Field, OutColumn, XlsxOut};

/// The last column of a file of rejected rows; on import it is passed over.
pub const REASON: &str = "错误原因";

/// Up to this size the rows stay in memory; more goes to a temporary file without a name.
const IN_MEMORY: usize = 4 << 20;

/// Rejected rows with all their cells as they came, and the reason behind them.
pub struct Rejected {
    name: String,
    headings: Vec<String>,
    reason: Option<usize>,
    spool: csv::Writer<SpooledTempFile>,
    rows: u64,
}

impl std::fmt::Debug for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejected").field("name", &self.name).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Rejected {
    pub(super) fn new(name: &str, headings: &[String], reason: Option<usize>) -> Result<Self> {
        let spool = csv::WriterBuilder::new().flexible(true).from_writer(SpooledTempFile::new(IN_MEMORY));
        let mut headings = headings.to_vec();
        without(&mut headings, reason);
        Ok(Self { name: name.to_owned(), headings, reason, spool, rows: 0 })
    }

    pub(super) fn push(&mut self, mut cells: Vec<String>, reason: &str) -> Result<()> {
        without(&mut cells, self.reason);
        let width = self.headings.len().max(cells.len());
        cells.resize(width, String::new());
        cells.push(reason.to_owned());
        // cells beside the table make the row wider than the headings
        while self.headings.len() < width {
            self.headings.push(String::new());
        }
        self.spool.write_record(&cells).map_err(Error::internal)?;
        self.rows += 1;
        Ok(())
    }

    /// Ready to be read.
    pub(super) fn written(mut self) -> Result<Self> {
        self.spool.flush()?;
        Ok(self)
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The rows as an XLSX: the columns of the upload and 错误原因.
    pub fn write_xlsx(self, path: &Path) -> Result<()> {
        let mut columns: Vec<OutColumn> = self.headings.iter().map(|h| OutColumn::text(h.as_str())).collect();
        columns.push(OutColumn::text(REASON).width(60));
        let mut out = XlsxOut::new();
        out.sheet(&self.name, &columns, &[])?;
        self.each(|cells| out.row(cells.iter().map(|c| Field::Text((*c).into()))))?;
        out.save(path)
    }

    /// The rows as a CSV in UTF-8 with BOM.
    pub fn write_csv(self, to: impl Write) -> Result<()> {
        let mut columns: Vec<OutColumn> = self.headings.iter().map(|h| OutColumn::text(h.as_str())).collect();
        columns.push(OutColumn::text(REASON));
        let mut out = CsvOut::new(to, &columns)?;
        self.each(|cells| out.row(cells.iter().map(|c| Field::Text((*c).into()))))?;
        out.finish()
    }

    fn each(self, mut row: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
        let width = self.headings.len();
        let mut spool = self.spool.into_inner().map_err(|e| Error::internal(e.error()))?;
        spool.rewind()?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(spool);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(Error::internal)? {
            let mut cells: Vec<&str> = record.iter().collect();
            let reason = cells.pop().unwrap_or_default();
            cells.resize(width, "");
            cells.push(reason);
            row(&cells)?;
        }
        Ok(())
    }
}

fn without(cells: &mut Vec<String>, at: Option<usize>) {
    if let Some(at) = at.filter(|&at| at < cells.len()) {
        cells.remove(at);
    }
}
