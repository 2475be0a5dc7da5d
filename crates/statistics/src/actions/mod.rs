//! One function a use case.

pub mod ask;
pub mod behind;
pub mod content;
pub mod count;
pub mod files;
pub mod make;
pub mod place;
pub mod schedule;
pub mod sheet;
