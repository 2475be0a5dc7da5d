//! The sealed file: what the planted incidents really were. For tests and for whoever wants to check an investigation;
//! it lies beside the database and no route leads to it.

use std::path::{Path, PathBuf};

use kit_base::{Error, Result};
use serde::{Deserialize, Serialize};
use simulator::Answer;

use super::{Made, Plan};

/// What is in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub profile: String,
    pub scale: f64,
    pub seed: u32,
    /// Civil days in China, `2026-03-02`.
    pub first_day: String,
    pub last_day: String,
    /// Lots are numbered as in the database; party n of the world has the change number n + 1.
    pub answers: Vec<Answer>,
}

/// Where the sealed file of a world lies.
pub fn path(data: &Path, profile: &str, seed: u32) -> PathBuf {
    data.join("sealed").join(format!("{profile}-{seed}.json"))
}

/// Writes the file, readable by its owner alone.
pub(super) fn write(data: &Path, plan: &Plan, made: &Made) -> Result<()> {
    let sealed = Sealed {
        profile: plan.profile.clone(),
        scale: plan.scale,
        seed: plan.seed,
        first_day: made.first_day.to_string(),
        last_day: made.last_day.to_string(),
        answers: made.answers.clone(),
    };
    let text = serde_json::to_string_pretty(&sealed).map_err(Error::internal)?;
    let path = path(data, &plan.profile, plan.seed);
    let folder = data.join("sealed");
    std::fs::create_dir_all(&folder)?;
    private(&folder, 0o700)?;
    std::fs::write(&path, text)?;
    private(&path, 0o600)
}

/// Reads a sealed file.
pub fn read(path: &Path) -> Result<Sealed> {
    serde_json::from_slice(&std::fs::read(path)?).map_err(Error::internal)
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> Result<()> {
    Ok(())
}
