//! Inspection (监督检查): plans, draws, checklists, visits and their records.
//!
//! Owns: draws and yearly plans; visits (one row a case of the kind `inspection`, see data/flows/inspection.json) with officers, photos, records and
//! what they found; versions of checklists. The course of a visit — who goes, clocks, number, publication, review — is that
//! of its case in kit-flow.
//! Invariants:
//! - a visit and its case have one id and begin in one transaction; columns about its course follow the case's log;
//! - a visit is pinned to one version of a checklist by its hash; versions are never changed;
//! - a record, the number it takes and the findings that it opens are one transaction; a repeat by client key is answered
//!   and not done again, for ever;
//! - photos are fixed when they come and never changed; a record names only photos of its visit; hashes are facts of the
//!   ledger;
//! - what a draw is made of is in the ledger before it, with the hash of its seed; anybody can do it again;
//! - a business sees a visit once its record is there, never before: some come unannounced.

mod actions;
mod api;
mod hooks;
pub mod jobs;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use hooks::HOOKS;

/// The kind of case.
pub const KIND: &str = "inspection";
/// Its definition.
pub const FLOW: &str = include_str!("../../../data/flows/inspection.json");

pub const SCHEMA: Schema = Schema {
    room: "inspection",
    files: &[
        ("0001_visits", include_str!("../migrations/0001_visits.sql")),
        ("0002_draws", include_str!("../migrations/0002_draws.sql")),
        ("0003_plans", include_str!("../migrations/0003_plans.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "inspection.read",
        "查看监督检查",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("inspection.plan", "安排监督检查", &["officer", "leader"]),
    permission("inspection.visit", "现场检查、提交记录", &["officer"]),
    permission("inspection.review", "复核检查结果", &["officer", "leader"]),
    permission("inspection.publish", "公示与暂缓公示检查结果", &["leader"]),
    permission("inspection.oversee", "督办监督检查", &["leader"]),
    permission("inspection.reply", "陈述意见、申请复核", &["business_owner", "business_clerk"]),
    permission("inspection.checklists", "导入检查要点表", &["leader"]),
    permission("inspection.draw", "双随机抽取", &["leader", "officer"]),
    permission("inspection.yearly", "编制年度监督检查计划", &["leader"]),
    permission("inspection.progress", "查看年度监督检查计划", &["leader", "officer", "investigator"]),
];

pub const ROOM: Room = Room {
    name: "inspection",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::PLAN],
};

/// How a published visit stands in the file of its business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub party: String,
    /// 检查记录〔2026〕1号
    pub number: String,
    pub recorded_at: kit_base::Millis,
    /// no_issue, issue_found
    pub conclusion: String,
    /// All that was found was put right on the spot.
    pub slight: bool,
}

/// What came of a visit; `None` before its record.
pub fn outcome(tx: &mut Tx, visit: &str) -> Result<Option<Outcome>> {
    let found = store::visits::by_id(tx, visit)?;
    Ok(found.and_then(|v| {
        Some(Outcome {
            recorded_at: v.recorded_at?,
            party: v.party,
            number: v.record_no,
            slight: v.handling.iter().all(|h| h == "onsite_correct"),
            conclusion: v.conclusion,
        })
    }))
}

/// Content of all photos, for the check that every file is there.
pub fn photo_files(tx: &mut Tx) -> Result<Vec<String>> {
    store::photos::files(tx)
}
