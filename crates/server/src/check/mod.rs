//! `shian check`: whether the database agrees with itself, and with everything that is derived from it.
//!
//! Each check is a question with a Chinese name; it reads on a snapshot and changes nothing, so it may run while a server
//! serves. What it finds names the rows.

mod derived;
mod records;

pub use records::walk;

use std::path::Path;

use kit_base::Result;
use kit_db::Db;
use kit_files::Files;
use kit_ledger::PublicKey;
use serde::Serialize;

/// Everything that was asked, and whether all is well.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub sound: bool,
    pub checks: Vec<Check>,
}

/// One question and its answer.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Stable, for programs.
    pub code: &'static str,
    /// Chinese.
    pub name: &'static str,
    /// How much was looked at.
    pub looked_at: u64,
    /// What is wrong, Chinese; the first twenty. Empty: nothing.
    pub faults: Vec<String>,
}

/// What is looked at.
pub struct Place<'a> {
    pub db: &'a Db,
    /// Data folder: files, snapshot of the graph.
    pub data: &'a Path,
    /// Read every kept file and compare its hash; the dearest part.
    pub files: bool,
    /// Key that the ledger's checkpoints are signed with; `None`: the ledger is left out.
    pub ledger: Option<PublicKey>,
}

/// Faults told of one check.
const MOST: usize = 20;
/// Lots whose closure is compared.
const CLOSURES: u64 = 24;

type Ask = fn(&Place) -> Result<(u64, Vec<String>)>;

const CHECKS: &[(&str, &str, Ask)] = &[
    ("database", "数据库结构完整", |p| Ok((1, p.db.integrity()?))),
    ("numbers", "记录与批次编号连续", records::numbers),
    ("links", "批次、投入、追溯码引用的记录存在", records::links),
    ("stock", "库存等于流转记录的累计", records::stock),
    ("time", "记录时间不倒退", records::time),
    ("audit", "审计链完整", records::audit),
    ("ledger", "账本完整，且记录与账本相符", records::ledger),
    ("graph", "追溯图与数据库一致", derived::graph),
    ("search", "检索索引与数据库一致", derived::search),
    ("files", "文件齐全且内容未变", derived::files),
    ("feedback", "反馈周报与账本相符", derived::feedback),
    ("flows", "案卷记录连续，任务、期限、文书与记录相符", records::flows),
    ("grades", "风险等级与其事实、规则相符", |p| credit::check(p.db, MOST)),
];

/// Asks everything. `tell`: the name of what is being looked at.
///
/// Errors: `schema_older` and its like, and those of a database that cannot be read at all.
pub fn run(place: &Place, tell: &mut dyn FnMut(&str)) -> Result<Report> {
    place.db.fits(crate::rooms::SCHEMAS)?;
    let mut checks = Vec::new();
    for (code, name, ask) in CHECKS {
        tell(name);
        // a question that cannot be answered is itself a finding
        let (looked_at, mut faults) = ask(place).unwrap_or_else(|e| (0, vec![format!("无法检查：{e}")]));
        faults.truncate(MOST);
        checks.push(Check { code, name, looked_at, faults });
    }
    Ok(Report { sound: checks.iter().all(|c| c.faults.is_empty()), checks })
}

impl Report {
    /// The report as people read it.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for check in &self.checks {
            let state = if check.faults.is_empty() { "正常" } else { "有误" };
            lines.push(format!("[{state}] {}（{}）", check.name, check.looked_at));
            lines.extend(check.faults.iter().map(|fault| format!("       {fault}")));
        }
        let faults: usize = self.checks.iter().map(|c| c.faults.len()).sum();
        lines.push(match faults {
            0 => "结论：数据一致，没有发现问题".to_owned(),
            n => format!("结论：发现 {n} 处问题，请先备份现状，再按运维手册“备份与恢复”处理"),
        });
        lines.join("\n")
    }
}

fn kept(place: &Place) -> Result<Option<Files>> {
    let folder = place.data.join("files");
    if folder.is_dir() { Files::open(folder).map(Some) } else { Ok(None) }
}
