//! All SQL of the room, each statement once.

pub mod photos;
pub mod points;
pub mod positives;
pub mod tests;

pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] =
    &[points::STATEMENTS, tests::STATEMENTS, positives::STATEMENTS, photos::STATEMENTS];
