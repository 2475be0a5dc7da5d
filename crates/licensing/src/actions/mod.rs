//! Use cases: [`apply`], [`course`], [`drafts`], [`issue`], [`files`], [`checks`], [`mandates`], [`registers`], [`telling`], [`visits`].

pub mod apply;
pub mod checks;
pub mod course;
pub mod drafts;
pub mod files;
pub mod issue;
pub mod mandates;
pub mod registers;
pub mod telling;
pub mod visits;
