//! All SQL of the room.

pub mod agency;
pub mod licences;
pub mod permits;
pub mod registers;
pub mod visits;

use kit_db::Sql;

pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    permits::STATEMENTS,
    agency::STATEMENTS,
    licences::STATEMENTS,
    registers::STATEMENTS,
    visits::STATEMENTS,
];
