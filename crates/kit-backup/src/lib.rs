//! Copies that outlive the disk: whole backups, and for SQLite a continuous copy of the write-ahead log from which any
//! second of the past weeks can be restored.
//!
//! - [`backup`]: database, files and manifest in one folder; made while the server serves, checked before it is used.
//! - [`depot`]: such backups in an S3 bucket, files shared between them.
//! - [`stream`]: committed pages as small files in a folder or an S3 bucket, about one a second while there are writes.
//! - [`rewind`]: a database file as it was at a moment, out of such a stream.
//!
//! PostgreSQL has its own tools for both; `backup` calls `pg_dump`, the rest is docs/operations/backup.md.

pub mod backup;
pub mod depot;
mod postgres;
pub mod rewind;
mod s3;
mod segment;
pub mod stream;
pub mod target;

#[cfg(test)]
mod s3_tests;
#[cfg(test)]
mod tests;
