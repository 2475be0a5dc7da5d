//! The clerks of one's own business.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route, Scope};

use super::one_time::{NewPassword, given, made};
use super::users::finish;
use super::{IdPath, done, page_of};
use crate::actions::clerks::{self, ClerkInput};
use crate::model::User;
use crate::store::users::UserQuery;
use crate::{Accounts, rules, store};

pub fn routes() -> Vec<Route> {
    const OWN: Access = Access::Needs("accounts.clerks");
    vec![
        Route::get("/api/clerks", OWN, "本企业的人员", list),
        Route::post("/api/clerks", OWN, "新建录入员", "clerks.create", create),
        Route::post("/api/clerks/{id}/disable", OWN, "停用录入员", "clerks.disable", disable),
        Route::post("/api/clerks/{id}/enable", OWN, "启用录入员", "clerks.enable", enable),
        Route::post("/api/clerks/{id}/password", OWN, "重置录入员密码", "clerks.reset_password", reset),
    ]
}

/// Everyone who belongs to the asker's businesses, owners too.
async fn list(cx: Cx, ask: Ask<(), UserQuery>) -> Result<Json<Page<User>>> {
    let (q, accounts) = (ask.query, cx.house.held::<Accounts>());
    cx.read(move |tx, cx| {
        let Scope::Businesses(own) = &cx.who.scope else {
            return Ok(page_of((Vec::new(), 0), q.page, q.size));
        };
        let now = cx.now();
        let (mut users, total) = store::users::of_businesses(tx, &q, own, now)?;
        users.iter_mut().try_for_each(|user| finish(tx, &accounts, now, user))?;
        Ok(page_of((users, total), q.page, q.size))
    })
    .await
    .map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<ClerkInput>>) -> Result<Json<NewPassword>> {
    let input = ask.body.0;
    rules::sign_in_name(&input.name)?;
    made(&cx, move |act, id, hash| clerks::create(act, id, &input, hash)).await
}

async fn reset(cx: Cx, ask: Ask<IdPath>) -> Result<Json<NewPassword>> {
    given(cx, ask.path.id, clerks::reset_password).await
}

async fn disable(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| clerks::disable(act, &ask.path.id)).await.and_then(done)
}

async fn enable(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| clerks::enable(act, &ask.path.id)).await.and_then(done)
}
