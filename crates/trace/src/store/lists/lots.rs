//! Lists of lots and of what is on hand.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx};
use kit_web::{Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DIVISION, Meant, ids_of, inside, paged};
use crate::model::LotNo;

/// A lot in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LotRow {
    pub no: LotNo,
    pub product: String,
    pub product_name: String,
    pub spec: String,
    pub holder: String,
    pub division: String,
    /// stock, transit
    pub state: String,
    pub batch: String,
    pub made: String,
    pub expires: String,
    /// base units it began with; null unknown
    pub amount: Option<i64>,
    /// base units on hand; null unknown
    pub on_hand: Option<i64>,
    pub unit: String,
    /// kind of the event that made it
    pub kind: String,
    /// date of that event
    pub at: String,
    pub recorded_at: Millis,
    /// business whose act made it (the sender, for goods on the way)
    pub from: String,
    pub doc_no: String,
    pub declared: bool,
    pub simulated: bool,
}

impl FromRow for LotRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            product: r.get(1)?,
            product_name: r.get(2)?,
            spec: r.get(3)?,
            holder: r.get(4)?,
            division: r.get(5)?,
            state: r.get(6)?,
            batch: r.get(7)?,
            made: r.get(8)?,
            expires: r.get(9)?,
            amount: r.get(10)?,
            on_hand: r.get(11)?,
            unit: r.get(12)?,
            kind: r.get(13)?,
            at: r.get(14)?,
            recorded_at: r.get(15)?,
            from: r.get(16)?,
            doc_no: r.get(17)?,
            declared: r.get(18)?,
            simulated: r.get(19)?,
        })
    }
}

const LOT: &str = "SELECT l.no, l.product, p.name, p.spec, l.holder, l.division, l.state, l.batch, l.made, l.expires, l.amount,
    s.on_hand, l.unit, e.kind, e.at, e.recorded_at, e.party, e.doc_no, e.declared, e.simulated
    FROM lots l JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product LEFT JOIN stock s ON s.lot = l.no";
const LOT_COUNT: &str = "SELECT 1
    FROM lots l JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product LEFT JOIN stock s ON s.lot = l.no";
const STOCK: &str = "SELECT l.no, l.product, p.name, p.spec, l.holder, l.division, l.state, l.batch, l.made, l.expires, l.amount,
    s.on_hand, l.unit, e.kind, e.at, e.recorded_at, e.party, e.doc_no, e.declared, e.simulated
    FROM stock s JOIN lots l ON l.no = s.lot JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product";
const STOCK_COUNT: &str = "SELECT 1 FROM stock s JOIN lots l ON l.no = s.lot JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product";

/// What a list of lots is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct LotQuery {
    /// part of the product's name or code, or a batch number
    pub q: Option<String>,
    pub holder: Option<String>,
    pub product: Option<String>,
    pub batch: Option<String>,
    /// stock, transit
    pub state: Option<String>,
    /// 1: only what is on hand
    pub on_hand: Option<i64>,
    /// last day before this day (YYYY-MM-DD)
    pub expires_before: Option<String>,
    /// last day not before this day
    pub expires_from: Option<String>,
    /// made on or after this day, on or before that day
    pub made_from: Option<String>,
    pub made_to: Option<String>,
    /// prefix of a division code
    pub division: Option<String>,
    /// goods sent before this day, for finding those nobody received
    pub sent_before: Option<String>,
    /// -no (default), no, expires, -expires
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// `meant`: what the text of the query means ([`crate::search::meant`]).
pub fn lots(tx: &mut Tx, scope: &Scope, query: &LotQuery, meant: Option<&Meant>) -> Result<Page<LotRow>> {
    let order = match query.sort.as_deref() {
        Some("no") => "ORDER BY l.no LIMIT ? OFFSET ?",
        Some("expires") => "ORDER BY l.expires, l.no LIMIT ? OFFSET ?",
        Some("-expires") => "ORDER BY l.expires DESC, l.no LIMIT ? OFFSET ?",
        _ => "ORDER BY l.no DESC LIMIT ? OFFSET ?",
    };
    let (count, rows) = if query.on_hand == Some(1) { (STOCK_COUNT, STOCK) } else { (LOT_COUNT, LOT) };
    let of = ids_of(tx, &query.holder)?;
    let (count, rows) =
        (lot_filter(count, scope, query, meant, &of), lot_filter(rows, scope, query, meant, &of));
    paged(tx, count, rows, order, query.page, query.size)
}

/// The next part of the list by number, for exports: at most `limit` lots after `after`.
pub fn lots_after(
    tx: &mut Tx,
    scope: &Scope,
    query: &LotQuery,
    meant: Option<&Meant>,
    after: LotNo,
    limit: i64,
) -> Result<Vec<LotRow>> {
    let select = if query.on_hand == Some(1) { STOCK } else { LOT };
    let of = ids_of(tx, &query.holder)?;
    let filter = lot_filter(select, scope, query, meant, &of).and("l.no > ?", &[Param::Int(after)]);
    tx.list(&filter.then("ORDER BY l.no LIMIT ?", &[Param::Int(limit)]))
}

fn lot_filter(
    select: &'static str,
    scope: &Scope,
    query: &LotQuery,
    meant: Option<&Meant>,
    of: &Option<Vec<Vec<String>>>,
) -> Filter {
    let range = "l.division >= ? AND l.division < ?";
    let mut filter = scope.restrict(Filter::new(select), range, "(l.holder = ? OR e.party = ?)");
    filter = inside(filter, range, &query.division);
    if query.on_hand == Some(1) {
        // the index of what is on hand in a division serves this list
        filter =
            scope.restrict(filter, "s.division >= ? AND s.division < ?", "(s.holder = ? OR e.party = ?)");
        filter = filter.and("s.on_hand > 0", &[]).and_some("s.state = ?", query.state.as_deref());
    }
    if let Some(meant) = meant {
        filter = meant.lots(filter);
    }
    if let Some(ids) = of {
        filter = filter.and_any("l.holder = ?", ids);
    }
    filter
        .and_some("l.product = ?", query.product.as_deref())
        .and_some("l.batch = ?", query.batch.as_deref())
        .and_some("l.state = ?", query.state.as_deref())
        .and_some("l.expires <> '' AND l.expires < ?", query.expires_before.as_deref())
        .and_some("l.expires >= ?", query.expires_from.as_deref())
        .and_some("l.made >= ?", query.made_from.as_deref())
        .and_some("l.made <> '' AND l.made <= ?", query.made_to.as_deref())
        .and_some("e.at <> '' AND e.at < ?", query.sent_before.as_deref())
}

/// One lot as a list row.
pub fn lot(tx: &mut Tx, no: LotNo) -> Result<Option<LotRow>> {
    Ok(tx.list(&Filter::new(LOT).and("l.no = ?", &[Param::Int(no)]))?.pop())
}

/// Lots with which a batch began whose number begins with this text, in the order of their numbers; at most `limit`.
pub fn batches(tx: &mut Tx, scope: &Scope, batch: &str, limit: i64) -> Result<Vec<LotNo>> {
    let after = format!("{batch}\u{10ffff}");
    let range = [Param::Text(batch), Param::Text(&after)];
    let filter =
        Filter::new("SELECT no FROM lots").and("origin = no", &[]).and("batch >= ? AND batch < ?", &range);
    let filter = scope.restrict(filter, DIVISION, "holder = ?");
    tx.list(&filter.then("ORDER BY batch, no LIMIT ?", &[Param::Int(limit)]))
}
