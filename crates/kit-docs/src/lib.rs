//! kit-docs
pub mod pdf;
pub mod qr;
pub mod sheet;
pub mod table;
