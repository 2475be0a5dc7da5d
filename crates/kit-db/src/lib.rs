//! kit-db
