//! Whom the food went to outside of the platform.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::Outside;
use crate::rules::scope;

kit_db::statements! {
    KNOWN = "SELECT party, origin, name, no FROM recall_outside WHERE recall = $1 ORDER BY no";
    SET = "UPDATE recall_outside SET amount = $3, certain = $4 WHERE recall = $1 AND no = $2";
    LIST = "SELECT o.no, o.party, coalesce(t.name, ''), o.origin, coalesce(b.food, ''), coalesce(b.batch, ''), o.name, o.certain,
            o.unit, o.amount, o.number, o.issued_at, o.told_at, o.how, o.note, o.told_name
        FROM recall_outside o LEFT JOIN recall_tasks t ON t.recall = o.recall AND t.party = o.party
        LEFT JOIN recall_batches b ON b.recall = o.recall AND b.origin = o.origin
        WHERE o.recall = $1 AND (CAST($2 AS TEXT) = '' OR o.party = CAST($2 AS TEXT))
        ORDER BY o.told_at IS NOT NULL, o.no LIMIT 1000";
    ONE = "SELECT o.no, o.party, coalesce(t.name, ''), o.origin, coalesce(b.food, ''), coalesce(b.batch, ''), o.name, o.certain,
            o.unit, o.amount, o.number, o.issued_at, o.told_at, o.how, o.note, o.told_name
        FROM recall_outside o LEFT JOIN recall_tasks t ON t.recall = o.recall AND t.party = o.party
        LEFT JOIN recall_batches b ON b.recall = o.recall AND b.origin = o.origin
        WHERE o.recall = $1 AND o.no = $2";
    TOLD = "UPDATE recall_outside SET told_at = $3, how = $4, note = $5, told_by = $6, told_name = $7
        WHERE recall = $1 AND no = $2 AND told_at IS NULL";
    COUNTS = "SELECT count(*), count(told_at) FROM recall_outside WHERE recall = $1";
}

impl FromRow for Outside {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            party: r.get(1)?,
            party_name: r.get(2)?,
            origin: r.get(3)?,
            food: r.get(4)?,
            batch: r.get(5)?,
            name: r.get(6)?,
            certain: r.get::<i64>(7)? == 1,
            unit: r.get(8)?,
            amount: r.get(9)?,
            number: r.get(10)?,
            issued_at: r.get(11)?,
            told_at: r.get(12)?,
            how: r.get(13)?,
            note: r.get(14)?,
            told_name: r.get(15)?,
        })
    }
}

/// Sender, batch and name of those that are known already, with their number.
pub fn known(tx: &mut Tx, recall: &str) -> Result<Vec<(String, i64, String, i64)>> {
    tx.all(KNOWN, params![recall])
}

pub fn set(tx: &mut Tx, recall: &str, no: i64, of: &scope::Outside) -> Result<()> {
    tx.exec(SET, params![recall, no, of.amount, of.certain]).map(drop)
}

const COLUMNS: &[&str] = &[
    "recall",
    "no",
    "party",
    "origin",
    "name",
    "certain",
    "unit",
    "amount",
    "number",
    "issued_at",
    "how",
    "note",
    "told_by",
    "told_name",
];

/// Each with its number in the recall and that of its letter.
pub fn add(tx: &mut Tx, recall: &str, at: Millis, list: &[(i64, String, &scope::Outside)]) -> Result<()> {
    let rows = list.iter().map(|(no, number, o)| {
        params![
            recall,
            *no,
            &o.party,
            i64::from(o.origin),
            &o.name,
            o.certain,
            o.unit.as_str(),
            o.amount,
            number,
            at,
            "",
            "",
            "",
            ""
        ]
        .to_vec()
    });
    tx.insert_many("recall_outside", COLUMNS, rows).map(drop)
}

/// Those not told yet first; of one sender where it is named.
pub fn list(tx: &mut Tx, recall: &str, party: &str) -> Result<Vec<Outside>> {
    tx.all(LIST, params![recall, party])
}

pub fn one(tx: &mut Tx, recall: &str, no: i64) -> Result<Option<Outside>> {
    tx.one(ONE, params![recall, no])
}

/// Whether it was not told before.
pub fn told(
    tx: &mut Tx,
    recall: &str,
    no: i64,
    at: Millis,
    how: &str,
    note: &str,
    by: (&str, &str),
) -> Result<bool> {
    Ok(tx.exec(TOLD, params![recall, no, at, how, note, by.0, by.1])? == 1)
}

/// All, and those that were told.
pub fn counts(tx: &mut Tx, recall: &str) -> Result<(i64, i64)> {
    Ok(tx.one(COUNTS, params![recall])?.unwrap_or((0, 0)))
}
