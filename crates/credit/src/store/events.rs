//! What happened, as rooms noted it.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    INSERT = "INSERT INTO credit_events (id, kind, party, division, about, number, what, at, noted_at, noted_by, revoked_at,
            revoke_reason, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, '', $11)
        ON CONFLICT (party, kind, about) DO NOTHING";
    BETWEEN = "SELECT id, kind, party, about, number, what, at, noted_at, noted_by, revoked_at, revoke_reason FROM credit_events
        WHERE party >= $1 AND party <= $2 AND at >= $3 ORDER BY party, at, id";
    REVOKE = "UPDATE credit_events SET revoked_at = $2, revoke_reason = $3 WHERE about = $1 AND revoked_at IS NULL";
    PARTIES_OF = "SELECT DISTINCT party FROM credit_events WHERE about = $1 AND revoked_at IS NULL";
}

/// Something on file.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub party: String,
    pub about: String,
    pub number: String,
    pub what: String,
    pub at: Millis,
    pub noted_at: Millis,
    pub noted_by: String,
    pub revoked_at: Option<Millis>,
    pub revoke_reason: String,
}

impl FromRow for Event {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            party: r.get(2)?,
            about: r.get(3)?,
            number: r.get(4)?,
            what: r.get(5)?,
            at: r.get(6)?,
            noted_at: r.get(7)?,
            noted_by: r.get(8)?,
            revoked_at: r.get(9)?,
            revoke_reason: r.get(10)?,
        })
    }
}

/// Keeps an event; answers whether it was not there yet.
pub fn insert(tx: &mut Tx, e: &Event, division: &str, simulated: bool) -> Result<bool> {
    let row = params![
        &e.id,
        &e.kind,
        &e.party,
        division,
        &e.about,
        &e.number,
        &e.what,
        e.at,
        e.noted_at,
        &e.noted_by,
        simulated
    ];
    Ok(tx.exec(INSERT, row)? > 0)
}

/// Events since a time of businesses whose ids lie between two, by business, the oldest first.
pub fn between(tx: &mut Tx, first: &str, last: &str, since: Millis) -> Result<Vec<Event>> {
    tx.all(BETWEEN, params![first, last, since])
}

/// Businesses on whose file something stands that came from there.
pub fn parties_of(tx: &mut Tx, about: &str) -> Result<Vec<String>> {
    tx.all(PARTIES_OF, params![about])
}

/// Marks all that came from there as revoked; answers how many.
pub fn revoke(tx: &mut Tx, about: &str, now: Millis, reason: &str) -> Result<u64> {
    tx.exec(REVOKE, params![about, now, reason])
}
