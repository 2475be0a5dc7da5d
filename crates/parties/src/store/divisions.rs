//! Changes of divisions, and what lies in divisions that are no more.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Param, Row, Tx, params, prefix_range};

use crate::divisions::DivisionChange;

kit_db::statements! {
    COUNT = "SELECT count(*) FROM division_changes";
    ALL = "SELECT day, old_code, old_name, new_code, new_name, basis FROM division_changes ORDER BY no";
    IN_DIVISION = "SELECT count(*) FROM parties WHERE division >= $1 AND division < $2";
    /// Businesses of a division that is no more, in the order of their ids.
    LIES_IN = "SELECT id, division, name FROM parties WHERE division >= $1 AND division < $2 AND id > $3 ORDER BY id LIMIT $4";
    MOVE = "UPDATE parties SET division = $2, seq = $3, updated_at = $4 WHERE id = $1";
    SITES_IN = "SELECT id, division FROM party_sites WHERE division >= $1 AND division < $2 AND id > $3 ORDER BY id LIMIT $4";
    MOVE_SITE = "UPDATE party_sites SET division = $2 WHERE id = $1";
}

impl FromRow for DivisionChange {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            day: r.get(0)?,
            old_code: r.get(1)?,
            old_name: r.get(2)?,
            new_code: r.get(3)?,
            new_name: r.get(4)?,
            basis: r.get(5)?,
        })
    }
}

/// How many changes were taken in.
pub fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one(COUNT, &[])?.unwrap_or(0))
}

/// Every change, in the order they were taken in.
pub fn all(tx: &mut Tx) -> Result<Vec<DivisionChange>> {
    tx.all(ALL, &[])
}

/// Adds changes behind those that are there.
pub fn add(tx: &mut Tx, changes: &[DivisionChange], file: &str, actor: &str, now: Millis) -> Result<()> {
    let first = count(tx)? + 1;
    tx.insert_many(
        "division_changes",
        &["no", "day", "old_code", "old_name", "new_code", "new_name", "basis", "file", "actor", "at"],
        changes.iter().enumerate().map(|(i, c)| {
            vec![
                Param::from(first + i as i64),
                Param::from(&c.day),
                Param::from(&c.old_code),
                Param::from(&c.old_name),
                Param::from(&c.new_code),
                Param::from(&c.new_name),
                Param::from(&c.basis),
                Param::from(file),
                Param::from(actor),
                Param::from(now),
            ]
        }),
    )
    .map(drop)
}

/// How many businesses lie in a division.
pub fn lying_in(tx: &mut Tx, prefix: &str) -> Result<i64> {
    let [from, to] = prefix_range(prefix);
    Ok(tx.one(IN_DIVISION, params![&from, &to])?.unwrap_or(0))
}

/// Businesses in a division with ids after one: id, division, name.
pub fn parties_in(
    tx: &mut Tx,
    prefix: &str,
    after: &str,
    most: i64,
) -> Result<Vec<(String, String, String)>> {
    let [from, to] = prefix_range(prefix);
    tx.all(LIES_IN, params![&from, &to, after, most])
}

/// Puts a business under another division.
pub fn move_party(tx: &mut Tx, id: &str, division: &str, seq: i64, now: Millis) -> Result<()> {
    tx.exec(MOVE, params![id, division, seq, now]).map(drop)
}

/// Further places in a division with ids after one: id, division.
pub fn sites_in(tx: &mut Tx, prefix: &str, after: &str, most: i64) -> Result<Vec<(String, String)>> {
    let [from, to] = prefix_range(prefix);
    tx.all(SITES_IN, params![&from, &to, after, most])
}

pub fn move_site(tx: &mut Tx, id: &str, division: &str) -> Result<()> {
    tx.exec(MOVE_SITE, params![id, division]).map(drop)
}
