//! What other rooms note on the file of a business.

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::Act;
use serde_json::json;

use super::feed;
use crate::rules::score::{self, Filed};
use crate::rules::tables::tables;
use crate::store::events::{self, Event};
use crate::store::grades;

/// Something for the credit file (信用档案), and for the risk grade where its kind says so.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// A kind of data/credit/events.csv: `inspection.nonconform`, `penalty.fine`, `licence.granted` …
    pub kind: &'a str,
    pub party: &'a str,
    /// Id of the visit, case, sample or licence that it comes from; the same kind from there is noted once.
    pub about: &'a str,
    /// As people know it: 文号, 证号; empty for none.
    pub number: &'a str,
    /// In words, without personal data; up to 500 characters are kept.
    pub what: &'a str,
    /// When it happened, ms UTC.
    pub at: Millis,
}

/// Notes something on the file of a business and has it graded anew. The same kind about the same thing is noted once:
/// a repeat changes nothing. Answers whether it is new.
///
/// Errors: `event_unknown`, `party_unknown`.
pub fn note(act: &mut Act, note: &Note) -> Result<bool> {
    score::counted(tables()?, &Filed { kind: note.kind, at: note.at, revoked: false }, act.now)?;
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体");
    let party = parties::brief(act.tx, note.party)?.ok_or_else(unknown)?;
    let event = Event {
        id: act.id(),
        kind: note.kind.to_owned(),
        party: party.id.clone(),
        about: note.about.to_owned(),
        number: note.number.to_owned(),
        what: note.what.trim().chars().take(500).collect(),
        at: note.at,
        noted_at: act.now,
        noted_by: act.who().name.clone(),
        revoked_at: None,
        revoke_reason: String::new(),
    };
    let new = events::insert(act.tx, &event, &party.division, party.simulated)?;
    if new {
        let whole = whole(act.tx, &party.id)?;
        grades::due_add(act.tx, &whole, act.now)?;
        if let Some(rule) =
            tables()?.event(note.kind, &china_day(note.at).to_string()).filter(|r| r.push == 1)
        {
            let line = json!({ "record": rule.kind, "record_name": rule.name, "about": event.about, "number": event.number, "happened_at": event.at });
            feed::put(act.tx, act.now, &party.id, "record", &line)?;
        }
    }
    Ok(new)
}

/// Everything that was noted about a visit, case, sample or licence counts no more: it was revoked or annulled (撤销). It stays
/// on file as revoked. Answers how many entries.
pub fn revoke(act: &mut Act, about: &str, reason: &str) -> Result<u64> {
    let parties = events::parties_of(act.tx, about)?;
    let revoked = events::revoke(act.tx, about, act.now, reason)?;
    for party in parties {
        // a platform that has the record takes it back by its number
        feed::put(act.tx, act.now, &party, "revoked", &json!({ "about": about, "reason": reason }))?;
        let whole = whole(act.tx, &party)?;
        grades::due_add(act.tx, &whole, act.now)?;
    }
    Ok(revoked)
}

/// Something that counts happened to a business, and another room keeps it: it is graded anew with the next round.
pub fn touched(act: &mut Act, party: &str) -> Result<()> {
    if party.is_empty() {
        return Ok(());
    }
    let now = act.now;
    let whole = whole(act.tx, party)?;
    grades::due_add(act.tx, &whole, now)
}

/// The business that a record is part of, over any number of merges; itself where it stands alone.
fn whole(tx: &mut Tx, party: &str) -> Result<String> {
    let mut id = party.to_owned();
    // a record is never part of itself; eight merges in a row are more than anybody makes
    for _ in 0..8 {
        match parties::store::merges::standing(tx, &id)? {
            Some(merged) => id = merged.survivor,
            None => break,
        }
    }
    Ok(id)
}
