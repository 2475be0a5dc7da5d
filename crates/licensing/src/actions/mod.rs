//! Use cases: [`apply`], [`course`], [`issue`], [`files`], [`checks`], [`mandates`], [`registers`].

pub mod apply;
pub mod checks;
pub mod course;
pub mod files;
pub mod issue;
pub mod mandates;
pub mod registers;
