//! Ballots.

use kit_base::clock::china_day;
use kit_base::codes::tidy;
use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_web::{Act, guard};
use serde_json::json;

use super::code;
use crate::model::{Ballot, Campaign};
use crate::rules::ballot::{self, Marks};
use crate::rules::hash;
use crate::store::{ballots, campaigns};

/// From where a ballot comes; nothing of it is kept but hashes whose salt goes with the day.
#[derive(Debug, Clone)]
pub struct From {
    pub address: String,
    pub agent: String,
}

/// The mark of a page that is filled in now. Errors: `campaign_not_open`.
pub fn page(tx: &mut Tx, of: &Campaign, from: &From, now: kit_base::Millis) -> Result<String> {
    let (salt, marks) = marks(tx, of, from, now)?;
    Ok(ballot::page(&salt, &of.id, &marks, now))
}

fn marks(tx: &mut Tx, of: &Campaign, from: &From, now: kit_base::Millis) -> Result<(String, Marks)> {
    let closed = || Error::conflict("campaign_not_open", "现在不在征集时间内");
    let today = china_day(now).to_string();
    if of.state != "open" || today < of.from_day || today > of.until_day {
        return Err(closed());
    }
    let salt = campaigns::salt(tx, &of.id, &today)?.ok_or_else(closed)?;
    let marks = ballot::marks(&salt, &guard::network(&from.address), &from.agent);
    Ok((salt, marks))
}

/// Puts a ballot into the box; answers the code that the voter keeps.
///
/// Errors: not found, `campaign_not_open`, those of [`ballot::check`], [`ballot::check_page`] and [`ballot::admit`].
pub fn vote(act: &mut Act, code_of: &str, given: &Ballot, from: &From) -> Result<String> {
    let of = campaigns::by_code(act.tx, code_of)?.ok_or_else(|| Error::not_found("没有这个活动"))?;
    let (salt, marks) = marks(act.tx, &of, from, act.now)?;
    ballot::check_page(&salt, &of.id, &marks, &given.page, act.now)?;
    ballot::check(given, &campaigns::options(act.tx, &of.id)?)?;
    let today = china_day(act.now).to_string();
    campaigns::forget(act.tx, &of.id, &today)?;
    let (device, network) = ballots::cast(act.tx, &of.id, &today, &marks.device, &marks.network)?;
    ballot::admit(device, network)?;
    let (id, receipt) = (act.id(), code::<12>(act.ids()));
    let new = ballots::NewBallot {
        id: &id,
        campaign: &of.id,
        receipt: &hash(&receipt).0,
        day: &today,
        device: &marks.device,
        network: &marks.network,
        contact: &tidy(&given.contact),
        at: act.now,
    };
    ballots::insert(act.tx, &new, given)?;
    act.subject("campaign", &of.id, &of.division);
    act.note(json!({ "foods": given.food.len(), "contact": !given.contact.trim().is_empty() }));
    Ok(receipt)
}

/// Ballots of an invented city: each from a device of its own. Errors: not found, `campaign_not_open`, those of [`ballot::check`].
pub fn bring(act: &mut Act, id: &str, given: &[Ballot]) -> Result<i64> {
    let found = campaigns::by_id(act.tx, id)?.filter(|c| c.simulated);
    let of = found.ok_or_else(|| Error::not_found("没有这个模拟的活动"))?;
    if of.state != "open" {
        return Err(Error::conflict("campaign_not_open", "现在不在征集时间内"));
    }
    let options = campaigns::options(act.tx, id)?;
    let today = china_day(act.now).to_string();
    for one in given {
        ballot::check(one, &options)?;
        let (key, receipt, device) = (act.id(), code::<12>(act.ids()), code::<16>(act.ids()));
        let new = ballots::NewBallot {
            id: &key,
            campaign: id,
            receipt: &hash(&receipt).0,
            day: &today,
            device: &device,
            network: &device,
            contact: "",
            at: act.now,
        };
        ballots::insert(act.tx, &new, one)?;
    }
    act.subject("campaign", id, &of.division);
    Ok(given.len() as i64)
}

/// Whether a refusal is told on the page itself.
pub fn on_page(e: &Error) -> bool {
    matches!(e.kind, Kind::Invalid | Kind::TooMany | Kind::Conflict)
}
