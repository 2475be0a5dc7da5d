//! Users: made, changed, disabled, unlocked, given a new password.

use kit_base::{Error, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{give_password, name_free, no_administrator, room, shut_out, user_within};
use crate::model::Account;
use crate::rules;
use crate::store::{self, users::NewUser};

/// A user to be made; belongs to a bureau or to a business.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct UserInput {
    /// Sign-in name; kept as it is when a user is changed.
    pub name: String,
    pub full_name: String,
    /// Empty for unknown.
    #[serde(default)]
    pub phone: String,
    pub bureau: Option<String>,
    pub party: Option<String>,
}

/// The part of a user that is checked without the database.
struct Plain {
    full_name: String,
    phone: Option<String>,
}

impl UserInput {
    fn plain(&self) -> Result<Plain> {
        let full_name = rules::plain_text("full_name", &self.full_name, 40)?;
        Ok(Plain { full_name, phone: rules::phone(&self.phone)? })
    }

    /// [`UserInput::plain`] of a form that was filled from a list: a phone that comes back masked is left as it was.
    fn plain_beside(&self, user: &Account) -> Result<Plain> {
        let masked = user.phone.as_deref().map(kit_base::text::mask_phone);
        if masked.is_some_and(|m| m == self.phone.trim()) {
            let plain = Self { phone: String::new(), ..self.clone() }.plain()?;
            return Ok(Plain { phone: user.phone.clone(), ..plain });
        }
        self.plain()
    }

    fn bureau(&self) -> Option<&str> {
        self.bureau.as_deref().filter(|b| !b.is_empty())
    }

    fn party(&self) -> Option<&str> {
        self.party.as_deref().filter(|p| !p.is_empty())
    }
}

/// Where a user belongs, within reach; answers the division.
fn home(act: &mut Act, input: &UserInput) -> Result<String> {
    let scope = act.who().scope_for("accounts.users");
    let division = match (input.bureau(), input.party()) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid("party", "home_both", "用户属于机构或主体之一，不能两者都填"));
        }
        (None, None) => {
            return Err(Error::invalid("bureau", "home_none", "请选择所属机构；企业用户请选择所属主体"));
        }
        (Some(id), None) => store::bureaus::bureau(act.tx, id)?
            .map(|b| b.division)
            .filter(|d| scope.covers(d, None))
            .ok_or_else(|| Error::invalid("bureau", "bureau_unknown", "没有这个机构"))?,
        (None, Some(id)) => (room(act).outside.business)(act.tx, id)?
            .map(|b| b.division)
            .filter(|d| scope.covers(d, None))
            .ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?,
    };
    Ok(division)
}

/// Makes a user who must change the password at the first sign-in; `id` and `hash` are made before.
pub fn create(act: &mut Act, id: &str, input: &UserInput, hash: &str) -> Result<String> {
    let name = rules::sign_in_name(&input.name)?;
    let plain = input.plain()?;
    let division = home(act, input)?;
    name_free(act, &name)?;
    let new = NewUser {
        id,
        name: &name,
        full_name: &plain.full_name,
        phone: plain.phone.as_deref(),
        bureau: input.bureau(),
        party: input.party(),
        division: &division,
        password: hash,
        must_change: true,
        simulated: false,
        now: act.now,
    };
    store::users::insert(act.tx, &new)?;
    act.subject("user", id, &division);
    act.note(json!({ "name": name, "bureau": input.bureau(), "party": input.party() }));
    Ok(id.to_owned())
}

/// Changes name, phone, bureau or business. Who holds posts does not change from a bureau to a business, nor back.
pub fn update(act: &mut Act, id: &str, input: &UserInput) -> Result<()> {
    let user = user_within(act, "accounts.users", id)?;
    let plain = input.plain_beside(&user)?;
    let division = home(act, input)?;
    let moved = user.bureau.is_some() != input.bureau().is_some() || user.party.as_deref() != input.party();
    if moved && has_rights(act, &user)? {
        return Err(
            Error::conflict("rights_held", "该用户还有岗位或所代表的主体，请先由安全管理员撤销").at("party")
        );
    }
    let mut changed = Vec::new();
    if user.full_name != plain.full_name {
        changed.push("full_name");
    }
    if user.phone != plain.phone {
        changed.push("phone");
    }
    if user.bureau.as_deref() != input.bureau() || user.party.as_deref() != input.party() {
        changed.push("home");
    }
    let user = Account {
        full_name: plain.full_name,
        phone: plain.phone,
        bureau: input.bureau().map(str::to_owned),
        party: input.party().map(str::to_owned),
        division,
        ..user
    };
    act.note(json!({ "changed": changed }));
    store::users::change(act.tx, &user, act.now)
}

fn has_rights(act: &mut Act, user: &Account) -> Result<bool> {
    Ok(!store::posts::roles_to_come(act.tx, &user.id, act.now, "")?.is_empty()
        || !store::posts::memberships(act.tx, &user.id, act.now)?.is_empty())
}

/// 停用: signed out at once and not let in again. Not the three administrators, not oneself.
pub fn disable(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.users", id)?;
    if user.id == act.who().user {
        return Err(Error::forbidden("own_account", "不能停用自己的账号"));
    }
    no_administrator(act, &user)?;
    shut_out(act, &user)
}

/// 启用
pub fn enable(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.users", id)?;
    store::users::set_state(act.tx, &user.id, "active", act.now)
}

/// 解锁: forgets the failed sign-ins.
pub fn unlock(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.unlock", id)?;
    store::sessions::forgive(act.tx, &user.name)
}

/// Takes away a lost second factor. Not of the three administrators.
pub fn drop_totp(act: &mut Act, id: &str) -> Result<()> {
    let user = user_within(act, "accounts.unlock", id)?;
    no_administrator(act, &user)?;
    store::users::drop_totp(act.tx, &user.id, act.now)?;
    store::sessions::end_all(act.tx, &user.id, "", act.now).map(drop)
}

/// Gives a one-time password; the user is signed out everywhere. Not the three administrators.
pub fn reset_password(act: &mut Act, id: &str, hash: &str) -> Result<()> {
    let user = user_within(act, "accounts.reset", id)?;
    no_administrator(act, &user)?;
    give_password(act, &user, hash)
}
