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
//! - a business sees of its case what was served on it, from the day of service, and nothing of the inquiry;
//! - what the business hands in with an answer is hashed into the ledger as it comes, and shown to the bureau once the answer names it;
//! - a penalty goes to the publication hall for its term and is withdrawn in the transaction in which its decision falls.

mod actions;
mod api;
mod hooks;
pub mod model;
pub mod rules;
mod store;

use findings::samples::{Change, Told};
use kit_base::{Millis, Result};
use kit_db::{Schema, Tx};
use kit_flow::Hooks;
use kit_flow::papers::Words;
use kit_web::{Act, Permission, Room};

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

pub use actions::mine::handed;

pub const SCHEMA: Schema = Schema {
    room: "enforcement",
    files: &[
        ("0001_enforcement", include_str!("../migrations/0001_enforcement.sql")),
        ("0002_answers", include_str!("../migrations/0002_answers.sql")),
    ],
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
    permission("enforcement.own", "查看本单位的案件、陈述申辩", &["business_owner"]),
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

/// A lead that another room found, opened by the house below its finding: to be checked within the days of a lead. The id of the case.
///
/// Errors: those of the flow.
pub fn lead_of_finding(act: &mut Act, finding: &str, party: &str, what: &str) -> Result<String> {
    actions::cases::of_house(act, finding, party, what)
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

/// Tells the cases below a finding what became of the failure that it rests on: leads end, of filed ones their people decide.
///
/// Errors: those of the flow.
pub fn ground_changed(act: &mut Act, finding: &str, change: &Change) -> Result<Vec<Told>> {
    let mut out = Vec::new();
    for case in store::cases::of_above(act.tx, finding)? {
        out.extend(findings::samples::tell(act, &case, true, change)?);
    }
    Ok(out)
}

/// Cases that came of a finding.
pub fn of_finding(tx: &mut Tx, finding: &str) -> Result<Vec<String>> {
    store::cases::of_above(tx, finding)
}

/// Penalty decisions that stand, and fines with what is confiscated in whole yuan; below a division from a time until another.
pub fn counted(tx: &mut Tx, range: &[String; 2], from: Millis, until: Millis) -> Result<Vec<i64>> {
    let found = store::cases::counted(tx, range, from, until)?;
    Ok(found.map_or_else(Vec::new, |(decisions, fen)| vec![decisions, fen / 100]))
}
