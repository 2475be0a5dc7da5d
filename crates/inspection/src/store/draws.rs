//! Draws, and what their pools are made of.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params, prefix_range};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Draw, DrawQuery};

kit_db::statements! {
    INSERT = "INSERT INTO draws (id, name, division, count, team, subjects, officers, pool, pool_hash, seed, seed_hash, checkpoint, result,
            by_name, committed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12, $13)";
    BY_ID = "SELECT id, name, division, count, team, subjects, officers, by_name, committed_at, drawn_at, visits_at, seed_hash, pool_hash,
            seed, checkpoint, pool, result
        FROM draws WHERE id = $1";
    DRAWN = "UPDATE draws SET checkpoint = $2, result = $3, drawn_at = $4 WHERE id = $1 AND drawn_at IS NULL";
    PLANNED = "UPDATE draws SET visits_at = $2 WHERE id = $1 AND visits_at IS NULL";
    /// Visited by a level above since a moment.
    VISITED_ABOVE = "SELECT DISTINCT party FROM visits
        WHERE recorded_at >= $1 AND reach < $2 AND division >= $3 AND division < $4 AND phase <> 'void' AND counts = 1";
    /// Where officers were sent by draws since a moment.
    WENT = "SELECT DISTINCT o.user_id, v.division FROM visits v JOIN visit_officers o ON o.visit = v.id
        WHERE v.draw <> '' AND v.planned_at >= $1 AND v.division >= $2 AND v.division < $3";
    RECUSED = "SELECT officer, party FROM recusals WHERE division >= $1 AND division < $2";
}

/// A draw with what is told after it only.
pub struct Whole {
    pub draw: Draw,
    pub seed: String,
    pub checkpoint: String,
    pub pool: String,
    /// JSON; empty before the draw.
    pub result: String,
}

impl FromRow for Draw {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            name: r.get(1)?,
            division: r.get(2)?,
            count: r.get(3)?,
            team: r.get(4)?,
            subjects: r.get(5)?,
            officers: r.get(6)?,
            by_name: r.get(7)?,
            committed_at: r.get(8)?,
            drawn_at: r.get(9)?,
            visits_at: r.get(10)?,
            seed_hash: r.get(11)?,
            pool_hash: r.get(12)?,
        })
    }
}

impl FromRow for Whole {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            draw: Draw::from_row(r)?,
            seed: r.get(13)?,
            checkpoint: r.get(14)?,
            pool: r.get(15)?,
            result: r.get(16)?,
        })
    }
}

/// Keeps a commitment.
pub fn insert(tx: &mut Tx, w: &Whole) -> Result<()> {
    let d = &w.draw;
    let row = params![
        &d.id,
        &d.name,
        &d.division,
        d.count,
        d.team,
        d.subjects,
        d.officers,
        &w.pool,
        &d.pool_hash,
        &w.seed,
        &d.seed_hash,
        &d.by_name,
        d.committed_at
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Whole>> {
    tx.one(BY_ID, params![id])
}

/// Errors: `internal` where it was drawn meanwhile.
pub fn drawn(tx: &mut Tx, id: &str, checkpoint: &str, result: &str, now: Millis) -> Result<()> {
    match tx.exec(DRAWN, params![id, checkpoint, result, now])? {
        1 => Ok(()),
        _ => Err(Error::internal("a draw was drawn twice")),
    }
}

/// Whether visits are planned for the first time.
pub fn planned(tx: &mut Tx, id: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(PLANNED, params![id, now])? == 1)
}

pub fn list(tx: &mut Tx, scope: &Scope, q: &DrawQuery) -> Result<Page<Draw>> {
    let (page, size) = paging(q.page, q.size);
    let within = |select: &'static str| {
        let mut rows = Filter::new(select);
        if let Some(text) = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            rows = rows.and("d.name LIKE ?", &[Param::Text(&like)]);
        }
        rows = match q.state.as_deref() {
            Some("committed") => rows.and("d.drawn_at IS NULL", &[]),
            Some("drawn") => rows.and("d.drawn_at IS NOT NULL AND d.visits_at IS NULL", &[]),
            Some("planned") => rows.and("d.visits_at IS NOT NULL", &[]),
            _ => rows,
        };
        scope.restrict(rows, "d.division >= ? AND d.division < ?", "d.id = ?")
    };
    let total = tx.count(&within("SELECT 1 FROM draws d").counted_to(kit_web::answer::COUNTED))?;
    let rows = within(
        "SELECT d.id, d.name, d.division, d.count, d.team, d.subjects, d.officers, d.by_name, d.committed_at, d.drawn_at, d.visits_at,
            d.seed_hash, d.pool_hash
        FROM draws d",
    );
    let rows = rows.then(
        "ORDER BY d.committed_at DESC, d.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// Businesses that a level above visited since a moment.
pub fn visited_above(tx: &mut Tx, since: Millis, reach: i64, division: &str) -> Result<Vec<String>> {
    let [low, high] = prefix_range(division);
    tx.all(VISITED_ABOVE, params![since, reach, &low, &high])
}

/// Officers and divisions where draws sent them since a moment.
pub fn went(tx: &mut Tx, since: Millis, division: &str) -> Result<Vec<(String, String)>> {
    let [low, high] = prefix_range(division);
    tx.all(WENT, params![since, &low, &high])
}

/// Officers and businesses that they may not inspect.
pub fn recused(tx: &mut Tx, division: &str) -> Result<Vec<(String, String)>> {
    let [low, high] = prefix_range(division);
    tx.all(RECUSED, params![&low, &high])
}
