//! Long work: sheets in and out. The input of a job is JSON that names a kept file or a filter.

mod export;
mod import;

pub use export::{EXPORT, ExportInput, Format};
pub use import::{IMPORT, ImportInput};
