//! Decisions as pure functions over facts and a time.

pub mod book;
pub mod escpos;
pub mod exam;
pub mod plan;
pub mod record;
pub mod recusal;
pub mod route;
pub mod visit;
pub mod xlsform;
