//! Published failing results, for maps.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx};

use crate::model::Item;

/// A failing result, and where it was sampled where that was said.
pub struct Failing {
    pub item: Item,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

impl FromRow for Failing {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { item: Item::from_row(r)?, lon: r.get(25)?, lat: r.get(26)? })
    }
}

/// Failing results of samples that are shown now and stood since a time, the latest first, at most so many.
pub fn failing(tx: &mut Tx, division: &str, since: Millis, now: Millis, most: i64) -> Result<Vec<Failing>> {
    let filter = Filter::new(
        "SELECT i.id, i.no, i.kind, i.about, i.party, i.name, i.code, i.uscc, i.division, i.number, i.title, i.content, i.issuer,
            i.decided_at, i.from_at, i.due_at, i.until_at, i.hold_reason, i.held_by, i.shown_at, i.ended_at, i.withdrawn_at,
            i.withdraw_due, i.withdraw_reason, i.simulated, i.lon, i.lat
        FROM publication_items i",
    )
    .and("i.kind = 'sample' AND i.content LIKE '%\"结论\":\"不合格\"%'", &[])
    .and("i.from_at <= ? AND (i.until_at IS NULL OR i.until_at > ?)", &[Param::Int(now), Param::Int(now)])
    .and("i.decided_at >= ? AND i.withdrawn_at IS NULL AND i.hold_reason = ''", &[Param::Int(since)])
    .within("i.division >= ? AND i.division < ?", &[division.to_owned()]);
    tx.list(&filter.then("ORDER BY i.decided_at DESC, i.no DESC LIMIT ?", &[Param::Int(most)]))
}
