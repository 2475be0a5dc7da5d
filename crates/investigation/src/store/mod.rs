//! All SQL of the room. What it needs of the ledger and of businesses it asks of trace and parties.

pub mod cases;
pub mod marks;
pub mod scopes;

use kit_db::Sql;

/// Every fixed statement, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[cases::STATEMENTS, marks::STATEMENTS, scopes::STATEMENTS];
