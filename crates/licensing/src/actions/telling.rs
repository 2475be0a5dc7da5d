//! The applicant and its agent are told of each step; what the agent did stands with its mandate.

use kit_base::Result;
use kit_base::clock::china_day;
use kit_db::Tx;
use kit_flow::log::{Body, Entry};
use kit_flow::state::Run;
use kit_flow::{Case, history};
use kit_web::{Act, Cx, Scope};
use serde_json::Value;

use crate::model::{Mandate, MandateAct, Permit};
use crate::rules::told::told;
use crate::store::{agency, registers};

/// People of a business; none where there is no business.
fn people(act: &mut Act, party: &str) -> Result<Vec<String>> {
    if party.is_empty() { Ok(Vec::new()) } else { accounts::of_business(act.tx, party, act.now) }
}

/// Those who wait for an application: of the applicant, and of its agent.
fn both(act: &mut Act, permit: &Permit) -> Result<Vec<String>> {
    let mut all = people(act, &permit.party)?;
    all.extend(people(act, &permit.agent)?);
    Ok(all)
}

fn message(permit: &Permit, user: String, kind: &'static str, body: &str) -> notices::New {
    notices::New {
        user,
        kind,
        title: format!("{}：{}（{}）", permit.party_name, permit.matter_name, permit.act_name),
        body: format!("{} {body}", permit.number),
        link: format!("/permits/{}", permit.id),
        simulated: permit.simulated,
    }
}

/// An application was handed in: the others who wait for it learn of it.
pub fn begun(act: &mut Act, permit: &Permit) -> Result<()> {
    let (own, by) = (act.who().user.clone(), act.who().name.clone());
    let text = format!("{by}已提交申请，等待受理");
    let mut list: Vec<notices::New> = Vec::new();
    for user in both(act, permit)? {
        if user != own && !list.iter().any(|n| n.user == user) {
            list.push(message(permit, user, "progress", &text));
        }
    }
    notices::send(act, &list)?;
    done(act, permit, "提交申请")
}

/// An entry of the case: both are told, and an agent's own act is kept with its mandate.
pub fn stepped(act: &mut Act, permit: &Permit, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let remote = body.form.get("method").and_then(Value::as_str) == Some("remote");
    let running = case.state.clocks.values().filter(|t| t.state == Run::Running);
    let day = running.map(|t| t.due.last_day.clone()).min().unwrap_or_default();
    if let Some((kind, text)) = told(&entry.action, remote, &day) {
        let list: Vec<notices::New> =
            both(act, permit)?.into_iter().map(|user| message(permit, user, kind, &text)).collect();
        notices::also(act, case, entry, body, list)?;
    }
    if !permit.agent.is_empty() && people(act, &permit.agent)?.contains(&entry.user) {
        let name = history::name_of(&case.pinned.definition, &entry.action).to_owned();
        done(act, permit, &name)?;
    }
    Ok(())
}

/// Keeps what an agent did for an application; nothing where the applicant acts itself.
fn done(act: &mut Act, permit: &Permit, what: &str) -> Result<()> {
    if permit.agent.is_empty() || people(act, &permit.party)?.contains(&act.who().user) {
        return Ok(());
    }
    let about = About { principal: &permit.party, agent: &permit.agent, matter: &permit.matter };
    note(act, &about, (&permit.id, &permit.number), what)
}

/// Who acts for whom in what.
pub struct About<'a> {
    pub principal: &'a str,
    pub agent: &'a str,
    pub matter: &'a str,
}

/// Keeps what an agent did with the mandate that stands; `permit`: id and number, or empty.
pub fn note(act: &mut Act, about: &About, permit: (&str, &str), what: &str) -> Result<()> {
    let today = china_day(act.now).to_string();
    let mandates = registers::between(act.tx, about.agent, about.principal, &today)?;
    let fits = |m: &&Mandate| m.matters.is_empty() || m.matters.iter().any(|c| c == about.matter);
    let Some(mandate) = mandates.iter().find(fits) else { return Ok(()) };
    let (id, user, user_name) = (act.id(), act.who().user.clone(), act.who().name.clone());
    let row = agency::NewAct {
        id: &id,
        mandate: &mandate.id,
        permit: permit.0,
        number: permit.1,
        what,
        user: &user,
        user_name: &user_name,
        at: act.now,
    };
    agency::insert(act.tx, &row)
}

/// What was done under a mandate, for who gave it and who has it. Errors: not found.
pub fn history_of(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Vec<MandateAct>> {
    let unknown = || kit_base::Error::not_found("没有这份委托，或与您无关");
    let mandate = agency::mandate(tx, id)?.ok_or_else(unknown)?;
    let Scope::Businesses(own) = cx.who.scope_for("permits.apply") else { return Err(unknown()) };
    match own.contains(&mandate.principal) || own.contains(&mandate.agent) {
        true => agency::of_mandate(tx, id),
        false => Err(unknown()),
    }
}
