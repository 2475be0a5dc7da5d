//! The tamper-evident ledger: a log as C2SP `tlog-tiles` describes it, with checkpoints signed by Ed25519.
//!
//! Each write ends in one audit row, and each audit row is one leaf. The leaf has the hash of the audit row and the
//! roots over what that transaction recorded: the records of its events, declared errors, codes made and voided. It is
//! written in the same transaction ([`Batch`]); a unit of work with facts and without a leaf is not committed (kit-db).
//! Tiles and checkpoints are made from committed leaves a moment later, by one server at a time ([`Sequencer`]).
//!
//! Owns: `ledger_leaves`, `ledger_records`, `ledger_items`, `ledger_tiles`, `ledger_state`, `ledger_checkpoints`.
//! Invariants: leaves are dense and never change; a tile once full never changes; the latest checkpoint is of the tree
//! that `ledger_state` names; what is beyond it is committed but not signed yet.
//!
//! [`hash`], [`tree`], [`note`], [`checkpoint`], [`entry`] and [`proof`] are pure; golang.org/x/mod/sumdb checks what
//! they make in a test.

pub mod batch;
pub mod checkpoint;
pub mod entry;
pub mod hash;
pub mod log;
pub mod note;
pub mod proof;
pub mod store;
pub mod tree;

pub use batch::Batch;
pub use checkpoint::Checkpoint;
pub use entry::Entry;
pub use hash::{Hash, Stack};
pub use log::{Ledger, Sequencer, open_key, write_key};
pub use note::{Key, PublicKey};
pub use proof::{ProofFile, record_hash};

use kit_db::Schema;

pub const SCHEMA: Schema =
    Schema { room: "kit-ledger", files: &[("0001_ledger", include_str!("../migrations/0001_ledger.sql"))] };

pub use store::STATEMENTS;

#[cfg(test)]
mod tests;
