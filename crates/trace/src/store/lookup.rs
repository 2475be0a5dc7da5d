//! Finding products and stock by what people write in sheets.

use kit_base::Result;
use kit_db::{Tx, params};

use super::products::Product;
use crate::model::LotNo;

kit_db::statements! {
    BY_OWN_CODE = "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days, standard,
            storage, producer, producer_party, licence, status, simulated, created_at, updated_at
        FROM products WHERE party = $1 AND own_code = $2";
    BY_NAME = "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days, standard,
            storage, producer, producer_party, licence, status, simulated, created_at, updated_at
        FROM products WHERE party = $1 AND name = $2 AND status = 'active' ORDER BY id LIMIT 20";
    /// What is on hand of a product, of one batch or of any: what ends first goes first, then what came first.
    ON_HAND = "SELECT s.lot, s.on_hand FROM stock s JOIN lots l ON l.no = s.lot
        WHERE s.holder = $1 AND s.state = 'stock' AND s.product = $2 AND s.on_hand > 0 AND ($3 = '' OR l.batch = $3)
        ORDER BY CASE WHEN s.expires = '' THEN 1 ELSE 0 END, s.expires, s.lot LIMIT 1000";
    /// What somebody has on hand, the newest first.
    ALL_ON_HAND = "SELECT lot, on_hand FROM stock WHERE holder = $1 AND state = 'stock' AND on_hand > 0 ORDER BY lot DESC LIMIT $2";
}

pub fn by_own_code(tx: &mut Tx, party: &str, code: &str) -> Result<Option<Product>> {
    tx.one(BY_OWN_CODE, params![party, code])
}

/// Active products of this very name.
pub fn by_name(tx: &mut Tx, party: &str, name: &str) -> Result<Vec<Product>> {
    tx.all(BY_NAME, params![party, name])
}

/// Lots on hand with their amounts, in the order in which they are to be used; `batch` empty: of any batch.
pub fn on_hand(tx: &mut Tx, holder: &str, product: &str, batch: &str) -> Result<Vec<(LotNo, i64)>> {
    tx.all(ON_HAND, params![holder, product, batch])
}

/// Lots on hand with their amounts, whatever the product, the newest first.
pub fn all_on_hand(tx: &mut Tx, holder: &str, most: i64) -> Result<Vec<(LotNo, i64)>> {
    tx.all(ALL_ON_HAND, params![holder, most])
}
