//! Decisions of the room as pure functions.

mod feeds;
mod score;
#[cfg(test)]
mod score_tests;

pub use score::{CommonLinks, Score, Scores, Settings, investigate_file, score};
