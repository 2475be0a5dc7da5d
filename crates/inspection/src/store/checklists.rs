//! Versions of checklists.

use kit_base::{Error, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Checklist, ChecklistHead, Item};

kit_db::statements! {
    INSERT = "INSERT INTO checklists (hash, code, version, name, source, origin, items, content, by_name, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT DO NOTHING";
    BY_HASH = "SELECT hash, code, version, name, source, origin, items, by_name, added_at, content FROM checklists WHERE hash = $1";
    ALL = "SELECT hash, code, version, name, source, origin, items, by_name, added_at FROM checklists
        ORDER BY code, version DESC LIMIT 1000";
}

/// Keeps a version; nothing where it is there. Errors: those of the database.
pub fn insert(tx: &mut Tx, list: &Checklist) -> Result<bool> {
    let h = &list.head;
    let content = serde_json::to_string(&list.list).map_err(Error::internal)?;
    let row = params![
        &h.hash, &h.code, h.version, &h.name, &h.source, &h.origin, h.items, &content, &h.by_name, h.added_at
    ];
    Ok(tx.exec(INSERT, row)? == 1)
}

struct Whole(Checklist);

impl FromRow for Whole {
    fn from_row(r: &Row) -> Result<Self> {
        let content: String = r.get(9)?;
        let list: Vec<Item> = serde_json::from_str(&content).map_err(Error::internal)?;
        Ok(Self(Checklist { head: ChecklistHead::from_row(r)?, list }))
    }
}

pub fn by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Checklist>> {
    Ok(tx.one::<Whole>(BY_HASH, params![hash])?.map(|w| w.0))
}

/// Every version, of each the newest first.
pub fn all(tx: &mut Tx) -> Result<Vec<ChecklistHead>> {
    tx.all(ALL, &[])
}
