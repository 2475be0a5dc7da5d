//! A signed file and the key it is checked with: what `verify` of licences and of weekly files takes.

use std::path::PathBuf;

use kit_base::{Error, Kind, Result};
use kit_ledger::PublicKey;

use super::Place;

#[derive(Debug, clap::Args)]
pub struct Signed {
    pub file: PathBuf,
    /// Public key of the house that signed it, as `shian ledger key` or its /api/ledger tells it; that of this house where it is
    /// not said.
    #[arg(long)]
    pub key: Option<String>,
}

impl Signed {
    /// The key and the text of the file; `what` names such a file to the reader.
    ///
    /// Errors: `signed_file` where the file is larger than `largest` bytes, those of the key.
    pub fn read(&self, place: &Place, largest: u64, what: &str) -> Result<(PublicKey, String)> {
        let key = match &self.key {
            Some(text) => PublicKey::parse(text)?,
            None => place.settings()?.ledger_key(&kit_base::Ids::random())?.public(),
        };
        if std::fs::metadata(&self.file)?.len() > largest {
            return Err(Error::new(Kind::TooLarge, "signed_file", format!("文件过大，不是{what}")));
        }
        Ok((key, std::fs::read_to_string(&self.file)?))
    }
}
