//! Use cases: [`apply`], [`course`], [`issue`], [`files`], [`checks`], [`mandates`], [`registers`], [`visits`].

pub mod apply;
pub mod checks;
pub mod course;
pub mod files;
pub mod issue;
pub mod mandates;
pub mod registers;
pub mod visits;
