//! Statistics and reports (统计分析、报表): what was begun, is due, late and rising, from the province down to the single shop; and the
//! same written down for a period, on a schedule.
//!
//! Owns: `reports`, `report_subscriptions`, `report_course`.
//! Invariants:
//! - a figure of a report is a figure of the statistics of the same place and period: both are counted by the one function
//!   [`actions::count::made`];
//! - a report that was made is never changed: made again, it is another edition, and the one before stays with its files;
//! - what a report cannot tell it says, with the reason: figures before the first record are not known, which is not none;
//! - a period that passed while nothing ran is made up, and says so.

mod actions;
mod api;
pub mod jobs;
pub mod model;
pub mod rules;
mod store;

use std::sync::Arc;

use kit_base::{Millis, Result};
use kit_db::{Schema, Tx};
use kit_jobs::Kind;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema =
    Schema { room: "statistics", files: &[("0001_reports", include_str!("../migrations/0001_reports.sql"))] };

pub const PERMISSIONS: &[Permission] = &[
    Permission {
        code: "statistics.read",
        name: "查看统计分析",
        roles: &["leader", "officer", "investigator"],
    },
    Permission { code: "reports.read", name: "查看、订阅统计报表", roles: &["leader", "officer"] },
    Permission { code: "reports.make", name: "手工生成统计报表", roles: &["leader", "officer"] },
];

pub const ROOM: Room = Room {
    name: "statistics",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[Kind { name: jobs::MAKE, run: jobs::make }, Kind { name: jobs::EXPORT, run: jobs::export }],
};

/// A figure that a room counts, beside cases of its kind.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    pub code: &'static str,
    pub name: &'static str,
    /// 件, 批次, 元
    pub unit: &'static str,
}

/// One number for each head, below a division (`[from, until)` of its codes), from a time until another.
pub type Count = fn(&mut Tx, &[String; 2], Millis, Millis) -> Result<Vec<i64>>;

/// Figures that a room counts in one question.
#[derive(Clone, Copy)]
pub struct Counter {
    pub heads: &'static [Head],
    pub count: Count,
}

/// What rooms count; held in the house.
pub struct Counters(pub &'static [Counter]);

/// Where the type that papers are set in comes from; held in the house.
pub struct Type {
    /// Errors: `font_missing`.
    pub fonts: fn() -> Result<Arc<kit_docs::pdf::Fonts>>,
}

/// Hashes of every file that a report has.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::files(tx)
}
