//! What goes out to platforms, and how far they have read.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;

use crate::model::lists::Reader;

kit_db::statements! {
    TAKE = "UPDATE credit_counter SET last = last + 1 WHERE id = 1 RETURNING last";
    ADD = "INSERT INTO credit_feed (no, at, party, division, line) VALUES ($1, $2, $3, $4, $5)";
    LAST = "SELECT last FROM credit_counter WHERE id = 1";
    RECEIPT = "INSERT INTO credit_receipts (reader, name, division, upto, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (reader) DO UPDATE SET name = excluded.name, division = excluded.division, upto = excluded.upto, at = excluded.at";
    READERS = "SELECT name, upto, at FROM credit_receipts ORDER BY name, reader LIMIT 200";
}

/// Takes the next number. The lock is held until the commit.
pub fn take(tx: &mut Tx) -> Result<i64> {
    tx.one(TAKE, &[])?.ok_or_else(|| Error::internal("no counter of the feed"))
}

pub fn add(tx: &mut Tx, no: i64, at: Millis, party: &str, division: &str, line: &str) -> Result<()> {
    tx.exec(ADD, params![no, at, party, division, line]).map(drop)
}

pub fn last(tx: &mut Tx) -> Result<i64> {
    tx.one(LAST, &[])?.ok_or_else(|| Error::internal("no counter of the feed"))
}

/// Lines after a number within a scope, in order.
pub fn after(tx: &mut Tx, scope: &Scope, after: i64, most: i64) -> Result<Vec<(i64, String)>> {
    let rows = Filter::new("SELECT f.no, f.line FROM credit_feed f");
    let rows = scope
        .restrict(rows, "f.division >= ? AND f.division < ?", "f.party = ?")
        .and("f.no > ?", &[Param::Int(after)])
        .then("ORDER BY f.no LIMIT ?", &[Param::Int(most)]);
    let mut out = Vec::new();
    tx.scan_list(&rows, &mut |r| {
        out.push((r.get(0)?, r.get(1)?));
        Ok(true)
    })?;
    Ok(out)
}

pub fn receipt(tx: &mut Tx, reader: &str, name: &str, division: &str, upto: i64, now: Millis) -> Result<()> {
    tx.exec(RECEIPT, params![reader, name, division, upto, now]).map(drop)
}

pub fn readers(tx: &mut Tx) -> Result<Vec<Reader>> {
    let mut out = Vec::new();
    tx.scan(READERS, &[], &mut |r| {
        out.push(Reader { name: r.get(0)?, upto: r.get(1)?, at: r.get(2)? });
        Ok(true)
    })?;
    Ok(out)
}
