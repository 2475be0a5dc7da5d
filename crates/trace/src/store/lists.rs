//! Lists with filters: products, lots, events, the two ledgers, stock.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{EventNo, LotNo};
use crate::store::products::Product;

kit_db::statements! {
    COUNTS = "SELECT (SELECT count(*) FROM products WHERE party = $1), (SELECT count(*) FROM stock WHERE holder = $1 AND state = 'stock' AND on_hand > 0),
        (SELECT count(*) FROM stock WHERE holder = $1 AND state = 'transit' AND on_hand > 0)";
}

/// Products, lots on hand, deliveries waiting to be received, of one business.
pub fn counts(tx: &mut Tx, party: &str) -> Result<(i64, i64, i64)> {
    Ok(tx.one(COUNTS, params![party])?.unwrap_or_default())
}

const PRODUCT: &str = "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days,
    standard, storage, producer, producer_party, licence, status, simulated, created_at, updated_at FROM products";

/// What a list of products is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ProductQuery {
    /// part of name, brand, code, pinyin
    pub q: Option<String>,
    pub party: Option<String>,
    pub category: Option<String>,
    pub status: Option<String>,
    pub gtin: Option<String>,
    /// name, -name, updated_at, -updated_at (newest first by default)
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

pub fn products(tx: &mut Tx, scope: &Scope, query: &ProductQuery) -> Result<Page<Product>> {
    let like = query.q.as_deref().map(|q| format!("%{}%", escape_like(&kit_base::text::search_form(q))));
    let conditions = |select: &'static str| {
        let filter = scope.restrict(Filter::new(select), "division >= ? AND division < ?", "party = ?");
        filter
            .and_some("party = ?", query.party.as_deref())
            .and_some("category = ?", query.category.as_deref())
            .and_some("status = ?", query.status.as_deref())
            .and_some("gtin = ?", query.gtin.as_deref().map(kit_base::codes::gtin::padded).as_deref())
            .and_some("search LIKE ? ESCAPE '!'", like.as_deref())
    };
    let order = match query.sort.as_deref() {
        Some("name") => "ORDER BY name, id LIMIT ? OFFSET ?",
        Some("-name") => "ORDER BY name DESC, id LIMIT ? OFFSET ?",
        Some("updated_at") => "ORDER BY updated_at, id LIMIT ? OFFSET ?",
        _ => "ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?",
    };
    paged(tx, conditions("SELECT count(*) FROM products"), conditions(PRODUCT), order, query.page, query.size)
}

/// `%`, `_` and `!` of a search text stand for themselves (`ESCAPE '!'`).
pub fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn paged<T: FromRow>(
    tx: &mut Tx,
    count: Filter,
    rows: Filter,
    order: &'static str,
    page: Option<i64>,
    size: Option<i64>,
) -> Result<Page<T>> {
    let (page, size) = kit_web::answer::paging(page, size);
    let total = tx.count(&count)?;
    let items = tx.list(&rows.then(order, &[Param::Int(size), Param::Int((page - 1) * size)]))?;
    Ok(Page { items, total, page, size })
}

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
const LOT_COUNT: &str = "SELECT count(*)
    FROM lots l JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product LEFT JOIN stock s ON s.lot = l.no";
const STOCK: &str = "SELECT l.no, l.product, p.name, p.spec, l.holder, l.division, l.state, l.batch, l.made, l.expires, l.amount,
    s.on_hand, l.unit, e.kind, e.at, e.recorded_at, e.party, e.doc_no, e.declared, e.simulated
    FROM stock s JOIN lots l ON l.no = s.lot JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product";
const STOCK_COUNT: &str =
    "SELECT count(*) FROM stock s JOIN lots l ON l.no = s.lot JOIN events e ON e.no = l.event JOIN products p ON p.id = l.product";

/// What a list of lots is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
    /// -no (default), no, expires, -expires
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

