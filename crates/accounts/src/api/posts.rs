//! Posts, who holds them, who acts for which business, and what roles may do.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, Made, done, page_of};
use crate::actions::posts::{self, GrantInput, MembershipInput, PostInput};
use crate::model::{Account, Holding, Membership, Post, Role};
use crate::store::posts::PostQuery;
use crate::{Accounts, store};

pub fn routes() -> Vec<Route> {
    use Access::{Needs, SignedIn};
    const GRANT: Access = Needs("accounts.grant");
    vec![
        Route::get("/api/roles", SignedIn, "角色与权限", roles),
        Route::get("/api/posts", Needs("accounts.read"), "岗位列表", list),
        Route::post("/api/posts", GRANT, "新建岗位", "posts.create", create),
        Route::get("/api/posts/{id}", Needs("accounts.read"), "岗位", one),
        Route::put("/api/posts/{id}", GRANT, "修改岗位", "posts.update", update),
        Route::get("/api/users/{id}/posts", Needs("accounts.read"), "用户的岗位", held),
        Route::post("/api/users/{id}/posts", GRANT, "任命到岗位", "posts.grant", grant),
        Route::put("/api/users/{id}/posts", GRANT, "设定用户的岗位", "posts.set", set),
        Route::delete("/api/users/{id}/posts/{holding}", GRANT, "免去岗位", "posts.withdraw", withdraw),
        Route::get("/api/users/{id}/businesses", Needs("accounts.read"), "用户所代表的主体", businesses),
        Route::post("/api/users/{id}/businesses", GRANT, "授权代表主体", "businesses.grant", join),
        Route::delete(
            "/api/users/{id}/businesses/{membership}",
            GRANT,
            "撤销代表主体",
            "businesses.withdraw",
            leave,
        ),
    ]
}

#[derive(Serialize, JsonSchema)]
struct PermissionOf {
    code: String,
    name: String,
}

/// A role and what it may do.
#[derive(Serialize, JsonSchema)]
struct RoleOf {
    code: String,
    name: String,
    permissions: Vec<PermissionOf>,
}

async fn roles(cx: Cx, _: Ask) -> Result<Json<Vec<RoleOf>>> {
    let gate = cx.house.held::<Accounts>().gate.clone();
    let of = |role: Role| {
        let given = gate.permissions().iter().filter(|p| p.roles.contains(&role.code()));
        let permission = |p: &kit_web::Permission| PermissionOf { code: p.code.into(), name: p.name.into() };
        RoleOf {
            code: role.code().into(),
            name: role.name().into(),
            permissions: given.map(permission).collect(),
        }
    };
    Ok(Json(Role::ALL.into_iter().map(of).collect()))
}

async fn list(cx: Cx, ask: Ask<(), PostQuery>) -> Result<Json<Page<Post>>> {
    let (q, accounts) = (ask.query, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let found = store::posts::list(tx, &q, &cx.who.scope, cx.now(), &|p| accounts.area(p))?;
        Ok(page_of(found, q.page, q.size))
    })
    .await
    .map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Post>> {
    let (id, accounts) = (ask.path.id, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let row = store::posts::post(tx, &id)?.filter(|p| cx.who.scope.covers(&p.division, None));
        let row = row.ok_or_else(|| Error::not_found("没有这个岗位"))?;
        store::posts::whole(tx, row, cx.now(), &|p| accounts.area(p))
    })
    .await
    .map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<PostInput>>) -> Result<Json<Made>> {
    let id = cx.act(move |act| posts::create_post(act, &ask.body.0)).await?;
    Ok(Json(Made { id }))
}

async fn update(cx: Cx, ask: Ask<IdPath, (), Json<PostInput>>) -> Result<NoContent> {
    cx.act(move |act| posts::update_post(act, &ask.path.id, &ask.body.0)).await.and_then(done)
}

/// A user the asker may see.
fn visible(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Account> {
    let user = store::users::by_id(tx, id)?.filter(|u| cx.who.scope.covers(&u.division, None));
    user.ok_or_else(|| Error::not_found("没有这个用户"))
}

async fn held(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Holding>>> {
    let accounts = cx.house.held::<Accounts>();
    cx.read(move |tx, cx| {
        let user = visible(tx, cx, &ask.path.id)?;
        store::posts::holdings(tx, &user.id, cx.now(), &|p| accounts.area(p))
    })
    .await
    .map(Json)
}

async fn grant(cx: Cx, ask: Ask<IdPath, (), Json<GrantInput>>) -> Result<Json<Made>> {
    let id = cx.act(move |act| posts::grant(act, &ask.path.id, &ask.body.0)).await?;
    Ok(Json(Made { id }))
}

/// The posts a user is to hold, by id.
#[derive(Deserialize, JsonSchema)]
struct PostsInput {
    posts: Vec<String>,
}

async fn set(cx: Cx, ask: Ask<IdPath, (), Json<PostsInput>>) -> Result<NoContent> {
    cx.act(move |act| posts::set_posts(act, &ask.path.id, &ask.body.0.posts)).await.and_then(done)
}

#[derive(Deserialize, JsonSchema)]
struct HoldingPath {
    id: String,
    holding: String,
}

async fn withdraw(cx: Cx, ask: Ask<HoldingPath>) -> Result<NoContent> {
    cx.act(move |act| posts::withdraw(act, &ask.path.id, &ask.path.holding)).await.and_then(done)
}

async fn businesses(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Membership>>> {
    let accounts = cx.house.held::<Accounts>();
    cx.read(move |tx, cx| {
        let user = visible(tx, cx, &ask.path.id)?;
        let mut found = store::posts::memberships(tx, &user.id, cx.now())?;
        for m in &mut found {
            m.party_name = (accounts.outside.business)(tx, &m.party)?.map(|b| b.name).unwrap_or_default();
        }
        Ok(found)
    })
    .await
    .map(Json)
}

async fn join(cx: Cx, ask: Ask<IdPath, (), Json<MembershipInput>>) -> Result<Json<Made>> {
    let id = cx.act(move |act| posts::join_business(act, &ask.path.id, &ask.body.0)).await?;
    Ok(Json(Made { id }))
}

#[derive(Deserialize, JsonSchema)]
struct MembershipPath {
    id: String,
    membership: String,
}

async fn leave(cx: Cx, ask: Ask<MembershipPath>) -> Result<NoContent> {
    cx.act(move |act| posts::leave_business(act, &ask.path.id, &ask.path.membership)).await.and_then(done)
}
