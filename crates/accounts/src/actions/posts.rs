//! Posts and who holds them; who acts for which business. All by the 安全管理员.

use kit_base::{Error, Millis, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{room, user_within};
use crate::model::{Account, Family, Role};
use crate::rules;
use crate::store;
use crate::store::posts::{self, Grant, PostRow};

/// A post: roles over areas, in a bureau.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct PostInput {
    pub title: String,
    pub bureau: String,
    pub roles: Vec<String>,
    /// Prefixes of division codes, from the whole country down to a village; may be empty where grids are given.
    #[serde(default)]
    pub jurisdiction: Vec<String>,
    /// Ids of grids that the post reaches beside these.
    #[serde(default)]
    pub grids: Vec<String>,
}

/// From when until when; both may be left out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct GrantInput {
    pub post: String,
    pub from_at: Option<Millis>,
    pub until_at: Option<Millis>,
}

/// A person to act for a business.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MembershipInput {
    pub party: String,
    /// business_owner, business_clerk
    pub role: String,
    pub from_at: Option<Millis>,
    pub until_at: Option<Millis>,
}

struct Checked {
    title: String,
    bureau: String,
    division: String,
    roles: Vec<Role>,
    areas: Vec<String>,
    grids: Vec<String>,
}

/// Reads a post's input; its bureau and every area must lie within reach of whoever writes it.
fn checked(act: &mut Act, input: &PostInput) -> Result<Checked> {
    let scope = act.who().scope_for("accounts.grant");
    let title = rules::plain_text("title", &input.title, 40)?;
    let bureau = store::bureaus::bureau(act.tx, &input.bureau)?.filter(|b| scope.covers(&b.division, None));
    let bureau = bureau.ok_or_else(|| Error::invalid("bureau", "bureau_unknown", "没有这个机构"))?;
    let mut roles: Vec<Role> = input.roles.iter().map(|r| Role::parse("roles", r)).collect::<Result<_>>()?;
    roles.sort_unstable();
    roles.dedup();
    rules::may_stand_together(&roles)?;
    rules::role_fits(false, &roles)?;
    if !(1..=200).contains(&(input.jurisdiction.len() + input.grids.len())) {
        return Err(Error::invalid("jurisdiction", "areas_count", "辖区和网格合计应有 1 到 200 个"));
    }
    let mut areas = Vec::new();
    for (i, text) in input.jurisdiction.iter().enumerate() {
        let area =
            rules::division_prefix("jurisdiction", text).map_err(|e| e.at(format!("jurisdiction/{i}")))?;
        if !scope.covers(&area, None) {
            let place = format!("jurisdiction/{i}");
            return Err(Error::invalid(place, "area_beyond", "辖区超出了您本人的辖区"));
        }
        areas.push(area);
    }
    areas.sort_unstable();
    areas.dedup();
    let grids = grids_within(act, &scope, &input.grids)?;
    Ok(Checked { title, bureau: bureau.id, division: bureau.division, roles, areas, grids })
}

/// The grids of a post's input, each within reach of whoever writes it.
fn grids_within(act: &mut Act, scope: &kit_web::Scope, wanted: &[String]) -> Result<Vec<String>> {
    let mut grids = Vec::new();
    for (i, id) in wanted.iter().enumerate() {
        let grid = store::bureaus::grid(act.tx, id)?.filter(|g| scope.covers(&g.division, None));
        let grid =
            grid.ok_or_else(|| Error::invalid(format!("grids/{i}"), "grid_unknown", "没有这个网格"))?;
        grids.push(grid.id);
    }
    grids.sort_unstable();
    grids.dedup();
    Ok(grids)
}

pub fn create_post(act: &mut Act, input: &PostInput) -> Result<String> {
    let post = checked(act, input)?;
    let id = act.id();
    posts::add_post(act.tx, &id, &post.title, &post.bureau, act.now).map_err(taken)?;
    posts::set_rights(act.tx, &id, &post.roles, &post.areas, &post.grids)?;
    act.subject("post", &id, &post.division);
    act.note(rights_note(&post));
    Ok(id)
}

