//! Who follows a batch, and what they were told.

use kit_base::Result;
use kit_web::answer::paging;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, SUPERVISE};
use crate::actions::{follow, seen, unknown};
use crate::model::{Follower, FollowerCounts, FollowerLetter, FollowerQuery, FollowerTold, Following};
use crate::store::follows;

pub fn routes() -> Vec<Route> {
    let lot = Access::Needs("trace.read");
    let path = "/api/lots/{no}/follow";
    vec![
        Route::get("/api/recalls/{id}/followers", SUPERVISE, "关注者和告知情况（号码打码）", list),
        Route::get("/api/recalls/{id}/followers/counts", SUPERVISE, "关注者人数和待告知人数", counts),
        Route::post(
            "/api/recalls/{id}/followers/letters",
            SUPERVISE,
            "取走要发给关注者的告知（含号码）",
            "recall.letters",
            letters,
        ),
        Route::get("/api/recalls/{id}/followers/{token}/phone", SUPERVISE, "查看关注者的完整电话", phone),
        Route::post(
            "/api/recalls/{id}/followers/{token}/told",
            SUPERVISE,
            "登记已告知关注者",
            "recall.told",
            told,
        ),
        Route::get(path, lot, "是否关注了这一批次", following),
        Route::post(path, lot, "关注这一批次：召回时收到站内消息", "recall.follow_lot", begin),
        Route::delete(path, lot, "不再关注这一批次", "recall.unfollow_lot", end),
    ]
}

async fn list(cx: Cx, ask: Ask<IdPath, FollowerQuery>) -> Result<Json<Page<Follower>>> {
    let (page, size) = paging(ask.query.page, ask.query.size);
    let read = cx.read(move |tx, cx| {
        let (recall, items) = follow::list(tx, &cx.who, &ask.path.id, size, (page - 1) * size)?;
        let total = follows::counts(tx, &recall.id, recall.lot)?.followers;
        Ok((recall, Page { items, total, page, size }))
    });
    let (recall, found) = read.await?;
    cx.looked("recall.look", &format!("recall:{}", recall.id), &recall.division, "followers").await?;
    Ok(Json(found))
}

async fn counts(cx: Cx, ask: Ask<IdPath>) -> Result<Json<FollowerCounts>> {
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.supervise", &ask.path.id)?;
        follows::counts(tx, &recall.id, recall.lot)
    });
    read.await.map(Json)
}

async fn letters(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<FollowerLetter>>> {
    cx.act(move |act| follow::letters(act, &ask.path.id)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct TokenPath {
    id: String,
    token: String,
}

/// A telephone number in full; that it was looked at is written down.
#[derive(Serialize, JsonSchema)]
struct Phone {
    phone: String,
}

async fn phone(cx: Cx, ask: Ask<TokenPath>) -> Result<Json<Phone>> {
    let TokenPath { id, token } = ask.path;
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.supervise", &id)?;
        let phone = follows::phone(tx, &recall.id, recall.lot, &token)?.filter(|p| !p.is_empty());
        Ok((recall, phone.ok_or_else(unknown)?))
    });
    let (recall, phone) = read.await?;
    cx.looked("recall.look", &format!("recall:{}", recall.id), &recall.division, "phone").await?;
    Ok(Json(Phone { phone }))
}

async fn told(cx: Cx, ask: Ask<TokenPath, (), Json<FollowerTold>>) -> Result<NoContent> {
    let TokenPath { id, token } = ask.path;
    cx.act(move |act| follow::told(act, &id, &token, &ask.body.0)).await.map(|()| NoContent)
}

#[derive(Deserialize, JsonSchema)]
struct LotPath {
    no: i64,
}

async fn following(cx: Cx, ask: Ask<LotPath>) -> Result<Json<Following>> {
    let read = cx.read(move |tx, cx| {
        let lot = follow::batch_seen(tx, &cx.who, ask.path.no)?;
        Ok(Following { following: follows::of_user(tx, &cx.who.user, lot.origin)?.is_some() })
    });
    read.await.map(Json)
}

async fn begin(cx: Cx, ask: Ask<LotPath>) -> Result<NoContent> {
    cx.act(move |act| follow::follow_as(act, ask.path.no)).await.map(|()| NoContent)
}

async fn end(cx: Cx, ask: Ask<LotPath>) -> Result<NoContent> {
    cx.act(move |act| follow::unfollow(act, ask.path.no)).await.map(|()| NoContent)
}
