//! Long work: sheets in and out. The input of a job is JSON that names a kept file or a filter.

mod export;
mod follow;
mod import;
pub mod members;

pub use export::{EXPORT, ExportInput};
pub use follow::FOLLOW;
pub use import::{IMPORT, ImportInput};
