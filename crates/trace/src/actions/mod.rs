//! One function a use case: authorise, load, decide, store; inside the transaction of an `Act`.

pub mod codes;
pub mod correct;
pub mod epcis;
pub mod moves;
pub mod network;
pub mod products;
pub mod subscriptions;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Actor, Scope};

/// The one business that all these records are, where they were merged into one.
fn only_one(tx: &mut Tx, own: &[String]) -> Result<String> {
    let mut standing = std::collections::BTreeSet::new();
    for id in own {
        standing.insert(parties::standing_id(tx, id)?);
    }
    match standing.pop_first() {
        Some(id) if standing.is_empty() => Ok(id),
        _ => Err(Error::invalid("party", "party_missing", "请选择是哪一个主体")),
    }
}

/// The business an act is for: the named one, which the person must act for, or their only one.
pub fn acting_party(tx: &mut Tx, who: &Actor, named: Option<&str>) -> Result<parties::Brief> {
    let id = match (named, &who.scope) {
        (Some(id), _) => id.to_owned(),
        (None, Scope::Businesses(own)) if own.len() == 1 => own[0].clone(),
        (None, Scope::Businesses(own)) => only_one(tx, own)?,
        _ => return Err(Error::invalid("party", "party_missing", "请选择是哪一个主体")),
    };
    let brief = parties::brief(tx, &id)?;
    let brief = brief.ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?;
    let may = match &who.scope {
        Scope::Businesses(own) => own.contains(&id) || own.contains(&brief.id),
        Scope::Divisions(_) => who.scope.covers(&brief.division, Some(&id)) && who.may("trace.declare"),
    };
    if may {
        return Ok(brief);
    }
    // that the business exists is not theirs to know
    Err(Error::invalid("party", "party_unknown", "没有这个主体"))
}
