//! Visits are planned, begun and locked.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Flows, New, Op, engine};
use kit_web::{Act, Actor, Scope};
use serde_json::{Map, Value, json};

use super::checklists;
use crate::model::{LockState, NewVisit, Officer, Visit, built_in, kind};
use crate::rules;
use crate::store::visits::{self as store, NewRow};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How long a lock lasts where nobody says, hours.
const LOCK_HOURS: i64 = 24;
/// Characters of a title.
const TITLE: usize = 80;

/// Where a visit came from beside a person's plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct From<'a> {
    pub draw: &'a str,
    pub plan: &'a str,
    /// The case that asks for it.
    pub about: &'a str,
}

/// Plans a visit.
///
/// Errors: `kind_unknown`, those of [`rules::visit::check_new`] and [`fit_officers`], `party_unknown`, `party_ended`, `site_unknown`,
/// `checklist_unknown`.
pub fn plan(act: &mut Act, new: &NewVisit, from: From) -> Result<Visit> {
    let of = kind(&new.kind)?;
    let due_at = rules::visit::check_new(new, of, act.now)?;
    let place = place(act, new)?;
    let officers = fit_officers(act, &place.division, &place.party, &new.officers)?;
    let code = match new.checklist.trim() {
        "" => rules::visit::checklist_for(&place.kind, built_in()).unwrap_or("sale"),
        code => code,
    };
    let checklist = checklists::pin(act, code)?;
    let flows = act.cx.house.held::<Flows>();
    let mut data = Map::new();
    data.insert("officers".into(), json!(new.officers));
    data.insert("due".into(), json!(new.due));
    let begun = New {
        title: format!("{}：{}", of.name, place.name.chars().take(TITLE).collect::<String>()),
        division: place.division.clone(),
        business: place.party.clone(),
        simulated: place.simulated,
        data,
        ..New::default()
    };
    let case = engine::open(act, &flows, &of.flow, &begun)?;
    let secret = secret(act);
    let plan = match from.plan {
        _ if !of.supervises() => String::new(),
        "" => super::plans::of_visit(act.tx, &place.division, act.now)?,
        plan => plan.to_owned(),
    };
    let row = NewRow {
        id: &case.id,
        number: &case.state.opened.number,
        code: &secret,
        kind: &new.kind,
        party: &place.party,
        party_kind: &place.kind,
        site: &new.site,
        division: &place.division,
        checklist: &checklist.hash,
        due: &new.due,
        due_at,
        reason: new.reason.trim(),
        draw: from.draw,
        plan: &plan,
        planned_at: act.now,
        status: &case.state.status,
        phase: phase(&case.state.phase),
        simulated: place.simulated,
        reach: reach(&act.who().scope_for("inspection.plan"), &place.division),
        about: from.about,
        counts: of.supervises(),
    };
    store::insert(act.tx, &row)?;
    store::set_officers(act.tx, &case.id, &officers)?;
    act.subject("visit", &case.id, &place.division);
    act.note(json!({ "kind": new.kind, "party": place.party, "checklist": checklist.hash }));
    reload(act.tx, &case.id)
}

/// Where a visit goes.
struct Place {
    party: String,
    kind: String,
    name: String,
    division: String,
    simulated: bool,
}

fn place(act: &mut Act, new: &NewVisit) -> Result<Place> {
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?.ok_or_else(unknown)?;
    let mut division = party.division.clone();
    if !new.site.is_empty() {
        let sites = parties::store::sites(act.tx, &party.id)?;
        let site = sites.into_iter().find(|s| s.id == new.site);
        let site = site.ok_or_else(|| Error::invalid("site", "site_unknown", "该主体没有这处场所"))?;
        division = site.division;
    }
    if !act.who().scope_for("inspection.plan").covers(&division, Some(&party.id)) {
        return Err(unknown());
    }
    if party.status == "closed" || party.status == "revoked" {
        return Err(Error::conflict("party_ended", "该主体已注销或吊销，不能安排检查").at("party"));
    }
    Ok(Place { party: party.id, kind: party.kind, name: party.name, division, simulated: party.simulated })
}

/// Officers by name, each of whom may inspect there.
///
/// Errors: `person_unknown`, `person_unfit`, `person_recused`.
pub fn fit_officers(act: &mut Act, division: &str, party: &str, users: &[String]) -> Result<Vec<Officer>> {
    let flows = act.cx.house.held::<Flows>();
    let mut out = Vec::with_capacity(users.len());
    for (i, user) in users.iter().enumerate() {
        let at = |code: &'static str, text: String| Error::invalid(format!("officers/{i}"), code, text);
        let found = flows.person(&act.cx.house, act.tx, user)?;
        let found = found.ok_or_else(|| at("person_unknown", "没有这个人员".into()))?;
        let fits =
            found.may("inspection.visit") && found.scope_for("inspection.visit").covers(division, None);
        if !fits {
            // a name from elsewhere is not told
            return Err(at("person_unfit", "该人员没有在此辖区检查的权限".into()));
        }
        if crate::store::recusals::is(act.tx, user, party)? {
            return Err(at("person_recused", format!("{}对该主体须回避", found.name)));
        }
        out.push(Officer { user: user.clone(), name: found.name });
    }
    Ok(out)
}

