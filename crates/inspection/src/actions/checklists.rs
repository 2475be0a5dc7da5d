//! Checklists: which there are, and which a visit is pinned to.

use std::collections::HashMap;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::sheet::{Book, Limits};
use kit_web::Act;
use serde_json::json;

use crate::model::{Brought, Checklist, ChecklistHead, built_in, hash_of};
use crate::rules::xlsform::{self, Form};
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

/// Reads a workbook. Errors: those of [`Book::open`] and [`xlsform::read`].
pub fn read(bytes: Vec<u8>) -> Result<Form> {
    let limits = Limits { rows: 5_000, columns: 100, ..Limits::default() };
    let mut book = Book::open(std::io::Cursor::new(bytes), "survey", &limits)?;
    let names: Vec<String> = book.sheets().iter().map(|s| s.name.trim().to_lowercase()).collect();
    let mut sheets = HashMap::new();
    for (i, name) in names.into_iter().enumerate() {
        if !["survey", "choices", "settings"].contains(&name.as_str()) {
            continue;
        }
        let mut rows = Vec::new();
        for row in book.rows(i)? {
            rows.push(row?.cells.iter().map(kit_docs::sheet::Cell::shown).collect());
        }
        sheets.insert(name, rows);
    }
    xlsform::read(&sheets)
}

/// Keeps what an agency brought as the next version of its code; the newest, where that says the same.
pub fn bring(act: &mut Act, form: Form) -> Result<ChecklistHead> {
    let newest = newest(act.tx)?.into_iter().find(|h| h.code == form.code);
    if let Some(head) = &newest
        && by_hash(act.tx, &head.hash)?.is_some_and(|c| c.list == form.items && c.head.name == form.name)
    {
        act.note(json!({ "checklist": head.hash, "same": true }));
        return Ok(head.clone());
    }
    let version = newest.map_or(1, |h| h.version + 1);
    let head = ChecklistHead {
        hash: hash_of(&form.code, version, &form.name, &form.items)?,
        code: form.code,
        version,
        name: form.name,
        source: form.source,
        origin: "import".into(),
        items: form.items.len() as i64,
        by_name: act.who().name.clone(),
        added_at: act.now,
    };
    let list = Checklist { head, list: form.items };
    store::checklists::insert(act.tx, &list)?;
    act.subject("checklist", &list.head.hash, "");
    act.note(json!({ "code": list.head.code, "version": version, "items": list.head.items }));
    Ok(list.head)
}
