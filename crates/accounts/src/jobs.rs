//! The audit as a file, and the walk along its chain: both in parts, so that neither holds memory nor a snapshot.

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::out::{Export, Format};
use kit_web::{House, Scope, audit};
use serde::{Deserialize, Serialize};

use crate::model::AuditRow;
use crate::store::audit::{self as store, AuditQuery, Period};

pub const KINDS: &[Kind<House>] =
    &[Kind { name: "accounts.audit_export", run: export }, Kind { name: "accounts.audit_check", run: check }];

/// Rows read at once.
const PART: i64 = 2_000;

/// The list as it was filtered, and how far the asker reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub format: Format,
    pub list: AuditQuery,
    pub period: Period,
    pub scope: Scope,
    /// Rows of no division as well.
    pub house_too: bool,
    pub actor: String,
}

const HEADINGS: &str = "序号 时间 何人 用户编号 机构或主体 来自 事项 对象 区划 结果 内容 链上哈希";

/// Oldest first, up to the row that was the last when it began.
fn export(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let columns: Vec<OutColumn> = HEADINGS.split(' ').map(OutColumn::text).collect();
    let mut out = Export::begin(house, input.format, "审计日志", &input.actor, &columns)?;
    let (end, _) = house.db.read_blocking(audit::end)?;
    let narrow = store::Narrow {
        q: &input.list,
        period: input.period,
        scope: &input.scope,
        house_too: input.house_too,
    };
    let total = house.db.read_blocking(|tx| store::count(tx, &narrow))?.unsigned_abs();
    let mut last = 0;
    loop {
        let part = house.db.read_blocking(|tx| store::after(tx, &narrow, last, end, PART))?;
        part.iter().try_for_each(|r| out.row(cells(r)))?;
        job.progress(out.rows(), Some(total), "正在导出")?;
        match part.last() {
            Some(row) if part.len() as i64 == PART => last = row.no,
            _ => break,
        }
    }
    out.end()
}

fn cells(r: &AuditRow) -> Vec<Field<'_>> {
    vec![
        Field::Whole(r.no),
        Field::from(china_text(r.at)),
        Field::from(r.actor_name.as_str()),
        Field::from(r.actor.as_str()),
        Field::from(r.bureau.as_str()),
        Field::from(r.address.as_str()),
        Field::from(r.action.as_str()),
        Field::from(r.target.as_str()),
        Field::from(r.division.as_str()),
        Field::from(if r.outcome == "ok" { "完成" } else { "拒绝" }),
        Field::from(r.note.as_str()),
        Field::from(r.hash.as_str()),
    ]
}

/// Walks the chain as it stood at the beginning; what it found is kept.
fn check(house: &House, job: &Running) -> Result<String> {
    let started_at = house.clock.now();
    let end = house.db.read_blocking(audit::end)?;
    let mut walk = audit::Walk::default();
    let broken_at = loop {
        match house.db.read_blocking(|tx| audit::walk(tx, &mut walk, &end, PART)) {
            Ok(true) => job.progress(walk.rows.unsigned_abs(), Some(end.0.unsigned_abs()), "正在校验")?,
            Ok(false) => break None,
            Err(e) if e.code == "audit_broken" => {
                break e.field.as_deref().and_then(|no| no.parse::<i64>().ok());
            }
            Err(e) => return Err(e),
        }
    };
    let row = store::Check {
        id: job.id.clone(),
        asked_by: job.owner.clone(),
        started_at,
        ended_at: house.clock.now(),
        rows: walk.rows,
        broken_at,
    };
    let kept = row.clone();
    house.db.write_blocking(move |tx| store::keep_check(tx, &kept))?;
    if let Some(no) = broken_at {
        tracing::error!(no, "the audit chain is broken");
    }
    serde_json::to_string(&row).map_err(Error::internal)
}
