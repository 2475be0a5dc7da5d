//! Licences that a room issued or ended, kept with the business that holds them.

use kit_base::Result;
use kit_web::Act;

use super::missing;
use super::write::{feed, remember};
use crate::model::{Licence, NewLicence};
use crate::rules;
use crate::store::{self, Whole};

/// Puts a licence with a business, in place of one of the same number. Whoever calls has decided that it may.
///
/// Errors: not found.
pub fn put_licence(act: &mut Act, party: &str, new: NewLicence) -> Result<()> {
    let id = act.id();
    let NewLicence { kind, number, issued, expires, issuer } = new;
    let licence = Licence { id, kind, number, issued, expires, issuer };
    rewrite(act, party, |licences| {
        licences.retain(|l| l.number != licence.number);
        licences.push(licence);
    })
}

/// Takes a licence that is no more from a business; what it had stays in its changes.
///
/// Errors: not found.
pub fn drop_licence(act: &mut Act, party: &str, number: &str) -> Result<()> {
    rewrite(act, party, |licences| licences.retain(|l| l.number != number))
}

fn rewrite(act: &mut Act, party: &str, change: impl FnOnce(&mut Vec<Licence>)) -> Result<()> {
    let id = crate::standing_id(act.tx, party)?;
    let mut party = store::by_id(act.tx, &id)?.ok_or_else(missing)?;
    let mut licences = store::licences(act.tx, &id)?;
    let people = store::people(act.tx, &id)?;
    let before = rules::licences_text(&licences);
    change(&mut licences);
    let after = rules::licences_text(&licences);
    if before == after {
        return Ok(());
    }
    party.seq = store::take_seq(act.tx, 1)?;
    party.updated_at = act.now;
    let whole = Whole { party, licences, people };
    store::update(act.tx, &whole)?;
    let change = crate::model::FieldChange { field: "licences".into(), old: before, new: after };
    remember(act, &whole.party, "update", vec![change])?;
    feed(act, &whole);
    Ok(())
}
