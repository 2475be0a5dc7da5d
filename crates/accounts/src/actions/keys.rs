//! Keys of programs: made by the owner of a business for it, by the 系统管理员 for a bureau.
//!
//! A bureau's key carries nothing until the 安全管理员 has given it its permissions: who makes accounts grants nothing.

use kit_base::{Error, Millis, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::room;
use crate::rules;
use crate::secret::token_hash;
use crate::store;
use crate::store::keys::{KeyRow, New};

const DAY: Millis = 24 * 3_600_000;
/// Days a key may live.
const LONGEST: i64 = 730;

/// A key to be made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct KeyInput {
    /// What it is for.
    pub name: String,
    /// The business; may be left out by the owner of one alone.
    pub party: Option<String>,
    pub bureau: Option<String>,
    /// What it may do; for a bureau empty, the 安全管理员 gives them.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// How long it lives, 1 to 730.
    pub days: i64,
}

/// Reads permissions that a key may carry.
fn carried(act: &Act, wanted: &[String], of_business: bool) -> Result<Vec<String>> {
    let gate = room(act).gate.clone();
    let mut out = Vec::new();
    for (i, code) in wanted.iter().enumerate() {
        let known = gate.permissions().iter().find(|p| p.code == code);
        if !known.is_some_and(|p| rules::key_may_carry(p, of_business)) {
            let place = format!("permissions/{i}");
            return Err(Error::invalid(
                place,
                "permission_not_for_keys",
                format!("密钥不能带有权限“{code}”"),
            ));
        }
        out.push(code.clone());
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// Makes a key; `id` and `token` are made before.
pub fn create(act: &mut Act, id: &str, token: &str, input: &KeyInput) -> Result<String> {
    let name = rules::plain_text("name", &input.name, 40)?;
    if !(1..=LONGEST).contains(&input.days) {
        return Err(Error::invalid("days", "days_range", format!("有效期应为 1 到 {LONGEST} 天")));
    }
    let scope = act.who().scope_for("accounts.keys_make");
    let text = |t: &Option<String>| t.clone().filter(|t| !t.is_empty());
    let (party, bureau) = match &scope {
        kit_web::Scope::Businesses(_) => {
            let party = text(&input.party).or_else(|| scope.business().map(str::to_owned));
            (Some(party.ok_or_else(|| Error::invalid("party", "party_which", "请选择主体"))?), None)
        }
        kit_web::Scope::Divisions(_) => {
            let bureau = text(&input.bureau);
            (None, Some(bureau.ok_or_else(|| Error::invalid("bureau", "bureau_which", "请选择机构"))?))
        }
    };
    let division = match (&party, &bureau) {
        (Some(party), _) => (room(act).outside.business)(act.tx, party)?
            .map(|b| b.division)
            .filter(|d| scope.covers(d, Some(party)))
            .ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?,
        (_, bureau) => store::bureaus::bureau(act.tx, bureau.as_deref().unwrap_or(""))?
            .map(|b| b.division)
            .filter(|d| scope.covers(d, None))
            .ok_or_else(|| Error::invalid("bureau", "bureau_unknown", "没有这个机构"))?,
    };
    if party.is_none() && !input.permissions.is_empty() {
        return Err(Error::invalid(
            "permissions",
            "permissions_later",
            "机构密钥的权限由安全管理员授予，请留空",
        ));
    }
    let permissions = carried(act, &input.permissions, true)?;
    if party.is_some() && permissions.is_empty() {
        return Err(Error::invalid("permissions", "permissions_none", "至少选一项权限"));
    }
    let by = act.who().user.clone();
    let new = New {
        id,
        token_hash: &token_hash(token),
        name: &name,
        party: party.as_deref(),
        bureau: bureau.as_deref(),
        division: &division,
        by: &by,
        now: act.now,
        until_at: act.now + input.days * DAY,
    };
    store::keys::add(act.tx, &new)?;
    store::keys::set_permissions(act.tx, id, &permissions)?;
    act.subject("key", id, &division);
    act.note(json!({ "name": name, "party": party, "bureau": bureau, "permissions": permissions, "days": input.days }));
    Ok(id.to_owned())
}

/// A key within reach of a permission, that was not revoked; others are not there.
fn within(act: &mut Act, permission: &str, id: &str) -> Result<KeyRow> {
    let scope = act.who().scope_for(permission);
    let found = store::keys::by_id(act.tx, id)?.filter(|k| scope.covers(&k.division, k.party.as_deref()));
    let key =
        found.filter(|k| k.revoked_at.is_none()).ok_or_else(|| Error::not_found("没有这个密钥，或已吊销"))?;
    act.subject("key", &key.id, &key.division);
    Ok(key)
}

/// Gives a bureau's key its permissions; the next request has them.
pub fn grant(act: &mut Act, id: &str, wanted: &[String]) -> Result<()> {
    let key = within(act, "accounts.grant", id)?;
    if key.party.is_some() {
        return Err(Error::conflict("key_of_business", "企业密钥的权限由企业负责人在建立时选定"));
    }
    let permissions = carried(act, wanted, false)?;
    store::keys::set_permissions(act.tx, id, &permissions)?;
    act.note(json!({ "permissions": permissions }));
    Ok(())
}

/// 吊销: gone with the next request.
pub fn revoke(act: &mut Act, id: &str) -> Result<()> {
    let key = within(act, "accounts.keys", id)?;
    let by = act.who().user.clone();
    store::keys::revoke(act.tx, &key.id, &by, act.now)?;
    act.note(json!({ "name": key.name }));
    Ok(())
}
