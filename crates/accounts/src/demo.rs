//! Demo accounts for the sample city. Marked as simulated; a house in production neither makes them nor lets them in.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use crate::bootstrap::{Person, add_post, add_regulator, add_user, hold};
use crate::model::{Bureau, Role};
use crate::store::posts::Grant;
use crate::{Accounts, store};

/// A division with its name: `("4109", "濮阳市")`.
pub type Place = (String, String);

/// The sample city.
#[derive(Debug, Clone)]
pub struct City {
    /// 4 digits
    pub city: Place,
    /// 6 digits each; the first two get an officer and a grid is put under the 所.
    pub counties: Vec<Place>,
    /// A 所 of the first county: 9 digits.
    pub township: Place,
    /// Business an owner account acts for.
    pub owner_of: Option<String>,
    /// Business a clerk account acts for.
    pub clerk_of: Option<String>,
}

/// An account that was made.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct DemoAccount {
    pub name: String,
    pub full_name: String,
    /// Chinese.
    pub role: String,
    /// Bureau or business, Chinese.
    pub place: String,
}

/// Makes bureaus, a grid, posts and accounts. `hash`: of the password all of them share
/// ([`crate::Passwords::hash_blocking`]); nobody is asked to change it.
///
/// Errors: `demo_in_production`; `party_unknown` for a business that is not there.
pub fn make(act: &mut Act, hash: &str, plan: &City) -> Result<Vec<DemoAccount>> {
    if act.cx.house.production {
        return Err(Error::forbidden("demo_in_production", "正式环境不能建立演示账号"));
    }
    let (first, second) = match plan.counties.as_slice() {
        [first, second, ..] => (first, second),
        _ => return Err(Error::invalid("counties", "counties_count", "示范城市至少要有两个县")),
    };
    let city = bureau(act, None, 2, &plan.city)?;
    let near = bureau(act, Some(&city), 3, first)?;
    let far = bureau(act, Some(&city), 3, second)?;
    let station = bureau(act, Some(&near), 4, &plan.township)?;
    let grid = crate::model::Grid {
        id: act.id(),
        bureau: station.id.clone(),
        name: format!("{}第一网格", plan.township.1),
        division: plan.township.0.clone(),
    };
    store::bureaus::add_grid(act.tx, &grid)?;
    let mut made = Vec::new();
    for (login, full_name, role, place) in [
        ("sysadmin", "孙系统", Role::SystemAdmin, &city),
        ("secadmin", "安全保", Role::SecurityAdmin, &city),
        ("audadmin", "沈计明", Role::AuditAdmin, &city),
        ("leader", "李分管", Role::Leader, &city),
        ("investigator", "邱溯源", Role::Investigator, &city),
        ("officer1", "赵监管", Role::Officer, &near),
        ("officer2", "钱监管", Role::Officer, &far),
        ("station", "周所员", Role::Officer, &station),
        // an inspection takes two
        ("officer3", "吴监管", Role::Officer, &near),
    ] {
        let person = Person { login, full_name, hash, must_change: false, simulated: true };
        let user = add_regulator(act, place, &person)?;
        // two posts of one bureau have two names
        let title = if login == "officer3" { "监管人员二" } else { role.name() };
        let post = add_post(act, place, title, &[role], std::slice::from_ref(&place.division))?;
        hold(act, &user, &post)?;
        made.push(account(&person, role, &place.name));
    }
    for (login, full_name, role, party) in [
        ("owner", "王老板", Role::BusinessOwner, &plan.owner_of),
        ("clerk", "陈录入", Role::BusinessClerk, &plan.clerk_of),
    ] {
        let Some(party) = party else { continue };
        let person = Person { login, full_name, hash, must_change: false, simulated: true };
        let place = business_user(act, &person, role, party)?;
        made.push(account(&person, role, &place));
    }
    act.subject("bureau", &city.id, &city.division);
    act.note(json!({ "demo_accounts": made.len() }));
    Ok(made)
}

/// The bureau of a county below that of its city, where it is not there yet.
///
/// Errors: `demo_in_production`, `bureau_unknown` where the city has none.
pub fn office(act: &mut Act, city: &str, county: &Place) -> Result<()> {
    if act.cx.house.production {
        return Err(Error::forbidden("demo_in_production", "正式环境不能建立演示账号"));
    }
    let above = store::bureaus::in_charge(act.tx, city)?;
    let above = above.ok_or_else(|| Error::invalid("bureau", "bureau_unknown", "没有这个机构"))?;
    match store::bureaus::in_charge(act.tx, &county.0)?.filter(|b| b.division == county.0) {
        Some(_) => Ok(()),
        None => bureau(act, Some(&above), 3, county).map(drop),
    }
}

