//! `shian ledger`: check the log and the database against it, check a proof file, show key and checkpoint.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use kit_base::{Error, Ids, Result};
use kit_db::Db;
use kit_ledger::{Checkpoint, Key, ProofFile, PublicKey, store};
use serde_json::json;
use trace::verify::{Against, Fault, Tell, Walked};

use super::Place;
use crate::opening::Settings;

#[derive(Debug, clap::Subcommand)]
pub enum LedgerCommand {
    /// Walk the whole log: leaves against checkpoints, the database against the leaves. Names what does not fit.
    Verify(Verify),
    /// Check a proof file; needs no database.
    VerifyProof(VerifyProof),
    /// Print the public key; make a new secret key.
    Key(KeyCommand),
    /// Print the latest checkpoint.
    Checkpoint,
}

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Go on after the first difference.
    #[arg(long)]
    pub all: bool,
    /// One JSON object a line: each difference, then the summary.
    #[arg(long)]
    pub json: bool,
    /// Public key; that of the server's own key where it is not said.
    #[arg(long)]
    pub key: Option<String>,
    /// A checkpoint that was kept elsewhere: the log must have grown out of it.
    #[arg(long)]
    pub since: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct VerifyProof {
    pub file: PathBuf,
    /// Public key of the log, as `shian ledger key` or the server's /api/ledger tells it.
    #[arg(long)]
    pub key: String,
}

#[derive(Debug, clap::Args)]
pub struct KeyCommand {
    /// Write a new secret key to this file.
    #[arg(long)]
    pub new: Option<PathBuf>,
}

impl LedgerCommand {
    #[allow(clippy::print_stderr, reason = "a command tells its refusals")]
    pub fn run(&self, place: &Place) -> ExitCode {
        let done = place.settings().and_then(|settings| match self {
            Self::Verify(command) => command.run(&settings),
            Self::VerifyProof(command) => command.run().map(|()| true),
            Self::Key(command) => command.run(&settings).map(|()| true),
            Self::Checkpoint => checkpoint(&settings).map(|()| true),
        });
        match done {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(e) => {
                let place = e.field.as_deref().map(|f| format!("（{f}）")).unwrap_or_default();
                eprintln!("错误：{}{place}", e.message);
                ExitCode::FAILURE
            }
        }
    }
}

/// The database beside a server that may be running; nothing is written.
fn open(settings: &Settings) -> Result<Db> {
    Db::open(&settings.database_url())
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

impl Verify {
    /// Whether all of it fits.
    fn run(&self, settings: &Settings) -> Result<bool> {
        let key = match &self.key {
            Some(text) => PublicKey::parse(text)?,
            None => settings.ledger_key(&Ids::random())?.public(),
        };
        let mut known = Vec::new();
        let copy = Some(settings.checkpoint_copy()).filter(|path| path.exists());
        for path in [copy, self.since.clone()].into_iter().flatten() {
            let note = std::fs::read_to_string(&path)?;
            known.push(Checkpoint::open(&note, &key).map_err(|e| e.at(path.display().to_string()))?);
        }
        let bar = bar();
        let walked = self.walk(&open(settings)?, &Against { key: &key, known }, &bar)?;
        bar.finish_and_clear();
        say(&if self.json { json!({ "walked": walked }).to_string() } else { summary(&walked, self.all) })?;
        Ok(walked.faults == 0)
    }

    fn walk(&self, db: &Db, against: &Against, bar: &ProgressBar) -> Result<Walked> {
        let mut lost = None;
        let mut fault = |fault: Fault| {
            let text = match self.json {
                true => json!({ "fault": fault }).to_string(),
                false => format!("不符：{}  [{}]", fault.message, fault.code),
            };
            lost = bar.suspend(|| say(&text)).err();
            self.all && lost.is_none()
        };
        let mut progress = |done: i64, total: i64| {
            bar.set_length(total.unsigned_abs());
            bar.set_position(done.unsigned_abs());
        };
        let walked = db.read_blocking(|tx| {
            crate::check::walk(tx, against, Tell { fault: &mut fault, progress: &mut progress })
        })?;
        lost.map_or(Ok(walked), Err)
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("核对 [{bar:32}] {pos}/{len} {per_sec} {eta}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

fn summary(w: &Walked, all: bool) -> String {
    let walked = format!(
        "账本 {} 条（已签署 {} 条，检查点 {} 个），流转记录 {} 条，更正 {} 条，追溯码 {} 个，案卷记录 {} 条，文书 {} 份，抽检样品 {} 份",
        w.leaves, w.signed, w.checkpoints, w.events, w.corrections, w.codes, w.entries, w.papers, w.samples
    );
    match (w.faults, all) {
        (0, _) => format!("全部相符：{walked}"),
        (n, true) => format!("共 {n} 处不符：{walked}"),
        (_, false) => "在第一处不符停止；用 --all 列出全部".to_owned(),
    }
}

impl VerifyProof {
    fn run(&self) -> Result<()> {
        let text = std::fs::read(&self.file).map_err(|e| {
            Error::invalid("file", "file_unreadable", format!("无法读取 {}：{e}", self.file.display()))
        })?;
        let proof: ProofFile = serde_json::from_slice(&text).map_err(|e| {
            Error::invalid("file", "proof_form", format!("不是账本凭证文件（第 {} 行）", e.line()))
        })?;
        let proven = proof.check(&PublicKey::parse(&self.key)?)?;
        say(&format!(
            "凭证有效：{}，检查点 {} 条，账本 {}",
            proof.about, proven.checkpoint.size, proven.checkpoint.origin
        ))?;
        for (entry, kind, public) in &proven.records {
            say(&format!("  账本第 {} 条 {kind} {public}", entry.no))?;
        }
        Ok(())
    }
}

impl KeyCommand {
    fn run(&self, settings: &Settings) -> Result<()> {
        let ids = Ids::random();
        let key = match &self.new {
            Some(path) => {
                let key = Key::new(&settings.ledger_origin(), &ids.bytes())?;
                kit_ledger::write_key(path, &key)?;
                key
            }
            None => settings.ledger_key(&ids)?,
        };
        say(&key.public().to_string())
    }
}

fn checkpoint(settings: &Settings) -> Result<()> {
    let latest = open(settings)?.read_blocking(store::latest)?;
    match latest {
        Some(latest) => Ok(write!(std::io::stdout().lock(), "{}", latest.note)?),
        None => Err(Error::not_found("账本还没有检查点")),
    }
}
