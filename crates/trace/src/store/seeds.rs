//! Lots by what names them: product, batch number, holder, trace code, number. For rooms that begin from a list.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

use super::facts::{self, RawLot, number_list};

kit_db::statements! {
    OF_PRODUCT = "SELECT l.no, l.origin, l.batch, e.at, l.made, l.holder, l.division, e.party, e.division
        FROM lots l JOIN events e ON e.no = l.event WHERE l.product = $1 ORDER BY l.no";
    OF_PRODUCT_BATCH = "SELECT l.no, l.origin, l.batch, e.at, l.made, l.holder, l.division, e.party, e.division
        FROM lots l JOIN events e ON e.no = l.event WHERE l.product = $1 AND l.batch = $2 ORDER BY l.no";
    OF_HOLDER = "SELECT l.no, l.origin, l.batch, e.at, l.made, l.holder, l.division, e.party, e.division
        FROM lots l JOIN events e ON e.no = l.event WHERE l.holder = $1 ORDER BY l.no";
    /// $1: a list of batch numbers; one pass over the table for the whole list
    OF_BATCHES = {
        sqlite: "SELECT l.no, l.origin, l.batch, e.at, l.made, l.holder, l.division, e.party, e.division
            FROM lots l JOIN events e ON e.no = l.event WHERE l.batch IN (SELECT value FROM json_each($1)) ORDER BY l.no",
        postgres: "SELECT l.no, l.origin, l.batch, e.at, l.made, l.holder, l.division, e.party, e.division
            FROM lots l JOIN events e ON e.no = l.event
            WHERE l.batch = ANY(ARRAY(SELECT json_array_elements_text(CAST(CAST($1 AS TEXT) AS json)))) ORDER BY l.no",
    };
}

/// A lot that was named.
pub struct Found {
    pub no: i64,
    pub origin: i64,
    pub batch: String,
    /// date of the event that made it, and its production date; partial or empty
    pub at: String,
    pub made: String,
    pub holder: String,
    pub division: String,
    pub sender: String,
    pub sender_division: String,
}

impl FromRow for Found {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            origin: r.get(1)?,
            batch: r.get(2)?,
            at: r.get(3)?,
            made: r.get(4)?,
            holder: r.get(5)?,
            division: r.get(6)?,
            sender: r.get(7)?,
            sender_division: r.get(8)?,
        })
    }
}

/// A list of texts as the one text parameter that both databases can read.
fn text_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    serde_json::Value::from(texts.into_iter().map(str::to_owned).collect::<Vec<_>>()).to_string()
}

type Each<'f> = &'f mut dyn FnMut(Found) -> Result<bool>;

pub fn of_product(tx: &mut Tx, product: &str, each: Each) -> Result<()> {
    tx.scan(OF_PRODUCT, params![product], &mut |row| each(Found::from_row(row)?))
}

pub fn of_product_batch(tx: &mut Tx, product: &str, batch: &str) -> Result<Vec<Found>> {
    tx.all(OF_PRODUCT_BATCH, params![product, batch])
}

/// What came to be at a business: on its shelves, or on the way to it.
pub fn of_holder(tx: &mut Tx, party: &str, each: Each) -> Result<()> {
    tx.scan(OF_HOLDER, params![party], &mut |row| each(Found::from_row(row)?))
}

pub fn of_batches<'t>(tx: &mut Tx, batches: impl IntoIterator<Item = &'t str>, each: Each) -> Result<()> {
    let list = text_list(batches);
    tx.scan(OF_BATCHES, params![&list], &mut |row| each(Found::from_row(row)?))
}

/// Lots by number; those that do not exist are left out.
pub fn of_numbers(tx: &mut Tx, numbers: &[i64]) -> Result<Vec<RawLot>> {
    let mut out = Vec::with_capacity(numbers.len());
    for part in numbers.chunks(facts::CHUNK) {
        out.extend(tx.all::<RawLot>(facts::LOTS_OF, params![&number_list(part.iter().copied())])?);
    }
    Ok(out)
}

/// (code, lot) of trace codes; unknown ones are left out.
pub fn of_trace_codes(tx: &mut Tx, codes: &[String]) -> Result<Vec<(String, i64)>> {
    tx.list_any("SELECT code, lot FROM trace_codes", "code = ?", codes)
}

/// (GTIN-14, product id).
pub fn of_gtins(tx: &mut Tx, gtins: &[String]) -> Result<Vec<(String, String)>> {
    tx.list_any("SELECT gtin, id FROM products", "gtin = ?", gtins)
}
