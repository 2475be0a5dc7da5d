//! Batches and what became of them.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Page;
use parties::narrow::{self, Narrow as _};

use crate::model::{Batch, BatchCell, BatchQuery};

kit_db::statements! {
    INSERT = "INSERT INTO campaign_batches (campaign, no, food, county, party, place_code, place_name, officers, sample, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)";
    CELLS = "SELECT food, county, count(*), sum(CASE WHEN taken_at IS NOT NULL THEN 1 ELSE 0 END),
            sum(CASE WHEN state IN ('conforms', 'fails') THEN 1 ELSE 0 END), sum(CASE WHEN state = 'fails' THEN 1 ELSE 0 END)
        FROM campaign_batches WHERE campaign = $1 GROUP BY food, county ORDER BY food, county";
    NEXT = "SELECT no, food, county, party, place_code, place_name, officers, sample, state, taken_at, ended_at
        FROM campaign_batches WHERE campaign = $1 AND state = 'open' ORDER BY no LIMIT $2";
    COUNT_STATE = "SELECT count(*) FROM campaign_batches WHERE campaign = $1 AND state = $2";
    SET_TASK = "UPDATE campaign_batches SET sample = $3, state = $4 WHERE campaign = $1 AND no = $2 AND state = 'open'";
    OF_SAMPLE = "SELECT campaign, no FROM campaign_batches WHERE sample = $1";
    MOVE = "UPDATE campaign_batches SET state = $3, taken_at = $4, ended_at = $5 WHERE campaign = $1 AND no = $2";
    OF_FOODS = "SELECT no, food, county, party, place_code, place_name, officers, sample, state, taken_at, ended_at
        FROM campaign_batches WHERE campaign = $1 AND food = $2 ORDER BY CASE WHEN county = $3 THEN 0 ELSE 1 END, no LIMIT $4";
}

pub fn insert(tx: &mut Tx, campaign: &str, b: &Batch) -> Result<()> {
    let officers = b.officers.join(",");
    let row = params![
        campaign,
        b.no,
        &b.food,
        &b.county,
        &b.party,
        &b.place_code,
        &b.place_name,
        &officers,
        &b.state
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn cells(tx: &mut Tx, campaign: &str) -> Result<Vec<BatchCell>> {
    tx.all(CELLS, params![campaign])
}

/// The next that have no task.
pub fn next(tx: &mut Tx, campaign: &str, most: i64) -> Result<Vec<Batch>> {
    tx.all(NEXT, params![campaign, most])
}

pub fn count(tx: &mut Tx, campaign: &str, state: &str) -> Result<i64> {
    Ok(tx.one(COUNT_STATE, params![campaign, state])?.unwrap_or(0))
}

/// Its task, or that there is none (`sample` empty, state `none`).
pub fn set_task(tx: &mut Tx, campaign: &str, no: i64, sample: &str, state: &str) -> Result<()> {
    tx.exec(SET_TASK, params![campaign, no, sample, state]).map(drop)
}

pub fn of_sample(tx: &mut Tx, sample: &str) -> Result<Option<(String, i64)>> {
    tx.one(OF_SAMPLE, params![sample])
}

pub fn moved(
    tx: &mut Tx,
    campaign: &str,
    no: i64,
    state: &str,
    taken_at: Option<Millis>,
    ended_at: Option<Millis>,
) -> Result<()> {
    tx.exec(MOVE, params![campaign, no, state, taken_at, ended_at]).map(drop)
}

/// Batches of a food, those of a county first.
pub fn of_food(tx: &mut Tx, campaign: &str, food: &str, county: &str, most: i64) -> Result<Vec<Batch>> {
    tx.all(OF_FOODS, params![campaign, food, county, most])
}

/// Batches in their order; `open`: only those whose place the public may know.
pub fn list(tx: &mut Tx, campaign: &str, q: &BatchQuery, open: bool) -> Result<Page<Batch>> {
    let within = |select: &'static str| {
        let mut rows = Filter::new(select).and("campaign = ?", &[Param::Text(campaign)]);
        if open {
            rows = rows.and("taken_at IS NOT NULL", &[]);
        }
        rows.said("state = ?", q.state.as_deref())
            .said("food = ?", q.food.as_deref())
            .said("county = ?", q.county.as_deref())
            .words("place_name LIKE ?", q.q.as_deref())
    };
    let rows = within(
        "SELECT no, food, county, party, place_code, place_name, officers, sample, state, taken_at, ended_at FROM campaign_batches",
    );
    let rows = rows.then(if open { "ORDER BY taken_at DESC, no" } else { "ORDER BY no" }, &[]);
    narrow::page(tx, (q.page, q.size), within("SELECT 1 FROM campaign_batches"), rows)
}
