//! Types and ids; no SQL, no HTTP.
