//! Long work: sheets in and out. The input of a job is JSON that names a kept file or a filter.

mod export;
mod import;

pub use export::{EXPORT, ExportInput, Format};
pub use import::{IMPORT, ImportInput, ImportResult};

use std::fs::File;
use std::path::Path;

use kit_base::Result;
use kit_files::{Files, Kept};
use kit_web::Scope;
use serde::{Deserialize, Serialize};

/// The largest sheet that is taken in.
pub const SHEET_LIMIT: u64 = 256 << 20;

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

/// Keeps a file that a job wrote.
fn keep(files: &Files, path: &Path) -> Result<Kept> {
    files.put(File::open(path)?, u64::MAX)
}
