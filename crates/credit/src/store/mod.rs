//! All SQL of the room: [`events`], [`grades`], [`adjustments`], [`lists`], [`feed`], [`platforms`].

pub mod adjustments;
pub mod events;
pub mod feed;
pub mod grades;
pub mod lists;
pub mod platforms;

/// Every fixed statement, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    adjustments::STATEMENTS,
    events::STATEMENTS,
    feed::STATEMENTS,
    grades::STATEMENTS,
    lists::STATEMENTS,
    platforms::STATEMENTS,
];
