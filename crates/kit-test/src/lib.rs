//! kit-test
