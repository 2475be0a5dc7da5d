//! The audit chain: every write and every look at personal data, each row hashed with the one before it.

use kit_base::{Error, Millis, Result};
use kit_db::{Sql, Tx, params};
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
    CHAIN = "SELECT no, at, user_id, user_name, bureau, address, action, subject, division, note, hash
        FROM audit WHERE no > $1 ORDER BY no LIMIT $2";
    KEPT_ANSWER = "SELECT request, answer FROM idempotency WHERE user_id = $1 AND route = $2 AND idem = $3";
    KEEP_ANSWER = "INSERT INTO idempotency (user_id, route, idem, request, answer, at) VALUES ($1, $2, $3, $4, $5, $6)";
    SWEEP_ANSWERS = "DELETE FROM idempotency WHERE at < $1";
}

/// Adds a row to the chain.
pub fn append(
    tx: &mut Tx,
    cx: &Cx,
    action: &str,
    now: Millis,
    subject: &str,
    division: &str,
    note: &Value,
) -> Result<()> {
    let (no, before) = head(tx, HEAD)?;
    let no = no + 1;
    let who = &cx.who;
    let note = if note.is_null() { String::new() } else { note.to_string() };
    let fields = [&who.user, &who.name, &who.bureau, &cx.address, action, subject, division, &note];
    let hash = link(&before, no, now, &fields);
    tx.exec(
        APPEND,
        params![
            no,
            now,
            &who.user,
            &who.name,
            &who.bureau,
            &cx.address,
            action,
            subject,
            division,
            &note,
            &hash
        ],
    )?;
    tx.exec(MOVE_HEAD, params![no, &hash]).map(drop)
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
