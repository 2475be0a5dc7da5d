//! The schedule of what is shown: announced by rooms, held back or withdrawn by people, kept by a duty.

use kit_base::clock::china_day;
use kit_base::text::mask_if_person;
use kit_base::{Error, Millis, Result};
use kit_flow::Flows;
use kit_web::{Act, House};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::model::Item;
use crate::rules::schedule as rules;
use crate::store::schedule as store;

/// Something to be shown, as a room announces it.
#[derive(Debug, Clone)]
pub struct Announcement<'a> {
    /// A kind of data/publication/terms.csv: inspection, penalty, penalty_light, licence, serious, red, sample.
    pub kind: &'a str,
    /// Id of the visit, case or licence; of one kind it is announced once.
    pub about: &'a str,
    pub party: &'a str,
    /// 决定书文号, 证号; empty for none.
    pub number: &'a str,
    pub title: &'a str,
    /// What the public may read, an object by Chinese heading: no names of persons. Telephone and id numbers are masked.
    pub content: Value,
    /// Authority.
    pub issuer: &'a str,
    /// When the result was formed: the clock begins.
    pub decided_at: Millis,
    /// Earlier than the last day in time, where wanted.
    pub from: Option<Millis>,
    /// Another end than that of the term.
    pub until: Option<Millis>,
}

/// Puts something on the schedule; it appears and leaves by itself. Answers its id, `None` where it is there already.
///
/// Errors: `term_unknown`, `party_unknown`.
pub fn announce(act: &mut Act, new: &Announcement) -> Result<Option<String>> {
    let today = china_day(act.now).to_string();
    let term = rules::terms(&today).into_iter().find(|t| t.kind == new.kind);
    let term = term.ok_or_else(|| Error::invalid("kind", "term_unknown", "没有这种公示"))?;
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体");
    let party = parties::store::by_id(act.tx, new.party)?.ok_or_else(unknown)?;
    let flows = act.cx.house.held::<Flows>();
    let calendar = flows.calendar(act.tx)?;
    let (from_at, due_at, until_at) = rules::times(&calendar, &term, new.decided_at, new.from, new.until)?;
    let mut content = new.content.clone();
    rules::scrub(&mut content);
    let item = Item {
        id: act.id(),
        no: 0,
        kind: new.kind.to_owned(),
        about: new.about.to_owned(),
        party: party.id,
        name: mask_if_person(&party.name),
        code: party.code,
        uscc: party.uscc.unwrap_or_default(),
        division: party.division,
        number: new.number.to_owned(),
        title: rules::scrubbed(new.title),
        content,
        issuer: new.issuer.to_owned(),
        decided_at: new.decided_at,
        from_at,
        due_at,
        until_at,
        hold_reason: String::new(),
        held_by: String::new(),
        shown_at: None,
        ended_at: None,
        withdrawn_at: None,
        withdraw_due: None,
        withdraw_reason: String::new(),
        simulated: party.simulated,
    };
    let new = store::insert(act.tx, &item, act.now)?;
    if new {
        fact(act, &item.id, "announce", &item.content.to_string());
    }
    Ok(new.then_some(item.id))
}

/// [`announce`] of something that has a place of its own (longitude and latitude, WGS-84): maps mark that, and not where the business is
/// registered.
///
/// Errors: those of [`announce`].
pub fn announce_at(act: &mut Act, new: &Announcement, at: Option<(f64, f64)>) -> Result<Option<String>> {
    let id = announce(act, new)?;
    if let (Some(id), Some((lon, lat))) = (&id, at) {
        store::site(act.tx, id, lon, lat)?;
        fact(act, id, "site", &format!("{lon} {lat}"));
    }
    Ok(id)
}

/// What was done to an item is a fact of the ledger.
fn fact(act: &mut Act, id: &str, what: &str, text: &str) {
    let hash: [u8; 32] = Sha256::digest(format!("{id}\n{what}\n{text}").as_bytes()).into();
    let item = format!("{id}#{what}#{}", act.id());
    act.tx.fact("publication", item, hash);
}

