//! Cases: append-only, hash-chained logs of actions, and everything that follows from them.
//!
//! A kind of case is data ([`definition`]): statuses, actions with who may do them, tasks, clocks, documents. It is hashed
//! and pinned to each case. What somebody asks for is decided ([`decide`]) by pure functions over the state, the rights
//! of the asker, the calendar and the time; what comes of it is an entry of the log with its effects ([`log`]). The state
//! is a fold of the effects alone ([`state`]), so a log means for ever what it meant when it was written. Tables of
//! cases, tasks, clocks and documents are projections of that state, written in the same transaction.
//!
//! Owns: `flow_definitions`, `flow_cases`, `flow_log`, `flow_seats`, `flow_clocks`, `flow_documents`, `flow_numbers`, `flow_days`, `flow_papers`, `flow_seals`.
//! Invariants:
//! - entries are dense, and each has the hash of the one before; each is a fact of the ledger;
//! - the projections are what the fold says ([`engine::verify`]);
//! - nobody does what a separation of duties bars, whichever way the work was handed over;
//! - a number is taken in the transaction that uses it: no gaps; a void document keeps its number;
//! - the text of a document is written with its number and never changed;
//! - a clock that is over has its consequence once, however often the duty runs or dies.

pub mod answers;
mod api;
pub mod check;
pub mod clock;
pub mod decide;
pub mod definition;
pub mod diagram;
pub mod duty;
pub mod engine;
pub mod flows;
pub mod form;
pub mod guard;
pub mod history;
pub mod log;
pub mod ops;
pub mod papers;
pub mod possible;
pub mod proof;
pub mod state;
pub mod store;
pub mod trial;

pub use decide::{Ask, New};
pub use definition::Definition;
pub use engine::Case;
pub use flows::{Directory, Flows, Hooks};
pub use log::{Entry, Person};
pub use ops::Op;
pub use state::State;

use kit_db::Schema;
use kit_web::Permission;

pub use api::{routes, verified, view};

pub const PERMISSIONS: &[Permission] =
    &[Permission { code: "flow.calendar", name: "导入节假日安排", roles: &["system_admin"] }];

pub const SCHEMA: Schema = Schema {
    room: "kit-flow",
    files: &[
        ("0001_flow", include_str!("../migrations/0001_flow.sql")),
        ("0002_papers", include_str!("../migrations/0002_papers.sql")),
    ],
};

pub use store::STATEMENTS;
