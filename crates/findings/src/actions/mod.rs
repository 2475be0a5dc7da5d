//! Use cases: [`findings`], [`evidence`].

pub mod evidence;
pub mod findings;