pub fn lots(tx: &mut Tx, scope: &Scope, query: &LotQuery) -> Result<Page<LotRow>> {
    let in_hand = query.on_hand == Some(1);
    let like = query.q.as_deref().map(|q| format!("%{}%", escape_like(&kit_base::text::search_form(q))));
    let plain = query.q.as_deref().map(|q| format!("{}%", escape_like(q.trim())));
    let conditions = |select: &'static str| {
        let range = "l.division >= ? AND l.division < ?";
        let mut filter = scope.restrict(Filter::new(select), range, "(l.holder = ? OR e.party = ?)");
        if in_hand {
            filter = filter.and("s.on_hand > 0", &[]);
        }
        if let (Some(like), Some(plain)) = (&like, &plain) {
            let both = [Param::Text(like), Param::Text(plain)];
            filter = filter.and("p.search LIKE ? ESCAPE '!' OR l.batch LIKE ? ESCAPE '!'", &both);
        }
        filter
            .and_some("l.holder = ?", query.holder.as_deref())
            .and_some("l.product = ?", query.product.as_deref())
            .and_some("l.batch = ?", query.batch.as_deref())
            .and_some("l.state = ?", query.state.as_deref())
            .and_some("l.expires <> '' AND l.expires < ?", query.expires_before.as_deref())
    };
    let order = match query.sort.as_deref() {
        Some("no") => "ORDER BY l.no LIMIT ? OFFSET ?",
        Some("expires") => "ORDER BY l.expires, l.no LIMIT ? OFFSET ?",
        Some("-expires") => "ORDER BY l.expires DESC, l.no LIMIT ? OFFSET ?",
        _ => "ORDER BY l.no DESC LIMIT ? OFFSET ?",
    };
    let (count, rows) = if in_hand { (STOCK_COUNT, STOCK) } else { (LOT_COUNT, LOT) };
    paged(tx, conditions(count), conditions(rows), order, query.page, query.size)
}

/// An event in a list: one line of a ledger.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EventRow {
    pub no: EventNo,
    pub id: String,
    pub kind: String,
    pub party: String,
    pub division: String,
    pub counterpart: Option<String>,
    pub counterpart_name: String,
    pub at: String,
    pub recorded_at: Millis,
    pub doc_no: String,
    pub difference: Option<i64>,
    pub reason: String,
    pub channel: String,
    pub declared: bool,
    pub simulated: bool,
    /// first lot it made, or first lot it took where it made none
    pub lot: Option<LotNo>,
    pub product: Option<String>,
    pub product_name: Option<String>,
    pub spec: Option<String>,
    pub batch: Option<String>,
    pub made: Option<String>,
    pub expires: Option<String>,
    /// base units of that lot
    pub amount: Option<i64>,
    pub unit: Option<String>,
    /// declared wrong, with this reason
    pub corrected: Option<String>,
}

impl FromRow for EventRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            id: r.get(1)?,
            kind: r.get(2)?,
            party: r.get(3)?,
            division: r.get(4)?,
            counterpart: r.get(5)?,
            counterpart_name: r.get(6)?,
            at: r.get(7)?,
            recorded_at: r.get(8)?,
            doc_no: r.get(9)?,
            difference: r.get(10)?,
            reason: r.get(11)?,
            channel: r.get(12)?,
            declared: r.get(13)?,
            simulated: r.get(14)?,
            lot: r.get(15)?,
            product: r.get(16)?,
            product_name: r.get(17)?,
            spec: r.get(18)?,
            batch: r.get(19)?,
            made: r.get(20)?,
            expires: r.get(21)?,
            amount: r.get(22)?,
            unit: r.get(23)?,
            corrected: r.get(24)?,
        })
    }
}

const EVENT: &str = "SELECT e.no, e.id, e.kind, e.party, e.division, e.counterpart, e.counterpart_name, e.at, e.recorded_at,
    e.doc_no, e.difference, e.reason, e.channel, e.declared, e.simulated, l.no, l.product, p.name, p.spec, l.batch, l.made,
    l.expires, CASE WHEN e.lots > 0 THEN l.amount ELSE i.amount END, l.unit, c.reason
    FROM events e
    LEFT JOIN inputs i ON e.lots = 0 AND i.event = e.no AND i.lot = (SELECT min(lot) FROM inputs WHERE event = e.no)
    LEFT JOIN lots l ON l.no = CASE WHEN e.lots > 0 THEN e.first_lot ELSE i.lot END
    LEFT JOIN products p ON p.id = l.product
    LEFT JOIN corrections c ON c.event = e.no";
const EVENT_COUNT: &str = "SELECT count(*) FROM events e";
const EVENT_COUNT_SEARCHED: &str = "SELECT count(*) FROM events e
    LEFT JOIN inputs i ON e.lots = 0 AND i.event = e.no AND i.lot = (SELECT min(lot) FROM inputs WHERE event = e.no)
    LEFT JOIN lots l ON l.no = CASE WHEN e.lots > 0 THEN e.first_lot ELSE i.lot END
    LEFT JOIN products p ON p.id = l.product";

