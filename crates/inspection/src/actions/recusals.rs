//! 回避 is noted and taken back.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Actor, Page, answer::paging};
use serde_json::json;

use super::visits::fit_officers;
use crate::model::{NewRecusal, Recusal, RecusalQuery};
use crate::rules::recusal as rules;
use crate::store::recusals as store;

/// Those that somebody may see, by name. They are few: what is searched for is the name of the business too, which is not kept
/// with them. Errors: `sort_unknown`.
pub fn list(tx: &mut Tx, who: &Actor, q: &RecusalQuery) -> Result<Page<Recusal>> {
    let mut all = store::list(tx, &who.scope)?;
    let ids: Vec<String> = all.iter().map(|r| r.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for recusal in &mut all {
        recusal.party_name = briefs.get(&recusal.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    let wanted = rules::wanted(all, q, &who.user)?;
    let (page, size) = paging(q.page, q.size);
    let total = wanted.len() as i64;
    let items = wanted.into_iter().skip(((page - 1) * size) as usize).take(size as usize).collect();
    Ok(Page { items, total, page, size })
}

/// Notes that an officer may not inspect a business. Errors: `reason_form`, `party_unknown`, those of [`fit_officers`].
pub fn note(act: &mut Act, new: &NewRecusal) -> Result<Recusal> {
    if new.reason.trim().is_empty() || new.reason.chars().count() > 200 {
        return Err(Error::invalid("reason", "reason_form", "请写明回避理由，不超过 200 字"));
    }
    let (id, name, division) = party(act, &new.party)?;
    // one who is noted already is noted anew
    store::drop_one(act.tx, &new.officer, &id)?;
    let found =
        fit_officers(act, &division, &id, std::slice::from_ref(&new.officer)).map_err(|e| e.at("officer"))?;
    let recusal = Recusal {
        officer: new.officer.clone(),
        party: id,
        name: found.into_iter().next().map(|o| o.name).unwrap_or_default(),
        party_name: name,
        division,
        reason: new.reason.trim().to_owned(),
        by_name: act.who().name.clone(),
        at: act.now,
    };
    store::put(act.tx, &recusal)?;
    act.subject("recusal", &recusal.party, &recusal.division);
    act.note(json!({ "officer": recusal.officer }));
    Ok(recusal)
}

/// Takes one back. Errors: not found, `party_unknown`.
pub fn take_back(act: &mut Act, officer: &str, of: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这条回避，或不在您的辖区内");
    let (id, _, division) = party(act, of).map_err(|_| unknown())?;
    act.subject("recusal", &id, &division);
    act.note(json!({ "officer": officer }));
    if store::drop_one(act.tx, officer, &id)? { Ok(()) } else { Err(unknown()) }
}

fn party(act: &mut Act, id: &str) -> Result<(String, String, String)> {
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let found = parties::brief(act.tx, id)?.ok_or_else(unknown)?;
    let covered = act.who().scope_for("inspection.plan").covers(&found.division, Some(&found.id));
    if covered { Ok((found.id, found.name, found.division)) } else { Err(unknown()) }
}
