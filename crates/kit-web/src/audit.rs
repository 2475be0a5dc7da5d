//! The audit chain: every write and every look at personal data, each row hashed with the one before it. With each row
//! goes one leaf of the ledger, which has the row's hash and what the transaction recorded.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Sql, Tx, params};
use kit_ledger::Batch;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cx::Cx;

kit_db::statements! {
    HEAD = {
        sqlite: "SELECT no, hash FROM audit_head WHERE id = 1",
        postgres: "SELECT no, hash FROM audit_head WHERE id = 1 FOR UPDATE"
    };
    /// Without a lock, for those who only read.
    END = "SELECT no, hash FROM audit_head WHERE id = 1";
    MOVE_HEAD = "UPDATE audit_head SET no = $1, hash = $2 WHERE id = 1";
    APPEND = "INSERT INTO audit (no, at, user_id, user_name, bureau, address, action, subject, division, note, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// A row after the end that the head tells of.
    BEYOND = "SELECT no FROM audit WHERE no > $1 ORDER BY no LIMIT 1";
    PART = "SELECT no, at, user_id, user_name, bureau, address, action, subject, division, note, hash
        FROM audit WHERE no >= $1 AND no <= $2 ORDER BY no";
    CHAIN = "SELECT no, at, user_id, user_name, bureau, address, action, subject, division, note, hash
        FROM audit WHERE no > $1 ORDER BY no LIMIT $2";
    KEPT_ANSWER = "SELECT request, answer FROM idempotency WHERE user_id = $1 AND route = $2 AND idem = $3";
    KEEP_ANSWER = "INSERT INTO idempotency (user_id, route, idem, request, answer, at) VALUES ($1, $2, $3, $4, $5, $6)";
    SWEEP_ANSWERS = "DELETE FROM idempotency WHERE at < $1";
}

/// Adds a row to the chain, and its leaf to the ledger.
pub fn append(
    tx: &mut Tx,
    cx: &Cx,
    action: &str,
    now: Millis,
    subject: &str,
    division: &str,
    note: &Value,
) -> Result<()> {
    let who = &cx.who;
    let note = if note.is_null() { String::new() } else { note.to_string() };
    let fields = [&who.user, &who.name, &who.bureau, &cx.address, action, subject, division, &note];
    append_row(tx, now, &fields, |_, _| Ok(()))
}

/// [`append`] for work of the house itself outside of an act: bulk loads, duties, the opening of the ledger. `facts`
/// may bring more into the leaf than the transaction noted.
pub fn append_by_house(
    tx: &mut Tx,
    action: &str,
    now: Millis,
    subject: &str,
    note: &Value,
    facts: impl FnOnce(&mut Tx, &mut Batch) -> Result<()>,
) -> Result<()> {
    let note = note.to_string();
    append_row(tx, now, &["", "系统", "", "", action, subject, "", &note], facts)
}

fn append_row(
    tx: &mut Tx,
    now: Millis,
    fields: &[&str; 8],
    facts: impl FnOnce(&mut Tx, &mut Batch) -> Result<()>,
) -> Result<()> {
    let (no, before) = head(tx, HEAD)?;
    let no = no + 1;
    let hash = link(&before, no, now, fields);
    let [user, name, bureau, address, action, subject, division, note] = *fields;
    let row = params![no, now, user, name, bureau, address, action, subject, division, note, &hash];
    tx.exec(APPEND, row)?;
    let mut leaf = Batch::new(no);
    leaf.take(tx)?;
    facts(tx, &mut leaf)?;
    leaf.finish(tx, now, &hash)?;
    tx.exec(MOVE_HEAD, params![no, &hash]).map(drop)
}

/// Gives rows that were written before there was a ledger their leaves. Nothing happens once it has any.
pub fn begin_ledger(tx: &mut Tx) -> Result<()> {
    let (end, _) = head(tx, HEAD)?;
    if kit_ledger::store::last_leaf(tx)? > 0 {
        return Ok(());
    }
    for from in (1..=end).step_by(STEP as usize) {
        for link in links(tx, from, from + STEP - 1, |_| None)? {
            Batch::new(link.no).finish(tx, link.at, &link.hash)?;
        }
    }
    Ok(())
}

/// Rows that are read at once.
pub const STEP: i64 = 1_000;

/// A row as the ledger looks at it.
#[derive(Debug, Clone)]
pub struct Link {
    pub no: i64,
    pub at: Millis,
    /// As it is stored.
    pub hash: String,
    /// What it should be after the row before.
    pub right: String,
}

