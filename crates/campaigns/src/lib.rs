//! 你点我检: the public chooses what is sampled; rules, counts and choice are open, and the results come back.
//!
//! Owns: campaigns with what may be chosen, ballots, batches, letters.
//! Invariants:
//! - rules are published before the first ballot and never changed; their hash is a fact of the ledger, as is that of the counts;
//! - a ballot has no name: a device counts once a day by a hash whose salt goes with the day; a contact is kept until the result was sent;
//! - batches follow from the counts by the published rule and a draw that anybody can do again ([`kit_draw::seats`]);
//! - a place is named once it was sampled, a result once the case of the sample says it; blind codes and laboratories never.

mod actions;
mod api;
pub mod jobs;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::Schema;
use kit_web::{Act, House, Permission, Room};

pub const SCHEMA: Schema = Schema {
    room: "campaigns",
    files: &[("0001_campaigns", include_str!("../migrations/0001_campaigns.sql"))],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission("campaigns.read", "查看你点我检活动", &["leader", "officer", "investigator"]),
    permission("campaigns.edit", "策划你点我检活动、派发任务", &["officer"]),
    permission("campaigns.publish", "发布、截止和结束你点我检活动", &["leader"]),
    permission("campaigns.letters", "取走要发给群众的结果", &["officer"]),
];

pub const ROOM: Room = Room {
    name: "campaigns",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::EXPORT],
};

/// A sample moved: the batch that ordered it follows. Nothing where no campaign did.
pub fn sample_moved(act: &mut Act, sample: &str) -> Result<()> {
    actions::batches::moved(act, sample)
}

/// Ballots of an invented city; only a campaign that says so takes them. Answers how many.
///
/// Errors: not found, `campaign_not_open`, those of a ballot.
pub fn bring(act: &mut Act, id: &str, ballots: &[model::Ballot]) -> Result<i64> {
    actions::vote::bring(act, id, ballots)
}

/// Choosing ends where its last day is over; answers how many campaigns. For the duty of the house.
pub fn tick(house: &House) -> Result<usize> {
    jobs::tick(house)
}
