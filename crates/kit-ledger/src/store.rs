//! All SQL of the ledger.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::hash::Hash;

/// Hashes one row of `ledger_records` holds.
pub const PART: usize = 4096;

kit_db::statements! {
    INSERT_LEAF = "INSERT INTO ledger_leaves (no, entry, first_event, last_event) VALUES ($1, $2, $3, $4)";
    LAST_LEAF = "SELECT COALESCE(MAX(no), 0) FROM ledger_leaves";
    LEAVES = "SELECT no, entry, first_event, last_event FROM ledger_leaves WHERE no > $1 ORDER BY no LIMIT $2";
    LEAF = "SELECT no, entry, first_event, last_event FROM ledger_leaves WHERE no = $1";
    LEAF_OF_EVENT = "SELECT no, entry, first_event, last_event FROM ledger_leaves WHERE last_event >= $1
        ORDER BY last_event LIMIT 1";
    ENTRIES = "SELECT entry FROM ledger_leaves WHERE no > $1 AND no <= $2 ORDER BY no";
    INSERT_PART = "INSERT INTO ledger_records (leaf, part, hashes) VALUES ($1, $2, $3)";
    PART_OF = "SELECT hashes FROM ledger_records WHERE leaf = $1 AND part = $2";
    INSERT_ITEM = "INSERT INTO ledger_items (kind, item, leaf, place, hash) VALUES ($1, $2, $3, $4, $5)";
    ITEM = "SELECT leaf, place FROM ledger_items WHERE kind = $1 AND item = $2";
    ITEMS_OF = "SELECT hash FROM ledger_items WHERE leaf = $1 AND kind = $2 ORDER BY place";
    ITEMS = "SELECT item, hash FROM ledger_items WHERE kind = $1 ORDER BY item";
    STRAY_ITEMS = "SELECT kind, item FROM ledger_items WHERE leaf < 1 OR leaf > $1 ORDER BY leaf LIMIT 100";
    PUT_TILE = "INSERT INTO ledger_tiles (level, no, hashes) VALUES ($1, $2, $3)
        ON CONFLICT (level, no) DO UPDATE SET hashes = excluded.hashes";
    TILE = "SELECT hashes FROM ledger_tiles WHERE level = $1 AND no = $2";
    LOCK = {
        sqlite: "SELECT size FROM ledger_state WHERE id = 1",
        postgres: "SELECT size FROM ledger_state WHERE id = 1 FOR UPDATE"
    };
    SIZE = "SELECT size FROM ledger_state WHERE id = 1";
    MOVE = "UPDATE ledger_state SET size = $1 WHERE id = 1";
    INSERT_CHECKPOINT = "INSERT INTO ledger_checkpoints (size, at, note, hourly) VALUES ($1, $2, $3, $4)";
    HOUR_HAS = "SELECT size FROM ledger_checkpoints WHERE at >= $1 AND at < $2 AND hourly = 1 LIMIT 1";
    LATEST = "SELECT size, at, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1";
    CHECKPOINTS = "SELECT size, at, note FROM ledger_checkpoints WHERE size > $1 AND size <= $2 ORDER BY size";
    SWEEP = "DELETE FROM ledger_checkpoints WHERE at < $1 AND hourly = 0
        AND size < (SELECT size FROM ledger_state WHERE id = 1)";
}

/// A leaf as it is stored.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Of the audit row; the index in the log is one less.
    pub no: i64,
    pub entry: String,
    pub first_event: Option<i64>,
    pub last_event: Option<i64>,
}

impl FromRow for Leaf {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { no: r.get(0)?, entry: r.get(1)?, first_event: r.get(2)?, last_event: r.get(3)? })
    }
}

/// A checkpoint as it is stored.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Leaves.
    pub size: i64,
    pub at: Millis,
    /// The signed note.
    pub note: String,
}

impl FromRow for Signed {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { size: r.get(0)?, at: r.get(1)?, note: r.get(2)? })
    }
}

pub(crate) fn insert_leaf(tx: &mut Tx, leaf: &Leaf) -> Result<()> {
    tx.exec(INSERT_LEAF, params![leaf.no, &leaf.entry, leaf.first_event, leaf.last_event]).map(drop)
}

/// Number of the last leaf, signed or not; 0 for none.
pub fn last_leaf(tx: &mut Tx) -> Result<i64> {
    tx.one(LAST_LEAF, &[]).map(|no| no.unwrap_or(0))
}

