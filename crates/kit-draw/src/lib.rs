//! Draws that anybody can do again. docs/draw_verify.py (sixty lines) and docs/draw_verify_seats.py (eighty) do the same.
//!
//! A pool is lines of text; its hash and that of a secret seed go into the ledger ([`keep::commit`]). Later the first signed
//! checkpoint over that commitment is mixed in, and nobody could have known it ([`keep::run`]):
//! `key = SHA-256(format "\n" seed "\n" root "\n" pool hash "\n")`. Random numbers are the first eight bytes of
//! `SHA-256(key, n)` for n = 0, 1, …; those that would favour low numbers are left out.
//!
//! Two kinds of pool: [`officers`] (双随机: places, and who goes there; format `shian-draw-1`) and [`seats`] (batches handed out to
//! cells by weight with a floor for each area, then a place and people for each; format `shian-draw-2`).
//!
//! Owns: `kit_draws`. Invariants: a draw is committed to once, drawn once, used once; its seed and pool are told only after it.

mod crew;
mod file;
pub mod keep;
pub mod officers;
pub mod seats;
pub mod store;
mod stream;

use kit_db::Schema;
use sha2::{Digest, Sha256};

pub use file::{DrawFile, Picked, again, root_of, verify};
pub use store::STATEMENTS;

/// Subjects that a pool may have.
pub const MOST_SUBJECTS: usize = 50_000;
/// Officers that a pool may have.
pub const MOST_OFFICERS: usize = 2_000;

pub const SCHEMA: Schema =
    Schema { room: "kit-draw", files: &[("0001_draws", include_str!("../migrations/0001_draws.sql"))] };

/// SHA-256, hex.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What the ledger holds of a draw before it: SHA-256 over the two hashes, a line each.
pub fn commitment(seed_hash: &str, pool_hash: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed_hash}\n{pool_hash}\n").as_bytes()).into()
}
