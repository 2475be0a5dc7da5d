//! Figures of the first page. Each is a walk over an index or over the latest events, never over a whole table.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;

use crate::model::EventNo;
use crate::store::events;

kit_db::statements! {
    RECORDED_AT = "SELECT recorded_at FROM events WHERE no = $1";
}

/// The most events that one figure looks at.
const MOST: i64 = 200_000;

const STOCK: &str = "SELECT count(*) FROM stock";
const STOCK_DIVISION: &str = "division >= ? AND division < ?";
const LATE: &str = "SELECT count(*) FROM stock s JOIN lots l ON l.no = s.lot JOIN events e ON e.no = l.event";
const KINDS: &str = "SELECT e.kind, count(*) FROM events e";
const DAYS: &str = "SELECT e.at, e.kind, count(*) FROM events e";

/// Lots by what must be done about them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stock {
    pub on_hand: i64,
    pub in_transit: i64,
    /// on hand, last day before today
    pub expired: i64,
    /// on hand, last day today or within a week
    pub expiring: i64,
    /// sent more than three days ago and not received
    pub late: i64,
}

/// Days as text: `today`, a week on, three days ago.
#[derive(Debug, Clone)]
pub struct Days {
    pub today: String,
    pub week_on: String,
    pub three_ago: String,
}

/// What is on hand and on the way within a scope.
pub fn stock(tx: &mut Tx, scope: &Scope, days: &Days) -> Result<Stock> {
    let lots = |state: &str| {
        scope
            .restrict(Filter::new(STOCK), STOCK_DIVISION, "holder = ?")
            .and("on_hand > 0", &[])
            .and("state = ?", &[Param::Text(state)])
    };
    let before = |day: &str| lots("stock").and("expires <> '' AND expires < ?", &[Param::Text(day)]);
    let within = before(&days.week_on).and("expires >= ?", &[Param::Text(&days.today)]);
    let late = scope
        .restrict(Filter::new(LATE), "s.division >= ? AND s.division < ?", "s.holder = ?")
        .and("s.on_hand > 0 AND s.state = 'transit'", &[])
        .and("e.at <> '' AND e.at < ?", &[Param::Text(&days.three_ago)]);
    Ok(Stock {
        on_hand: tx.count(&lots("stock"))?,
        in_transit: tx.count(&lots("transit"))?,
        expired: tx.count(&before(&days.today))?,
        expiring: tx.count(&within)?,
        late: tx.count(&late)?,
    })
}

/// How many products there are within a scope.
pub fn products(tx: &mut Tx, scope: &Scope) -> Result<i64> {
    let select = Filter::new("SELECT count(*) FROM products");
    tx.count(&scope.restrict(select, "division >= ? AND division < ?", "party = ?"))
}

/// The first event recorded at or after a moment. Numbers are dense and given in the order of commits, so halving
/// finds it; where a clock went back it is off by as little.
fn first_since(tx: &mut Tx, moment: Millis) -> Result<EventNo> {
    let (last, _) = events::numbers(tx)?;
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<Millis> = tx.one(RECORDED_AT, params![middle])?;
        match at {
            Some(at) if at < moment => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low.max(last - MOST))
}

/// Events of one business day by kind.
pub fn of_day(tx: &mut Tx, scope: &Scope, day: &str, day_start: Millis) -> Result<Vec<(String, i64)>> {
    let first = first_since(tx, day_start)?;
    let filter = latest(KINDS, scope, first).and("e.at = ?", &[Param::Text(day)]);
    tx.list(&filter.then("GROUP BY e.kind", &[]))
}

/// Receipts and sales by business day, from a day on: (day, kind, how many). Looks at the latest events only.
pub fn by_day(
    tx: &mut Tx,
    scope: &Scope,
    day: &str,
    day_start: Millis,
) -> Result<Vec<(String, String, i64)>> {
    let first = first_since(tx, day_start)?;
    let filter = latest(DAYS, scope, first)
        .and("e.at >= ?", &[Param::Text(day)])
        .and("e.kind IN ('receive', 'ship', 'sell')", &[]);
    tx.list(&filter.then("GROUP BY e.at, e.kind ORDER BY e.at", &[]))
}

fn latest(select: &'static str, scope: &Scope, first: EventNo) -> Filter {
    let filter = Filter::new(select).and("e.no >= ?", &[Param::Int(first)]);
    scope.restrict(filter, "e.division >= ? AND e.division < ?", "e.party = ?")
}
