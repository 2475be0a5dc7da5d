//! All SQL of the room, each statement once.

pub mod checks;
pub mod drills;
pub mod follows;
pub mod outside;
pub mod recalls;
pub mod reports;
pub mod tasks;
pub mod touching;

pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    recalls::STATEMENTS,
    tasks::STATEMENTS,
    tasks::batches::STATEMENTS,
    tasks::lines::STATEMENTS,
    tasks::sums::STATEMENTS,
    reports::STATEMENTS,
    checks::STATEMENTS,
    follows::STATEMENTS,
    drills::STATEMENTS,
    outside::STATEMENTS,
    touching::STATEMENTS,
];
