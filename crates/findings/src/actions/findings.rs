//! Findings begin.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::store::projection::phase;
use kit_flow::{Case, Flows, New, engine};
use kit_web::{Act, Actor, Scope};
use serde_json::json;

use crate::model::{Finding, NewFinding};
use crate::store::findings::{self as store, NewRow};
use crate::{KIND, rules};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of a title.
const TITLE: usize = 60;

/// Keeps what somebody found.
///
/// Errors: those of [`rules::check_new`], `party_unknown`, `site_unknown`, `source_not_own`.
pub fn report(act: &mut Act, new: &NewFinding) -> Result<Finding> {
    let scope = act.who().scope_for("findings.report");
    if matches!(scope, Scope::Businesses(_)) && new.source != "self_check" {
        let text = "企业只能登记自查发现的问题";
        return Err(Error::invalid("source", "source_not_own", text));
    }
    let flows = act.cx.house.held::<Flows>();
    let place = place(act, new, Some(&scope))?;
    let case = engine::open(act, &flows, KIND, &begun(new, &place))?;
    keep(act, &case, new, &place)
}

/// What a model, a camera, a sample or another bureau found: begun by the house, or for one who may not report by hand.
#[derive(Debug, Clone)]
pub struct Discovered {
    pub finding: NewFinding,
    pub simulated: bool,
}

/// Keeps what the house found. Errors: as [`report`].
pub fn discover(act: &mut Act, found: &Discovered) -> Result<Finding> {
    let flows = act.cx.house.held::<Flows>();
    let place = place(act, &found.finding, None)?;
    let new = New { simulated: found.simulated || place.simulated, ..begun(&found.finding, &place) };
    let case = engine::open_by_house(act, &flows, KIND, &new)?;
    keep(act, &case, &found.finding, &place)
}

/// Where a finding lies.
struct Place {
    party: String,
    kind: String,
    name: String,
    division: String,
    simulated: bool,
}

fn place(act: &mut Act, new: &NewFinding, scope: Option<&Scope>) -> Result<Place> {
    rules::check_new(new, act.now)?;
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?.ok_or_else(unknown)?;
    let mut division = party.division.clone();
    if !new.site.is_empty() {
        let sites = parties::store::sites(act.tx, &party.id)?;
        let site = sites.into_iter().find(|s| s.id == new.site);
        let site = site.ok_or_else(|| Error::invalid("site", "site_unknown", "该主体没有这处场所"))?;
        division = site.division;
    }
    if scope.is_some_and(|s| !s.covers(&division, Some(&party.id))) {
        return Err(unknown());
    }
    Ok(Place { party: party.id, kind: party.kind, name: party.name, division, simulated: party.simulated })
}

fn begun(new: &NewFinding, place: &Place) -> New {
    let what: String = new.what.trim().chars().take(TITLE).collect();
    New {
        title: format!("{}：{what}", place.name.chars().take(TITLE).collect::<String>()),
        division: place.division.clone(),
        business: place.party.clone(),
        simulated: place.simulated,
        ..New::default()
    }
}

fn keep(act: &mut Act, case: &Case, new: &NewFinding, place: &Place) -> Result<Finding> {
    let (id, state, code) = (case.id.as_str(), &case.state, code(act));
    let row = NewRow {
        id,
        code: &code,
        source: &new.source,
        source_ref: new.source_ref.trim(),
        party: &place.party,
        party_kind: &place.kind,
        site: &new.site,
        division: &place.division,
        what: new.what.trim(),
        rule: new.rule.trim(),
        severity: &new.severity,
        found_at: new.found_at.unwrap_or(act.now),
        number: &state.opened.number,
        status: &state.status,
        phase: phase(&state.phase),
        level: i64::from(state.level),
        simulated: state.opened.simulated,
    };
    store::insert(act.tx, &row)?;
    act.subject("finding", id, &place.division);
    act.note(json!({ "source": new.source, "severity": new.severity }));
    let found = store::by_id(act.tx, id)?.ok_or_else(|| Error::internal("the finding just kept is gone"))?;
    named(act.tx, vec![found])?.pop().ok_or_else(|| Error::internal("the finding just kept is gone"))
}

/// A code that cannot be guessed: 80 bits.
fn code(act: &Act) -> String {
    let bytes: [u8; 16] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// Puts the names of businesses in.
pub fn named(tx: &mut Tx, mut list: Vec<Finding>) -> Result<Vec<Finding>> {
    let ids: Vec<String> = list.iter().map(|f| f.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for finding in &mut list {
        finding.party_name = briefs.get(&finding.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    Ok(list)
}

/// A finding that somebody may see. Errors: not found, also where its existence is not theirs to know.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Finding> {
    let unknown = || Error::not_found("没有这个问题，或不在您的范围内");
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    if !who.scope_for(permission).covers(&found.division, Some(&found.party)) {
        return Err(unknown());
    }
    named(tx, vec![found])?.pop().ok_or_else(unknown)
}
