//! 一品一码: products, lots, the events that made and moved them, and the graph of what came from what.
//!
//! Owns: products, events, lots, inputs, stock, trace codes. Invariants:
//! - events, lots and inputs are only ever added; an error is declared beside them ([`actions::correct`]);
//! - a lot has exactly one producing event; lot and event numbers are dense and in commit order;
//! - nobody moves what it has not got: stock is taken in the same transaction, per lot;
//! - history declared by an importer (`declared`) is outside the stock checks, and unknown amounts stay unknown;
//! - every event, declared error, code and voiding is a fact of the ledger ([`record`]), in the same transaction;
//! - the graph in memory is a cache that can be thrown away.

pub mod actions;
mod api;
pub mod chain;
pub mod dossier;
pub mod epcis;
pub mod graph;
pub mod holds;
pub mod import;
mod jobs;
pub mod live;
pub mod merges;
pub mod model;
pub mod papers;
pub mod proofs;
pub mod record;
pub mod rules;
pub mod search;
pub mod store;
pub mod subscribe;
pub mod verify;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub use api::send_file;

pub const SCHEMA: Schema = Schema {
    room: "trace",
    files: &[
        ("0001_trace", include_str!("../migrations/0001_trace.sql")),
        ("0002_simulations", include_str!("../migrations/0002_simulations.sql")),
        ("0003_import", include_str!("../migrations/0003_import.sql")),
        ("0004_home", include_str!("../migrations/0004_home.sql")),
        ("0005_cuts", include_str!("../migrations/0005_cuts.sql")),
        ("0006_reach", include_str!("../migrations/0006_reach.sql")),
        ("0007_papers", include_str!("../migrations/0007_papers.sql")),
        ("0010_epcis_view", include_str!("../migrations/0010_epcis_view.sql")),
        ("0011_subscriptions", include_str!("../migrations/0011_subscriptions.sql")),
        ("0012_find", include_str!("../migrations/0012_find.sql")),
        ("0020_recorded", include_str!("../migrations/0020_recorded.sql")),
        ("0021_corrections", include_str!("../migrations/0021_corrections.sql")),
        ("0022_merges", include_str!("../migrations/0022_merges.sql")),
        ("0023_doc_no", include_str!("../migrations/0023_doc_no.sql")),
        ("0024_holds", include_str!("../migrations/0024_holds.sql")),
    ],
};

const REGULATORS: &[&str] = &["leader", "officer", "investigator"];

pub const PERMISSIONS: &[Permission] = &[
    Permission {
        code: "trace.read",
        name: "查看产品、批次和台账",
        roles: &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    },
    Permission {
        code: "trace.capture",
        name: "登记产品和流转",
        roles: &["business_owner", "business_clerk", "investigator"],
    },
    Permission { code: "trace.declare", name: "导入历史记录", roles: &["investigator"] },
    Permission {
        code: "trace.subscribe",
        name: "订阅 EPCIS 事件",
        roles: &["leader", "investigator", "business_owner"],
    },
    Permission { code: "trace.chain", name: "查看完整链条", roles: REGULATORS },
];

pub const ROOM: Room = Room {
    name: "trace",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: jobs::KINDS,
};
