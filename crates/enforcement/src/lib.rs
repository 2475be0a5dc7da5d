//! Enforcement (执法办案): from the lead to the archive, by ordinary and simple procedure.

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema = Schema { room: "enforcement", files: &[] };

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "enforcement",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
