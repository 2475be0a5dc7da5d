//! Products and the files that belong to products and lots.

use kit_base::{Error, Millis, Result, Unit};
use kit_db::{FromRow, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::LotNo;

kit_db::statements! {
    BY_ID = "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days, standard,
            storage, producer, producer_party, licence, status, simulated, created_at, updated_at
        FROM products WHERE id = $1";
    BY_GTIN = "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days, standard,
            storage, producer, producer_party, licence, status, simulated, created_at, updated_at
        FROM products WHERE gtin = $1";
    INSERT = "INSERT INTO products (id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size,
            shelf_days, standard, storage, producer, producer_party, licence, status, search, simulated, created_at, updated_at, seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21, $22)";
    UPDATE = "UPDATE products SET gtin = $2, own_code = $3, name = $4, brand = $5, category = $6, spec = $7, pack_size = $8,
            shelf_days = $9, standard = $10, storage = $11, producer = $12, producer_party = $13, licence = $14, status = $15,
            search = $16, updated_at = $17, seq = $18
        WHERE id = $1";
    IDS_OF = "SELECT id FROM products WHERE party = $1 ORDER BY own_code";
    MOVE = "UPDATE products SET division = $2, seq = $3 WHERE id = $1";
    NEXT_CHANGE = "UPDATE product_changes SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    CHANGED = "SELECT id, seq, name, brand, spec, own_code, gtin, producer, division, category, status FROM products
        WHERE seq > $1 ORDER BY seq LIMIT $2";
    ADD_FILE = "INSERT INTO trace_files (id, product, lot, kind, title, hash, media, size, conclusion, number, issued, public, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    FILES = "SELECT id, product, lot, kind, title, hash, media, size, conclusion, number, issued, public, created_at
        FROM trace_files WHERE product = $1 AND (lot IS NULL OR lot = $2) ORDER BY created_at";
    FILE = "SELECT id, product, lot, kind, title, hash, media, size, conclusion, number, issued, public, created_at
        FROM trace_files WHERE id = $1";
    REMOVE_FILE = "DELETE FROM trace_files WHERE id = $1";
}

/// A product as the database has it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    pub id: String,
    pub party: String,
    pub division: String,
    /// 14 digits
    pub gtin: Option<String>,
    pub own_code: String,
    pub name: String,
    pub brand: String,
    pub category: String,
    pub spec: String,
    pub unit: Unit,
    /// Base units in a sales pack.
    pub pack_size: Option<i64>,
    /// 保质期, days
    pub shelf_days: Option<i64>,
    pub standard: String,
    pub storage: String,
    pub producer: String,
    pub producer_party: Option<String>,
    pub licence: String,
    /// active, withdrawn
    pub status: String,
    pub simulated: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl FromRow for Product {
    fn from_row(r: &Row) -> Result<Self> {
        let unit: String = r.get(9)?;
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            division: r.get(2)?,
            gtin: r.get(3)?,
            own_code: r.get(4)?,
            name: r.get(5)?,
            brand: r.get(6)?,
            category: r.get(7)?,
            spec: r.get(8)?,
            unit: Unit::parse(&unit).ok_or_else(|| Error::internal(format!("unit {unit} of a product")))?,
            pack_size: r.get(10)?,
            shelf_days: r.get(11)?,
            standard: r.get(12)?,
            storage: r.get(13)?,
            producer: r.get(14)?,
            producer_party: r.get(15)?,
            licence: r.get(16)?,
            status: r.get(17)?,
            simulated: r.get(18)?,
            created_at: r.get(19)?,
            updated_at: r.get(20)?,
        })
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Product>> {
    tx.one(BY_ID, params![id])
}

/// `gtin` as 14 digits.
pub fn by_gtin(tx: &mut Tx, gtin: &str) -> Result<Option<Product>> {
    tx.one(BY_GTIN, params![gtin])
}

