//! All SQL of the room, each statement once.

pub mod checks;
pub mod drills;
pub mod recalls;
pub mod reports;
pub mod tasks;

pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] =
    &[recalls::STATEMENTS, tasks::STATEMENTS, reports::STATEMENTS, checks::STATEMENTS, drills::STATEMENTS];
