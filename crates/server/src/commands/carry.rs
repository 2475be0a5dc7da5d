//! `shian move FROM TO`: a whole database over into the other kind.

use std::path::Path;

use kit_base::{Error, Result};
use kit_db::Db;
use kit_db::carry;

use crate::{opening, rooms};

#[derive(Debug, clap::Args)]
pub struct Move {
    /// sqlite:PATH or postgres://…; no server may be serving it.
    pub from: String,
    /// An empty database of either kind.
    pub to: String,
}

impl Move {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self) -> Result<()> {
        if self.from == self.to {
            return Err(Error::invalid("to", "same_database", "来源与目标是同一个数据库"));
        }
        let _locks = [lock(&self.from)?, lock(&self.to)?];
        let (from, to) = (Db::open_reading(&self.from)?, Db::open(&self.to)?);
        from.fits(rooms::SCHEMAS)?;
        let cuts = from.read_blocking(trace::store::partitions::months)?;
        let before = move |tx: &mut kit_db::Tx| trace::store::partitions::repeat(tx, &cuts);
        let tables = carry::carry(&from, &to, rooms::SCHEMAS, before, &mut |table, rows| {
            tracing::debug!(table, rows)
        })?;
        to.optimise()?;
        if let Some(root) = crate::keep::position(&to)?.ledger {
            println!("账本检查点（大小与根，两边相同）：{root}");
        }
        println!("{:<28}{:>12}  内容指纹（来源与目标一致）", "表", "行数");
        for table in &tables {
            println!("{:<28}{:>12}  {}", table.table, table.rows, table.content);
        }
        let rows: u64 = tables.iter().map(|t| t.rows).sum();
        println!("已迁移 {} 张表，共 {rows} 行。文件与密钥不在数据库中，数据目录请继续使用。", tables.len());
        Ok(())
    }
}

/// The lock of the data folder that a SQLite file lies in.
fn lock(url: &str) -> Result<Option<std::fs::File>> {
    let Some(path) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let folder = Path::new(path).parent().filter(|f| f.is_dir());
    folder.map(opening::lock).transpose()
}
