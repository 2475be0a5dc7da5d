//! A list out as a file, row by row: what every room's export does alike.

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_docs::table::either::EitherOut;
use kit_docs::table::out::{Field, OutColumn};
use kit_web::House;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::keep_file;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Xlsx,
    Csv,
}

/// What an export left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exported {
    pub rows: u64,
    /// Hash in the file store.
    pub file: String,
    pub file_name: String,
}

/// An export under way.
pub struct Export<'h> {
    house: &'h House,
    out: EitherOut,
    path: tempfile::TempPath,
    rows: u64,
    file_name: String,
}

impl<'h> Export<'h> {
    /// Begins a file of one sheet; `title` names the sheet and, with the day, the file.
    pub fn begin(
        house: &'h House,
        format: Format,
        title: &str,
        actor: &str,
        columns: &[OutColumn],
    ) -> Result<Self> {
        let now = china_text(house.clock.now());
        let suffix = if format == Format::Csv { ".csv" } else { ".xlsx" };
        let path = tempfile::Builder::new().suffix(suffix).tempfile()?.into_temp_path();
        let notes = [format!("导出时间 {now}　导出人 {actor}")];
        let out = EitherOut::begin(format == Format::Csv, &path, title, columns, &notes)?;
        Ok(Self { house, out, path, rows: 0, file_name: format!("{title}-{}{suffix}", &now[..10]) })
    }

    pub fn row(&mut self, row: Vec<Field>) -> Result<()> {
        self.rows += 1;
        self.out.row(row)
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends and keeps the file; answers what a job leaves ([`Exported`] as JSON).
    pub fn end(self) -> Result<String> {
        self.out.end(&self.path)?;
        let file = keep_file(&self.house.files, &self.path)?.hash;
        let left = Exported { rows: self.rows, file, file_name: self.file_name };
        serde_json::to_string(&left).map_err(Error::internal)
    }
}
