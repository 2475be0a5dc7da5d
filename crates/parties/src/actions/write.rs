//! Writes of one business.

use kit_base::{Error, Result};
use kit_web::{Act, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{changed, made, missing, twin};
use crate::divisions;
use crate::model::{Change, FieldChange, NewParty, NewSite, Party, Site, Status, Warning};
use crate::rules;
use crate::search::Search;
use crate::store::{self, Whole};

/// What a write answers: the business as it is now, and what to look at again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    pub party: Party,
    pub warnings: Vec<Warning>,
}

/// Registers a business; answers it with its new code.
///
/// Errors: those of [`rules::check_party`]; `uscc_exists`, `name_address_exists`; `outside_jurisdiction`.
pub fn create(act: &mut Act, new: NewParty) -> Result<Written> {
    let new = rules::tidied(new);
    let mut warnings = rules::check_party(&new, &divisions::today(&act.cx.house))?;
    if !act.who().scope.covers(&new.division, None) {
        let text = "该行政区划不在您的辖区内，不能在此登记主体";
        return Err(Error::forbidden("outside_jurisdiction", text).at("division"));
    }
    if let Some((there, by)) = twin(act.tx, &new)? {
        return Err(by.refusal(&there));
    }
    let seq = store::take_seq(act.tx, 1)?;
    let whole = made(act.ids(), act.now, seq, "", false, new);
    warnings.extend(shared_licences(act, &whole)?);
    store::insert(act.tx, std::slice::from_ref(&whole)).map_err(twice)?;
    remember(act, &whole.party, "create", Vec::new())?;
    Ok(finish(act, whole, warnings))
}

/// Writes a business over. `seq` is the change number that the writer has seen.
///
/// Errors: those of [`create`]; `changed_meanwhile`; `field_not_yours` for people of the business itself.
pub fn update(act: &mut Act, id: &str, seq: i64, new: NewParty) -> Result<Written> {
    let old = mine(act, id, Some(seq))?;
    let new = rules::tidied(new);
    let mut warnings = rules::check_party(&new, &divisions::today(&act.cx.house))?;
    match &act.who().scope {
        Scope::Businesses(_) => rules::check_own_update(&old, &new)?,
        scope if !scope.covers(&new.division, Some(id)) => {
            let text = "不能把主体改到您的辖区之外";
            return Err(Error::forbidden("outside_jurisdiction", text).at("division"));
        }
        Scope::Divisions(_) => {}
    }
    if let Some((there, by)) =
        twin(act.tx, &new)?.filter(|(there, _)| there.id != id && there.merged_into.as_deref() != Some(id))
    {
        return Err(by.refusal(&there));
    }
    let licences = store::licences(act.tx, id)?;
    let people = store::people(act.tx, id)?;
    let changes = rules::changes(&old, &licences, &people, &new);
    let seq = store::take_seq(act.tx, 1)?;
    let whole = changed(act.ids(), act.now, seq, old, people, new);
    warnings.extend(shared_licences(act, &whole)?);
    store::update(act.tx, &whole).map_err(twice)?;
    if changes.iter().any(|c| c.field == "division") {
        super::divisions::moved(act, id, &whole.party.division)?;
    }
    remember(act, &whole.party, "update", changes)?;
    Ok(finish(act, whole, warnings))
}

/// Moves a business to another status.
///
/// Errors: `changed_meanwhile`, `status_same`, `reason_missing`.
pub fn set_status(act: &mut Act, id: &str, seq: i64, status: Status, reason: &str) -> Result<Written> {
    let old = mine(act, id, Some(seq))?;
    rules::check_status(old.status, status, reason)?;
    let change = |field: &str, old: &str, new: &str| FieldChange {
        field: field.into(),
        old: old.into(),
        new: new.into(),
    };
    let changes =
        vec![change("status", old.status.as_str(), status.as_str()), change("reason", "", reason.trim())];
    let licences = store::licences(act.tx, id)?;
    let people = store::people(act.tx, id)?;
    let seq = store::take_seq(act.tx, 1)?;
    let party = Party { seq, status, updated_at: act.now, ..old };
    let whole = Whole { party, licences, people };
    store::update(act.tx, &whole)?;
    remember(act, &whole.party, "status", changes)?;
    Ok(finish(act, whole, Vec::new()))
}

