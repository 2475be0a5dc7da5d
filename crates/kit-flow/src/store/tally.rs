//! How many cases there are, by place and kind.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    /// Kinds and parts of a division. The length of the part is whole and small on both databases.
    BY_PLACE = "SELECT substr(division, 1, CAST(CAST($3 AS BIGINT) AS INTEGER)), kind,
            sum(CASE WHEN opened_at >= $4 AND opened_at < $5 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $6 AND opened_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at >= $4 AND ended_at < $5 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND next_due <= $7 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND (level > 0 OR next_due <= $8) THEN 1 ELSE 0 END)
        FROM flow_cases WHERE division >= $1 AND division < $2 AND phase <> 'void' GROUP BY 1, 2 ORDER BY 1, 2";
    BY_BUSINESS = "SELECT business, kind,
            sum(CASE WHEN opened_at >= $3 AND opened_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN opened_at >= $5 AND opened_at < $3 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at >= $3 AND ended_at < $4 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND next_due <= $6 THEN 1 ELSE 0 END),
            sum(CASE WHEN ended_at IS NULL AND (level > 0 OR next_due <= $7) THEN 1 ELSE 0 END)
        FROM flow_cases WHERE division >= $1 AND division < $2 AND phase <> 'void' AND business <> ''
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1000";
}

/// A period, the one before it, and the moments from which something is due or late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Of the period before.
    pub before: Millis,
    pub from: Millis,
    pub until: Millis,
    /// A clock that ends no later is due soon.
    pub due: Millis,
    pub now: Millis,
}

/// Cases of one kind at one place, or about one business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Part of the division, or the business.
    pub of: String,
    pub kind: String,
    /// Begun in the period, and in the one before.
    pub opened: i64,
    pub before: i64,
    /// Ended in the period.
    pub ended: i64,
    /// Open now; of those, due soon, and late or gone up a level for being late.
    pub open: i64,
    pub due: i64,
    pub late: i64,
}

impl FromRow for Tally {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            of: r.get(0)?,
            kind: r.get(1)?,
            opened: r.get(2)?,
            before: r.get(3)?,
            ended: r.get(4)?,
            open: r.get(5)?,
            due: r.get(6)?,
            late: r.get(7)?,
        })
    }
}

/// Cases below a division by the parts of it that have so many digits.
pub fn by_place(tx: &mut Tx, range: &[String; 2], digits: i64, s: Span) -> Result<Vec<Tally>> {
    tx.all(BY_PLACE, params![&range[0], &range[1], digits, s.from, s.until, s.before, s.due, s.now])
}

/// Cases below a division by business; at most a thousand rows, those with most cases first.
pub fn by_business(tx: &mut Tx, range: &[String; 2], s: Span) -> Result<Vec<Tally>> {
    tx.all(BY_BUSINESS, params![&range[0], &range[1], s.from, s.until, s.before, s.due, s.now])
}
