//! Batches of a scope.

use kit_base::Result;
use kit_db::{Tx, params};
use trace::model::LotNo;

use crate::model::Batch;

kit_db::statements! {
    BATCHES = "SELECT origin, certain, seed, product, food, batch, unit, produced, used, gap, unknown, back_destroyed, back_remedied
        FROM recall_batches WHERE recall = $1 ORDER BY seed DESC, certain DESC, origin LIMIT $2";
    BATCH = "SELECT origin, certain, seed, product, food, batch, unit, produced, used, gap, unknown, back_destroyed, back_remedied
        FROM recall_batches WHERE recall = $1 AND origin = $2";
    BATCHES_COUNT = "SELECT count(*) FROM recall_batches WHERE recall = $1";
    SET_BATCH = "UPDATE recall_batches SET certain = $3, seed = $4, produced = $5, used = $6, gap = $7, unknown = $8
        WHERE recall = $1 AND origin = $2";
    BACK = "UPDATE recall_batches SET back_destroyed = back_destroyed + $3, back_remedied = back_remedied + $4
        WHERE recall = $1 AND origin = $2";
}

/// Batches of a scope, those it began with first.
pub fn batches(tx: &mut Tx, recall: &str, most: i64) -> Result<Vec<Batch>> {
    tx.all(BATCHES, params![recall, most])
}

pub fn batch(tx: &mut Tx, recall: &str, origin: LotNo) -> Result<Option<Batch>> {
    tx.one(BATCH, params![recall, origin])
}

pub fn batches_count(tx: &mut Tx, recall: &str) -> Result<i64> {
    Ok(tx.one(BATCHES_COUNT, params![recall])?.unwrap_or(0))
}

const BATCH_COLUMNS: &[&str] = &[
    "recall",
    "origin",
    "certain",
    "seed",
    "product",
    "food",
    "batch",
    "unit",
    "produced",
    "used",
    "gap",
    "unknown",
    "back_destroyed",
    "back_remedied",
];

pub fn add_batches(tx: &mut Tx, recall: &str, list: &[Batch]) -> Result<()> {
    let rows = list.iter().map(|b| {
        params![
            recall, b.origin, b.certain, b.seed, &b.product, &b.food, &b.batch, &b.unit, b.produced, b.used,
            b.gap, b.unknown, 0, 0
        ]
        .to_vec()
    });
    tx.insert_many("recall_batches", BATCH_COLUMNS, rows).map(drop)
}

pub fn set_batch(tx: &mut Tx, recall: &str, b: &Batch) -> Result<()> {
    let row = params![recall, b.origin, b.certain, b.seed, b.produced, b.used, b.gap, b.unknown];
    tx.exec(SET_BATCH, row).map(drop)
}

/// Of what came back to the producer, so much was destroyed and mended.
pub fn back(tx: &mut Tx, recall: &str, origin: LotNo, destroyed: i64, remedied: i64) -> Result<()> {
    tx.exec(BACK, params![recall, origin, destroyed, remedied]).map(drop)
}
