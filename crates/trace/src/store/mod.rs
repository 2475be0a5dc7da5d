//! All SQL of the trace room.

pub mod batches;
pub mod bulk;
pub mod check;
pub mod codes;
pub mod corrections;
pub mod dossier;
pub mod epcis;
pub mod epcis_view;
pub mod events;
pub mod facts;
pub mod holds;
pub mod home;
pub mod lists;
pub mod load;
pub mod lookup;
pub mod lots;
pub mod merges;
pub mod networks;
pub mod papers;
pub mod partitions;
pub mod products;
pub mod records;
pub mod seeds;
pub mod steps;
pub mod subscriptions;

use kit_db::Sql;

/// Every fixed statement, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    bulk::STATEMENTS,
    check::STATEMENTS,
    batches::STATEMENTS,
    codes::STATEMENTS,
    corrections::STATEMENTS,
    dossier::STATEMENTS,
    epcis::STATEMENTS,
    epcis_view::STATEMENTS,
    events::STATEMENTS,
    facts::STATEMENTS,
    holds::STATEMENTS,
    home::STATEMENTS,
    lists::STATEMENTS,
    lists::meant::STATEMENTS,
    load::STATEMENTS,
    lookup::STATEMENTS,
    lots::STATEMENTS,
    merges::STATEMENTS,
    networks::STATEMENTS,
    papers::STATEMENTS,
    partitions::STATEMENTS,
    products::STATEMENTS,
    records::STATEMENTS,
    seeds::STATEMENTS,
    steps::STATEMENTS,
    subscriptions::STATEMENTS,
];
