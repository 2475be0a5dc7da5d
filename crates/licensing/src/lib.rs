//! Licensing and filing (许可备案): applications by versioned forms, decisions, licences and what became of them.

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema = Schema { room: "licensing", files: &[] };

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "licensing",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
