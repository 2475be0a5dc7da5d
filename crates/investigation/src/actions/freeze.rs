//! Freezing: what was found becomes a scope with a number of its own that never changes.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Cx};
use serde_json::{Value, json};

use crate::actions::cases::year;
use crate::actions::frozen::{FORM, Head, write};
use crate::actions::look::{Fresh, load};
use crate::actions::{case, marks_of, must_be_open};
use crate::model::{FrozenScope, Marks, OpenCase, View};
use crate::rules::picture::county_name;
use crate::store::{cases, marks, scopes};
use crate::workbench::Loaded;

const PERMISSION: &str = "investigation.write";

/// What is written into the file store before the scope is kept. A file that no scope names is harmless.
pub struct Frozen {
    id: String,
    hash: String,
    event: i64,
    lots: i64,
    stations: i64,
    deliveries: i64,
    summary: Value,
    marks: Marks,
    /// the case and its log of marks as they were
    changed: i64,
    marked: usize,
}

/// Puts the picture together as the ledger is now and writes it down. Errors: not found, `case_closed`, `case_frozen`.
pub fn prepare(tx: &mut Tx, cx: &Cx, id: &str, view: &View) -> Result<Frozen> {
    let view = View { scope: None, ..view.clone() };
    let scope = cx.who.scope_for(PERMISSION);
    let (case, loaded) = load(tx, &cx.house, &scope, id, &view, Fresh::Now)?;
    must_be_open(&case)?;
    let log = marks::log(tx, id)?;
    let marks = marks_of(&case, &loaded, &log);
    let picture = &loaded.picture;
    let head = Head {
        form: FORM.to_owned(),
        case: case.no.clone(),
        at: cx.now(),
        view: view.clone(),
        marks: marks.clone(),
        network: case.network.clone(),
        event: picture.event,
        reached: picture.reached,
        sources: picture.sources,
        followers: picture.followers,
        complete: picture.complete,
        seeds: picture.seeds.clone(),
    };
    let kept = write(&cx.house.files, &head, picture)?;
    let of_network = case.network.is_some();
    let (stations, deliveries) = match of_network {
        true => (loaded.network.stations.len() as i64, loaded.network.deliveries.len() as i64),
        false => (loaded.summary.places.len() as i64, loaded.summary.deliveries),
    };
    Ok(Frozen {
        id: case.id,
        hash: kept.hash,
        event: picture.event,
        lots: picture.lots.len() as i64,
        stations,
        deliveries,
        summary: summed(&loaded, &view),
        marks,
        changed: case.updated_at,
        marked: log.len(),
    })
}

fn summed(loaded: &Loaded, view: &View) -> Value {
    let picture = &loaded.picture;
    json!({
        "view": view,
        "reached": picture.reached,
        "complete": picture.complete,
        "seeds": picture.seeds.len(),
        "totals": loaded.summary.totals,
        "counties": loaded.summary.counties,
        "timeline": loaded.summary.timeline,
    })
}

/// Keeps the scope under the next number; the case takes no more marks, unless it is to stay open.
///
/// Errors: not found, `case_closed`, `case_frozen`, `case_changed` when somebody changed it meanwhile.
pub fn freeze(act: &mut Act, frozen: Frozen, note: &str, keep_open: bool) -> Result<OpenCase> {
    let scope = act.who().scope_for(PERMISSION);
    let found = case(act.tx, &scope, &frozen.id)?;
    must_be_open(&found)?;
    if found.updated_at != frozen.changed || marks::log(act.tx, &frozen.id)?.len() != frozen.marked {
        return Err(Error::conflict("case_changed", "排查刚刚被改动，请再看一遍后固定"));
    }
    let (now, who) = (act.now, act.who());
    let year = year(now);
    let last = cases::next_number(act.tx, &found.division, "scope", year)?;
    let bureau = accounts::bureau(act.tx, &who.bureau)?.map(|b| b.name);
    let row = FrozenScope {
        id: act.id(),
        investigation: frozen.id.clone(),
        no: format!("范围〔{year}〕{last:04}"),
        division: found.division.clone(),
        bureau: bureau.unwrap_or_else(|| format!("{}市场监督管理局", county_name(&found.division))),
        note: note.trim().to_owned(),
        event: frozen.event,
        lots: frozen.lots,
        stations: frozen.stations,
        deliveries: frozen.deliveries,
        summary: frozen.summary,
        marks: frozen.marks.clone(),
        hash: frozen.hash,
        by: who.name.clone(),
        at: now,
    };
    scopes::insert(act.tx, &row, &who.user)?;
    cases::counted(act.tx, &frozen.id, row.stations, row.deliveries, found.simulated)?;
    let state = if keep_open { "open" } else { "frozen" };
    cases::set_state(act.tx, &frozen.id, state, now.max(found.updated_at + 1))?;
    act.subject("investigation", &frozen.id, &found.division);
    act.note(json!({ "scope": row.no, "hash": row.hash, "lots": row.lots, "event": row.event }));
    let case = case(act.tx, &scope, &frozen.id)?;
    Ok(OpenCase { case, marks: frozen.marks, unresolved: Vec::new(), unresolved_count: 0 })
}
