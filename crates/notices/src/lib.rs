//! Messages to people (消息): in-app, with what was read. Written in the transaction that causes them.
//!
//! Owns: notices. Invariants:
//! - a message stands exactly when what it tells of stands: both are in one transaction;
//! - nobody is told of what they did themselves, and of one entry of a case each person is told once;
//! - everybody sees and marks their own messages only.

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::Schema;
use kit_flow::log::{Body, Entry};
use kit_web::{Act, Permission, Room};

pub use model::New;

pub const SCHEMA: Schema = Schema {
    room: "notices",
    files: &[
        ("0001_notices", include_str!("../migrations/0001_notices.sql")),
        ("0002_progress", include_str!("../migrations/0002_progress.sql")),
    ],
};

/// One's own messages need no permission.
pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "notices",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};

/// Sends messages, in the transaction under way.
pub fn send(act: &mut Act, list: &[New]) -> Result<()> {
    actions::send(act, list)
}

/// Sends what a room tells of an entry of its case, beside what [`tell`] says of every case: whoever is told by that, or did it
/// themselves, is told once.
pub fn also(act: &mut Act, case: &kit_flow::Case, entry: &Entry, body: &Body, list: Vec<New>) -> Result<()> {
    actions::also(act, case, entry, body, list)
}

/// Tells people of an entry of a case: the flow kit's hook, for every kind.
pub fn tell(act: &mut Act, case: &kit_flow::Case, entry: &Entry, body: &Body) -> Result<()> {
    actions::tell(act, case, entry, body)
}
