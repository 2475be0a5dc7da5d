//! Decisions as pure functions over facts and a time.

pub mod certificate;
pub mod range;
pub mod served;
pub mod tables;
