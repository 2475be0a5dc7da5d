//! kit-files
