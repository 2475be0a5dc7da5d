//! Recall (召回): levels, plans, one task a holder found by the trace graph, sums that must close, drills.
//!
//! Owns: recalls (one row a case of the kind `recall`, see data/flows/recall.json), their batches, tasks, lines, reports, photos,
//! disposals and call-backs; followers of batches; drills. Invariants:
//! - a recall and its case have one id; columns about its course follow the case's log;
//! - produced = made into something else + not reported yet + on hand + sold + destroyed + mended + sent back + unaccounted + gap
//!   of declared histories, of every batch, at every moment, to the gram;
//! - a holder is done when nothing is on hand and nothing is missing, or an officer accepted why; another amount missing undoes that;
//! - nobody reports more than the ledger knows they ever had to answer for, nor less than others confirmed;
//! - reports are only added, the hash of each is a fact of the ledger, as are scopes, notices, draws and photos;
//! - who follows a batch from its public page is known by nothing but a token; a telephone number is wiped when the recall ends;
//! - followers are told in the transaction that tells the public, and how each was told is written down;
//! - a drill tells nobody and marks nothing.

mod actions;
mod api;
mod hooks;
mod jobs;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{House, Permission, Room};

pub use actions::begin::{Cause, open_for};
pub use actions::ground::{Ground, ground_changed};
pub use hooks::{HOOKS, WORDS};
pub use rules::opening::{Proposal, proposed};

/// The kind of case.
pub const KIND: &str = "recall";
/// Its definition.
pub const FLOW: &str = include_str!("../../../data/flows/recall.json");
/// Templates of its documents.
pub const DOCUMENTS: &str = include_str!("../../../data/documents/recall.json");

pub const SCHEMA: Schema = Schema {
    room: "recall",
    files: &[
        ("0001_recall", include_str!("../migrations/0001_recall.sql")),
        ("0002_outside", include_str!("../migrations/0002_outside.sql")),
        ("0003_gaps", include_str!("../migrations/0003_gaps.sql")),
        ("0004_followers", include_str!("../migrations/0004_followers.sql")),
        ("0005_promise", include_str!("../migrations/0005_promise.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

const BUSINESS: &[&str] = &["business_owner", "business_clerk"];

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "recall.read",
        "查看召回",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("recall.begin", "发起召回", &["leader", "officer", "investigator", "business_owner"]),
    permission("recall.order", "责令召回", &["leader"]),
    permission("recall.supervise", "监督召回、回访核查", &["officer", "leader"]),
    permission("recall.visit", "登记到持有单位核查的结果、见证处置", &["officer", "leader"]),
    permission("recall.own", "报告召回计划、公告、总结", BUSINESS),
    permission("recall.hold", "报告持有的被召回食品", BUSINESS),
    permission("recall.judge", "评价、延长召回，督办", &["leader"]),
    permission("recall.drill", "查看和发起模拟召回", &["leader", "officer", "investigator"]),
];

pub const ROOM: Room = Room {
    name: "recall",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::ISSUE, jobs::EXPORT],
};

/// What recalls that go on ask of a business and it has not settled.
pub fn touching(tx: &mut Tx, party: &str) -> Result<Vec<findings::about::Touching>> {
    store::touching::of_party(tx, party)
}

/// Content of all photos, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::reports::files(tx)
}

/// The drills of a night: some lots drawn one after the other. Answers how many; none where there is no lot yet.
pub fn drill_nightly(house: &House) -> Result<usize> {
    api::drills::nightly(house)
}
