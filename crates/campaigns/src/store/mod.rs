//! All SQL of campaigns: [`campaigns`], [`ballots`], [`batches`].

pub mod ballots;
pub mod batches;
pub mod campaigns;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] =
    &[ballots::STATEMENTS, batches::STATEMENTS, campaigns::STATEMENTS];
