//! Decisions of the room as pure functions.

mod feeds;
pub mod marks;
pub mod picture;
mod score;
#[cfg(test)]
mod score_tests;
#[cfg(test)]
mod score_twin_tests;
mod scores;
pub mod seeds;

pub use score::{Settings, investigate_file, score};
pub use scores::{CommonLinks, Score, Scores};
