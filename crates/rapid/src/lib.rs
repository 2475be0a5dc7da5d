//! Rapid tests (快检): batches of cards and readers in markets, bureaus and schools; what is positive is held and rechecked.
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
    Schema { room: "rapid", files: &[("0001_rapid", include_str!("../migrations/0001_rapid.sql"))] };

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "rapid",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
