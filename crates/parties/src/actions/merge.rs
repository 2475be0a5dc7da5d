//! Two records of one business made one (合并), and taken apart again.
//!
//! Nothing is rewritten: the duplicate is closed and points at the survivor, its codes resolve to the survivor, and what was
//! recorded under it keeps its id. Rooms above keep their own projections in step ([`MergingFns`]).

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::write::{feed, mine, remember};
use super::{SectionLine, kind_name, missing};
use crate::model::{FieldChange, Party, Status};
use crate::store::merges::{self, Merged};
use crate::store::{self, Whole};

/// A merge that stands, as the API answers it.
pub type Merge = Merged;

/// What rooms above do when records become one, and when they are taken apart.
#[derive(Clone, Copy)]
pub struct Merging {
    /// What is recorded under the duplicate, for the preview.
    pub preview: fn(&mut Tx, &Party) -> Result<Vec<SectionLine>>,
    /// The duplicate becomes part of the survivor: projections follow.
    pub join: fn(&mut Tx, &Party, &Party, &Merged) -> Result<()>,
    /// They are taken apart: an error where something was recorded under either since then.
    pub part: fn(&mut Tx, &Party, &Party, &Merged) -> Result<()>,
}

/// What the rooms above bring; the server puts it into the house.
#[derive(Default)]
pub struct MergingFns(pub Vec<Merging>);

/// What a merge would do.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MergePreview {
    pub duplicate: Party,
    pub survivor: Party,
    /// Fields in which the two differ: `old` of the duplicate, `new` of the survivor, which stays.
    pub differences: Vec<FieldChange>,
    /// What is recorded under the duplicate and will be shown under the survivor.
    pub lines: Vec<SectionLine>,
}

fn both(act: &mut Act, id: &str, into: &str) -> Result<(Party, Party)> {
    if id == into {
        return Err(Error::invalid("into", "merge_self", "不能把主体合并到它自己"));
    }
    let duplicate = mine(act, id, None)?;
    let survivor = mine(act, into, None).map_err(|e| e.at("into"))?;
    if survivor.status != Status::Active {
        let text = "保留的主体不在经营状态，请选择正在经营的一个";
        return Err(Error::conflict("survivor_inactive", text).at("into"));
    }
    if duplicate.simulated != survivor.simulated {
        return Err(Error::conflict("merge_simulated", "模拟数据不能与真实主体合并").at("into"));
    }
    Ok((duplicate, survivor))
}

/// What merging `id` into `into` would do. Errors: those of [`merge`].
pub fn preview_merge(act: &mut Act, id: &str, into: &str) -> Result<MergePreview> {
    let (duplicate, survivor) = both(act, id, into)?;
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let fields = [
        ("name", duplicate.name.clone(), survivor.name.clone()),
        ("uscc", text(&duplicate.uscc), text(&survivor.uscc)),
        ("kind", kind_name(&duplicate.kind), kind_name(&survivor.kind)),
        ("division", duplicate.division.clone(), survivor.division.clone()),
        ("address", duplicate.address.clone(), survivor.address.clone()),
    ];
    let differ = |(field, old, new): (&str, String, String)| {
        (old != new).then(|| FieldChange { field: field.to_owned(), old, new })
    };
    let differences = fields.into_iter().filter_map(differ).collect();
    let mut lines = Vec::new();
    for room in rooms(act) {
        lines.extend((room.preview)(act.tx, &duplicate)?);
    }
    Ok(MergePreview { duplicate, survivor, differences, lines })
}

fn rooms(act: &Act) -> Vec<Merging> {
    act.cx.house.try_held::<MergingFns>().map(|all| all.0.clone()).unwrap_or_default()
}

/// Makes `id` part of `into`.
///
/// Errors: `merge_self`, `party_merged` (one of them is part of another already), `survivor_inactive`,
/// `merge_simulated`, `reason_missing`; 404 where one is outside the jurisdiction.
pub fn merge(act: &mut Act, id: &str, into: &str, reason: &str) -> Result<Merge> {
    let reason = needed(reason)?;
    let (duplicate, survivor) = both(act, id, into)?;
    let merged = Merged {
        id: act.id(),
        duplicate: duplicate.id.clone(),
        survivor: survivor.id.clone(),
        status: duplicate.status.as_str().to_owned(),
        reason: reason.clone(),
        actor: act.who().name.clone(),
        at: act.now,
    };
    merges::keep(act.tx, &merged)?;
    for room in rooms(act) {
        (room.join)(act.tx, &duplicate, &survivor, &merged)?;
    }
    let changes = |old: &str, new: &str| vec![change("merged", old, new), change("reason", "", &reason)];
    set(act, survivor.clone(), None, survivor.status, changes(&duplicate.code, ""))?;
    set(act, duplicate, Some(survivor.id), Status::Closed, changes("", &survivor.code))?;
    act.note(json!({ "into": merged.survivor, "reason": merged.reason }));
    Ok(merged)
}

/// Takes the record `id` apart from the one it is part of, while nothing was recorded under either since.
///
/// Errors: `merge_none`, `reason_missing`, `merge_used`; 404 where one is outside the jurisdiction.
pub fn undo_merge(act: &mut Act, id: &str, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let none = || Error::conflict("merge_none", "该主体没有合并到别的主体");
    // both sides are changed, so both must be within reach
    let duplicate = store::by_id(act.tx, id)?.ok_or_else(missing)?;
    if !act.who().scope.covers(&duplicate.division, Some(id)) {
        return Err(missing());
    }
    let merged = merges::standing(act.tx, id)?.ok_or_else(none)?;
    let survivor = mine(act, &merged.survivor, None)?;
    for room in rooms(act) {
        (room.part)(act.tx, &duplicate, &survivor, &merged)?;
    }
    let by = act.who().name.clone();
    merges::undone(act.tx, &merged.id, act.now, &by, &reason)?;
    let status = Status::parse(&merged.status)
        .ok_or_else(|| Error::internal(format!("status {} of a merge", merged.status)))?;
    let changes = |old: &str| vec![change("merged", old, ""), change("reason", "", &reason)];
    set(act, survivor.clone(), None, survivor.status, changes(&duplicate.code))?;
    set(act, duplicate, None, status, changes(&survivor.code))?;
    act.note(json!({ "from": merged.survivor, "reason": reason }));
    Ok(())
}

fn needed(reason: &str) -> Result<String> {
    match reason.trim() {
        "" => Err(Error::invalid("reason", "reason_missing", "请写明原因")),
        given => Ok(given.to_owned()),
    }
}

fn change(field: &str, old: &str, new: &str) -> FieldChange {
    FieldChange { field: field.to_owned(), old: old.to_owned(), new: new.to_owned() }
}

/// Writes one of the two with its place in the log of changes, and tells search.
fn set(
    act: &mut Act,
    mut party: Party,
    into: Option<String>,
    status: Status,
    changes: Vec<FieldChange>,
) -> Result<()> {
    party.seq = store::take_seq(act.tx, 1)?;
    (party.status, party.updated_at) = (status, act.now);
    merges::mark(act.tx, &party.id, into.as_deref(), status.as_str(), party.seq, act.now)?;
    party.merged_into = into;
    remember(act, &party, "merge", changes)?;
    let licences = store::licences(act.tx, &party.id)?;
    feed(act, &Whole { party, licences, people: Vec::new() });
    Ok(())
}
