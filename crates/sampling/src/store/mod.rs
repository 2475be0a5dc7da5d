//! All SQL of sampling: [`samples`], [`custody`], [`tests`], [`disposal`], [`draws`], [`duties`], [`labs`], [`limits`], [`listing`], [`plans`], [`published`], [`readings`],
//! [`facts`], [`statistics`], [`told`], [`changes`] of plans, [`targets`].

pub mod changes;
pub mod corrected;
pub mod custody;
pub mod disposal;
pub mod draws;
pub mod duties;
pub mod facts;
pub mod labs;
pub mod limits;
pub mod listing;
pub mod papers;
pub mod plans;
pub mod published;
pub mod readings;
pub mod samples;
pub mod statistics;
pub mod targets;
pub mod tests;
pub mod told;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    changes::STATEMENTS,
    corrected::STATEMENTS,
    custody::STATEMENTS,
    disposal::STATEMENTS,
    facts::STATEMENTS,
    draws::STATEMENTS,
    duties::STATEMENTS,
    labs::STATEMENTS,
    limits::STATEMENTS,
    listing::STATEMENTS,
    papers::STATEMENTS,
    plans::STATEMENTS,
    published::STATEMENTS,
    readings::STATEMENTS,
    samples::STATEMENTS,
    statistics::STATEMENTS,
    targets::STATEMENTS,
    tests::STATEMENTS,
    told::STATEMENTS,
];
