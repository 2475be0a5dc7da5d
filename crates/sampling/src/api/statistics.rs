//! Statistics of sampling: the table, the samples behind a figure, the same as a sheet.

use kit_base::{Error, Result};
use kit_sheets::XLSX;
use kit_web::{Ask, Cx, Download, Json, Page, Route};

use super::READ;
use crate::actions::statistics;
use crate::model::{SampleStatistics, StatQuery, StatSample};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/sample-statistics", READ, "抽检统计", open),
        Route::get("/api/sample-statistics/samples", READ, "抽检统计数字背后的样品", samples),
        Route::get("/api/sample-statistics/file", READ, "抽检统计表格", file),
    ]
}

fn made(tx: &mut kit_db::Tx, cx: &Cx, q: &StatQuery) -> Result<SampleStatistics> {
    let asked = statistics::asked(&cx.who.scope_for("sampling.read"), q, cx.now())?;
    statistics::made(tx, &cx.house, &asked, q, cx.now())
}

async fn open(cx: Cx, ask: Ask<(), StatQuery>) -> Result<Json<SampleStatistics>> {
    cx.read(move |tx, cx| made(tx, cx, &ask.query)).await.map(Json)
}

async fn samples(cx: Cx, ask: Ask<(), StatQuery>) -> Result<Json<Page<StatSample>>> {
    let read = cx.read(move |tx, cx| {
        let asked = statistics::asked(&cx.who.scope_for("sampling.read"), &ask.query, cx.now())?;
        statistics::behind(tx, &cx.house, &asked, &ask.query)
    });
    read.await.map(Json)
}

async fn file(cx: Cx, ask: Ask<(), StatQuery>) -> Result<Download> {
    let found = cx.read(move |tx, cx| made(tx, cx, &ask.query)).await?;
    let name = format!("抽检统计 {} {} 至 {}.xlsx", found.name, found.from, found.to);
    let who = cx.who.name.clone();
    let bytes = tokio::task::spawn_blocking(move || statistics::sheet::book(&found, &who)).await;
    Ok(Download::bytes(bytes.map_err(Error::internal)??, XLSX, name))
}
