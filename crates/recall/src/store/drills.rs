//! Drills.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Drill, Links};

kit_db::statements! {
    INSERT = "INSERT INTO recall_drills (id, at, way, user_name, seed, all_lots, lot, food, batch, party, division, sources, followers,
            holders, counties, micros, links, broken, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    ADD_LINKS = "INSERT INTO recall_drill_links (drill, division, links, on_way, outside, unknown, missing)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LATEST = "SELECT id, at, way, user_name, seed, all_lots, lot, food, batch, party, division, sources, followers, holders, counties,
            micros, links, broken, simulated
        FROM recall_drills ORDER BY at DESC, id DESC LIMIT $1 OFFSET $2";
    COUNT = "SELECT count(*) FROM recall_drills";
    SINCE = "SELECT at, micros, simulated FROM recall_drills WHERE at >= $1 ORDER BY at";
    COUNTIES = "SELECT l.division, CAST(sum(l.links) AS BIGINT), CAST(sum(l.on_way) AS BIGINT), CAST(sum(l.outside) AS BIGINT),
            CAST(sum(l.unknown) AS BIGINT), CAST(sum(l.missing) AS BIGINT), count(*)
        FROM recall_drill_links l JOIN recall_drills d ON d.id = l.drill WHERE d.at >= $1 GROUP BY l.division ORDER BY l.division";
}

impl FromRow for Links {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            division: r.get(0)?,
            name: String::new(),
            links: r.get(1)?,
            on_way: r.get(2)?,
            outside: r.get(3)?,
            unknown: r.get(4)?,
            missing: r.get(5)?,
            drills: r.get(6)?,
        })
    }
}

pub fn insert(tx: &mut Tx, d: &Drill, links: &[Links]) -> Result<()> {
    let row = params![
        &d.id,
        d.at,
        &d.way,
        &d.user_name,
        &d.seed,
        d.all_lots,
        d.lot,
        &d.food,
        &d.batch,
        &d.party,
        &d.division,
        d.sources,
        d.followers,
        d.holders,
        d.counties,
        d.micros,
        d.links,
        d.broken,
        d.simulated
    ];
    tx.exec(INSERT, row)?;
    for l in links {
        let row = params![&d.id, &l.division, l.links, l.on_way, l.outside, l.unknown, l.missing];
        tx.exec(ADD_LINKS, row)?;
    }
    Ok(())
}

pub fn latest(tx: &mut Tx, size: i64, offset: i64) -> Result<Vec<Drill>> {
    tx.all(LATEST, params![size, offset])
}

pub fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one(COUNT, &[])?.unwrap_or(0))
}

/// When, how long (µs), and whether of simulated food.
pub fn since(tx: &mut Tx, from: Millis) -> Result<Vec<(Millis, i64, i64)>> {
    tx.all(SINCE, params![from])
}

pub fn counties(tx: &mut Tx, from: Millis) -> Result<Vec<Links>> {
    tx.all(COUNTIES, params![from])
}