/// Adds a further place.
pub fn add_site(act: &mut Act, party: &str, new: NewSite) -> Result<Site> {
    let mut owner = mine(act, party, None)?;
    rules::check_site(&new, &divisions::today(&act.cx.house))?;
    let at = new.position.map(|p| p.wgs84());
    let site = Site {
        id: act.id(),
        name: new.name.trim().to_owned(),
        kind: new.kind,
        division: new.division,
        address: new.address.trim().to_owned(),
        lon: at.map(|p| p.lon),
        lat: at.map(|p| p.lat),
        datum: new.position.map(|p| p.datum.as_str().to_owned()),
        accuracy: new.position.and_then(|p| p.accuracy),
        closed_at: None,
    };
    store::add_site(act.tx, party, &site)?;
    let change = FieldChange { field: "site".into(), old: String::new(), new: site.name.clone() };
    moved(act, &mut owner, change)?;
    Ok(site)
}

/// Ends the use of a further place; its record stays.
pub fn close_site(act: &mut Act, party: &str, site: &str) -> Result<()> {
    let mut owner = mine(act, party, None)?;
    let name = store::sites(act.tx, party)?.into_iter().find(|s| s.id == site).map(|s| s.name);
    if !store::close_site(act.tx, party, site, act.now)? {
        return Err(Error::not_found("没有这个场所，或已停用"));
    }
    let change = FieldChange { field: "site".into(), old: name.unwrap_or_default(), new: String::new() };
    moved(act, &mut owner, change)
}

/// The business, where the actor may see it and nobody has changed it since `seq`.
pub(super) fn mine(act: &mut Act, id: &str, seq: Option<i64>) -> Result<Party> {
    let party = store::by_id(act.tx, id)?.ok_or_else(missing)?;
    if !act.who().scope.covers(&party.division, Some(id)) {
        return Err(missing());
    }
    if party.merged_into.is_some() {
        return Err(Error::conflict("party_merged", "该主体已合并到另一主体，请在合并后的主体上操作"));
    }
    if seq.is_some_and(|seq| seq != party.seq) {
        return Err(Error::conflict("changed_meanwhile", "该主体刚被他人修改，请刷新后重新填写"));
    }
    Ok(party)
}

/// A part of a business changed: it takes a new change number too.
fn moved(act: &mut Act, party: &mut Party, change: FieldChange) -> Result<()> {
    party.seq = store::take_seq(act.tx, 1)?;
    store::touch(act.tx, &party.id, party.seq, act.now)?;
    remember(act, party, "site", vec![change])?;
    let licences = store::licences(act.tx, &party.id)?;
    let whole = Whole { party: party.clone(), licences, people: Vec::new() };
    feed(act, &whole);
    Ok(())
}

/// Licence numbers that another business has as well.
fn shared_licences(act: &mut Act, whole: &Whole) -> Result<Vec<Warning>> {
    let mut out = Vec::new();
    for (i, licence) in whole.licences.iter().enumerate() {
        if let Some(name) = store::licence_holder(act.tx, &licence.number, &whole.party.id)? {
            out.push(Warning {
                field: format!("licences/{i}/number"),
                code: "licence_shared".to_owned(),
                message: format!("许可证编号“{}”已登记在“{name}”名下，请核对", licence.number),
            });
        }
    }
    Ok(out)
}

/// Two writers at once: what the table's own constraint refuses is the same refusal.
fn twice(error: Error) -> Error {
    if error.field.as_deref() == Some("parties_uscc") {
        return Error::conflict("uscc_exists", "同一统一社会信用代码的主体已登记").at("uscc");
    }
    error
}

pub(super) fn remember(act: &mut Act, party: &Party, action: &str, changes: Vec<FieldChange>) -> Result<()> {
    act.subject("party", &party.id, &party.division);
    let fields: Vec<&str> = changes.iter().map(|c| c.field.as_str()).collect();
    act.note(json!({ "name": party.name, "fields": fields }));
    let change = Change { at: act.now, actor: act.who().name.clone(), action: action.to_owned(), changes };
    let id = act.id();
    store::add_change(act.tx, &id, &party.id, party.seq, &change)
}

fn finish(act: &mut Act, whole: Whole, warnings: Vec<Warning>) -> Written {
    feed(act, &whole);
    Written { party: whole.party, warnings }
}

/// Search hears of it once it is durable.
pub(super) fn feed(act: &mut Act, whole: &Whole) {
    let search = act.cx.house.held::<Search>();
    let entry = whole.entry();
    act.tx.after_commit(move || search.apply(&[entry]));
}
