//! All SQL of the room: [`events`], [`grades`], [`adjustments`].

pub mod adjustments;
pub mod events;
pub mod grades;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] =
    &[adjustments::STATEMENTS, events::STATEMENTS, grades::STATEMENTS];
