//! An export in the form that was asked for.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use kit_base::error::Result;

use super::out::{CsvOut, Field, OutColumn, XlsxOut};

/// Where the rows of an export go; both kinds are written row by row.
pub enum EitherOut {
    Xlsx(Box<XlsxOut>),
    Csv(Box<CsvOut<BufWriter<File>>>),
}

impl EitherOut {
    /// Begins the file at `path`; `notes` stand above the headings of an XLSX and nowhere in a CSV.
    pub fn begin(
        csv: bool,
        path: &Path,
        sheet: &str,
        columns: &[OutColumn],
        notes: &[String],
    ) -> Result<Self> {
        if csv {
            return Ok(Self::Csv(Box::new(CsvOut::new(BufWriter::new(File::create(path)?), columns)?)));
        }
        let mut book = XlsxOut::new();
        book.sheet(sheet, columns, notes)?;
        Ok(Self::Xlsx(Box::new(book)))
    }

    pub fn row(&mut self, row: Vec<Field>) -> Result<()> {
        match self {
            Self::Xlsx(book) => book.row(row),
            Self::Csv(csv) => csv.row(row),
        }
    }

    /// Ends the file at the `path` it was begun at.
    pub fn end(self, path: &Path) -> Result<()> {
        match self {
            Self::Xlsx(book) => book.save(path),
            Self::Csv(csv) => csv.finish(),
        }
    }
}
