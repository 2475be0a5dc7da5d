//! Labels, posters, and where a scanned code leads.

use kit_base::{Error, Result};
use kit_docs::qr::{Level, QUIET, Qr};
use kit_web::{Access, Ask, Cx, Download, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use trace::model::LotNo;

use crate::actions::codes::{self, Lead};
use crate::actions::labels::{self, Wanted};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/codes/{code}", Access::SignedIn, "扫到的码在工作台中是什么", lead),
        Route::get("/api/codes/{code}/qr.svg", Access::SignedIn, "码的二维码（SVG）", picture),
        Route::post(
            "/api/lots/{no}/labels",
            Access::Needs("trace.capture"),
            "打印追溯码标签（PDF）",
            "publication.labels",
            labels,
        ),
        Route::get("/api/parties/{id}/poster", Access::Needs("parties.read"), "一店一码海报（PDF）", poster),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

async fn lead(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Lead>> {
    cx.read(move |tx, cx| codes::lead(tx, cx, &ask.path.code)).await.map(Json)
}

/// The QR of a code's public page. What the code leads to is not asked: it says no more than its own text.
async fn picture(cx: Cx, ask: Ask<CodePath>) -> Result<Download> {
    let code = kit_base::codes::tidy(&ask.path.code);
    if code.is_empty() || code.len() > 60 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Error::not_found("没有这个码"));
    }
    let text = format!("{}/t/{code}", cx.house.public_url);
    let svg = Qr::new(&text, Level::Medium)?.svg(QUIET);
    Ok(Download::bytes(svg.into_bytes(), "image/svg+xml", ""))
}

#[derive(Deserialize, JsonSchema)]
struct LotPath {
    no: LotNo,
}

async fn labels(cx: Cx, ask: Ask<LotPath, Wanted>) -> Result<Download> {
    let (no, wanted) = (ask.path.no, ask.query);
    let (_, count) = wanted.settle()?;
    let text = cx.act(move |act| labels::label(act, no, count as i64)).await?;
    let name = format!("标签-{}-{}.pdf", text.name, text.batch);
    let pdf = tokio::task::spawn_blocking(move || labels::labels_pdf(&text, &wanted));
    Ok(Download::bytes(pdf.await.map_err(Error::internal)??, "application/pdf", name))
}

#[derive(Deserialize, JsonSchema)]
struct PartyPath {
    id: String,
}

async fn poster(cx: Cx, ask: Ask<PartyPath>) -> Result<Download> {
    let card = cx.read(move |tx, cx| labels::poster(tx, cx, &ask.path.id)).await?;
    let name = format!("主体码-{}.pdf", card.name);
    let pdf = tokio::task::spawn_blocking(move || labels::poster_pdf(&card));
    Ok(Download::bytes(pdf.await.map_err(Error::internal)??, "application/pdf", name))
}
