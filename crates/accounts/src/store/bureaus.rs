//! Bureaus and grids.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{anywhere, given, visible};
use crate::model::{Bureau, Grid};

kit_db::statements! {
    BUREAU = "SELECT id, parent, level, name, division FROM bureaus WHERE id = $1";
    IN_CHARGE = "SELECT id, parent, level, name, division FROM bureaus WHERE division = $1 ORDER BY level LIMIT 1";
    DIVISIONS = "SELECT DISTINCT division FROM bureaus ORDER BY division";
    ADD_BUREAU = "INSERT INTO bureaus (id, parent, level, name, division, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    RENAME_BUREAU = "UPDATE bureaus SET name = $2 WHERE id = $1";
    GRID = "SELECT id, bureau, name, division FROM grids WHERE id = $1";
    ADD_GRID = "INSERT INTO grids (id, bureau, name, division) VALUES ($1, $2, $3, $4)";
    CHANGE_GRID = "UPDATE grids SET name = $2, division = $3 WHERE id = $1";
    DROP_GRID = "DELETE FROM grids WHERE id = $1";
}

pub fn bureau(tx: &mut Tx, id: &str) -> Result<Option<Bureau>> {
    tx.one(BUREAU, params![id])
}

/// The highest bureau of exactly this division.
pub fn in_charge(tx: &mut Tx, division: &str) -> Result<Option<Bureau>> {
    tx.one(IN_CHARGE, params![division])
}

/// The divisions that have a bureau.
pub fn divisions(tx: &mut Tx) -> Result<Vec<String>> {
    let mut out = Vec::new();
    tx.scan(DIVISIONS, &[], &mut |r| {
        out.push(r.get(0)?);
        Ok(true)
    })?;
    Ok(out)
}

pub fn add_bureau(tx: &mut Tx, b: &Bureau, now: Millis) -> Result<()> {
    tx.exec(ADD_BUREAU, params![&b.id, &b.parent, b.level, &b.name, &b.division, now]).map(drop)
}

pub fn rename_bureau(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    tx.exec(RENAME_BUREAU, params![id, name]).map(drop)
}

pub fn grid(tx: &mut Tx, id: &str) -> Result<Option<Grid>> {
    tx.one(GRID, params![id])
}

pub fn add_grid(tx: &mut Tx, g: &Grid) -> Result<()> {
    tx.exec(ADD_GRID, params![&g.id, &g.bureau, &g.name, &g.division]).map(drop)
}

pub fn change_grid(tx: &mut Tx, g: &Grid) -> Result<()> {
    tx.exec(CHANGE_GRID, params![&g.id, &g.name, &g.division]).map(drop)
}

pub fn drop_grid(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(DROP_GRID, params![id]).map(drop)
}

/// What the lists of bureaus and grids are asked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct PlaceQuery {
    /// Part of the name.
    pub q: Option<String>,
    /// Bureaus directly under this one.
    pub parent: Option<String>,
    /// Grids of this bureau.
    pub bureau: Option<String>,
    pub page: Option<i64>,
    /// At most 1000, so that a province's tree comes in a few pages.
    pub size: Option<i64>,
}

impl PlaceQuery {
    /// Page from 1, size 1 to 1000.
    pub fn paging(&self) -> (i64, i64) {
        (self.page.unwrap_or(1).clamp(1, 1_000_000), self.size.unwrap_or(200).clamp(1, 1000))
    }

    fn cut(&self, filter: Filter) -> Filter {
        let (page, size) = self.paging();
        filter.then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)])
    }
}

pub fn list_bureaus(tx: &mut Tx, q: &PlaceQuery, scope: &Scope) -> Result<(Vec<Bureau>, i64)> {
    let narrowed = |select| {
        let filter = visible(Filter::new(select), scope, "division >= ? AND division < ?");
        let filter = filter.and_some("name LIKE ? ESCAPE '\\'", given(&q.q).map(anywhere).as_deref());
        filter.and_some("parent = ?", given(&q.parent))
    };
    let total = tx.count(&narrowed("SELECT count(*) FROM bureaus"))?;
    let rows = narrowed("SELECT id, parent, level, name, division FROM bureaus");
    let rows = tx.list(&q.cut(rows.then("ORDER BY division, level, name", &[])))?;
    Ok((rows, total))
}

pub fn list_grids(tx: &mut Tx, q: &PlaceQuery, scope: &Scope) -> Result<(Vec<Grid>, i64)> {
    let narrowed = |select| {
        let filter = visible(Filter::new(select), scope, "division >= ? AND division < ?");
        let filter = filter.and_some("name LIKE ? ESCAPE '\\'", given(&q.q).map(anywhere).as_deref());
        filter.and_some("bureau = ?", given(&q.bureau))
    };
    let total = tx.count(&narrowed("SELECT count(*) FROM grids"))?;
    let rows = narrowed("SELECT id, bureau, name, division FROM grids");
    let rows = tx.list(&q.cut(rows.then("ORDER BY division, name", &[])))?;
    Ok((rows, total))
}
