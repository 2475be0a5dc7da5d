//! Enforcement (执法办案): from the lead to the archive, by ordinary and simple procedure.
//!
//! Owns: `enforcement_cases` (one row a case of the kinds `case` and `case_simple`) and their evidence; the kinds `preserve`
//! 先行登记保存 and `seize` 查封扣押 are cases below one. The course of a case — who has it, clocks, documents, separations — is
//! that of kit-flow; this room measures forms by the penalty table, keeps evidence, certifies the procedure and publishes.
//! Invariants:
//! - a fine keeps to the statutory range: above it never, below it only with a mitigating circumstance or a lawful reason;
//! - camera evidence is no proof before a person's legal and technical review, by somebody else than who handed it in;
//! - whoever investigated neither reviews, nor holds the hearing, nor decides;
//! - what is decided is no heavier than what was told; 300,000 yuan and more is decided by a city or above;
//! - a penalty goes to the publication hall for its term and is withdrawn in the transaction in which its decision falls.

mod actions;
mod api;
mod hooks;
pub mod model;
pub mod rules;
mod store;

use kit_base::{Millis, Result};
use kit_db::{Schema, Tx};
use kit_flow::Hooks;
use kit_flow::papers::Words;
use kit_web::{Permission, Room};

/// The kinds of case.
pub const FLOWS: [&str; 4] = [
    include_str!("../../../data/flows/case.json"),
    include_str!("../../../data/flows/case-simple.json"),
    include_str!("../../../data/flows/preserve.json"),
    include_str!("../../../data/flows/seize.json"),
];
pub const HOOKS: [Hooks; 4] = [hooks::CASE, hooks::SIMPLE, hooks::PRESERVE, hooks::SEIZE];

/// Templates of their documents, and what this room hands in for them.
pub const DOCUMENTS: [&str; 4] = [
    include_str!("../../../data/documents/case.json"),
    include_str!("../../../data/documents/case-simple.json"),
    include_str!("../../../data/documents/preserve.json"),
    include_str!("../../../data/documents/seize.json"),
];
pub const WORDS: [Words; 4] =
    [actions::words::CASE, actions::words::SIMPLE, actions::words::PRESERVE, actions::words::SEIZE];

pub const SCHEMA: Schema = Schema {
    room: "enforcement",
    files: &[("0001_enforcement", include_str!("../migrations/0001_enforcement.sql"))],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission("enforcement.read", "查看案件", &["leader", "officer", "investigator"]),
    permission("enforcement.handle", "办理案件", &["officer", "investigator"]),
    permission("enforcement.review", "审核案件和证据", &["officer", "investigator"]),
    permission("enforcement.hear", "主持听证", &["leader", "officer", "investigator"]),
    permission("enforcement.approve", "审批和决定案件", &["leader"]),
];

pub const ROOM: Room = Room {
    name: "enforcement",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};

/// Content of all evidence, for the check that every file is there.
pub fn evidence_files(tx: &mut Tx) -> Result<Vec<String>> {
    store::evidence::files(tx)
}

/// What the credit file notes of a decision: kind of entry, number of the decision, when. Each kind once.
pub fn on_file(tx: &mut Tx, case: &str) -> Result<Vec<(&'static str, String, Millis)>> {
    let Some(row) = store::cases::by_id(tx, case)? else { return Ok(Vec::new()) };
    let Some(at) = row.decided_at else { return Ok(Vec::new()) };
    let mut out: Vec<(&'static str, String, Millis)> = Vec::new();
    for penalty in &row.penalties {
        let kind = match penalty.as_str() {
            "warning" | "criticism" => "penalty.warning",
            "stop" => "penalty.suspension",
            "restrict" => "penalty.banned",
            "revoke" => "licence.revoked",
            _ => "penalty.fine",
        };
        if !out.iter().any(|(known, ..)| *known == kind) {
            out.push((kind, row.decision.clone(), at));
        }
    }
    Ok(out)
}

/// Cases that came of a finding.
pub fn of_finding(tx: &mut Tx, finding: &str) -> Result<Vec<String>> {
    store::cases::of_above(tx, finding)
}
