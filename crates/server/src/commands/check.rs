//! `shian check`: whether everything agrees with everything.

use kit_base::{Error, Ids, Result};
use kit_db::Db;

use super::Place;
use crate::check;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out reading every kept file.
    #[arg(long)]
    pub quick: bool,
}

impl Check {
    /// Answers whether all is well.
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<bool> {
        let db = Db::open_reading(&place.url()?)?;
        let settings = place.settings()?;
        // looking makes no key where one must be brought back first
        let has_key = settings.ledger.key.is_some() || place.data.join("ledger.key").exists();
        let ledger = if has_key { Some(settings.ledger_key(&Ids::random())?.public()) } else { None };
        let asked = check::Place { db: &db, data: &place.data, files: !self.quick, ledger };
        let report = check::run(&asked, &mut |name| tracing::info!(check = name, "looking"))?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report).map_err(Error::internal)?);
        } else {
            println!("{}", report.text());
        }
        Ok(report.sound)
    }
}
