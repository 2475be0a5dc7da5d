//! Questions, papers drawn from a seed, and marks: what officers ask at a visit (监督抽考), and what a room of training asks in its courses.
//!
//! A bank (题库) is a list of questions that is only added to: a question that is to change leaves with a version (`until`) and another
//! takes its place (`since`), so that each paper of the past can be drawn and marked again. A paper is drawn by sorting: whoever has
//! bank, version, stage and seed draws the same one (see [`Bank::draw`]).

mod bank;
mod paper;

use std::sync::Arc;

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::Act;

pub use bank::{Bank, Form, Question};
pub use paper::{Mark, mark};

/// Of an examination: who, in what post, with what result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Business.
    pub party: String,
    /// Of the person: director, officer, head, other.
    pub post: String,
    /// Masked: `张*`.
    pub name: String,
    /// Code of the bank, and its version.
    pub bank: String,
    pub version: i64,
    /// Where it took place: the number of the visit.
    pub about: String,
    pub at: Millis,
    pub mark: Mark,
    pub passed: bool,
}

/// Finds the bank in force (`None`), or that of a code, for a paper drawn from it earlier.
pub type FindBank = fn(&mut Tx, Option<&str>) -> Result<Option<Arc<Bank>>>;

/// What a room of training offers to whoever examines people elsewhere; the server holds it in the house. Where nothing is held, whoever
/// examines asks from a bank of its own.
pub struct Training {
    pub bank: FindBank,
    /// Somebody was examined; in the same transaction.
    pub told: fn(&mut Act, &Told) -> Result<()>,
}
