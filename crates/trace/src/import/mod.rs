//! Sheets of moves in: 进货, 销售, 生产 as xlsx or csv. Good rows go in, bad ones come back as a file to mend.
//!
//! A row is one line of a ledger; it becomes one move, or several where stock of several lots is used up. Each row goes
//! in whole or not at all. The same file sent twice goes in once: a row is known by the file's hash and its number.

mod find;
mod job;
mod rows;
mod tables;

use kit_base::Defect;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use job::{IMPORT, ImportInput, ImportResult, Reach, SHEET_LIMIT};
pub use tables::{SheetKind, table};

/// A defect as answers and results keep it.
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
