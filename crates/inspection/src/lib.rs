//! Inspection (监督检查): plans, draws, checklists, visits and their records.
//!
//! Owns: draws and yearly plans; visits (one row a case of the kind `inspection`, see data/flows/inspection.json, or `site_check`) with officers, photos,
//! records and what they found; versions of checklists. The course of a visit — who goes, clocks, number, publication, review — is that
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
use kit_web::{Act, Permission, Room};

pub use hooks::HOOKS;

/// The kind of case of a supervision visit.
pub const KIND: &str = "inspection";
/// That of a visit which another room asks for and which nothing follows from here: 许可现场核查.
pub const SITE_CHECK: &str = "site_check";
/// Their definitions.
pub const FLOWS: [&str; 2] = [
    include_str!("../../../data/flows/inspection.json"),
    include_str!("../../../data/flows/site_check.json"),
];

pub const SCHEMA: Schema = Schema {
    room: "inspection",
    files: &[
        ("0001_visits", include_str!("../migrations/0001_visits.sql")),
        ("0002_draws", include_str!("../migrations/0002_draws.sql")),
        ("0003_plans", include_str!("../migrations/0003_plans.sql")),
        ("0004_asked", include_str!("../migrations/0004_asked.sql")),
        ("0005_exams", include_str!("../migrations/0005_exams.sql")),
        ("0006_looks", include_str!("../migrations/0006_looks.sql")),
        ("0007_plan_list", include_str!("../migrations/0007_plan_list.sql")),
        ("0008_plan_fill", include_str!("../migrations/0008_plan_fill.sql")),
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
    jobs: &[jobs::PLAN, jobs::EXPORT, jobs::EXPORT_DRAWS, jobs::FILL],
};

/// Queues, where there is such a plan, what fills in the list of plans that were computed before it could be searched: at a start.
pub fn fill_plans(tx: &mut kit_db::Tx, ids: &kit_base::Ids, now: kit_base::Millis) -> Result<()> {
    match store::plans::lacking(tx, &Default::default(), 1)?.is_empty() {
        true => Ok(()),
        false => kit_jobs::ensure(tx, ids, now, jobs::FILL.name, "补全往年计划的名单", now),
    }
}

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

/// A visit that another room asks for.
#[derive(Debug, Clone, Copy)]
pub struct Commission<'a> {
    /// data/visit-kinds.csv
    pub kind: &'a str,
    pub party: &'a str,
    /// User ids, two or more.
    pub officers: &'a [String],
    /// Last day: `2026-03-10`.
    pub due: &'a str,
    /// Code of a checklist; empty: that of the kind of business.
    pub checklist: &'a str,
    pub reason: &'a str,
    /// The case that asks for it; it is told what became of the visit.
    pub about: &'a str,
}

/// Plans a visit that another room asks for, as the one who acts; it stands on the officers' lists like any other.
///
/// Errors: those of planning a visit; the field is that of the plan (`officers/0`, `due`).
pub fn commission(act: &mut Act, c: &Commission) -> Result<model::Visit> {
    let new = model::NewVisit {
        kind: c.kind.to_owned(),
        party: c.party.to_owned(),
        site: String::new(),
        checklist: c.checklist.to_owned(),
        officers: c.officers.to_vec(),
        due: c.due.to_owned(),
        reason: c.reason.to_owned(),
    };
    actions::visits::plan(act, &new, actions::visits::From { about: c.about, ..Default::default() })
}

/// Calls a visit off that nobody needs any more; nothing where its record is there already.
pub fn call_off(act: &mut Act, visit: &str, why: &str) -> Result<()> {
    let flows = act.cx.house.held::<kit_flow::Flows>();
    let form = serde_json::json!({ "why_off": why });
    kit_flow::engine::by_house(act, &flows, visit, kit_flow::engine::Duty::Told("call_off", &form)).map(drop)
}

/// What a visit tells the case that asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The case that asked.
    pub about: String,
    /// 核查记录〔2026〕1号; empty before the record.
    pub record_no: String,
    /// no_issue, issue_found; empty before.
    pub conclusion: String,
    pub recorded_at: Option<kit_base::Millis>,
    /// User ids of those who were sent.
    pub officers: Vec<String>,
    /// It came to its end without a record, or void.
    pub off: bool,
}

/// What a visit tells whoever asked for it; `None` where nobody did.
pub fn told(tx: &mut Tx, visit: &str) -> Result<Option<Told>> {
    let Some(v) = store::visits::by_id(tx, visit)?.filter(|v| !v.about.is_empty()) else { return Ok(None) };
    let officers = store::visits::officers(tx, visit)?;
    Ok(Some(Told {
        off: matches!(v.phase.as_str(), "void" | "terminated") || v.status == "cancelled",
        about: v.about,
        record_no: v.record_no,
        conclusion: v.conclusion,
        recorded_at: v.recorded_at,
        officers: officers.into_iter().map(|o| o.user).collect(),
    }))
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

/// What has shown the same as a photo that is to be evidence of a finding, other than the visit that opened it: `visit:ID`.
pub fn shown_before(tx: &mut Tx, finding: &str, file: &str, look: Option<u64>) -> Result<Option<String>> {
    Ok(store::photos::beside(tx, finding, file, look)?.map(|visit| format!("visit:{visit}")))
}

/// Content of all photos, for the check that every file is there.
pub fn photo_files(tx: &mut Tx) -> Result<Vec<String>> {
    store::photos::files(tx)
}

/// Visits recorded, of them with problems, and businesses visited; below a division from a time until another.
pub fn counted(
    tx: &mut Tx,
    range: &[String; 2],
    from: kit_base::Millis,
    until: kit_base::Millis,
) -> Result<Vec<i64>> {
    store::visits::counted(tx, range, from, until)
}
