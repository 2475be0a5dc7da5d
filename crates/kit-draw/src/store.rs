//! All SQL of draws.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kit_db::statements! {
    INSERT = "INSERT INTO kit_draws (id, room, about, name, division, seats, subjects, officers, excluded, pool, pool_hash, seed, seed_hash,
            checkpoint, result, by_name, committed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', $14, $15)";
    BY_ID = "SELECT id, about, name, division, seats, subjects, officers, excluded, by_name, committed_at, drawn_at, used_at, seed_hash,
            pool_hash, seed, checkpoint, pool, result
        FROM kit_draws WHERE room = $1 AND id = $2";
    LATEST = "SELECT id FROM kit_draws WHERE room = $1 AND about = $2 ORDER BY committed_at DESC, id DESC LIMIT 1";
    DRAWN = "UPDATE kit_draws SET checkpoint = $2, result = $3, drawn_at = $4 WHERE id = $1 AND drawn_at IS NULL";
    USED = "UPDATE kit_draws SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND drawn_at IS NOT NULL";
}

/// A draw of a room, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "KeptDraw")]
pub struct Draw {
    pub id: String,
    /// What it is drawn for.
    pub about: String,
    pub name: String,
    pub division: String,
    /// To be drawn.
    pub seats: i64,
    /// In the pool.
    pub subjects: i64,
    /// In the pool.
    pub officers: i64,
    /// Left out before, with the reason in the pool.
    pub excluded: i64,
    pub by_name: String,
    pub committed_at: Millis,
    /// `null`: not drawn yet.
    pub drawn_at: Option<Millis>,
    /// When the room made what was drawn.
    pub used_at: Option<Millis>,
    pub seed_hash: String,
    pub pool_hash: String,
}

/// A draw with what is told after it only.
#[derive(Debug, Clone)]
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
            about: r.get(1)?,
            name: r.get(2)?,
            division: r.get(3)?,
            seats: r.get(4)?,
            subjects: r.get(5)?,
            officers: r.get(6)?,
            excluded: r.get(7)?,
            by_name: r.get(8)?,
            committed_at: r.get(9)?,
            drawn_at: r.get(10)?,
            used_at: r.get(11)?,
            seed_hash: r.get(12)?,
            pool_hash: r.get(13)?,
        })
    }
}

impl FromRow for Whole {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            draw: Draw::from_row(r)?,
            seed: r.get(14)?,
            checkpoint: r.get(15)?,
            pool: r.get(16)?,
            result: r.get(17)?,
        })
    }
}

/// Keeps a commitment.
pub(crate) fn insert(tx: &mut Tx, room: &str, w: &Whole) -> Result<()> {
    let d = &w.draw;
    let row = params![
        &d.id,
        room,
        &d.about,
        &d.name,
        &d.division,
        d.seats,
        d.subjects,
        d.officers,
        d.excluded,
        &w.pool,
        &d.pool_hash,
        &w.seed,
        &d.seed_hash,
        &d.by_name,
        d.committed_at
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, room: &str, id: &str) -> Result<Option<Whole>> {
    tx.one(BY_ID, params![room, id])
}

/// The newest draw for something.
pub fn latest(tx: &mut Tx, room: &str, about: &str) -> Result<Option<Whole>> {
    let id: Option<String> = tx.one(LATEST, params![room, about])?;
    id.map_or(Ok(None), |id| by_id(tx, room, &id))
}

/// Errors: `internal` where it was drawn meanwhile.
pub(crate) fn drawn(tx: &mut Tx, id: &str, checkpoint: &str, result: &str, now: Millis) -> Result<()> {
    match tx.exec(DRAWN, params![id, checkpoint, result, now])? {
        1 => Ok(()),
        _ => Err(Error::internal("a draw was drawn twice")),
    }
}

/// Whether what was drawn is made for the first time.
pub fn used(tx: &mut Tx, id: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(USED, params![id, now])? == 1)
}

/// How a list of draws is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "KeptDrawQuery")]
pub struct DrawQuery {
    /// In the name.
    pub q: Option<String>,
    /// What it is drawn for.
    pub about: Option<String>,
    /// committed, drawn, used
    pub state: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Draws of a room within a reach, the newest first.
pub fn list(tx: &mut Tx, room: &str, scope: &Scope, q: &DrawQuery) -> Result<Page<Draw>> {
    let (page, size) = paging(q.page, q.size);
    let within = |select: &'static str| {
        let mut rows = Filter::new(select).and("d.room = ?", &[Param::Text(room)]);
        if let Some(text) = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            rows = rows.and("d.name LIKE ?", &[Param::Text(&like)]);
        }
        rows = rows.and_some("d.about = ?", q.about.as_deref().filter(|a| !a.is_empty()));
        rows = match q.state.as_deref() {
            Some("committed") => rows.and("d.drawn_at IS NULL", &[]),
            Some("drawn") => rows.and("d.drawn_at IS NOT NULL AND d.used_at IS NULL", &[]),
            Some("used") => rows.and("d.used_at IS NOT NULL", &[]),
            _ => rows,
        };
        scope.restrict(rows, "d.division >= ? AND d.division < ?", "d.id = ? AND 1 = 0")
    };
    let total = tx.count(&within("SELECT 1 FROM kit_draws d").counted_to(kit_web::answer::COUNTED))?;
    let rows = within(
        "SELECT d.id, d.about, d.name, d.division, d.seats, d.subjects, d.officers, d.excluded, d.by_name, d.committed_at, d.drawn_at,
            d.used_at, d.seed_hash, d.pool_hash
        FROM kit_draws d",
    );
    let rows = rows.then(
        "ORDER BY d.committed_at DESC, d.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}
