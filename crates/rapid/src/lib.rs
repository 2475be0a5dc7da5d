//! Rapid tests (快检): batches of cards and readers in markets, bureaus and schools; what is positive is held and looked into.
//!
//! Owns: points, devices, cards, tests, the course of positives (one row a case of the kind `rapid`, data/flows/rapid.json),
//! messages refused, photos. Invariants:
//! - a test is never changed; its hash is a fact of the ledger; a repeat of the sender's key goes in once;
//! - an expired card is refused, and the last day of a card's batch is what the point said first;
//! - a device signs with its own key and speaks for its own point alone;
//! - a positive or suspect test begins a case and holds what is there of the lot, in one transaction; both are told at once;
//! - a rapid result alone is no ground for punishment: `settle` needs the bureau's own test of farm produce, and nobody who objects;
//! - whoever objects is answered by the statutory test, never by another rapid one.

mod actions;
mod api;
mod hooks;
mod jobs;
pub mod line;
pub mod model;
pub mod rules;
mod sheet;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use actions::devices::{receive, set_aside};
pub use actions::positives::sample_moved;
pub use hooks::HOOKS;

/// The positive that ordered a sample: its number, and the lot that was tested.
pub fn ordered(tx: &mut kit_db::Tx, sample: &str) -> kit_base::Result<Option<(String, Option<i64>)>> {
    let Some(positive) = store::positives::of_sample(tx, sample)? else { return Ok(None) };
    let tests = store::tests::of_case(tx, &positive.id)?;
    Ok(Some((positive.number, tests.iter().find(|t| t.id == positive.test).and_then(|t| t.lot))))
}

/// The kind of case.
pub const KIND: &str = "rapid";
/// Its definition.
pub const FLOW: &str = include_str!("../../../data/flows/rapid.json");

pub const SCHEMA: Schema = Schema {
    room: "rapid",
    files: &[
        ("0001_rapid", include_str!("../migrations/0001_rapid.sql")),
        ("0002_photos", include_str!("../migrations/0002_photos.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

const ALL: &[&str] = &["leader", "officer", "investigator", "business_owner", "business_clerk"];

pub const PERMISSIONS: &[Permission] = &[
    permission("rapid.read", "查看快检", ALL),
    permission("rapid.record", "登记快检结果", &["officer", "business_owner", "business_clerk"]),
    permission("rapid.points", "设立快检点、登记设备", &["officer", "business_owner"]),
    permission("rapid.handle", "处置快检阳性、送法定检验", &["officer"]),
    permission("rapid.object", "对快检结果申请复检或表示无异议", &["business_owner", "business_clerk"]),
    permission("rapid.oversee", "督办、撤销快检阳性", &["leader"]),
];

pub const ROOM: Room = Room {
    name: "rapid",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::IMPORT, jobs::EXPORT],
};

/// Positives since a time, without those that were released: county, food, item, when.
pub fn positives_since(
    tx: &mut Tx,
    since: kit_base::Millis,
    each: &mut dyn FnMut((String, String, String, kit_base::Millis)) -> Result<()>,
) -> Result<()> {
    store::positives::since(tx, since, each)
}

/// Content of all photos, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::photos::files(tx)
}