struct Whole {
    no: i64,
    at: Millis,
    texts: Vec<String>,
    hash: String,
}

impl FromRow for Whole {
    fn from_row(row: &Row) -> Result<Self> {
        let texts = (2..10).map(|i| row.get(i)).collect::<Result<_>>()?;
        Ok(Self { no: row.get(0)?, at: row.get(1)?, texts, hash: row.get(10)? })
    }
}

/// The rows `from ..= to` with the hashes they have and should have. `before` tells the hash of the row before a number
/// where it is known better than by that row itself.
pub fn links(tx: &mut Tx, from: i64, to: i64, before: impl Fn(i64) -> Option<String>) -> Result<Vec<Link>> {
    let rows: Vec<Whole> = tx.all(PART, params![from, to])?;
    let mut last = String::new();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let texts: Vec<&str> = row.texts.iter().map(String::as_str).collect();
        let right = link(before(row.no).as_deref().unwrap_or(&last), row.no, row.at, &texts);
        last.clone_from(&row.hash);
        out.push(Link { no: row.no, at: row.at, hash: row.hash, right });
    }
    Ok(out)
}

fn head(tx: &mut Tx, sql: Sql) -> Result<(i64, String)> {
    tx.one(sql, &[])?.ok_or_else(|| Error::internal("audit chain has no head"))
}

/// Hash of a row: SHA-256 over the hash before and every field, each with its length before it.
fn link(before: &str, no: i64, at: Millis, fields: &[&str]) -> String {
    let mut hasher = Sha256::new();
    let mut put = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    put(before.as_bytes());
    put(&no.to_be_bytes());
    put(&at.to_be_bytes());
    fields.iter().for_each(|f| put(f.as_bytes()));
    hex::encode(hasher.finalize())
}

/// How far a walk along the chain has come.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// Rows that fitted so far.
    pub rows: i64,
    hash: String,
}

/// The end of the chain as it stands: number and hash of its last row.
pub fn end(tx: &mut Tx) -> Result<(i64, String)> {
    head(tx, END)
}

/// Walks on, at most `most` rows and not beyond `end`; answers whether there is more.
///
/// Errors: `audit_broken` with the number of the first row that does not fit as the field.
pub fn walk(tx: &mut Tx, walk: &mut Walk, end: &(i64, String), most: i64) -> Result<bool> {
    let broken =
        |no: i64| Error::conflict("audit_broken", format!("审计链在第 {no} 条处断裂")).at(no.to_string());
    let most = most.min(end.0 - walk.rows);
    let until = walk.rows + most;
    tx.scan(CHAIN, params![walk.rows, most], &mut |row| {
        let expected = walk.rows + 1;
        let (no, at) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
        let texts: Vec<String> = (2..10).map(|i| row.get(i)).collect::<Result<_>>()?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let hash: String = row.get(10)?;
        if no != expected || link(&walk.hash, no, at, &texts) != hash {
            return Err(broken(expected));
        }
        (walk.rows, walk.hash) = (no, hash);
        Ok(true)
    })?;
    // fewer rows than the head counts, or another last row
    if walk.rows != until || (walk.rows == end.0 && walk.hash != end.1) {
        return Err(broken(walk.rows + 1));
    }
    Ok(walk.rows < end.0)
}

/// Walks the whole chain in one go; answers how many rows there are. For small chains and tests.
///
/// Errors: `audit_broken` with the row's number as the field.
pub fn verify(tx: &mut Tx) -> Result<i64> {
    let end = end(tx)?;
    let mut done = Walk::default();
    while walk(tx, &mut done, &end, i64::MAX)? {}
    match tx.one::<i64>(BEYOND, params![end.0])? {
        Some(no) => {
            Err(Error::conflict("audit_broken", format!("审计链在第 {no} 条处断裂")).at(no.to_string()))
        }
        None => Ok(done.rows),
    }
}

pub(crate) fn kept_answer(tx: &mut Tx, cx: &Cx, idem: &str) -> Result<Option<(String, String)>> {
    tx.one(KEPT_ANSWER, params![&cx.who.user, cx.route, idem])
}

pub(crate) fn keep_answer(tx: &mut Tx, cx: &Cx, idem: &str, answer: &str, now: Millis) -> Result<()> {
    tx.exec(KEEP_ANSWER, params![&cx.who.user, cx.route, idem, &cx.request_hash, answer, now]).map(drop)
}

/// Forgets kept answers older than `before`.
pub fn sweep_answers(tx: &mut Tx, before: Millis) -> Result<u64> {
    tx.exec(SWEEP_ANSWERS, params![before])
}
