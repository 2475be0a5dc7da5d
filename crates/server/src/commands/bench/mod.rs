//! `shian bench`: the figures that the project promises, measured here and now, with the machine beside them.
//!
//! Plain `shian bench` measures everything in one run. Everything happens in a folder that is removed afterwards, but
//! for PostgreSQL, where it needs an empty database and leaves it filled, so that a second run need not load it again.

mod capture;
mod find;
pub mod flows;
mod graph;
mod ledger;
mod network;
mod parties;
mod province;
mod report;
mod scan;
pub mod tamper;
mod town;
mod watch;
mod wire;
mod writes;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kit_base::Result;

use report::Report;

#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    pub what: Option<What>,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum What {
    /// Closures in memory against both databases, bytes a link, rebuild.
    Graph,
    /// Recording moves with group commit, and what the graph costs beside it.
    Capture,
    /// The public page of a code against a handler that answers a constant.
    Scan,
    /// The real network against its expected values.
    Network,
    /// The search box over businesses and products.
    Find,
    /// Search and import of businesses, and a large xlsx.
    Parties,
    /// Records a second, checkpoints, proofs, and random edits that must all be named.
    Ledger,
    /// Dossiers and first pages of every list over as many businesses as a province has.
    Province,
    /// Random sequences of actions over every kind of case, watched by a referee.
    Flows,
}

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Links of the graph.
    #[arg(long, global = true, default_value_t = 10_000_000)]
    pub links: u64,
    /// Measure the graph in memory only, without the databases it is compared with.
    #[arg(long, global = true)]
    pub memory_only: bool,
    /// An empty PostgreSQL database to compare with; left out where it is not said.
    #[arg(long, global = true)]
    pub postgres: Option<String>,
    /// Folder of the real network and its expected values.
    #[arg(long, global = true, default_value = "../shared/data/networks")]
    pub networks: PathBuf,
    /// Where the databases are made while it runs: a disk like that of real operation.
    #[arg(long, global = true, default_value_os_t = std::env::temp_dir())]
    pub work: PathBuf,
    /// Businesses to search, and of the province.
    #[arg(long, global = true, default_value_t = 666_000)]
    pub businesses: u32,
    /// Random edits of stored events that the ledger must name.
    #[arg(long, global = true, default_value_t = 100_000)]
    pub edits: u32,
    /// Products to search.
    #[arg(long, global = true, default_value_t = 2_000_000)]
    pub products: u32,
    /// Folder or s3://… for a continuous copy beside the writes; none is made where it is not said.
    #[arg(long, global = true)]
    pub stream_to: Option<String>,
    /// Sequences of actions over all kinds of cases together.
    #[arg(long, global = true, default_value_t = 1_000_000)]
    pub sequences: u64,
    /// Events to record.
    #[arg(long, global = true, default_value_t = 20_000)]
    pub events: u32,
}

impl Bench {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self) -> Result<()> {
        let work = Work::new(&self.options.work)?;
        let mut report = Report::new();
        match self.what {
            Some(What::Graph) => graph::run(&self.options, &work.0, &mut report)?,
            Some(What::Capture) => {
                capture::run(&self.options, &work.0, &mut report)?;
                writes::run(&self.options, &work.0, &mut report)?;
            }
            Some(What::Scan) => scan::run(&work.0, &mut report)?,
            Some(What::Network) => network::run(&self.options, &mut report)?,
            Some(What::Find) => find::run(&self.options, &mut report),
            Some(What::Parties) => parties::run(&self.options, &work.0, &mut report)?,
            Some(What::Ledger) => ledger::run(&self.options, &work.0, &mut report)?,
            Some(What::Province) => province::run(&self.options, &work.0, &mut report)?,
            Some(What::Flows) => flows::run(self.options.sequences, &mut report)?,
            None => self.all(&work.0, &mut report)?,
        }
        println!("{}", report.table());
        println!("{}", report.markdown());
        Ok(())
    }

    fn all(&self, work: &Path, report: &mut Report) -> Result<()> {
        network::run(&self.options, report)?;
        scan::run(work, report)?;
        capture::run(&self.options, work, report)?;
        writes::run(&self.options, work, report)?;
        parties::run(&self.options, work, report)?;
        ledger::run(&self.options, work, report)?;
        find::run(&self.options, report);
        province::run(&self.options, work, report)?;
        flows::run(self.options.sequences, report)?;
        graph::run(&self.options, work, report)
    }
}

/// A folder of this run, removed at its end.
struct Work(PathBuf);

impl Work {
    fn new(parent: &Path) -> Result<Self> {
        let path = parent.join(format!("shian-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(error = %e, path = %self.0.display(), "folder of the measurement stays");
        }
    }
}
