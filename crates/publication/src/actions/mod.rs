//! One function a use case.

pub mod codes;
pub mod labels;
pub mod limits;
pub mod marks;
pub mod notices;
pub mod scan;
pub mod schedule;
pub mod suspicions;
pub mod touching;
