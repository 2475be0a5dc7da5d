//! Use cases: [`samples`], [`field`], [`pack`] (for a day with no network), [`custody`], [`own`] (the business), [`objections`], [`assay`], [`disposal`] with its streams ([`sides`]) and [`letters`], [`duties`] that a conclusion brings, [`draws`], [`desk`] (laboratories, limits, plans), [`published`], [`sheets`] (read before anything is kept), [`steps`] (who may do what in a test), [`readings`] of
//! instruments, [`entry`] of results, [`corrections`] and what comes of them ([`failing`]), [`recheck`] with its [`recheck_draw`], [`verify`].

pub mod assay;
pub mod changes;
pub mod corrections;
pub mod custody;
pub mod desk;
pub mod disposal;
pub mod draws;
pub mod duties;
pub mod entry;
pub mod failing;
pub mod field;
pub mod foods;
pub mod letters;
pub mod objections;
pub mod own;
pub mod pack;
pub mod papers;
pub mod plans;
pub mod published;
pub mod readings;
pub mod recheck;
pub mod recheck_draw;
pub mod results;
pub mod samples;
pub mod sheets;
pub mod sides;
pub mod statistics;
pub mod steps;
pub mod targets;
pub mod told;
pub mod verify;

use std::sync::Arc;

use kit_base::{Error, Millis, Result};
use kit_flow::{Ask, Case, Flows, engine};
use kit_web::{Act, Scope};
use serde_json::Value;

use crate::model::Sample;
use crate::rules::custody::Signer;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of ten that cannot be guessed.
pub fn code(act: &Act) -> String {
    let bytes: [u8; 10] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// Does an action of the case for somebody whom this room has let in: a sampler of this sample, a person of its laboratory.
/// They hold the permission for their own house; here it reaches this one sample.
///
/// Errors: those of the flow (`same_person`, `needs_flag`, `action_not_here`, …).
pub fn step(
    act: &mut Act,
    sample: &Sample,
    permission: &'static str,
    action: &str,
    form: Value,
) -> Result<Case> {
    let ask = Ask::action(action, form);
    taken(act, sample, permission, &ask)
}

/// [`step`] at an earlier time (work with no network): never before what the case knows, never after now.
///
/// Errors: those of [`step`], `occurred_far`.
pub fn step_at(
    act: &mut Act,
    sample: &Sample,
    permission: &'static str,
    action: &str,
    form: Value,
    at: Option<Millis>,
) -> Result<Millis> {
    let mut ask = Ask::action(action, form);
    ask.occurred_at = earlier(act, sample, at)?;
    taken(act, sample, permission, &ask)?;
    Ok(ask.occurred_at.unwrap_or(act.now))
}

/// The time that a phone without a network told, between the last entry and now; none: what is said within the same minutes is said
/// now.
pub fn earlier(act: &mut Act, sample: &Sample, at: Option<Millis>) -> Result<Option<Millis>> {
    let flows = act.cx.house.held::<Flows>();
    let before = engine::load(act.tx, &flows, &sample.id)?.map_or(0, |c| c.state.occurred_at);
    Ok(at.map(|at| at.min(act.now).max(before)).filter(|at| act.now - at > AT_ONCE))
}

/// A time as near as this is now, ms.
const AT_ONCE: Millis = 10 * 60_000;

fn taken(act: &mut Act, sample: &Sample, permission: &'static str, ask: &Ask) -> Result<Case> {
    act.who().need(permission)?;
    if act.who().user.starts_with("key:") {
        return Err(Error::forbidden(
            "program_signs",
            "程序不能签字；读数请提交到仪器读数，由检验人核对后录入",
        ));
    }
    let flows = act.cx.house.held::<Flows>();
    reaching(act, sample, &["sampling.read", permission], |act| engine::take(act, &flows, &sample.id, ask))
}

/// Whether the laboratory that rechecks signs itself: cases of older definitions have its conclusion entered by the bureau.
pub fn signed_by_lab(act: &mut Act, id: &str) -> Result<bool> {
    let flows = act.cx.house.held::<Flows>();
    let case = engine::load(act.tx, &flows, id)?;
    Ok(case.is_some_and(|c| c.pinned.definition.actions.iter().any(|a| a.code == "recheck_enter")))
}

/// For a business that is served: it may look at the case while it acts, and nothing more.
pub fn as_reader<T>(act: &mut Act, sample: &Sample, f: impl FnOnce(&mut Act) -> Result<T>) -> Result<T> {
    reaching(act, sample, &["sampling.read"], f)
}

fn reaching<T>(
    act: &mut Act,
    sample: &Sample,
    codes: &[&'static str],
    f: impl FnOnce(&mut Act) -> Result<T>,
) -> Result<T> {
    let mut cx = act.cx.clone();
    let here = Scope::Divisions(vec![sample.division.clone()]);
    let mut scopes = (*cx.who.scopes).clone();
    let mut permissions = (*cx.who.permissions).clone();
    for code in codes {
        scopes.insert(code, here.clone());
        permissions.insert(code);
    }
    (cx.who.scopes, cx.who.permissions) = (Arc::new(scopes), Arc::new(permissions));
    let done = f(&mut Act::inside(act.tx, &cx, act.now))?;
    act.subject("sample", &sample.id, &sample.division);
    Ok(done)
}

/// Not there, or not theirs to know.
pub fn unknown() -> Error {
    Error::not_found("没有这份样品，或不在您的范围内")
}

/// The asker as one who signs. Errors: `no_house`.
pub fn signer(act: &mut Act) -> Result<Signer> {
    let who = act.who();
    let home = accounts::home_of(act.tx, &who.user)?;
    let (name, house, _) = home.ok_or_else(|| Error::forbidden("no_house", "您的账号不属于任何单位"))?;
    let house_name = house_name(act, &house)?;
    Ok(Signer { user: who.user.clone(), name, house, house_name })
}

/// The name of a bureau or business.
pub fn house_name(act: &mut Act, house: &str) -> Result<String> {
    if let Some(bureau) = accounts::bureau(act.tx, house)? {
        return Ok(bureau.name);
    }
    Ok(parties::brief(act.tx, house)?.map(|b| b.name).unwrap_or_default())
}
