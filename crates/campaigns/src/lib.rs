//! Campaigns in which the public chooses what is sampled (你点我检).
//!
//! Owns: its tables. Invariants: …

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema = Schema {
    room: "campaigns",
    files: &[("0001_campaigns", include_str!("../migrations/0001_campaigns.sql"))],
};

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "campaigns",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
