//! Disposals, call-backs, followers.

use kit_base::Result;
use kit_base::text::mask_phone;
use kit_web::{Access, Ask, Cx, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, SUPERVISE, VISIT};
use crate::actions::{business, checks, dispose, look, seen, unknown};
use crate::model::{CheckDraw, CheckResult, Disposal, Follower, NewDisposal, NewDraw, Watch, Watched};
use crate::store;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/recalls/{id}/disposals",
            Access::SignedIn,
            "报告销毁、无害化处理、补救的时间和地点",
            "recall.dispose",
            plan,
        ),
        Route::get("/api/recall-watches", SUPERVISE, "辖区内待见证的处置", watches),
        Route::post("/api/recalls/{id}/disposals/{disposal}", VISIT, "见证处置", "recall.watch", watch),
        Route::post("/api/recalls/{id}/draws", SUPERVISE, "抽取回访单位", "recall.draw", draw),
        Route::post("/api/recalls/{id}/checks", SUPERVISE, "登记回访结果", "recall.check", check),
        Route::get("/api/recalls/{id}/followers", SUPERVISE, "关注这一批次并留电话的消费者", followers),
        Route::get("/api/recalls/{id}/followers/{token}/phone", SUPERVISE, "查看关注者的完整电话", phone),
    ]
}

async fn plan(cx: Cx, ask: Ask<IdPath, (), Json<NewDisposal>>) -> Result<Json<Disposal>> {
    let done = cx.act(move |act| {
        let new = &ask.body.0;
        let party = business(act.who(), "recall.hold", new.party.as_deref())?;
        dispose::plan(act, &ask.path.id, &party, new)
    });
    done.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct DisposalPath {
    id: String,
    disposal: String,
}

async fn watches(cx: Cx, _: Ask) -> Result<Json<Vec<Watch>>> {
    cx.read(look::watches).await.map(Json)
}

async fn watch(cx: Cx, ask: Ask<DisposalPath, (), Json<Watched>>) -> Result<NoContent> {
    let done = cx.act(move |act| dispose::watch(act, &ask.path.id, &ask.path.disposal, &ask.body.0));
    done.await.map(|()| NoContent)
}

async fn draw(cx: Cx, ask: Ask<IdPath, (), Json<NewDraw>>) -> Result<Json<CheckDraw>> {
    cx.act(move |act| checks::draw(act, &ask.path.id, ask.body.0.size)).await.map(Json)
}

async fn check(cx: Cx, ask: Ask<IdPath, (), Json<CheckResult>>) -> Result<NoContent> {
    cx.act(move |act| checks::result(act, &ask.path.id, &ask.body.0)).await.map(|()| NoContent)
}

async fn followers(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Follower>>> {
    let read = cx.read(move |tx, cx| {
        let recall = seen(tx, &cx.who, "recall.supervise", &ask.path.id)?;
        let mut list = store::checks::phones(tx, recall.lot)?;
        list.iter_mut().for_each(|f| f.phone = mask_phone(&f.phone));
        Ok(list)
    });
    read.await.map(Json)
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
        let phone = store::checks::phone(tx, recall.lot, &token)?.filter(|p| !p.is_empty());
        Ok((recall, phone.ok_or_else(unknown)?))
    });
    let (recall, phone) = read.await?;
    cx.looked("recall.look", &format!("recall:{}", recall.id), &recall.division, "phone").await?;
    Ok(Json(Phone { phone }))
}
