//! `shian backup` and `shian restore`.

use std::path::{Path, PathBuf};

use kit_backup::rewind::rewind;
use kit_backup::{backup, depot, target};
use kit_base::clock::china_text;
use kit_base::{Clock, Error, Millis, Result};
use kit_db::Db;

use super::Place;
use crate::{keep, opening};

#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Folder that backups lie in, each in a folder of its own, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION
    /// with the keys in SHIAN_S3_KEY_ID and SHIAN_S3_SECRET (or …_FILE). The server may go on serving.
    pub dest: String,
    /// Also copy the secret keys. Without them sealed secrets cannot be read after a restore; keep them elsewhere.
    #[arg(long)]
    pub with_keys: bool,
    /// Keep only so many backups in the folder.
    #[arg(long)]
    pub keep: Option<usize>,
    /// Make none, list those there are.
    #[arg(long)]
    pub list: bool,
}

impl Backup {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<()> {
        if self.list {
            for (name, manifest) in keep::list(&self.dest)? {
                let bytes: u64 = manifest.parts.iter().map(|p| p.size).sum();
                println!(
                    "{name}  {}  记录至 {} 号  {} MB",
                    china_text(manifest.made_at),
                    manifest.position.event,
                    bytes >> 20
                );
            }
            return Ok(());
        }
        let url = place.url()?;
        let db = Db::open_reading(&url)?;
        let source = backup::Source {
            db: &db,
            url: &url,
            data: &place.data,
            program: env!("CARGO_PKG_VERSION"),
            position: &keep::position,
            with_keys: self.with_keys,
            link: false,
        };
        let (made, manifest) =
            keep::make(&source, &self.dest, Clock::System.now(), &mut |stage| tracing::info!(stage))?;
        let bytes: u64 = manifest.parts.iter().map(|p| p.size).sum();
        println!("已备份到 {}（{} 个文件，{} MB）", made, manifest.parts.len(), bytes >> 20);
        println!("记录至 {} 号，审计至 {} 条", manifest.position.event, manifest.position.audit);
        if let Some(ledger) = &manifest.position.ledger {
            println!("账本检查点 {ledger}");
        }
        if !manifest.with_keys && !manifest.keys.is_empty() {
            println!("未包含密钥，请另行妥善保存：{}", manifest.keys.join("、"));
        }
        if let Some(keep) = self.keep {
            keep::prune(&self.dest, keep)?;
        }
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// Folder of one backup, or s3://… where backups lie; with --at: folder or s3://… of the continuous copy.
    pub source: String,
    /// Which backup of a bucket; the latest where it is not said.
    #[arg(long)]
    pub name: Option<String>,
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
        // beside the data folder: it must be empty itself
        let fetched = match target::is_remote(&self.source) {
            true => Some(tempfile::tempdir_in(beside(&place.data)?)?),
            false => None,
        };
        let folder = match &fetched {
            Some(into) => depot::fetch(&*keep::open(&self.source)?, self.name.as_deref(), into.path())?,
            None => PathBuf::from(&self.source),
        };
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
        let done = rewind(keep::open(&self.source)?.as_ref(), at, &partial)?;
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

/// The folder that a data folder lies in.
fn beside(data: &Path) -> Result<PathBuf> {
    let folder = std::path::absolute(data)?.parent().map(Path::to_path_buf).unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
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
