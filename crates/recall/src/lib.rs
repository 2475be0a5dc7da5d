//! Recall (召回): levels, plans, one task a holder found by the trace graph, sums that must close, drills.
//!
//! Owns: its tables. Invariants: …

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema =
    Schema { room: "recall", files: &[("0001_recall", include_str!("../migrations/0001_recall.sql"))] };

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "recall",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
