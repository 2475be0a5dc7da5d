//! Who acts for whom.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Cx, Scope};
use parties::Brief;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Mandate;
use crate::rules::reference;
use crate::store::registers as store;

/// The applicant, the context to act in its name, and the agent's business (empty: the asker needs no mandate).
///
/// Errors: `party_unknown`, `party_unsaid` where the asker has several.
pub fn acting(tx: &mut Tx, cx: &Cx, party: Option<&str>, matter: &str) -> Result<(Brief, Cx, String)> {
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或您不能代它办理");
    let scope = cx.who.scope_for("permits.apply");
    let id = match party.filter(|p| !p.is_empty()) {
        Some(id) => id.to_owned(),
        None => scope
            .business()
            .map(str::to_owned)
            .ok_or_else(|| Error::invalid("party", "party_unsaid", "请选择为哪个主体办理"))?,
    };
    let brief = parties::brief(tx, &id)?.ok_or_else(unknown)?;
    if scope.covers(&brief.division, Some(&brief.id)) {
        return Ok((brief, cx.clone(), String::new()));
    }
    let Scope::Businesses(own) = &scope else { return Err(unknown()) };
    let today = china_day(cx.now()).to_string();
    for agent in own {
        let mandates = store::between(tx, agent, &brief.id, &today)?;
        let fits = |m: &&Mandate| m.matters.is_empty() || m.matters.iter().any(|c| c == matter);
        if mandates.iter().any(|m| fits(&m)) {
            let mut cx = cx.clone();
            widen(&mut cx, own, &brief.id);
            return Ok((brief, cx, agent.clone()));
        }
    }
    Err(unknown())
}

/// Permissions of this room reach the principal too, for this request.
fn widen(cx: &mut Cx, own: &[String], principal: &str) {
    let mut all = own.to_vec();
    all.push(principal.to_owned());
    let mut scopes: BTreeMap<&'static str, Scope> = (*cx.who.scopes).clone();
    for permission in ["permits.apply", "permits.read"] {
        scopes.insert(permission, Scope::Businesses(all.clone()));
    }
    cx.who.scopes = Arc::new(scopes);
}

/// A mandate to be given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMandate {
    /// Who gives it; the asker's own business where it is the only one.
    #[serde(default)]
    pub principal: Option<String>,
    /// 主体码 of the business that is to act.
    pub agent_code: String,
    /// Codes of matters; empty: all.
    #[serde(default)]
    pub matters: Vec<String>,
    /// `2026-03-01`
    pub from_day: String,
    pub until_day: String,
}

/// The longest mandate, years.
const LONGEST: i64 = 3;

/// Gives a mandate.
///
/// Errors: `party_unknown`, `party_unsaid`, `agent_unknown`, `agent_self`, `matter_unknown`, `date_form`, `dates_reversed`,
/// `mandate_long`.
pub fn give(act: &mut Act, new: &NewMandate) -> Result<Mandate> {
    let (principal, _, agent) = {
        let scope = act.who().scope_for("permits.mandate");
        let id = new.principal.clone().filter(|p| !p.is_empty()).or(scope.business().map(str::to_owned));
        let unsaid = || Error::invalid("principal", "party_unsaid", "请选择由哪个主体委托");
        let id = id.ok_or_else(unsaid)?;
        let brief = parties::brief(act.tx, &id)?.filter(|b| scope.covers(&b.division, Some(&b.id)));
        let unknown = || Error::invalid("principal", "party_unknown", "没有这个主体，或不是您的企业");
        let agent = parties::by_code(act.tx, &new.agent_code).map_err(|e| e.at("agent_code"))?;
        (brief.ok_or_else(unknown)?, (), agent)
    };
    let unknown =
        || Error::invalid("agent_code", "agent_unknown", "没有这个主体码，请让代办机构出示其主体码");
    let agent = agent.ok_or_else(unknown)?;
    if agent.id == principal.id {
        return Err(Error::invalid("agent_code", "agent_self", "不能委托自己"));
    }
    for code in &new.matters {
        reference::matter(code).map_err(|e| e.at("matters"))?;
    }
    let from = parties::asked::day("from_day", &new.from_day)?;
    let until = parties::asked::day("until_day", &new.until_day)?;
    if until < from || until < china_day(act.now) {
        return Err(Error::invalid("until_day", "dates_reversed", "委托期限应在今天以后，且不早于开始日"));
    }
    let most = from.checked_add(jiff::Span::new().years(LONGEST)).unwrap_or(from);
    if until > most {
        return Err(Error::invalid("until_day", "mandate_long", format!("委托期限最长 {LONGEST} 年")));
    }
    let mandate = Mandate {
        id: act.id(),
        principal: principal.id.clone(),
        principal_name: principal.name.clone(),
        agent: agent.id.clone(),
        agent_name: agent.name.clone(),
        matters: new.matters.clone(),
        from_day: from.to_string(),
        until_day: until.to_string(),
        given_at: act.now,
        revoked_at: None,
    };
    let by = act.who().name.clone();
    store::add_mandate(act.tx, &mandate, &by)?;
    act.subject("mandate", &mandate.id, &principal.division);
    act.note(json!({ "principal": principal.id, "agent": agent.id, "until": mandate.until_day }));
    Ok(mandate)
}

/// Takes a mandate back. Errors: not found.
pub fn revoke(act: &mut Act, id: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这份委托，或已撤销");
    let Scope::Businesses(own) = act.who().scope_for("permits.mandate") else { return Err(unknown()) };
    for principal in own {
        if store::revoke_mandate(act.tx, id, &principal, act.now)? {
            let division = parties::brief(act.tx, &principal)?.map(|b| b.division).unwrap_or_default();
            act.subject("mandate", id, &division);
            return Ok(());
        }
    }
    Err(unknown())
}

/// Mandates that the asker's businesses gave or have.
pub fn mine(tx: &mut Tx, cx: &Cx) -> Result<Vec<Mandate>> {
    let Scope::Businesses(own) = cx.who.scope_for("permits.apply") else { return Ok(Vec::new()) };
    let mut out: Vec<Mandate> = Vec::new();
    for party in own {
        let found = store::mandates(tx, &party)?;
        out.extend(found.into_iter().filter(|m| !m.id.is_empty()));
    }
    let mut ids: Vec<String> = out.iter().flat_map(|m| [m.principal.clone(), m.agent.clone()]).collect();
    ids.sort();
    ids.dedup();
    let briefs = parties::briefs(tx, &ids)?;
    let name = |id: &str| briefs.get(id).map(|b| b.name.clone()).unwrap_or_default();
    for mandate in &mut out {
        mandate.principal_name = name(&mandate.principal);
        mandate.agent_name = name(&mandate.agent);
    }
    Ok(out)
}
