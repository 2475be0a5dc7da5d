//! Codes that look copied, for officers.

use kit_base::Result;
use kit_base::clock::china_day;
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::suspicions;
use crate::store::scans::{self as store, SuspicionQuery, SuspicionRow};

/// Lines of a file; the filter makes it shorter.
const MOST_LINES: i64 = 10_000;

pub fn routes() -> Vec<Route> {
    let read = Access::Needs("publication.read");
    vec![
        Route::get("/api/publication/suspicions", read, "疑似复制的码", list),
        Route::get("/api/publication/suspicions/export", read, "疑似复制的码（CSV）", export),
        Route::post(
            "/api/publication/suspicions/{id}/check",
            Access::Needs("publication.write"),
            "登记疑似复制码的核查结果",
            "publication.suspicion_check",
            check,
        ),
    ]
}

async fn list(cx: Cx, ask: Ask<(), SuspicionQuery>) -> Result<Json<Page<SuspicionRow>>> {
    cx.read(move |tx, cx| store::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn export(cx: Cx, ask: Ask<(), SuspicionQuery>) -> Result<Download> {
    let rows = cx.read(move |tx, cx| store::all(tx, &cx.who.scope, &ask.query, MOST_LINES)).await?;
    let name = format!("疑似复制的码-{}.csv", china_day(cx.now()));
    Ok(Download::bytes(suspicions::csv(&rows)?, "text/csv; charset=utf-8", name))
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CheckForm {
    /// 核查结果
    note: String,
}

async fn check(cx: Cx, ask: Ask<IdPath, (), Json<CheckForm>>) -> Result<Json<SuspicionRow>> {
    cx.act(move |act| suspicions::check(act, &ask.path.id, &ask.body.0.note)).await.map(Json)
}
