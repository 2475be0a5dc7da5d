//! kit-docs
