//! `shian draw verify`: does a published draw (双随机, 抽样, 你点我检) again, on any machine, without a database.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use kit_base::{Error, Result};
use kit_draw::{DrawFile, verify};
use kit_ledger::{Checkpoint, PublicKey};

#[derive(Debug, Subcommand)]
pub enum DrawCommand {
    /// Checks a file of /api/public/draws/ID, /api/public/sample-draws/ID /api/public/recheck-draws/ID or /api/public/recall-draws/ID: promises, pool, and every name that was drawn.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Verify {
    file: PathBuf,
    /// Public key of the ledger, as /api/ledger/key tells it: who signed the checkpoint is checked as well.
    #[arg(long)]
    key: Option<String>,
}

impl DrawCommand {
    pub fn run(&self) -> Result<()> {
        let Self::Verify(command) = self;
        let drawn = command.run()?;
        Ok(writeln!(std::io::stdout().lock(), "一致：重新抽取的 {drawn} 个结果与公布的相同")?)
    }
}

impl Verify {
    fn run(&self) -> Result<usize> {
        let text = std::fs::read_to_string(&self.file)?;
        let file: DrawFile = serde_json::from_str(&text)
            .map_err(|e| Error::invalid("file", "draw_format", format!("不是随机抽取文件：{e}")))?;
        if let Some(key) = &self.key {
            Checkpoint::open(&file.checkpoint, &PublicKey::parse(key)?)?;
        }
        verify(&file)
    }
}