/// What a list of events, or one of the ledgers, is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct EventQuery {
    /// part of the product's name or code, a batch or a document number
    pub q: Option<String>,
    pub party: Option<String>,
    pub counterpart: Option<String>,
    pub kind: Option<String>,
    pub doc_no: Option<String>,
    /// business day from, YYYY-MM-DD
    pub from: Option<String>,
    /// business day until, YYYY-MM-DD, that day included
    pub until: Option<String>,
    /// -no (default), no
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Which events a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    All,
    /// 进货查验记录: what came in from others
    Purchases,
    /// 销售台账: what went out to others and to consumers
    Sales,
}

pub fn events(tx: &mut Tx, scope: &Scope, ledger: Ledger, query: &EventQuery) -> Result<Page<EventRow>> {
    let count = if query.q.is_some() { EVENT_COUNT_SEARCHED } else { EVENT_COUNT };
    let order = match query.sort.as_deref() {
        Some("no") => "ORDER BY e.no LIMIT ? OFFSET ?",
        _ => "ORDER BY e.no DESC LIMIT ? OFFSET ?",
    };
    let (count, rows) = (event_filter(count, scope, ledger, query), event_filter(EVENT, scope, ledger, query));
    paged(tx, count, rows, order, query.page, query.size)
}

/// Hands over every event of the list in order, for exports.
pub fn each_event(
    tx: &mut Tx,
    scope: &Scope,
    ledger: Ledger,
    query: &EventQuery,
    each: &mut dyn FnMut(EventRow) -> Result<bool>,
) -> Result<()> {
    let filter = event_filter(EVENT, scope, ledger, query).then("ORDER BY e.no", &[]);
    tx.scan_list(&filter, &mut |row| each(EventRow::from_row(row)?))
}

fn event_filter(select: &'static str, scope: &Scope, ledger: Ledger, query: &EventQuery) -> Filter {
    let own = "(e.party = ? OR e.counterpart = ?)";
    let mut filter = match ledger {
        Ledger::All => scope.restrict(Filter::new(select), "e.division >= ? AND e.division < ?", own),
        _ => scope.restrict(Filter::new(select), "e.division >= ? AND e.division < ?", "e.party = ?"),
    };
    filter = match ledger {
        Ledger::All => filter,
        Ledger::Purchases => filter.and("e.kind = 'receive'", &[]),
        Ledger::Sales => filter.and("e.kind IN ('ship', 'sell')", &[]),
    };
    if let Some(q) = query.q.as_deref() {
        let form = format!("%{}%", escape_like(&kit_base::text::search_form(q)));
        let plain = format!("{}%", escape_like(q.trim()));
        let all = [Param::Text(&form), Param::Text(&plain), Param::Text(&plain)];
        let any = "p.search LIKE ? ESCAPE '!' OR l.batch LIKE ? ESCAPE '!' OR e.doc_no LIKE ? ESCAPE '!'";
        filter = filter.and(any, &all);
    }
    filter
        .and_some("e.party = ?", query.party.as_deref())
        .and_some("e.counterpart = ?", query.counterpart.as_deref())
        .and_some("e.kind = ?", query.kind.as_deref())
        .and_some("e.doc_no = ?", query.doc_no.as_deref())
        .and_some("e.at >= ?", query.from.as_deref())
        .and_some("e.at <= ?", query.until.as_deref())
}

/// The uses of a lot: which events took from it, newest first.
pub fn uses_of(tx: &mut Tx, lot: LotNo, limit: i64) -> Result<Vec<EventRow>> {
    let within = "e.no IN (SELECT event FROM inputs WHERE lot = ?)";
    let filter = Filter::new(EVENT).and(within, &[Param::Int(lot)]);
    tx.list(&filter.then("ORDER BY e.no DESC LIMIT ?", &[Param::Int(limit)]))
}

/// One event as a ledger line.
pub fn event(tx: &mut Tx, no: EventNo) -> Result<Option<EventRow>> {
    Ok(tx.list(&Filter::new(EVENT).and("e.no = ?", &[Param::Int(no)]))?.pop())
}

/// One lot as a list row.
pub fn lot(tx: &mut Tx, no: LotNo) -> Result<Option<LotRow>> {
    Ok(tx.list(&Filter::new(LOT).and("l.no = ?", &[Param::Int(no)]))?.pop())
}