pub fn insert(tx: &mut Tx, p: &Product, search: &str) -> Result<()> {
    let seq = next_change(tx)?;
    tx.exec(
        INSERT,
        params![
            &p.id,
            &p.party,
            &p.division,
            &p.gtin,
            &p.own_code,
            &p.name,
            &p.brand,
            &p.category,
            &p.spec,
            p.unit.as_str(),
            p.pack_size,
            p.shelf_days,
            &p.standard,
            &p.storage,
            &p.producer,
            &p.producer_party,
            &p.licence,
            &p.status,
            search,
            p.simulated,
            p.created_at,
            seq
        ],
    )
    .map(drop)
}

pub fn update(tx: &mut Tx, p: &Product, search: &str) -> Result<()> {
    let seq = next_change(tx)?;
    tx.exec(
        UPDATE,
        params![
            &p.id,
            &p.gtin,
            &p.own_code,
            &p.name,
            &p.brand,
            &p.category,
            &p.spec,
            p.pack_size,
            p.shelf_days,
            &p.standard,
            &p.storage,
            &p.producer,
            &p.producer_party,
            &p.licence,
            &p.status,
            search,
            p.updated_at,
            seq
        ],
    )
    .map(drop)
}

/// Puts the products of a business under another division.
pub fn move_all(tx: &mut Tx, party: &str, division: &str) -> Result<()> {
    let ids: Vec<String> = tx.all(IDS_OF, params![party])?;
    for id in ids {
        let seq = next_change(tx)?;
        tx.exec(MOVE, params![&id, division, seq])?;
    }
    Ok(())
}

fn next_change(tx: &mut Tx) -> Result<i64> {
    tx.one::<i64>(NEXT_CHANGE, &[])?.ok_or_else(|| Error::internal("product_changes has no row"))
}

/// What search knows of products changed after a number, in the order of their changes; at most `limit`.
pub fn changed_after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    tx.all(CHANGED, params![seq, limit])
}

/// A product for the search.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    /// number of its last change
    pub seq: i64,
    pub name: String,
    pub brand: String,
    pub spec: String,
    pub own_code: String,
    pub gtin: Option<String>,
    pub producer: String,
    pub division: String,
    pub category: String,
    pub status: String,
}

impl FromRow for Entry {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            seq: r.get(1)?,
            name: r.get(2)?,
            brand: r.get(3)?,
            spec: r.get(4)?,
            own_code: r.get(5)?,
            gtin: r.get(6)?,
            producer: r.get(7)?,
            division: r.get(8)?,
            category: r.get(9)?,
            status: r.get(10)?,
        })
    }
}

/// A file of a product or lot.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TraceFile {
    pub id: String,
    pub product: String,
    pub lot: Option<LotNo>,
    /// licence, label, picture, test_report, certificate
    pub kind: String,
    pub title: String,
    pub hash: String,
    pub media: String,
    /// bytes
    pub size: i64,
    /// of a report: pass, fail, or empty
    pub conclusion: String,
    pub number: String,
    /// day, may be empty
    pub issued: String,
    pub public: bool,
    pub created_at: Millis,
}

impl FromRow for TraceFile {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            product: r.get(1)?,
            lot: r.get(2)?,
            kind: r.get(3)?,
            title: r.get(4)?,
            hash: r.get(5)?,
            media: r.get(6)?,
            size: r.get(7)?,
            conclusion: r.get(8)?,
            number: r.get(9)?,
            issued: r.get(10)?,
            public: r.get(11)?,
            created_at: r.get(12)?,
        })
    }
}

pub fn add_file(tx: &mut Tx, f: &TraceFile) -> Result<()> {
    tx.exec(
        ADD_FILE,
        params![
            &f.id,
            &f.product,
            f.lot,
            &f.kind,
            &f.title,
            &f.hash,
            &f.media,
            f.size,
            &f.conclusion,
            &f.number,
            &f.issued,
            f.public,
            f.created_at
        ],
    )
    .map(drop)
}

/// Files of a product, and of one of its lots.
pub fn files(tx: &mut Tx, product: &str, lot: Option<LotNo>) -> Result<Vec<TraceFile>> {
    tx.all(FILES, params![product, lot.unwrap_or(0)])
}

pub fn file(tx: &mut Tx, id: &str) -> Result<Option<TraceFile>> {
    tx.one(FILE, params![id])
}

pub fn remove_file(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(REMOVE_FILE, params![id]).map(drop)
}
