//! All SQL of the room, each statement once.

pub mod cases;
pub mod evidence;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[cases::STATEMENTS, evidence::STATEMENTS];
