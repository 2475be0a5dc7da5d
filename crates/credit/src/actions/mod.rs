//! Use cases: [`collect`] facts, [`grading`], [`notes`] of other rooms, [`adjust`] by hand, [`look`] at a business, [`lists`] and
//! the measures that follow, the [`feed`] of platforms, and the [`platforms`] that it is pushed to.

pub mod adjust;
pub mod collect;
pub mod feed;
pub mod grading;
pub mod lists;
pub mod look;
pub mod notes;
pub mod platforms;