fn rights_note(post: &Checked) -> serde_json::Value {
    let roles: Vec<&str> = post.roles.iter().map(|r| r.code()).collect();
    json!({ "title": post.title, "roles": roles, "areas": post.areas, "grids": post.grids })
}

fn taken(e: Error) -> Error {
    if e.code == "unique_violation" {
        return Error::conflict("title_taken", "该机构已有同名岗位").at("title");
    }
    e
}

/// A post within reach: its bureau and all it gives; others are not there.
fn post_within(act: &mut Act, id: &str) -> Result<PostRow> {
    let scope = act.who().scope_for("accounts.grant");
    let row = posts::post(act.tx, id)?.filter(|p| scope.covers(&p.division, None));
    let row = row.ok_or_else(|| Error::not_found("没有这个岗位"))?;
    let mut areas = posts::post_areas(act.tx, id)?;
    areas.extend(posts::post_grids(act.tx, id)?.into_iter().map(|g| g.division));
    if !areas.iter().all(|a| scope.covers(a, None)) {
        return Err(Error::forbidden("area_beyond", "该岗位的辖区超出了您本人的辖区"));
    }
    Ok(row)
}

/// Changes what a post gives, to all who hold it. Refused where a holder could not hold the new roles, to whoever holds
/// it, and where the last one of the three administrators would go.
pub fn update_post(act: &mut Act, id: &str, input: &PostInput) -> Result<()> {
    post_within(act, id)?;
    let post = checked(act, input)?;
    let before = posts::post_roles(act.tx, id)?;
    let holders = posts::holders(act.tx, id, act.now)?;
    for holder in &holders {
        rules::not_oneself(&act.who().user, &holder.id)?;
        let mut roles = posts::roles_to_come(act.tx, &holder.id, act.now, id)?;
        roles.extend(&post.roles);
        rules::may_stand_together(&roles)?;
    }
    posts::change_post(act.tx, id, &post.title, &post.bureau, act.now).map_err(taken)?;
    posts::set_rights(act.tx, id, &post.roles, &post.areas, &post.grids)?;
    if !holders.is_empty() {
        not_the_last(act, &before, "")?;
    }
    act.subject("post", id, &post.division);
    act.note(rights_note(&post));
    Ok(())
}

/// After a change: somebody must still hold each administrator's role that was touched.
fn not_the_last(act: &mut Act, roles: &[Role], but_holding: &str) -> Result<()> {
    for role in roles.iter().filter(|r| r.family() == Family::Administrator) {
        if posts::others_with_role(act.tx, *role, act.now, but_holding)? == 0 {
            let text = format!("这是最后一位{}，请先任命接替的人", role.name());
            return Err(Error::conflict("last_administrator", text));
        }
    }
    Ok(())
}

fn period(
    now: Millis,
    from_at: Option<Millis>,
    until_at: Option<Millis>,
) -> Result<(Millis, Option<Millis>)> {
    let from = from_at.unwrap_or(now).max(now);
    if until_at.is_some_and(|until| until <= from) {
        return Err(Error::invalid("until_at", "period_empty", "截止时间应晚于开始时间"));
    }
    Ok((from, until_at))
}

/// 任命: gives a post to a user.
pub fn grant(act: &mut Act, user: &str, input: &GrantInput) -> Result<String> {
    let user = user_within(act, "accounts.grant", user)?;
    rules::not_oneself(&act.who().user, &user.id)?;
    let post = post_within(act, &input.post).map_err(|e| e.at("post"))?;
    let (from_at, until_at) = period(act.now, input.from_at, input.until_at)?;
    let given = posts::post_roles(act.tx, &post.id)?;
    rules::role_fits(user.party.is_some(), &given)?;
    let mut roles = posts::roles_to_come(act.tx, &user.id, act.now, "")?;
    roles.extend(&given);
    rules::may_stand_together(&roles)?;
    let id = act.id();
    let by = act.who().user.clone();
    let grant = Grant { id: &id, user: &user.id, what: &post.id, from_at, until_at, by: &by, now: act.now };
    posts::grant(act.tx, &grant).map_err(|e| match e.code.as_ref() {
        "unique_violation" => Error::conflict("post_held", "该用户已在这个岗位上").at("post"),
        _ => e,
    })?;
    act.note(json!({ "post": post.id, "title": post.title, "from_at": from_at, "until_at": until_at }));
    Ok(id)
}

