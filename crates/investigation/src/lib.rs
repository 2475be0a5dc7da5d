//! Investigation (问题食品排查): from a suspicion to where all of it is, and to where it came from.
//!
//! Owns: cases, the lots they start from, the log of marks, frozen scopes; outbreak scores over delivery networks
//! ([`rules`]), and the network file ([`network`]). What it needs of the ledger it asks of trace.
//! Invariants:
//! - a case belongs to a division; its numbers and those of its scopes are gapless within division and year;
//! - the walk is not bounded by jurisdiction, for food is not: businesses outside are shown by name, kind and county only;
//! - counts are exact, whatever is shown; what is unknown is counted as unknown and never as zero;
//! - marks are a log: nothing is edited, a withdrawal names what it withdraws;
//! - a frozen scope never changes: its content is a file named by its own hash.

pub mod actions;
mod api;
mod jobs;
pub mod model;
pub mod network;
pub mod rules;
pub mod store;
mod workbench;

use kit_base::{Error, Result};
use kit_db::Schema;
use kit_db::Tx;
use kit_web::{Cx, Permission, Room};
use trace::graph::LotSet;
use trace::live::LiveGraph;

pub use jobs::network::{NetworkAccount, read as read_for_ledger, record as record_network};
pub use workbench::Workbench;

/// An open investigation that the asker may work on, where it reached a lot: the lot and one of those that it started from have a
/// batch in common from which both came.
///
/// Errors: not found, `case_closed`, `lot_not_reached`.
pub fn reaching(tx: &mut Tx, cx: &Cx, id: &str, lot: i64) -> Result<model::Case> {
    let case = actions::case(tx, &cx.who.scope_for("investigation.write"), id)?;
    if case.state == "closed" {
        return Err(Error::conflict("case_closed", "排查已结束"));
    }
    let live = cx.house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let unknown = || Error::invalid("lot", "lot_not_reached", "这一批不在本次排查涉及的范围内");
    let seeds = store::cases::seeds(tx, id)?.into_iter().map(u32::try_from);
    let seeds = seeds.collect::<std::result::Result<Vec<u32>, _>>().map_err(Error::internal)?;
    let lot = u32::try_from(lot).map_err(|_| unknown())?;
    let graph = live.read();
    if lot == 0 || lot > graph.lots() {
        return Err(unknown());
    }
    let behind = LotSet::of(&graph.backward(&seeds)?);
    match graph.backward(&[lot])?.into_iter().any(|no| behind.contains(no)) {
        true => Ok(case),
        false => Err(unknown()),
    }
}

pub const SCHEMA: Schema = Schema {
    room: "investigation",
    files: &[("0001_investigation", include_str!("../migrations/0001_investigation.sql"))],
};

pub const PERMISSIONS: &[Permission] = &[
    Permission {
        code: "investigation.read",
        name: "查看问题食品排查",
        roles: &["leader", "officer", "investigator"],
    },
    Permission { code: "investigation.write", name: "开展问题食品排查", roles: &["investigator"] },
];

pub const ROOM: Room = Room {
    name: "investigation",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::EXPORT, jobs::network::IMPORT],
};
