//! kit-jobs
