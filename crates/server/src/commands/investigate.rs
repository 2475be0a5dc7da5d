//! `shian investigate NETWORK.json`: outbreak scores of a network file, without a database.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;
use kit_base::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Csv,
}

#[derive(Debug, clap::Args)]
pub struct Investigate {
    /// The network: stations, deliveries, relations, and optionally groups.
    pub network: PathBuf,
    #[arg(long, value_enum, default_value = "json")]
    pub format: Format,
}

impl Investigate {
    /// Scores to standard output. What is wrong with the file goes to standard error, place and code first.
    #[allow(clippy::print_stderr, reason = "a command tells its refusals")]
    pub fn run(&self) -> Result<()> {
        let scores = self.scores().inspect_err(|error| {
            for defect in &error.defects {
                eprintln!("{}  {}  [{}]", defect.place, defect.message, defect.code);
            }
        })?;
        let mut text = match self.format {
            Format::Json => scores.to_json()?,
            Format::Csv => scores.to_csv(),
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        match std::io::stdout().lock().write_all(text.as_bytes()) {
            // whoever reads has seen enough
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        }
    }

    fn scores(&self) -> Result<investigation::rules::Scores> {
        let file = File::open(&self.network).map_err(|e| {
            Error::invalid("network", "file_unreadable", format!("无法读取 {}：{e}", self.network.display()))
        })?;
        investigation::rules::investigate_file(BufReader::new(file))
    }
}