/// Id, full name and business (empty for none) of a demo person, by the name for signing in.
pub fn someone(tx: &mut kit_db::Tx, login: &str) -> Result<Option<(String, String, String)>> {
    let user = store::users::by_name(tx, login)?;
    Ok(user.map(|u| (u.id, u.full_name, u.party.unwrap_or_default())))
}

/// Where a demo person belongs.
pub enum Home<'a> {
    /// The bureau in charge of this division.
    Bureau(&'a str),
    /// A business by id.
    Party(&'a str),
}

/// One more demo person, with a role at a place; answers the user's id. For tests that need many.
///
/// Errors: `demo_in_production`, `role_unknown`, `bureau_unknown`, `party_unknown`.
pub fn person(act: &mut Act, hash: &str, login: &str, role: &str, home: &Home) -> Result<String> {
    if act.cx.house.production {
        return Err(Error::forbidden("demo_in_production", "正式环境不能建立演示账号"));
    }
    named(act, hash, &Named { login, full_name: login, title: login, role, home })
}

/// One more demo person, with a name.
pub struct Named<'a> {
    /// For signing in.
    pub login: &'a str,
    pub full_name: &'a str,
    /// Of the post at a bureau; of one bureau no two are the same.
    pub title: &'a str,
    /// A role's code.
    pub role: &'a str,
    pub home: &'a Home<'a>,
}

/// [`person`] with a name and a post's title.
///
/// Errors: as there.
pub fn named(act: &mut Act, hash: &str, who: &Named) -> Result<String> {
    if act.cx.house.production {
        return Err(Error::forbidden("demo_in_production", "正式环境不能建立演示账号"));
    }
    let Named { login, full_name, title, role, home } = *who;
    let role = Role::parse("role", role)?;
    let person = Person { login, full_name, hash, must_change: false, simulated: true };
    let (by, now) = (String::new(), act.now);
    match home {
        Home::Bureau(division) => {
            let place = store::bureaus::in_charge(act.tx, division)?;
            let place = place.ok_or_else(|| Error::invalid("bureau", "bureau_unknown", "没有这个机构"))?;
            let user = add_regulator(act, &place, &person)?;
            let post = add_post(act, &place, title, &[role], std::slice::from_ref(&place.division))?;
            hold(act, &user, &post)?;
            Ok(user)
        }
        Home::Party(party) => {
            let business = (act.cx.house.held::<Accounts>().outside.business)(act.tx, party)?;
            let business =
                business.ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?;
            let user = add_user(act, &person, None, Some(party), &business.division)?;
            let id = act.id();
            let grant =
                Grant { id: &id, user: &user, what: party, from_at: now, until_at: None, by: &by, now };
            store::posts::join_business(act.tx, &grant, role)?;
            Ok(user)
        }
    }
}

fn account(p: &Person, role: Role, place: &str) -> DemoAccount {
    DemoAccount {
        name: p.login.to_owned(),
        full_name: p.full_name.to_owned(),
        role: role.name().to_owned(),
        place: place.to_owned(),
    }
}

fn bureau(act: &mut Act, parent: Option<&Bureau>, level: i64, place: &Place) -> Result<Bureau> {
    let suffix = if level == 4 { "市场监督管理所" } else { "市场监督管理局" };
    let bureau = Bureau {
        id: act.id(),
        parent: parent.map(|p| p.id.clone()),
        level,
        name: format!("{}{suffix}", place.1),
        division: place.0.clone(),
    };
    store::bureaus::add_bureau(act.tx, &bureau, act.now)?;
    Ok(bureau)
}

/// Makes a person of a business; answers the business's name.
fn business_user(act: &mut Act, person: &Person, role: Role, party: &str) -> Result<String> {
    let accounts = act.cx.house.held::<Accounts>();
    let business = (accounts.outside.business)(act.tx, party)?;
    let business = business.ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?;
    let user = add_user(act, person, None, Some(party), &business.division)?;
    let id = act.id();
    let grant =
        Grant { id: &id, user: &user, what: party, from_at: act.now, until_at: None, by: "", now: act.now };
    store::posts::join_business(act.tx, &grant, role)?;
    Ok(business.name)
}
