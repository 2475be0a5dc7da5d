//! Frozen scopes.

use kit_base::{Error, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::FrozenScope;

kit_db::statements! {
    INSERT = "INSERT INTO investigation_scopes (id, investigation, number, division, bureau, note, event, lots, stations,
            deliveries, summary, marks, content, actor, actor_name, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    BY_ID = "SELECT id, investigation, number, division, bureau, note, event, lots, stations, deliveries, summary, marks,
            content, actor_name, at FROM investigation_scopes WHERE id = $1";
    OF_CASE = "SELECT id, investigation, number, division, bureau, note, event, lots, stations, deliveries, summary, marks,
            content, actor_name, at FROM investigation_scopes WHERE investigation = $1 ORDER BY at DESC, id DESC";
}

impl FromRow for FrozenScope {
    fn from_row(r: &Row) -> Result<Self> {
        let json = |at: usize| r.get::<String>(at);
        Ok(Self {
            id: r.get(0)?,
            investigation: r.get(1)?,
            no: r.get(2)?,
            division: r.get(3)?,
            bureau: r.get(4)?,
            note: r.get(5)?,
            event: r.get(6)?,
            lots: r.get(7)?,
            stations: r.get(8)?,
            deliveries: r.get(9)?,
            summary: serde_json::from_str(&json(10)?).map_err(Error::internal)?,
            marks: serde_json::from_str(&json(11)?).map_err(Error::internal)?,
            hash: r.get(12)?,
            by: r.get(13)?,
            at: r.get(14)?,
        })
    }
}

pub fn insert(tx: &mut Tx, scope: &FrozenScope, actor: &str) -> Result<()> {
    let marks = serde_json::to_string(&scope.marks).map_err(Error::internal)?;
    let summary = scope.summary.to_string();
    let params = params![
        &scope.id,
        &scope.investigation,
        &scope.no,
        &scope.division,
        &scope.bureau,
        &scope.note,
        scope.event,
        scope.lots,
        scope.stations,
        scope.deliveries,
        summary.as_str(),
        marks.as_str(),
        &scope.hash,
        actor,
        &scope.by,
        scope.at
    ];
    tx.exec(INSERT, params).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<FrozenScope>> {
    tx.one(BY_ID, params![id])
}

/// Newest first.
pub fn of_case(tx: &mut Tx, case: &str) -> Result<Vec<FrozenScope>> {
    tx.all(OF_CASE, params![case])
}
