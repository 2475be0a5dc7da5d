//! The laboratory's routes: by blind code.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Page, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::{assay, custody, unknown};
use crate::model::{Assay, Issue, NewCorrection, Offer, Over, Results, SampleQuery};
use crate::store::samples::{Of, by_blind, list as rows};

const LAB: Access = Access::Needs("sampling.lab");
const TEST: Access = Access::Needs("sampling.test");
const VERIFY: Access = Access::Needs("sampling.verify");
const ISSUE: Access = Access::Needs("sampling.issue");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/assays", LAB, "本机构的盲样", list),
        Route::get("/api/assays/{blind}", LAB, "盲样", open),
        Route::get("/api/handovers/{code}", LAB, "按交接码查样品", handed),
        Route::post("/api/assays/{blind}/accept", TEST, "收样（收方签字）", "sampling.accept", accept),
        Route::post("/api/assays/{blind}/reject", TEST, "拒收样品", "sampling.reject", reject),
        Route::post("/api/assays/{blind}/receive", TEST, "签收备样", "sampling.receive", receive),
        Route::post("/api/assays/{blind}/offers", TEST, "移交样品（交方签字）", "sampling.offer", offer),
        Route::post("/api/assays/{blind}/results", TEST, "录入检验结果", "sampling.enter", enter),
        Route::post(
            "/api/assays/{blind}/results/sheet",
            TEST,
            "以表格录入检验结果",
            "sampling.enter",
            enter_sheet,
        ),
        Route::post("/api/assays/{blind}/verify", VERIFY, "校核", "sampling.verify", verify),
        Route::post("/api/assays/{blind}/back", VERIFY, "校核退回", "sampling.back", back),
        Route::post("/api/assays/{blind}/issue", ISSUE, "签发检验报告", "sampling.issue", issue),
        Route::post("/api/assays/{blind}/corrections", ISSUE, "声明更正", "sampling.correct", correct),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct BlindPath {
    blind: String,
}

async fn list(cx: Cx, ask: Ask<(), SampleQuery>) -> Result<Json<Page<Assay>>> {
    let read = cx.read(move |tx, cx| {
        let Scope::Businesses(own) = &cx.who.scope else { return Err(unknown()) };
        // what a laboratory does not know it cannot ask for
        let q = SampleQuery {
            status: ask.query.status,
            page: ask.query.page,
            size: ask.query.size,
            ..SampleQuery::default()
        };
        let page = rows(tx, &Of::Lab(own), &q)?;
        let items: Result<Vec<Assay>> =
            page.items.into_iter().map(|s| assay::view(tx, &cx.who.scope, s)).collect();
        Ok(Page { items: items?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<BlindPath>) -> Result<Json<Assay>> {
    let read = cx.read(move |tx, cx| {
        let found = by_blind(tx, &ask.path.blind)?.filter(|s| assay::is_of(&cx.who.scope, s));
        assay::view(tx, &cx.who.scope, found.ok_or_else(unknown)?)
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

/// What the giver's phone shows: the receiver sees the sample by its blind code.
async fn handed(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Assay>> {
    let read = cx.read(move |tx, cx| {
        let sample = custody::by_code(tx, &cx.who.scope, &ask.path.code)?;
        assay::view(tx, &cx.who.scope, sample)
    });
    read.await.map(Json)
}

async fn accept(cx: Cx, ask: Ask<BlindPath, (), Json<Over>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::accept(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

/// Why it is not taken.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssayReason")]
struct Reason {
    reason: String,
}

async fn reject(cx: Cx, ask: Ask<BlindPath, (), Json<Reason>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::reject(act, &ask.path.blind, &ask.body.0.reason)).await.map(Json)
}

async fn receive(cx: Cx, ask: Ask<BlindPath, (), Json<Over>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::receive(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

async fn offer(cx: Cx, ask: Ask<BlindPath, (), Json<Offer>>) -> Result<Json<Assay>> {
    let acted = cx.act(move |act| {
        let sample = custody::of_lab(act, &ask.path.blind)?;
        custody::offer_from_lab(act, &sample, &ask.body.0)?;
        assay::view(act.tx, &act.cx.who.scope, sample)
    });
    acted.await.map(Json)
}

async fn enter(cx: Cx, ask: Ask<BlindPath, (), Json<Results>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::enter(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

async fn enter_sheet(cx: Cx, ask: Ask<BlindPath, (), Raw>) -> Result<Json<Assay>> {
    let blind = ask.path.blind.clone();
    cx.read(move |tx, cx| match by_blind(tx, &blind)?.filter(|s| assay::is_of(&cx.who.scope, s)) {
        Some(_) => Ok(()),
        None => Err(unknown()),
    })
    .await?;
    let kept = kit_uploads::given(&cx, ask.body, None, 8 << 20).await?.kept;
    let file = cx.house.files.get(&kept.hash)?.ok_or_else(unknown)?;
    let results = assay::sheet(file)?;
    cx.act(move |act| assay::enter(act, &ask.path.blind, &results)).await.map(Json)
}

async fn verify(cx: Cx, ask: Ask<BlindPath>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::verify(act, &ask.path.blind, None)).await.map(Json)
}

async fn back(cx: Cx, ask: Ask<BlindPath, (), Json<Reason>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::verify(act, &ask.path.blind, Some(&ask.body.0.reason))).await.map(Json)
}

async fn issue(cx: Cx, ask: Ask<BlindPath, (), Json<Issue>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::issue(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

async fn correct(cx: Cx, ask: Ask<BlindPath, (), Json<NewCorrection>>) -> Result<Json<Assay>> {
    cx.act(move |act| assay::correct(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}
