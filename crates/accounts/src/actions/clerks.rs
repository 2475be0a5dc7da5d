//! 企业录入员, by the 企业负责人 of the same business and of no other.

use kit_base::{Error, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{give_password, name_free, room, shut_out};
use crate::model::{Account, Role};
use crate::rules;
use crate::store::posts::Grant;
use crate::store::{self, users::NewUser};

/// A clerk to be made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ClerkInput {
    /// The business; may be left out by the owner of one alone.
    pub party: Option<String>,
    /// Sign-in name.
    pub name: String,
    pub full_name: String,
    /// Empty for unknown.
    #[serde(default)]
    pub phone: String,
}

/// Makes a clerk who may act at once and must change the password at the first sign-in; `id` and `hash` are made before.
pub fn create(act: &mut Act, id: &str, input: &ClerkInput, hash: &str) -> Result<String> {
    let name = rules::sign_in_name(&input.name)?;
    let full_name = rules::plain_text("full_name", &input.full_name, 40)?;
    let phone = rules::phone(&input.phone)?;
    let scope = act.who().scope_for("accounts.clerks");
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体");
    let party = match input.party.as_deref().filter(|p| !p.is_empty()) {
        Some(id) => id,
        None => scope.business().ok_or_else(|| Error::invalid("party", "party_which", "请选择主体"))?,
    };
    let business = (room(act).outside.business)(act.tx, party)?;
    let business = business.filter(|b| scope.covers(&b.division, Some(party))).ok_or_else(unknown)?;
    name_free(act, &name)?;
    let new = NewUser {
        id,
        name: &name,
        full_name: &full_name,
        phone: phone.as_deref(),
        bureau: None,
        party: Some(party),
        division: &business.division,
        password: hash,
        must_change: true,
        simulated: false,
        now: act.now,
    };
    store::users::insert(act.tx, &new)?;
    let (membership, by) = (act.id(), act.who().user.clone());
    let now = act.now;
    let grant = Grant { id: &membership, user: id, what: party, from_at: now, until_at: None, by: &by, now };
    store::posts::join_business(act.tx, &grant, Role::BusinessClerk)?;
    act.subject("user", id, &business.division);
    act.note(json!({ "name": name, "party": party, "role": "business_clerk" }));
    Ok(id.to_owned())
}

/// A clerk of one's own business: acts for no business beyond one's own, and as a clerk only. Others are not there.
fn own_clerk(act: &mut Act, id: &str) -> Result<Account> {
    let gone = || Error::not_found("没有这个录入员");
    let scope = act.who().scope_for("accounts.clerks");
    let user = store::users::by_id(act.tx, id)?.ok_or_else(gone)?;
    if !scope.covers("", user.party.as_deref()) {
        return Err(gone());
    }
    let memberships = store::posts::memberships(act.tx, id, act.now)?;
    let own = |m: &crate::model::Membership| {
        m.role == Role::BusinessClerk.code() && scope.covers("", Some(&m.party))
    };
    if !memberships.iter().all(own) {
        return Err(gone());
    }
    act.subject("user", &user.id, &user.division);
    Ok(user)
}

/// 停用: signed out at once and not let in again.
pub fn disable(act: &mut Act, id: &str) -> Result<()> {
    let user = own_clerk(act, id)?;
    shut_out(act, &user)
}

/// 启用
pub fn enable(act: &mut Act, id: &str) -> Result<()> {
    let user = own_clerk(act, id)?;
    store::users::set_state(act.tx, &user.id, "active", act.now)
}

/// Gives a one-time password and forgets the failures; the clerk is signed out everywhere.
pub fn reset_password(act: &mut Act, id: &str, hash: &str) -> Result<()> {
    let user = own_clerk(act, id)?;
    give_password(act, &user, hash)
}
