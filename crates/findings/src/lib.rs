//! Findings (问题闭环): everything that is wrong with a business, found by whoever it may be, driven to its closing.
//!
//! Owns: findings (one row a case of the kind `finding`, see data/flows/finding.json) and their evidence. The course of a
//! finding — who has it, clocks, documents, separations — is that of its case in kit-flow; this room adds what is wrong,
//! with what proof, and the rates.
//! Invariants:
//! - a finding and its case have one id and begin in one transaction; columns about its course follow the case's log;
//! - evidence is fixed by time, place, person, matter and scene (五定) and never changed; the hash of each is a fact of
//!   the ledger, and the file is kept as it came;
//! - proof that an action names belongs to this finding and to the stage of that action;
//! - a photo that shows what another finding's photo shows is marked, and both are named;
//! - a business sees its own findings only, and reports only what it found itself.

pub mod about;
mod actions;
mod api;
mod hooks;
mod jobs;
mod model;
mod rules;
pub mod samples;
mod store;
pub mod wilson;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use actions::findings::{Discovered, discover};
pub use hooks::{HOOKS, WORDS};
pub use model::{Finding, NewFinding};
pub use store::findings::{Against, against};

/// What is fixed of a photo (五定) and what is doubtful about it, for rooms that keep photos of their own.
pub mod fixed {
    pub use crate::model::Taken;
    pub use crate::rules::{Fixed, check_taken, fix, metres};
}

/// The kind of case.
pub const KIND: &str = "finding";
/// Its definition.
pub const FLOW: &str = include_str!("../../../data/flows/finding.json");

/// Templates of its documents.
pub const DOCUMENTS: &str = include_str!("../../../data/documents/finding.json");

pub const SCHEMA: Schema =
    Schema { room: "findings", files: &[("0001_findings", include_str!("../migrations/0001_findings.sql"))] };

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "findings.read",
        "查看问题",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("findings.report", "登记问题", &["officer", "investigator", "business_owner"]),
    permission(
        "findings.evidence",
        "提交问题证据",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("findings.assign", "派发整改、转调查处理", &["officer", "leader"]),
    permission("findings.mend", "提交整改", &["business_owner", "business_clerk"]),
    permission("findings.verify", "复查整改", &["officer"]),
    permission("findings.case", "核查立案", &["officer", "leader"]),
    permission("findings.extend", "延长整改期限", &["leader"]),
    permission("findings.dismiss", "认定问题不属实", &["leader"]),
    permission("findings.oversee", "督办问题", &["leader"]),
    permission("findings.rates", "查看问题闭环率", &["leader", "officer", "investigator"]),
];

pub const ROOM: Room = Room {
    name: "findings",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::EXPORT],
};

/// Evidence, for rooms that find something and have photos of it.
pub mod evidence {
    pub use crate::actions::evidence::{LARGEST, OtherPhotos, add, look, shown_before};
    pub use crate::model::{Evidence, Taken};
    /// The same search over a room's own table.
    pub use crate::store::alike;
}

/// A finding by id, for rooms that opened it; what its reader may see is for them to decide.
pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Finding>> {
    store::findings::by_id(tx, id)
}

/// Findings of a business that go on, the latest first, at most two hundred.
pub fn open_of(tx: &mut Tx, party: &str, now: kit_base::Millis) -> Result<Vec<Finding>> {
    let query = model::FindingQuery {
        party: Some(party.to_owned()),
        state: Some("open".into()),
        size: Some(200),
        ..Default::default()
    };
    let everywhere = kit_web::Scope::Divisions(vec![String::new()]);
    store::findings::list(tx, &everywhere, &query, now).map(|page| page.items)
}

/// What a source of findings is called; empty of none.
pub fn source_name(code: &str) -> &'static str {
    model::SOURCES.iter().find(|s| s.0 == code).map_or("", |s| s.1)
}

/// Content of all evidence, for the check that every file is there.
pub fn evidence_files(tx: &mut Tx) -> Result<Vec<String>> {
    store::evidence::files(tx)
}

/// Found, of it serious; mended, of it in time; below a division from a time until another.
pub fn counted(
    tx: &mut Tx,
    range: &[String; 2],
    from: kit_base::Millis,
    until: kit_base::Millis,
) -> Result<Vec<i64>> {
    store::findings::counted(tx, range, from, until)
}
