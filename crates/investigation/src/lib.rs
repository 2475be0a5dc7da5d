//! Investigation (问题食品排查): from a suspicion to where all of it is, and to where it came from.
//!
//! Owns: outbreak scores over delivery networks ([`rules`]), and the network file ([`network`]).

pub mod network;
pub mod rules;
