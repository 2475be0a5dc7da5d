//! All SQL of findings: [`findings`], [`evidence`].

pub mod alike;
pub mod evidence;
pub mod findings;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[evidence::STATEMENTS, findings::STATEMENTS];
