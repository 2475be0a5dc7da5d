//! The laboratory's routes: by blind code.

use kit_base::{Error, Result};
use kit_web::{Access, Act, Ask, Cx, Download, Json, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IdPath;
use super::desk::returned;
use crate::actions::{assay, corrections, custody, entry, readings, recheck, unknown};
use crate::model::{Assay, Imported, Issue, NewCorrection, NewReadings, Offer, Over, Results, Run, Unfit};
use crate::rules::instrument::{self, Instruments};
use crate::store::samples::by_blind;

const LAB: Access = Access::Needs("sampling.lab");
const TEST: Access = Access::Needs("sampling.test");
const READINGS: Access = Access::Needs("sampling.readings");
const VERIFY: Access = Access::Needs("sampling.verify");
const ISSUE: Access = Access::Needs("sampling.issue");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/instruments", LAB, "仪器文件的形状", shapes),
        Route::get("/api/assays/runs", LAB, "提交过的仪器读数", runs),
        Route::get("/api/assays/runs/{id}/rejected", LAB, "未能对上的读数", run_rejected),
        Route::post("/api/assays/runs", READINGS, "程序提交读数", "sampling.readings", told),
        Route::post("/api/assays/runs/file", READINGS, "提交仪器文件", "sampling.readings", run_file),
        Route::get("/api/assays/{blind}", LAB, "盲样", open),
        Route::get("/api/handovers/{code}", LAB, "按交接码查样品", handed),
        Route::post("/api/assays/{blind}/accept", TEST, "收样（收方签字）", "sampling.accept", accept),
        Route::post("/api/assays/{blind}/reject", TEST, "拒收样品", "sampling.reject", reject),
        Route::post("/api/assays/{blind}/receive", TEST, "签收备样", "sampling.receive", receive),
        Route::post("/api/assays/{blind}/unfit", TEST, "报告备样不能检验", "sampling.unfit", unfit),
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

async fn unfit(cx: Cx, ask: Ask<BlindPath, (), Json<Unfit>>) -> Result<Json<Assay>> {
    cx.act(move |act| recheck::unfit(act, &ask.path.blind, &ask.body.0)).await.map(Json)
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
    cx.act(move |act| entered(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

/// By the laboratory that tests, or by the one that rechecks.
fn entered(act: &mut Act, blind: &str, results: &Results) -> Result<Assay> {
    let sample = custody::of_lab(act, blind)?;
    match recheck::is_at(act, &sample) {
        true => recheck::enter(act, &sample, results),
        false => assay::enter(act, blind, results),
    }
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
    let (results, lines) = entry::sheet(file)?;
    let done = cx.act(move |act| entered(act, &ask.path.blind, &results)).await;
    done.map(Json).map_err(|e| entry::in_row(e, &lines))
}

async fn verify(cx: Cx, ask: Ask<BlindPath>) -> Result<Json<Assay>> {
    cx.act(move |act| verified(act, &ask.path.blind, None)).await.map(Json)
}

fn verified(act: &mut Act, blind: &str, back: Option<&str>) -> Result<Assay> {
    let sample = custody::of_lab(act, blind)?;
    match recheck::is_at(act, &sample) {
        true => recheck::verify(act, &sample, back),
        false => assay::verify(act, blind, back),
    }
}

async fn back(cx: Cx, ask: Ask<BlindPath, (), Json<Reason>>) -> Result<Json<Assay>> {
    cx.act(move |act| verified(act, &ask.path.blind, Some(&ask.body.0.reason))).await.map(Json)
}

async fn issue(cx: Cx, ask: Ask<BlindPath, (), Json<Issue>>) -> Result<Json<Assay>> {
    let acted = cx.act(move |act| {
        let sample = custody::of_lab(act, &ask.path.blind)?;
        match recheck::is_at(act, &sample) {
            true => recheck::issue(act, &sample, &ask.body.0),
            false => assay::issue(act, &ask.path.blind, &ask.body.0),
        }
    });
    acted.await.map(Json)
}

async fn correct(cx: Cx, ask: Ask<BlindPath, (), Json<NewCorrection>>) -> Result<Json<Assay>> {
    cx.act(move |act| corrections::correct(act, &ask.path.blind, &ask.body.0)).await.map(Json)
}

async fn shapes(_: Cx, _: Ask) -> Result<Json<Instruments>> {
    instrument::instruments().cloned().map(Json)
}

async fn runs(cx: Cx, _: Ask) -> Result<Json<Vec<Run>>> {
    let read = cx.read(|tx, cx| {
        let Scope::Businesses(own) = cx.who.scope.clone() else { return Err(unknown()) };
        let mut out = Vec::new();
        for lab in &own {
            out.extend(crate::store::readings::runs(tx, lab)?);
        }
        Ok(out)
    });
    read.await.map(Json)
}

async fn run_rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let none = || Error::not_found("没有未能对上的读数");
    let read = cx.read(move |tx, cx| {
        let found = crate::store::readings::run(tx, &ask.path.id)?;
        found.filter(|r| cx.who.scope.covers("", Some(&r.lab))).ok_or_else(none)
    });
    let run = read.await?;
    returned(&cx, &run.name, &run.rejected_file)
}

async fn told(cx: Cx, ask: Ask<(), (), Json<NewReadings>>) -> Result<Json<Imported>> {
    let new = ask.body.0;
    if new.items.is_empty() || new.items.len() > 5_000 {
        return Err(Error::invalid("items", "items_many", "一次提交 1 至 5000 个读数"));
    }
    let name = new.name.clone();
    let read = readings::told(new.items);
    cx.act(move |act| readings::take_in(act, (&name, ""), "http", read)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct ShapeQuery {
    /// Code of `/api/instruments`.
    shape: String,
}

async fn run_file(cx: Cx, ask: Ask<(), ShapeQuery, Raw>) -> Result<Json<Imported>> {
    let shape = ask.query.shape;
    let sent = kit_uploads::given(&cx, ask.body, None, 16 << 20).await?;
    let (files, name, of) = (cx.house.files.clone(), sent.name.clone(), shape.clone());
    let kept = sent.kept.hash.clone();
    let looked =
        tokio::task::spawn_blocking(move || readings::look(&files, &sent.kept.hash, &sent.name, &of)).await;
    let read = looked.map_err(Error::internal)??;
    cx.act(move |act| readings::take_in(act, (&name, &kept), &shape, read)).await.map(Json)
}
