//! All SQL of the trace room.

pub mod codes;
pub mod epcis;
pub mod events;
pub mod home;
pub mod lists;
pub mod load;
pub mod lookup;
pub mod lots;
pub mod networks;
pub mod partitions;
pub mod products;
pub mod steps;

use kit_db::Sql;

/// Every fixed statement, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    codes::STATEMENTS,
    epcis::STATEMENTS,
    events::STATEMENTS,
    home::STATEMENTS,
    lists::STATEMENTS,
    load::STATEMENTS,
    lookup::STATEMENTS,
    lots::STATEMENTS,
    networks::STATEMENTS,
    partitions::STATEMENTS,
    products::STATEMENTS,
    steps::STATEMENTS,
];
