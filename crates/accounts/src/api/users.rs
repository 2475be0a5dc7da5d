//! Users.

use kit_base::text::mask_phone;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::Serialize;

use super::one_time::{NewPassword, given, made};
use super::{IdPath, done, page_of};
use crate::actions::users::{self, UserInput};
use crate::model::{PostName, User};
use crate::store::users::UserQuery;
use crate::{Accounts, rules, store};

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::get("/api/users", Needs("accounts.read"), "用户列表", list),
        Route::post("/api/users", Needs("accounts.users"), "新建用户", "users.create", create),
        Route::get("/api/users/{id}", Needs("accounts.read"), "用户", one),
        Route::put("/api/users/{id}", Needs("accounts.users"), "修改用户", "users.update", update),
        Route::get("/api/users/{id}/phone", Needs("accounts.personal"), "查看完整电话", phone),
        Route::post("/api/users/{id}/disable", Needs("accounts.users"), "停用用户", "users.disable", disable),
        Route::post("/api/users/{id}/enable", Needs("accounts.users"), "启用用户", "users.enable", enable),
        Route::post("/api/users/{id}/unlock", Needs("accounts.unlock"), "解锁用户", "users.unlock", unlock),
        Route::post(
            "/api/users/{id}/password",
            Needs("accounts.reset"),
            "重置密码",
            "users.reset_password",
            reset,
        ),
        Route::delete(
            "/api/users/{id}/totp",
            Needs("accounts.unlock"),
            "解除第二步验证",
            "users.drop_totp",
            drop_totp,
        ),
    ]
}

/// Adds what a list row shows of a person's posts and business, and masks the phone.
pub(super) fn finish(tx: &mut Tx, accounts: &Accounts, now: i64, user: &mut User) -> Result<()> {
    user.phone = mask_phone(&user.phone);
    if let Some(party) = &user.party {
        user.party_name = (accounts.outside.business)(tx, party)?.map(|b| b.name);
        for membership in store::posts::memberships(tx, &user.id, now)? {
            user.roles.push(membership.role);
        }
    } else {
        for held in store::posts::holdings(tx, &user.id, now, &|p| accounts.area(p))? {
            user.roles.extend(held.roles);
            user.posts.push(PostName { id: held.post, title: held.title });
        }
    }
    user.roles.sort_unstable();
    user.roles.dedup();
    Ok(())
}

async fn list(cx: Cx, ask: Ask<(), UserQuery>) -> Result<Json<Page<User>>> {
    let (q, accounts) = (ask.query, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let now = cx.now();
        let (mut users, total) = store::users::list(tx, &q, &cx.who.scope, now)?;
        users.iter_mut().try_for_each(|user| finish(tx, &accounts, now, user))?;
        Ok(page_of((users, total), q.page, q.size))
    })
    .await
    .map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<User>> {
    let (id, accounts) = (ask.path.id, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let account = store::users::by_id(tx, &id)?.filter(|u| cx.who.scope.covers(&u.division, None));
        let a = account.ok_or_else(|| Error::not_found("没有这个用户"))?;
        let locked = store::sessions::failures(tx, &a.name)?;
        let locked_until = locked.locked_until.filter(|until| *until > cx.now());
        let state = match (a.active, locked_until) {
            (false, _) => "disabled",
            (true, Some(_)) => "locked",
            (true, None) => "active",
        };
        let passkeys = store::passkeys::of_user(tx, &a.id)?.len() as i64;
        let bureau = a.bureau.as_deref().map(|id| store::bureaus::bureau(tx, id)).transpose()?.flatten();
        let mut user = User {
            id: a.id,
            name: a.name,
            full_name: a.full_name,
            phone: a.phone.unwrap_or_default(),
            state: state.into(),
            locked_until,
            totp: a.totp.is_some(),
            passkeys,
            must_change: a.must_change,
            last_seen: a.seen_at,
            bureau: a.bureau,
            bureau_name: bureau.map(|b| b.name),
            party: a.party,
            party_name: None,
            division: a.division,
            posts: Vec::new(),
            roles: Vec::new(),
            simulated: a.simulated,
        };
        finish(tx, &accounts, cx.now(), &mut user)?;
        Ok(user)
    })
    .await
    .map(Json)
}

/// A telephone number in full; that it was looked at is written down.
#[derive(Serialize, JsonSchema)]
struct Phone {
    phone: String,
}

async fn phone(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Phone>> {
    let id = ask.path.id;
    let user = cx
        .read(move |tx, cx| {
            Ok(store::users::by_id(tx, &id)?.filter(|u| cx.who.scope.covers(&u.division, None)))
        })
        .await?
        .ok_or_else(|| Error::not_found("没有这个用户"))?;
    cx.looked("users.look", &format!("user:{}", user.id), &user.division, "phone").await?;
    Ok(Json(Phone { phone: user.phone.unwrap_or_default() }))
}

async fn create(cx: Cx, ask: Ask<(), (), Json<UserInput>>) -> Result<Json<NewPassword>> {
    let input = ask.body.0;
    rules::sign_in_name(&input.name)?;
    made(&cx, move |act, id, hash| users::create(act, id, &input, hash)).await
}

async fn update(cx: Cx, ask: Ask<IdPath, (), Json<UserInput>>) -> Result<NoContent> {
    cx.act(move |act| users::update(act, &ask.path.id, &ask.body.0)).await.and_then(done)
}

async fn reset(cx: Cx, ask: Ask<IdPath>) -> Result<Json<NewPassword>> {
    given(cx, ask.path.id, users::reset_password).await
}

async fn disable(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| users::disable(act, &ask.path.id)).await.and_then(done)
}

async fn enable(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| users::enable(act, &ask.path.id)).await.and_then(done)
}

async fn unlock(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| users::unlock(act, &ask.path.id)).await.and_then(done)
}

async fn drop_totp(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| users::drop_totp(act, &ask.path.id)).await.and_then(done)
}
