//! Decisions as pure functions over facts and a time.
