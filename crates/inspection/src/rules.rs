//! Decisions as pure functions over facts and a time.

pub mod escpos;
pub mod record;
pub mod route;
pub mod visit;