/// Digits of the widest jurisdiction that covers a place.
pub fn reach(scope: &Scope, division: &str) -> i64 {
    match scope {
        Scope::Divisions(prefixes) => {
            let covering = prefixes.iter().filter(|p| division.starts_with(p.as_str()));
            covering.map(|p| p.len() as i64).min().unwrap_or(0)
        }
        Scope::Businesses(_) => i64::MAX,
    }
}

/// A code that cannot be guessed: 80 bits.
fn secret(act: &Act) -> String {
    let bytes: [u8; 16] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// A visit that somebody may see. Errors: not found, also where its existence is not theirs to know.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Visit> {
    let unknown = || Error::not_found("没有这次检查，或不在您的范围内");
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    let scope = who.scope_for(permission);
    let told = found.recorded_at.is_some() || !matches!(scope, Scope::Businesses(_));
    if !told || !scope.covers(&found.division, Some(&found.party)) {
        return Err(unknown());
    }
    named(tx, vec![found])?.pop().ok_or_else(unknown)
}

fn reload(tx: &mut Tx, id: &str) -> Result<Visit> {
    let gone = || Error::internal("the visit just kept is gone");
    let found = store::by_id(tx, id)?.ok_or_else(gone)?;
    named(tx, vec![found])?.pop().ok_or_else(gone)
}

/// Puts in names and places of businesses, and names of kinds.
pub fn named(tx: &mut Tx, mut list: Vec<Visit>) -> Result<Vec<Visit>> {
    let ids: Vec<String> = list.iter().map(|v| v.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let visits: Vec<String> = list.iter().map(|v| v.id.clone()).collect();
    let mut sent = store::officers_of(tx, &visits)?;
    for visit in &mut list {
        visit.officers = sent.remove(&visit.id).unwrap_or_default();
        visit.kind_name = kind(&visit.kind).map(|k| k.name.clone()).unwrap_or_default();
        let Some(brief) = briefs.get(&visit.party) else { continue };
        visit.name.clone_from(&brief.name);
        visit.address.clone_from(&brief.address);
        (visit.lon, visit.lat) = (brief.lon, brief.lat);
        if visit.site.is_empty() {
            continue;
        }
        let sites = parties::store::sites(tx, &visit.party)?;
        if let Some(site) = sites.into_iter().find(|s| s.id == visit.site) {
            visit.address = site.address;
            (visit.lon, visit.lat) = (site.lon, site.lat);
        }
    }
    Ok(list)
}

/// Somebody works on it without a network. The device stands with the lock.
///
/// Errors: those of the flow kit, `device_form`.
pub fn lock(act: &mut Act, id: &str, device: &str, hours: Option<i64>) -> Result<LockState> {
    if device.trim().is_empty() || device.chars().count() > 80 {
        return Err(Error::invalid("device", "device_form", "设备标识应为 1 至 80 个字符"));
    }
    let visit = seen(act.tx, act.who(), "inspection.visit", id)?;
    let flows = act.cx.house.held::<Flows>();
    let ask = Ask::op(Op::Lock { hours: hours.unwrap_or(LOCK_HOURS) }, "");
    let case = engine::take(act, &flows, id, &ask)?;
    store::set_device(act.tx, id, device.trim())?;
    act.subject("visit", id, &visit.division);
    let none = || Error::internal("a lock that was taken is not there");
    lock_of(act.tx, &case, act.now)?.ok_or_else(none)
}

/// The lock as it stands.
pub fn lock_of(tx: &mut Tx, case: &Case, now: kit_base::Millis) -> Result<Option<LockState>> {
    let Some(lock) = case.state.lock.as_ref().filter(|l| l.until > now) else { return Ok(None) };
    let device = store::device(tx, &case.id)?;
    Ok(Some(LockState {
        user: lock.person.user.clone(),
        name: lock.person.name.clone(),
        until: lock.until,
        device,
    }))
}

/// Ends the lock. Errors: those of the flow kit.
pub fn unlock(act: &mut Act, id: &str) -> Result<()> {
    let visit = seen(act.tx, act.who(), "inspection.read", id)?;
    let flows = act.cx.house.held::<Flows>();
    engine::take(act, &flows, id, &Ask::op(Op::Unlock, ""))?;
    store::set_device(act.tx, id, "")?;
    act.subject("visit", id, &visit.division);
    Ok(())
}

/// Officers are there. A repeat with the same key is answered and not done again.
pub fn arrive(
    act: &mut Act,
    id: &str,
    client_key: &str,
    at: Option<kit_base::Millis>,
    form: Value,
) -> Result<Visit> {
    let visit = seen(act.tx, act.who(), "inspection.visit", id)?;
    let flows = act.cx.house.held::<Flows>();
    let mut ask = Ask::action("arrive", Value::Null);
    client_key.clone_into(&mut ask.client_key);
    ask.occurred_at = at.map(|at| at.min(act.now));
    ask.note = form.as_str().unwrap_or_default().to_owned();
    engine::take(act, &flows, id, &ask)?;
    act.subject("visit", id, &visit.division);
    reload(act.tx, id)
}
