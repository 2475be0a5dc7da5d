//! The command line: `shian serve`, `simulate`, `import`, `investigate`, `ledger`, `bench`, `contract`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use kit_base::{Error, Kind, Result};

use crate::opening::{LedgerSettings, Settings};
use crate::secrets;

pub mod accounts;
pub mod backup;
pub mod bench;
pub mod carry;
pub mod check;
pub mod divisions;
pub mod draw;
pub mod feedback;
pub mod guard;
pub mod import;
pub mod investigate;
pub mod ledger;
pub mod licence;
mod progress;
pub mod secret_keys;
pub mod serve;
mod signed;
pub mod simulate;

/// 食安: food-safety supervision, one binary.
#[derive(Debug, Parser)]
#[command(name = "shian", version)]
pub struct Cli {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the data is.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// Folder of database, files and snapshots.
    #[arg(long, global = true, env = "SHIAN_DATA", default_value = "./data/live")]
    pub data: PathBuf,
    /// sqlite:PATH or postgres://…; the SQLite file in the folder where it is not said.
    #[arg(long, global = true, env = "SHIAN_DATABASE")]
    pub database: Option<String>,
    /// Where the public reaches this server; goes into every QR code.
    #[arg(long, global = true, env = "SHIAN_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: String,
    /// 审图号 shown beside every map.
    #[arg(long, global = true, env = "SHIAN_MAP_APPROVAL", default_value = "")]
    pub map_approval: String,
    /// Secret key of the ledger, or the file that has it; real operation wants it said.
    #[arg(long, global = true, env = "SHIAN_LEDGER_KEY", hide_env_values = true)]
    pub ledger_key: Option<String>,
    /// Name of the ledger for a key that is made; the public address where it is not said.
    #[arg(long, global = true, env = "SHIAN_LEDGER_ORIGIN")]
    pub ledger_origin: Option<String>,
    /// Real operation: secure cookies, no demo accounts; refuses to start with what is unsafe. Also SHIAN_MODE=production.
    #[arg(long, global = true, env = "SHIAN_PRODUCTION")]
    pub production: bool,
    #[command(flatten)]
    pub guard: guard::GuardArgs,
}

impl Place {
    /// Address of the database.
    ///
    /// Errors: those of [`Place::settings`].
    pub fn url(&self) -> Result<String> {
        Ok(self.settings()?.database_url())
    }

    /// Errors: `secret_twice`, `secret_unreadable`, `mode_unknown`.
    pub fn settings(&self) -> Result<Settings> {
        let database = match &self.database {
            Some(url) => Some(url.clone()),
            None => secrets::read("SHIAN_DATABASE", &secrets::environment)?,
        };
        Ok(Settings {
            data: self.data.clone(),
            database,
            public_url: self.public_url.clone(),
            production: self.production || production_by_mode()?,
            map_approval: self.map_approval.clone(),
            ledger: LedgerSettings { key: self.ledger_key.clone(), origin: self.ledger_origin.clone() },
            password_cost: ::accounts::Cost::Full,
            guard: self.guard.settings(),
            key: secrets::key("SHIAN_SECRET_KEY", &secrets::environment)?,
        })
    }
}

fn production_by_mode() -> Result<bool> {
    match secrets::environment("SHIAN_MODE").as_deref() {
        None | Some("" | "trial") => Ok(false),
        Some("production") => Ok(true),
        Some(other) => {
            let text = format!("SHIAN_MODE 应为 production 或 trial，不能是 {other}");
            Err(Error::new(Kind::Conflict, "mode_unknown", text))
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve HTTP.
    Serve(Box<serve::Serve>),
    /// Fill an empty database with a simulated world.
    Simulate(simulate::Simulate),
    /// First accounts of a real house, and the way back in.
    #[command(subcommand)]
    Accounts(accounts::Accounts),
    /// Sealing keys: made, or changed without a restart.
    #[command(subcommand)]
    Secrets(secret_keys::Secrets),
    /// Take in files: EPCIS, networks, sheets of businesses or moves.
    Import(import::Import),
    /// Take in a list of changed divisions (区划变更).
    Divisions(divisions::Divisions),
    /// Outbreak scores of a network file.
    Investigate(investigate::Investigate),
    /// Check the ledger and what it proves; its key and checkpoint.
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Weekly files of markets, chains and platforms: check one without the server.
    #[command(subcommand)]
    Feedback(feedback::FeedbackCommand),
    /// Licences: check a signed form without the server.
    #[command(subcommand)]
    Licence(licence::LicenceCommand),
    /// Do a published draw (双随机) again.
    #[command(subcommand)]
    Draw(draw::DrawCommand),
    /// Measure the figures that are promised.
    Bench(bench::Bench),
    /// Copy database and files into a folder, while the server serves.
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder, or the database of a moment out of the continuous copy.
    Restore(backup::Restore),
    /// Whether database, stock, graph, search, files and audit agree.
    Check(check::Check),
    /// Carry a database over from SQLite to PostgreSQL or back.
    Move(carry::Move),
    /// Print the contract (OpenAPI 3.1).
    Contract,
}
