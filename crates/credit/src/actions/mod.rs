//! Use cases: [`collect`] facts, [`grading`], [`notes`] of other rooms, [`adjust`] by hand, [`look`] at a business.

pub mod adjust;
pub mod collect;
pub mod grading;
pub mod look;
pub mod notes;
