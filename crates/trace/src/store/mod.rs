//! All SQL of the trace room.

pub mod codes;
pub mod events;
pub mod lists;
pub mod load;
pub mod lots;
pub mod products;
pub mod steps;

use kit_db::Sql;

/// Every fixed statement, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    codes::STATEMENTS,
    events::STATEMENTS,
    lists::STATEMENTS,
    load::STATEMENTS,
    lots::STATEMENTS,
    products::STATEMENTS,
    steps::STATEMENTS,
];