/// At most `most` leaves after a number, in order.
pub fn leaves_after(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<Leaf>> {
    tx.all(LEAVES, params![after, most])
}

pub fn leaf(tx: &mut Tx, no: i64) -> Result<Option<Leaf>> {
    tx.one(LEAF, params![no])
}

/// The leaf that an event is in.
pub fn leaf_of_event(tx: &mut Tx, event: i64) -> Result<Option<Leaf>> {
    let found: Option<Leaf> = tx.one(LEAF_OF_EVENT, params![event])?;
    Ok(found.filter(|leaf| leaf.first_event.is_some_and(|first| first <= event)))
}

/// Entries of the leaves `from + 1 ..= to`.
pub fn entries(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<String>> {
    tx.all(ENTRIES, params![from, to])
}

pub(crate) fn insert_part(tx: &mut Tx, leaf: i64, part: i64, hashes: &[Hash]) -> Result<()> {
    tx.exec(INSERT_PART, params![leaf, part, hashes.concat().as_slice()]).map(drop)
}

/// A part of the record hashes of a leaf; empty where there is none.
pub fn part(tx: &mut Tx, leaf: i64, part: i64) -> Result<Vec<Hash>> {
    let bytes: Option<Vec<u8>> = tx.one(PART_OF, params![leaf, part])?;
    Ok(hashes(&bytes.unwrap_or_default()))
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok()).collect()
}

pub(crate) fn insert_item(
    tx: &mut Tx,
    kind: &str,
    item: &str,
    (leaf, place): (i64, i64),
    hash: &Hash,
) -> Result<()> {
    tx.exec(INSERT_ITEM, params![kind, item, leaf, place, hash.as_slice()]).map(drop)
}

/// Leaf and place of a fact that is no event.
pub fn item(tx: &mut Tx, kind: &str, item: &str) -> Result<Option<(i64, i64)>> {
    tx.one(ITEM, params![kind, item])
}

/// Hashes of the facts of a kind in a leaf, in their order; handed over one by one.
pub fn items_of(tx: &mut Tx, leaf: i64, kind: &str, each: &mut dyn FnMut(Hash)) -> Result<()> {
    tx.scan(ITEMS_OF, params![leaf, kind], &mut |row| {
        let bytes: Vec<u8> = row.get(0)?;
        // one that is no hash cannot be of this leaf: the root will differ
        each(bytes.try_into().unwrap_or_default());
        Ok(true)
    })
}

/// Every fact of a kind with its hash: for kinds of which there are few.
pub fn items(tx: &mut Tx, kind: &str) -> Result<Vec<(String, Vec<u8>)>> {
    tx.all(ITEMS, params![kind])
}

/// Facts of leaves that there are not (kind, item); at most 100.
pub fn stray_items(tx: &mut Tx, last_leaf: i64) -> Result<Vec<(String, String)>> {
    tx.all(STRAY_ITEMS, params![last_leaf])
}

pub(crate) fn put_tile(tx: &mut Tx, level: u8, no: u64, hashes: &[Hash]) -> Result<()> {
    tx.exec(PUT_TILE, params![i64::from(level), no as i64, hashes.concat().as_slice()]).map(drop)
}

/// The stored hashes of a tile; empty where there is none.
pub fn tile(tx: &mut Tx, level: u8, no: u64) -> Result<Vec<u8>> {
    let no = i64::try_from(no).map_err(Error::internal)?;
    Ok(tx.one(TILE, params![i64::from(level), no])?.unwrap_or_default())
}

/// How many leaves are signed; held until the commit.
pub(crate) fn lock(tx: &mut Tx) -> Result<i64> {
    tx.one(LOCK, &[])?.ok_or_else(|| Error::internal("ledger has no state"))
}

/// How many leaves are signed.
pub fn size(tx: &mut Tx) -> Result<i64> {
    tx.one(SIZE, &[])?.ok_or_else(|| Error::internal("ledger has no state"))
}

pub(crate) fn move_to(tx: &mut Tx, size: i64) -> Result<()> {
    tx.exec(MOVE, params![size]).map(drop)
}

const HOUR: Millis = 3_600_000;

pub(crate) fn insert_checkpoint(tx: &mut Tx, size: i64, at: Millis, note: &str) -> Result<()> {
    let hour = at.div_euclid(HOUR) * HOUR;
    let first = tx.one::<i64>(HOUR_HAS, params![hour, hour + HOUR])?.is_none();
    tx.exec(INSERT_CHECKPOINT, params![size, at, note, first]).map(drop)
}

/// The latest checkpoint.
pub fn latest(tx: &mut Tx) -> Result<Option<Signed>> {
    tx.one(LATEST, &[])
}

/// Checkpoints of trees of more than `after` and at most `upto` leaves.
pub fn checkpoints(tx: &mut Tx, after: i64, upto: i64) -> Result<Vec<Signed>> {
    tx.all(CHECKPOINTS, params![after, upto])
}

/// Drops checkpoints older than `before`, but the first of each hour and the latest.
pub fn sweep(tx: &mut Tx, before: Millis) -> Result<u64> {
    tx.exec(SWEEP, params![before])
}
