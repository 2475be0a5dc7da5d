//! Sheets in: 进货, 销售, 生产 and 产品 as xlsx or csv. Good rows go in, bad ones come back as a file to mend.
//!
//! A row is one line of a ledger; it becomes one move, or several where stock of several lots is used up. Each row goes
//! in whole or not at all. The same file sent twice goes in once: a row is known by the file's hash and its number.

mod find;
mod job;
mod products;
mod rows;
mod tables;

pub use job::{IMPORT, ImportInput};
pub use kit_sheets::{ImportResult, Place, Reach, SHEET_LIMIT};
pub use tables::{SheetKind, table};
