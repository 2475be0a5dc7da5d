//! All SQL of cases: [`log`] with definitions and numbers, [`projection`], [`papers`], [`todo`], [`days`], [`facts`].

pub mod days;
pub mod facts;
pub mod log;
pub mod papers;
pub mod projection;
pub mod tally;
pub mod todo;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    days::STATEMENTS,
    facts::STATEMENTS,
    log::STATEMENTS,
    papers::STATEMENTS,
    projection::STATEMENTS,
    tally::STATEMENTS,
];
