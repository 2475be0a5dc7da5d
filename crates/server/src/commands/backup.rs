//! `shian backup` and `shian restore`.

use std::path::PathBuf;

use kit_backup::rewind::rewind;
use kit_backup::{backup, target};
use kit_base::clock::china_text;
use kit_base::{Clock, Error, Millis, Result};
use kit_db::Db;

use super::Place;
use crate::{keep, opening};

#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Folder that backups lie in; each becomes a folder of its own. The server may go on serving.
    pub dest: PathBuf,
    /// Also copy the secret keys. Without them sealed secrets cannot be read after a restore; keep them elsewhere.
    #[arg(long)]
    pub with_keys: bool,
    /// Keep only so many backups in the folder.
    #[arg(long)]
    pub keep: Option<usize>,
}

impl Backup {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let url = place.url()?;
        let db = Db::open_reading(&url)?;
        let source = backup::Source {
            db: &db,
            url: &url,
            data: &place.data,
            program: env!("CARGO_PKG_VERSION"),
            position: &keep::position,
            with_keys: self.with_keys,
        };
        let (folder, manifest) =
            backup::make(&source, &self.dest, Clock::System.now(), &mut |stage| tracing::info!(stage))?;
        let bytes: u64 = manifest.parts.iter().map(|p| p.size).sum();
        println!("已备份到 {}（{} 个文件，{} MB）", folder.display(), manifest.parts.len(), bytes >> 20);
        println!("记录至 {} 号，审计至 {} 条", manifest.position.event, manifest.position.audit);
        if let Some(ledger) = &manifest.position.ledger {
            println!("账本检查点 {ledger}");
        }
        if !manifest.with_keys && !manifest.keys.is_empty() {
            println!("未包含密钥，请另行妥善保存：{}", manifest.keys.join("、"));
        }
        if let Some(keep) = self.keep {
            backup::prune(&self.dest, keep)?;
        }
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// Folder of one backup; with --at: the folder of the continuous copy.
    pub source: String,
    /// The moment to go back to, out of a continuous copy: 2026-11-22T23:30:00+08:00, or `latest`.
    #[arg(long)]
    pub at: Option<String>,
    /// Check the backup and restore nothing.
    #[arg(long)]
    pub verify_only: bool,
}

impl Restore {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<()> {
        if let Some(at) = &self.at {
            return self.rewind(place, moment(at)?);
        }
        let folder = PathBuf::from(&self.source);
        let manifest = backup::verify(&folder, &keep::position)?;
        println!(
            "备份完好：{} 制作，记录至 {} 号，{} 个文件",
            china_text(manifest.made_at),
            manifest.position.event,
            manifest.parts.len()
        );
        if self.verify_only {
            return Ok(());
        }
        std::fs::create_dir_all(&place.data)?;
        let _lock = opening::lock(&place.data)?;
        let keys = backup::restore(&folder, &manifest, &place.data, place.database.as_deref())?;
        println!("已恢复到 {}", place.data.display());
        if !keys.is_empty() {
            println!("请把另行保存的密钥放回数据目录：{}", keys.join("、"));
        }
        println!("启动前请运行 shian check");
        Ok(())
    }

    /// Only the database: files are never changed, those of the last backup do.
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    fn rewind(&self, place: &Place, at: Option<Millis>) -> Result<()> {
        std::fs::create_dir_all(&place.data)?;
        let _lock = opening::lock(&place.data)?;
        let into = place.data.join("shian.db");
        if into.exists() {
            let text = format!("{} 已存在，请先移走（连同 -wal、-shm 文件）", into.display());
            return Err(Error::conflict("data_not_empty", text));
        }
        let partial = place.data.join("shian.db.partial");
        let done = rewind(target::open(&self.source)?.as_ref(), at, &partial)?;
        let faults = Db::open_reading(&format!("sqlite:{}", partial.display()))?.integrity()?;
        if !faults.is_empty() {
            return Err(Error::conflict(
                "database_broken",
                format!("恢复出的数据库不完整：{}", faults.join("；")),
            ));
        }
        std::fs::rename(&partial, &into)?;
        // a snapshot of the graph from later would be set aside anyway; it goes now
        match std::fs::remove_file(place.data.join("trace.graph")) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
        println!(
            "已恢复到 {}（基础备份 {}，其后 {} 段）",
            china_text(done.upto),
            china_text(done.base_at),
            done.segments
        );
        println!("启动前请运行 shian check；文件与密钥请从最近一次备份放回数据目录");
        Ok(())
    }
}

/// `None`: the latest.
fn moment(text: &str) -> Result<Option<Millis>> {
    if text == "latest" {
        return Ok(None);
    }
    let at: jiff::Timestamp = text.parse().map_err(|e: jiff::Error| {
        let hint = "时间应写作 2026-11-22T23:30:00+08:00 或 latest";
        Error::invalid("at", "time_form", hint).because(e)
    })?;
    Ok(Some(at.as_millisecond()))
}
