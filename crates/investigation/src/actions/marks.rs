//! Marking, withdrawing, and the scores that follow.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Cx, Scope};
use serde_json::json;

use crate::actions::look::{Fresh, load, unmarked};
use crate::actions::{marks_of, must_be_open};
use crate::model::{Case, MarkChange, Marks, View};
use crate::rules::marks::{check, difference, last_held};
use crate::rules::{Scores, score};
use crate::store::marks::{self as store, Writer};
use crate::workbench::Loaded;

const PERMISSION: &str = "investigation.write";

/// Keeps the marks as they now are: what is different goes into the log; nothing where nothing is.
///
/// Errors: not found, `case_frozen`, `case_closed`, those of [`check`].
pub fn save(act: &mut Act, id: &str, new: &Marks) -> Result<()> {
    check(new)?;
    let (case, marks) = held(act, id)?;
    must_be_open(&case)?;
    let change = difference(&marks, new);
    if let Some(change) = &change {
        append(act, id, change, None)?;
    }
    act.subject("investigation", id, &case.division);
    act.note(json!({ "change": change }));
    Ok(())
}

/// Takes back the last change that still holds; answers the marks after it. Errors: `nothing_to_withdraw`.
pub fn withdraw(act: &mut Act, id: &str) -> Result<Marks> {
    let (case, _) = held(act, id)?;
    must_be_open(&case)?;
    let log = store::log(act.tx, id)?;
    let last = last_held(&log).ok_or_else(|| Error::conflict("nothing_to_withdraw", "没有可撤销的标记"))?;
    append(act, id, &MarkChange::default(), Some(last))?;
    act.subject("investigation", id, &case.division);
    act.note(json!({ "withdraws": last }));
    Ok(held(act, id)?.1)
}

fn append(act: &mut Act, id: &str, change: &MarkChange, withdraws: Option<i64>) -> Result<()> {
    let who = act.who();
    store::append(act.tx, id, &Writer { user: &who.user, name: &who.name, now: act.now }, change, withdraws)
}

/// The case and its marks; the picture is needed only where a network file brought marks of its own.
fn held(act: &mut Act, id: &str) -> Result<(Case, Marks)> {
    let scope = act.who().scope_for(PERMISSION);
    of_case(act.tx, act.cx, &scope, id)
}

/// A case with the marks that hold.
pub fn of_case(tx: &mut Tx, cx: &Cx, scope: &Scope, id: &str) -> Result<(Case, Marks)> {
    let case = crate::actions::case(tx, scope, id)?;
    let log = store::log(tx, id)?;
    let marks = match case.source.as_str() {
        "network" => {
            marks_of(&case, &load(tx, &cx.house, scope, id, &View::default(), Fresh::Shown)?.1, &log)
        }
        _ => marks_of(&case, &Loaded::default(), &log),
    };
    Ok((case, marks))
}

/// Scores of everything a case shows, under the marks given or those that are kept.
///
/// Marks on what the picture has not (a filter left it out, a mark of earlier days) are passed over.
pub fn scores(tx: &mut Tx, cx: &Cx, id: &str, view: &View, given: Option<Marks>) -> Result<Scores> {
    let scope = &cx.who.scope;
    let (case, loaded) = load(tx, &cx.house, scope, id, view, Fresh::Shown)?;
    let marks = match given {
        Some(marks) => marks,
        None => marks_of(&case, &loaded, &store::log(tx, id)?),
    };
    score_with(&loaded, &marks)
}

/// The scores of a loaded picture under marks.
pub fn score_with(loaded: &Loaded, marks: &Marks) -> Result<Scores> {
    check(marks)?;
    let network = unmarked(&loaded.network);
    let mut settings = marks.settings();
    let stations: std::collections::HashSet<&str> = network.stations.iter().map(|s| s.id.as_str()).collect();
    for group in &mut settings.groups {
        group.stations.retain(|id| stations.contains(id.as_str()));
    }
    settings.groups.retain(|group| !group.stations.is_empty());
    let groups: std::collections::HashSet<String> = settings.groups.iter().map(|g| g.id.clone()).collect();
    settings.stations.retain(|id, _| stations.contains(id.as_str()) || groups.contains(id));
    if !settings.deliveries.is_empty() {
        let known: std::collections::HashSet<&str> =
            network.deliveries.iter().map(|d| d.id.as_str()).collect();
        settings.deliveries.retain(|id, _| known.contains(id.as_str()));
    }
    score(&network, &settings)
}
