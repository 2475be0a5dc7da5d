//! Search by any two characters over things that have a name, in memory.
//!
//! The database is the truth; an index is a cache of it that can be thrown away. All that can be searched of a thing stands
//! in one buffer (name, pinyin, initials, codes, other words); a query is looked for with `memmem` over those blocks of the
//! buffer that its pairs of characters may lie in. What filters (division, kind, status) stands in arrays beside it. A
//! changed thing is appended and its old record marked dead; when a quarter is dead the index is packed again.
//!
//! A query that finds nothing may hold a typing error: [`Index::near`] finds what is one or two errors away.

mod follow;
mod index;
mod near;
mod sieve;
mod text;

pub use follow::Followed;
pub use index::{Found, Index, Query, Thing};
pub use text::Text;

#[cfg(test)]
mod tests;
