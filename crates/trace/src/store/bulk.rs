//! What a batch of moves needs and changes, each with one statement however long the batch is. Lists of numbers and keys go
//! in as JSON text.

use std::collections::HashMap;

use kit_base::{Error, Result};
use kit_db::{FromRow, Param, Row, Tx, params};

use super::products::Product;
use crate::model::{EventNo, Lot, LotNo};

kit_db::statements! {
    LOTS = {
        sqlite: "SELECT l.no, l.event, l.product, l.holder, l.division, l.state, l.origin, l.batch, l.made, l.expires, l.amount,
                l.unit, l.inspector, e.party, e.division
            FROM json_each($1) j CROSS JOIN lots l ON l.no = j.value CROSS JOIN events e ON e.no = l.event",
        postgres: "SELECT l.no, l.event, l.product, l.holder, l.division, l.state, l.origin, l.batch, l.made, l.expires, l.amount,
                l.unit, l.inspector, e.party, e.division
            FROM lots l JOIN events e ON e.no = l.event WHERE l.no = ANY(ARRAY(
                SELECT CAST(x AS BIGINT) FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) x))"
    };
    /// Locked in the order of their numbers, so that two batches never wait for each other in a circle.
    STOCK = {
        sqlite: "SELECT s.lot, s.on_hand FROM json_each($1) j CROSS JOIN stock s ON s.lot = j.value",
        postgres: "SELECT s.lot, s.on_hand FROM stock s WHERE s.lot = ANY(ARRAY(
                SELECT CAST(x AS BIGINT) FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) x))
            ORDER BY s.lot FOR UPDATE"
    };
    TAKE = {
        sqlite: "UPDATE stock SET on_hand = on_hand - j.amount
            FROM (SELECT value ->> 0 AS lot, value ->> 1 AS amount FROM json_each($1)) j
            WHERE stock.lot = j.lot AND stock.on_hand >= j.amount",
        postgres: "UPDATE stock s SET on_hand = s.on_hand - j.amount
            FROM (SELECT CAST(v ->> 0 AS BIGINT) AS lot, CAST(v ->> 1 AS BIGINT) AS amount
                FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) v) j
            WHERE s.lot = j.lot AND s.on_hand >= j.amount"
    };
    PRODUCTS = {
        sqlite: "SELECT p.id, p.party, p.division, p.gtin, p.own_code, p.name, p.brand, p.category, p.spec, p.unit, p.pack_size,
                p.shelf_days, p.standard, p.storage, p.producer, p.producer_party, p.licence, p.status, p.simulated,
                p.created_at, p.updated_at
            FROM json_each($1) j CROSS JOIN products p ON p.id = j.value",
        postgres: "SELECT id, party, division, gtin, own_code, name, brand, category, spec, unit, pack_size, shelf_days, standard,
                storage, producer, producer_party, licence, status, simulated, created_at, updated_at
            FROM products WHERE id = ANY(ARRAY(
                SELECT jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB))))"
    };
    KEYS = {
        sqlite: "SELECT k.client_key, k.event, e.id, e.first_lot, e.lots
            FROM json_each($2) j CROSS JOIN capture_keys k ON k.party = $1 AND k.client_key = j.value
            CROSS JOIN events e ON e.no = k.event",
        postgres: "SELECT k.client_key, k.event, e.id, e.first_lot, e.lots
            FROM capture_keys k JOIN events e ON e.no = k.event
            WHERE k.party = $1 AND k.client_key = ANY(ARRAY(
                SELECT jsonb_array_elements_text(CAST(CAST($2 AS TEXT) AS JSONB))))"
    };
}

/// A lot, whose act made it, and what is on hand of it.
#[derive(Debug, Clone)]
pub struct Held {
    pub lot: Lot,
    pub sender: String,
    pub sender_division: String,
    /// `None`: unknown (declared history).
    pub on_hand: Option<i64>,
}

impl FromRow for Held {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { lot: Lot::from_row(r)?, sender: r.get(13)?, sender_division: r.get(14)?, on_hand: None })
    }
}

fn json(list: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(list).map_err(Error::internal)
}

/// These lots with what is on hand, held against other writers until the commit. Those that are not there are left out.
pub fn held(tx: &mut Tx, numbers: &[LotNo]) -> Result<HashMap<LotNo, Held>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let list = json(&numbers)?;
    // stock first: what is read behind the lock is the newest
    let stock: Vec<(LotNo, i64)> = tx.all(STOCK, params![&list])?;
    let lots: Vec<Held> = tx.all(LOTS, params![&list])?;
    let mut out: HashMap<LotNo, Held> = lots.into_iter().map(|held| (held.lot.no, held)).collect();
    for (lot, on_hand) in stock {
        if let Some(held) = out.get_mut(&lot) {
            held.on_hand = Some(on_hand);
        }
    }
    Ok(out)
}

/// Takes amounts from lots; answers of how many lots there was enough.
pub fn take(tx: &mut Tx, amounts: &[(LotNo, i64)]) -> Result<u64> {
    if amounts.is_empty() {
        return Ok(0);
    }
    tx.exec(TAKE, params![&json(&amounts)?])
}

/// Products by id.
pub fn products(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Product>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<Product> = tx.all(PRODUCTS, params![&json(&ids)?])?;
    Ok(found.into_iter().map(|p| (p.id.clone(), p)).collect())
}

/// The event recorded under each of a business's client keys: number, id, first lot, lots.
pub fn by_client_keys(
    tx: &mut Tx,
    party: &str,
    keys: &[&str],
) -> Result<HashMap<String, (EventNo, String, LotNo, i64)>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, EventNo, String, LotNo, i64)> = tx.all(KEYS, params![party, &json(&keys)?])?;
    Ok(found.into_iter().map(|(key, no, id, first, lots)| (key, (no, id, first, lots))).collect())
}

/// Keeps the client keys of events: business, key, event.
pub fn keep_client_keys(tx: &mut Tx, rows: &[(&str, &str, EventNo)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let values =
        rows.iter().map(|(party, key, event)| vec![Param::Text(party), Param::Text(key), Param::Int(*event)]);
    tx.insert_many("capture_keys", &["party", "client_key", "event"], values).map(drop)
}
