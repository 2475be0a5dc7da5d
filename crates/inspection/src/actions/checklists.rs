//! Checklists: which there are, and which a visit is pinned to.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;

use crate::model::{Brought, Checklist, ChecklistHead, built_in};
use crate::store;

/// The newest version of every checklist: those of the program beside those that an agency brought.
pub fn newest(tx: &mut Tx) -> Result<Vec<ChecklistHead>> {
    let mut heads = store::checklists::all(tx)?;
    heads.extend(built_in().iter().map(|b| b.head.clone()));
    heads.sort_by(|a, b| {
        a.code.cmp(&b.code).then(b.version.cmp(&a.version)).then(b.added_at.cmp(&a.added_at))
    });
    heads.dedup_by(|b, a| a.code == b.code);
    Ok(heads)
}

fn whole(b: &Brought) -> Checklist {
    Checklist { head: b.head.clone(), list: b.list.clone() }
}

/// A version by hash; `None` where there is none.
pub fn by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Checklist>> {
    match store::checklists::by_hash(tx, hash)? {
        Some(found) => Ok(Some(found)),
        None => Ok(built_in().iter().find(|b| b.head.hash == hash).map(whole)),
    }
}

/// The version that a new visit is pinned to; kept in the database from then on.
///
/// Errors: `checklist_unknown`.
pub fn pin(act: &mut Act, code: &str) -> Result<ChecklistHead> {
    let found = newest(act.tx)?.into_iter().find(|h| h.code == code);
    let head = found.ok_or_else(|| Error::invalid("checklist", "checklist_unknown", "没有这份检查要点表"))?;
    if let Some(b) = built_in().iter().find(|b| b.head.hash == head.hash) {
        let mut list = whole(b);
        list.head.added_at = act.now;
        store::checklists::insert(act.tx, &list)?;
    }
    Ok(head)
}
