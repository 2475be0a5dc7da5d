//! Lists with filters: products, lots, events, the two ledgers, stock.

mod events;
mod lots;
pub(crate) mod meant;

use kit_base::Result;
use kit_db::{Filter, FromRow, Param, Tx, params};
use kit_web::{Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::products::Product;

pub use events::{EventQuery, EventRow, Ledger, event, events, events_after, uses_of};
pub use lots::{LotQuery, LotRow, batches, lot, lots, lots_after};
pub use meant::Meant;

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
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProductQuery {
    /// part of name, brand, code, pinyin
    pub q: Option<String>,
    pub party: Option<String>,
    pub category: Option<String>,
    pub status: Option<String>,
    pub gtin: Option<String>,
    /// prefix of a division code
    pub division: Option<String>,
    /// name, -name, updated_at, -updated_at (newest first by default)
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

pub fn products(tx: &mut Tx, scope: &Scope, query: &ProductQuery) -> Result<Page<Product>> {
    let order = match query.sort.as_deref() {
        Some("name") => "ORDER BY name, id LIMIT ? OFFSET ?",
        Some("-name") => "ORDER BY name DESC, id LIMIT ? OFFSET ?",
        Some("updated_at") => "ORDER BY updated_at, id LIMIT ? OFFSET ?",
        _ => "ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?",
    };
    let of = ids_of(tx, &query.party)?;
    let count = product_filter("SELECT 1 FROM products", scope, query, &of);
    paged(tx, count, product_filter(PRODUCT, scope, query, &of), order, query.page, query.size)
}

/// The next part of the list by id, for exports: at most `limit` products after `after` (empty at first).
pub fn products_after(
    tx: &mut Tx,
    scope: &Scope,
    query: &ProductQuery,
    after: &str,
    limit: i64,
) -> Result<Vec<Product>> {
    let of = ids_of(tx, &query.party)?;
    let filter = product_filter(PRODUCT, scope, query, &of).and("id > ?", &[Param::Text(after)]);
    tx.list(&filter.then("ORDER BY id LIMIT ?", &[Param::Int(limit)]))
}

fn product_filter(
    select: &'static str,
    scope: &Scope,
    query: &ProductQuery,
    of: &Option<Vec<Vec<String>>>,
) -> Filter {
    let like = query.q.as_deref().map(|q| format!("%{}%", escape_like(&kit_base::text::search_form(q))));
    let class = query.category.as_deref().map(|c| format!("{}%", escape_like(c)));
    let mut filter = scope.restrict(Filter::new(select), DIVISION, "party = ?");
    if let Some(ids) = of {
        filter = filter.and_any("party = ?", ids);
    }
    inside(filter, DIVISION, &query.division)
        .and_some("category LIKE ? ESCAPE '!'", class.as_deref())
        .and_some("status = ?", query.status.as_deref())
        .and_some("gtin = ?", query.gtin.as_deref().map(kit_base::codes::gtin::padded).as_deref())
        .and_some("search LIKE ? ESCAPE '!'", like.as_deref())
}

const DIVISION: &str = "division >= ? AND division < ?";

/// The ids under which a business asked for is recorded; `None` where none is asked for.
fn ids_of(tx: &mut Tx, party: &Option<String>) -> Result<Option<Vec<Vec<String>>>> {
    let Some(id) = party.as_deref() else { return Ok(None) };
    Ok(Some(parties::also(tx, id)?.into_iter().map(|id| vec![id]).collect()))
}

/// Narrows a list to a division asked for: digits, any length; anything else finds nothing.
fn inside(filter: Filter, range: &'static str, division: &Option<String>) -> Filter {
    match division.as_deref() {
        None => filter,
        Some(code) if !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) => {
            filter.within(range, &[code.to_owned()])
        }
        Some(_) => filter.and("1 = 0", &[]),
    }
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
    let total = tx.count(&count.counted_to(kit_web::answer::COUNTED))?;
    let items = tx.list(&rows.then(order, &[Param::Int(size), Param::Int((page - 1) * size)]))?;
    Ok(Page { items, total, page, size })
}
