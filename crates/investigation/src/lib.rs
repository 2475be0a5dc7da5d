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

use kit_db::Schema;
use kit_web::{Permission, Room};

pub use jobs::network::{NetworkAccount, read as read_for_ledger, record as record_network};
pub use workbench::Workbench;

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