/// Takes away all that was announced about a thing that was revoked or annulled (撤销), at once: the law gives three working
/// days from the revocation. Answers how many.
pub fn revoke(act: &mut Act, about: &str, revoked_at: Millis, reason: &str) -> Result<u64> {
    let mut done = 0;
    for item in store::of_about(act.tx, about)? {
        done += u64::from(take_away(act, &item, revoked_at, reason)?);
    }
    Ok(done)
}

/// Ends all that is shown about a thing at a time: repaired credit, a term that was made shorter.
pub fn end(act: &mut Act, about: &str, until: Millis) -> Result<()> {
    for item in store::of_about(act.tx, about)? {
        store::until(act.tx, &item.id, until)?;
        fact(act, &item.id, "until", &until.to_string());
    }
    Ok(())
}

fn take_away(act: &mut Act, item: &Item, revoked_at: Millis, reason: &str) -> Result<bool> {
    let calendar = act.cx.house.held::<Flows>().calendar(act.tx)?;
    let due = rules::withdraw_by(&calendar, revoked_at)?;
    let name = act.who().name.clone();
    let done = store::withdraw(act.tx, &item.id, act.now, due, reason, &name)?;
    if done {
        fact(act, &item.id, "withdraw", reason);
    }
    Ok(done)
}

/// An item that somebody may work on. Errors: not found.
fn own(act: &mut Act, id: &str) -> Result<Item> {
    let unknown = || Error::not_found("没有这条公示，或不在您的辖区内");
    let item = store::by_id(act.tx, id)?.ok_or_else(unknown)?;
    match act.who().scope_for("publication.schedule").covers(&item.division, Some(&item.party)) {
        true => Ok(item),
        false => Err(unknown()),
    }
}

/// Errors: `reason_length`.
fn reason(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.chars().count() {
        5..=500 => Ok(text),
        _ => Err(Error::invalid("reason", "reason_length", "请写明理由，5 至 500 个字")),
    }
}

/// Holds an item back with a reason; it stays away until it is let go, and counts as late from its due time on.
///
/// Errors: `reason_length`, `item_withdrawn`; not found.
pub fn hold(act: &mut Act, id: &str, why: &str) -> Result<Item> {
    own(act, id)?;
    let why = reason(why)?.to_owned();
    set_hold(act, id, &why, "hold")
}

/// Lets an item go that was held back. Errors: `item_withdrawn`; not found.
pub fn release(act: &mut Act, id: &str) -> Result<Item> {
    set_hold(act, id, "", "release")
}

fn set_hold(act: &mut Act, id: &str, why: &str, what: &str) -> Result<Item> {
    let item = own(act, id)?;
    let name = if why.is_empty() { String::new() } else { act.who().name.clone() };
    if !store::hold(act.tx, id, why, act.now, &name)? {
        return Err(Error::conflict("item_withdrawn", "这条公示已经撤下"));
    }
    fact(act, id, what, why);
    act.subject("publication", id, &item.division);
    act.note(json!({ "reason": why }));
    store::by_id(act.tx, id)?.ok_or_else(|| Error::internal("the item is gone"))
}

/// Withdraws an item by hand: its ground was revoked. Errors: `reason_length`, `item_withdrawn`; not found.
pub fn withdraw(act: &mut Act, id: &str, why: &str) -> Result<Item> {
    let item = own(act, id)?;
    let why = reason(why)?.to_owned();
    let now = act.now;
    if !take_away(act, &item, now, &why)? {
        return Err(Error::conflict("item_withdrawn", "这条公示已经撤下"));
    }
    act.subject("publication", id, &item.division);
    act.note(json!({ "reason": why }));
    store::by_id(act.tx, id)?.ok_or_else(|| Error::internal("the item is gone"))
}

/// Writes down what appeared and what left since the last round. For the duty; answers how many of each.
pub fn tick(house: &House) -> Result<(u64, u64)> {
    let now = house.clock.now();
    house.db.write_blocking(move |tx| store::note(tx, now))
}