/// 免去: withdraws a post; it is gone with the user's next request.
pub fn withdraw(act: &mut Act, user: &str, holding: &str) -> Result<()> {
    let user = user_within(act, "accounts.grant", user)?;
    withdraw_from(act, &user, holding)
}

fn withdraw_from(act: &mut Act, user: &Account, holding: &str) -> Result<()> {
    rules::not_oneself(&act.who().user, &user.id)?;
    let found = posts::holding(act.tx, holding)?.filter(|(holder, _)| *holder == user.id);
    let (_, post) = found.ok_or_else(|| Error::not_found("该用户不在这个岗位上"))?;
    post_within(act, &post)?;
    let roles = posts::post_roles(act.tx, &post)?;
    not_the_last(act, &roles, holding)?;
    let by = act.who().user.clone();
    posts::withdraw(act.tx, holding, &by, act.now)?;
    act.note(json!({ "withdrawn": post }));
    Ok(())
}

/// Sets the posts of a user: those not held are given without end, those left out are withdrawn.
pub fn set_posts(act: &mut Act, user: &str, wanted: &[String]) -> Result<()> {
    let account = user_within(act, "accounts.grant", user)?;
    let area = |prefix: &str| crate::model::Area { prefix: prefix.to_owned(), name: String::new() };
    let held = posts::holdings(act.tx, &account.id, act.now, &area)?;
    for holding in held.iter().filter(|h| !wanted.contains(&h.post)) {
        withdraw_from(act, &account, &holding.id)?;
    }
    for post in wanted.iter().filter(|w| !held.iter().any(|h| h.post == **w)) {
        grant(act, user, &GrantInput { post: post.clone(), from_at: None, until_at: None })
            .map_err(|e| if e.field.is_some() { e.at("posts") } else { e })?;
    }
    act.note(json!({ "posts": wanted }));
    Ok(())
}

/// Lets a person of a business act for it, or for another one.
pub fn join_business(act: &mut Act, user: &str, input: &MembershipInput) -> Result<String> {
    let user = user_within(act, "accounts.grant", user)?;
    rules::not_oneself(&act.who().user, &user.id)?;
    let role = Role::parse("role", &input.role)?;
    if role.family() != Family::Business {
        return Err(Error::invalid("role", "role_of_bureau", "这里只能授予企业角色"));
    }
    rules::role_fits(user.party.is_some(), &[role])?;
    let (from_at, until_at) = period(act.now, input.from_at, input.until_at)?;
    let scope = act.who().scope_for("accounts.grant");
    let business = (room(act).outside.business)(act.tx, &input.party)?;
    business
        .filter(|b| scope.covers(&b.division, None))
        .ok_or_else(|| Error::invalid("party", "party_unknown", "没有这个主体"))?;
    let id = act.id();
    let by = act.who().user.clone();
    let grant =
        Grant { id: &id, user: &user.id, what: &input.party, from_at, until_at, by: &by, now: act.now };
    posts::join_business(act.tx, &grant, role).map_err(|e| match e.code.as_ref() {
        "unique_violation" => Error::conflict("membership_held", "该用户已代表这个主体").at("party"),
        _ => e,
    })?;
    act.note(json!({ "party": input.party, "role": role.code(), "from_at": from_at, "until_at": until_at }));
    Ok(id)
}

/// Ends that a person acts for a business.
pub fn leave_business(act: &mut Act, user: &str, membership: &str) -> Result<()> {
    let user = user_within(act, "accounts.grant", user)?;
    rules::not_oneself(&act.who().user, &user.id)?;
    let found = posts::membership(act.tx, membership)?.filter(|(member, ..)| *member == user.id);
    let (_, party, role) = found.ok_or_else(|| Error::not_found("该用户不代表这个主体"))?;
    let by = act.who().user.clone();
    posts::leave_business(act.tx, membership, &by, act.now)?;
    act.note(json!({ "party": party, "role": role }));
    Ok(())
}
