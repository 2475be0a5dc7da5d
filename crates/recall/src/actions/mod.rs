//! One function a use case, inside the transaction of an `Act`.

pub mod begin;
pub mod calls;
pub mod checks;
pub mod dispose;
pub mod drill;
pub mod follow;
pub mod ground;
pub mod look;
pub mod outside;
pub mod photos;
pub mod report;
pub mod trace;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Actor};

use crate::model::{Recall, Task};
use crate::store;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code that cannot be guessed: 80 bits.
pub fn code(act: &Act) -> String {
    let bytes: [u8; 16] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// Not there, or not theirs to know.
pub fn unknown() -> Error {
    Error::not_found("没有这次召回，或不在您的范围内")
}

/// A recall that somebody may see. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Recall> {
    let found = store::recalls::by_id(tx, id)?.ok_or_else(unknown)?;
    match who.may(permission) && who.scope_for(permission).covers(&found.division, Some(&found.party)) {
        true => named(tx, found),
        false => Err(unknown()),
    }
}

/// Puts the name of the business in.
pub fn named(tx: &mut Tx, mut recall: Recall) -> Result<Recall> {
    recall.party_name = parties::brief(tx, &recall.party)?.map(|b| b.name).unwrap_or_default();
    Ok(recall)
}

/// A holder's task that somebody may look at: the business itself, or an officer of the place where it lies, for one who has no
/// phone. Errors: not found.
pub fn task(tx: &mut Tx, who: &Actor, id: &str, party: &str) -> Result<(Recall, Task)> {
    reached(tx, who, "recall.supervise", id, party)
}

/// [`task`] for who writes down what was found there. A phone may send that and look at nothing
/// (docs/decisions/0027-resume.md): the officer's right is one of its own. Errors: not found.
pub fn visited(tx: &mut Tx, who: &Actor, id: &str, party: &str) -> Result<(Recall, Task)> {
    reached(tx, who, "recall.visit", id, party)
}

fn reached(tx: &mut Tx, who: &Actor, officers: &str, id: &str, party: &str) -> Result<(Recall, Task)> {
    let recall = store::recalls::by_id(tx, id)?.ok_or_else(unknown)?;
    let task = store::tasks::task(tx, id, party)?.ok_or_else(unknown)?;
    let own = who.may("recall.hold") && who.scope_for("recall.hold").covers("", Some(party));
    let office = who.may(officers) && who.scope_for(officers).covers(&task.division, None);
    match own || office {
        true => Ok((named(tx, recall)?, task)),
        false => Err(unknown()),
    }
}

/// Errors: `case_ended`.
pub fn goes_on(recall: &Recall) -> Result<()> {
    match recall.closed_at {
        None => Ok(()),
        Some(_) => Err(Error::conflict("case_ended", "召回已经结束")),
    }
}

/// The business that the asker acts for, or the one that is named. Errors: `party_missing`.
pub fn business(who: &Actor, permission: &str, named: Option<&str>) -> Result<String> {
    let own = who.scope_for(permission).business().map(str::to_owned);
    let found = named.filter(|p| !p.is_empty()).map(str::to_owned).or(own);
    found.ok_or_else(|| Error::invalid("party", "party_missing", "请选择单位"))
}
