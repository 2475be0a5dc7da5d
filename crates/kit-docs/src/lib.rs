//! kit-docs
pub mod qr;
pub mod sheet;
pub mod table;
