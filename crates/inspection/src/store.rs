//! All SQL of the room, each statement once.

pub mod checklists;
pub mod draws;
pub mod exams;
pub mod photos;
pub mod plans;
pub mod records;
pub mod recusals;
pub mod visits;

/// One list a file.
pub const STATEMENTS: &[&[(&str, kit_db::Sql)]] = &[
    checklists::STATEMENTS,
    draws::STATEMENTS,
    exams::STATEMENTS,
    photos::STATEMENTS,
    plans::STATEMENTS,
    records::STATEMENTS,
    recusals::STATEMENTS,
    visits::STATEMENTS,
];
