//! 监管反馈周报: each market, chain and platform is told every week what was found at its members.
//!
//! Owns: feedback_files, feedback_told, feedback_weeks.
//! Invariants:
//! - a file tells of those who belonged to the manager on the last day of its week, and nobody else (`parties::members_of`);
//! - only what stands is told: conforming results once issued, failing ones once nobody can object; findings as numbers, never what
//!   officers wrote;
//! - a file that was made is never changed: made again, it is the next version, and the one before stays;
//! - its content is signed by the key of the ledger and its hash is a fact of the ledger;
//! - a manager sees its own files only.

mod actions;
mod api;
pub mod jobs;
pub mod model;
pub mod rules;
mod store;

use findings::about::{Tested, Touching};
use kit_base::{Millis, Result};
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use actions::signed::{Said, read_signed};
pub use actions::verify::verify;

pub const SCHEMA: Schema =
    Schema { room: "feedback", files: &[("0001_feedback", include_str!("../migrations/0001_feedback.sql"))] };

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "feedback.read",
        "查看反馈周报",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("feedback.receipt", "签收反馈周报", &["business_owner", "business_clerk"]),
    permission("feedback.make", "重新生成反馈周报", &["officer", "leader"]),
];

pub const ROOM: Room = Room {
    name: "feedback",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::EXPORT],
};

/// What touches a business now.
pub type Touches = fn(&mut Tx, &str) -> Result<Vec<Touching>>;

/// What a class of food is called.
pub type FoodNames = Box<dyn Fn(&str) -> String>;

/// What rooms know of a business; held in the house.
pub struct Sources {
    /// Results that stood since a time.
    pub tested: fn(&mut Tx, &str, Millis) -> Result<Vec<Tested>>,
    /// Recalls and the like that touch it now.
    pub touching: &'static [Touches],
    /// Names of classes of food, read once for each file.
    pub foods: fn(&mut Tx) -> Result<FoodNames>,
}

/// Hashes of every kept file.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::files(tx)
}
