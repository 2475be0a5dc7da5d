//! Lists, measures, the feed.

use kit_base::Result;
use kit_ledger::Ledger;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::risk::IdPath;
use crate::actions::{feed, lists};
use crate::model::Decision;
use crate::model::lists::{
    Begun, Feed, Ground, Listed, ListedQuery, NewSerious, Proposal, Reader, Receipt, Weight,
};
use crate::rules::tables::rows;
use crate::store;

pub fn routes() -> Vec<Route> {
    const LIST: Access = Access::Needs("credit.list");
    const FEED: Access = Access::Needs("credit.feed");
    vec![
        Route::get("/api/credit/lists", LIST, "红名单和严重违法失信名单", listed),
        Route::get("/api/credit/grounds", LIST, "列入严重违法失信名单的事由", grounds),
        Route::post(
            "/api/credit/serious",
            Access::Needs("credit.serious"),
            "提出列入严重违法失信名单",
            "credit.serious",
            begin,
        ),
        Route::get("/api/credit/measures", LIST, "激励与惩戒建议", proposals),
        Route::post(
            "/api/credit/measures/{id}/decide",
            Access::Needs("credit.measures"),
            "确认激励或惩戒建议",
            "credit.measure",
            decide,
        ),
        Route::get("/api/credit/feed", FEED, "推送给平台的信用记录（已签名）", read),
        Route::post("/api/credit/feed/receipts", FEED, "平台回执", "credit.receipt", receipt),
        Route::get("/api/credit/feed/readers", LIST, "各平台读到哪里", readers),
        Route::get("/open/ranking", Access::Public, "平台排序权重", ranking),
    ]
}

async fn listed(cx: Cx, ask: Ask<(), ListedQuery>) -> Result<Json<Page<Listed>>> {
    let read = cx.read(move |tx, cx| {
        let mut found = store::lists::listed(tx, &cx.who.scope, &ask.query, cx.now())?;
        let ids: Vec<String> = found.items.iter().map(|l| l.party.clone()).collect();
        let briefs = parties::briefs(tx, &ids)?;
        for item in &mut found.items {
            item.party_name = briefs.get(&item.party).map(|b| b.name.clone()).unwrap_or_default();
        }
        Ok(found)
    });
    read.await.map(Json)
}

async fn grounds(_: Cx, _: Ask) -> Result<Json<Vec<Ground>>> {
    lists::grounds().map(Json)
}

async fn begin(cx: Cx, ask: Ask<(), (), Json<NewSerious>>) -> Result<Json<Begun>> {
    cx.act(move |act| lists::begin(act, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct Waiting {
    /// 1: those that were decided
    decided: Option<i64>,
    page: Option<i64>,
    size: Option<i64>,
}

async fn proposals(cx: Cx, ask: Ask<(), Waiting>) -> Result<Json<Page<Proposal>>> {
    let read = cx.read(move |tx, cx| {
        let q = ask.query;
        let found = store::lists::proposals(tx, &cx.who.scope, q.decided == Some(1), q.page, q.size)?;
        Ok(Page { items: lists::named(tx, found.items)?, ..found })
    });
    read.await.map(Json)
}

async fn decide(cx: Cx, ask: Ask<IdPath, (), Json<Decision>>) -> Result<Json<Proposal>> {
    cx.act(move |act| lists::decide(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct After {
    /// Lines after this number; from the beginning where it is not said.
    after: Option<i64>,
}

async fn read(cx: Cx, ask: Ask<(), After>) -> Result<Json<Feed>> {
    let ledger = cx.house.held::<Ledger>();
    let after = ask.query.after.unwrap_or(0);
    cx.read(move |tx, cx| feed::read(tx, &ledger, &cx.who.scope, after)).await.map(Json)
}

async fn receipt(cx: Cx, ask: Ask<(), (), Json<Receipt>>) -> Result<Json<Reader>> {
    cx.act(move |act| feed::receipt(act, &ask.body.0)).await.map(Json)
}

async fn readers(cx: Cx, _: Ask) -> Result<Json<Vec<Reader>>> {
    cx.read(|tx, _| store::feed::readers(tx)).await.map(Json)
}

async fn ranking(_: Cx, _: Ask) -> Result<Json<Vec<Weight>>> {
    rows(include_str!("../../../../data/credit/ranking.csv")).map(Json)
}
