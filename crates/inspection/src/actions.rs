//! One function a use case, inside the transaction of an `Act`.

pub mod checklists;
pub mod draws;
pub mod exams;
pub mod look;
pub mod photos;
pub mod plans;
pub mod print;
pub mod record;
pub mod recusals;
pub mod visits;
