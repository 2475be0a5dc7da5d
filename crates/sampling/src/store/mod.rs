//! All SQL of sampling: [`samples`], [`custody`], [`tests`], [`disposal`], [`labs`], [`limits`], [`plans`], [`published`].

pub mod custody;
pub mod disposal;
pub mod labs;
pub mod limits;
pub mod plans;
pub mod published;
pub mod samples;
pub mod tests;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    custody::STATEMENTS,
    disposal::STATEMENTS,
    labs::STATEMENTS,
    limits::STATEMENTS,
    plans::STATEMENTS,
    published::STATEMENTS,
    samples::STATEMENTS,
    tests::STATEMENTS,
];
