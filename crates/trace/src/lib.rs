//! trace

pub mod epcis;
pub mod graph;
