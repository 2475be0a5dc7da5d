//! Lots, their chain, and their codes over HTTP.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::{NamedLot, Names};
use crate::actions::codes;
use crate::chain::{self, Chain};
use crate::model::{EventNo, Lot, LotNo};
use crate::papers::{Additive, Papers};
use crate::store::lists::{self, EventRow, LotQuery};
use crate::store::products::{self, TraceFile};
use crate::store::{lots, papers as store_papers};

const READ: Access = Access::Needs("trace.read");
const WRITE: Access = Access::Needs("trace.capture");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/lots", READ, "批次与库存列表", list),
        Route::get("/api/lots/{no}", READ, "批次", one),
        Route::get("/api/lots/{no}/chain", READ, "批次的来源与去向", lot_chain),
        Route::post("/api/lots/{no}/code", WRITE, "取得批次追溯码", "trace.code", code),
        Route::post("/api/trace-codes/{code}/void", WRITE, "作废追溯码", "trace.code_void", void),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct LotPath {
    no: LotNo,
}

async fn list(cx: Cx, ask: Ask<(), LotQuery>) -> Result<Json<Page<NamedLot>>> {
    cx.read(move |tx, cx| {
        let meant = crate::search::meant(tx, &cx.house, ask.query.q.as_deref())?;
        let page = lists::lots(tx, &cx.who.scope, &ask.query, meant.as_ref())?;
        let mut names = Names::of_house(&cx.house);
        let items = page.items.into_iter().map(|lot| names.lot(tx, lot)).collect::<Result<_>>()?;
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    })
    .await
    .map(Json)
}

/// A lot, what made it, what took from it, and its papers.
#[derive(Serialize, JsonSchema)]
struct LotPage {
    lot: NamedLot,
    made_by: Option<EventRow>,
    uses: Vec<EventRow>,
    files: Vec<TraceFile>,
    /// 随货凭证 of this batch on its way here, the last step first
    papers: Vec<StepPapers>,
    /// food additives that went into the batch
    additives: Vec<Additive>,
    /// trace code of its batch, if it has one
    code: Option<String>,
    expired: bool,
    /// 暂停流转: holds on what the holder has of this batch, the latest first
    holds: Vec<crate::holds::Hold>,
}

/// What went with one step of a batch.
#[derive(Serialize, JsonSchema)]
struct StepPapers {
    event: EventNo,
    kind: String,
    /// business date, may be partial or empty
    at: String,
    papers: Papers,
}

/// Steps of a batch that are looked at for papers.
const STEPS: usize = 30;

/// The papers of the events that brought a batch to this lot.
fn papers_of(tx: &mut Tx, cx: &Cx, lot: &Lot) -> Result<Vec<StepPapers>> {
    let events = lots::way_of(tx, lot, STEPS)?;
    let mut found = store_papers::papers(tx, &events)?;
    let mut out = Vec::with_capacity(found.len());
    for no in events {
        let Some(papers) = found.remove(&no) else { continue };
        let Some(event) = lists::event(tx, no)? else { continue };
        let papers = papers.seen_by(&cx.who.scope, &event.party);
        out.push(StepPapers { event: no, kind: event.kind, at: event.at, papers });
    }
    Ok(out)
}

/// An event of the lot page: persons as the asker may see them.
fn seen(cx: &Cx, mut event: EventRow) -> EventRow {
    event.papers = event.papers.map(|p| p.seen_by(&cx.who.scope, &event.party));
    event
}

fn unknown() -> Error {
    Error::not_found("没有这个批次")
}

async fn one(cx: Cx, ask: Ask<LotPath>) -> Result<Json<LotPage>> {
    cx.read(move |tx, cx| {
        let lot = chain::visible(tx, &cx.who, ask.path.no)?.ok_or_else(unknown)?;
        let row = lists::lot(tx, lot.no)?.ok_or_else(unknown)?;
        let begun = lots::by_no(tx, lot.origin)?.map_or(lot.event, |origin| origin.event);
        Ok(LotPage {
            made_by: lists::event(tx, lot.event)?.map(|e| seen(cx, e)),
            uses: lists::uses_of(tx, lot.no, 100)?.into_iter().map(|e| seen(cx, e)).collect(),
            papers: papers_of(tx, cx, &lot)?,
            additives: store_papers::additives(tx, &[begun])?.remove(&begun).unwrap_or_default(),
            files: products::files(tx, &lot.product, Some(lot.origin))?,
            code: crate::store::codes::by_lot(tx, lot.origin)?
                .filter(|c| c.voided_at.is_none())
                .map(|c| c.code),
            expired: crate::rules::is_expired(&lot.expires, cx.now()),
            holds: crate::holds::of_batch(tx, lot.origin, &lot.holder)?,
            lot: Names::of_house(&cx.house).lot(tx, row)?,
        })
    })
    .await
    .map(Json)
}

async fn lot_chain(cx: Cx, ask: Ask<LotPath>) -> Result<Json<Chain>> {
    cx.read(move |tx, cx| {
        let lot = chain::visible(tx, &cx.who, ask.path.no)?.ok_or_else(unknown)?;
        chain::of(tx, &cx.house, lot.no, chain::MOST)
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodeForm {
    /// labels to be printed now
    #[serde(default)]
    labels: i64,
}

/// A trace code and where it leads.
#[derive(Serialize, Deserialize, JsonSchema)]
struct CodeAnswer {
    code: String,
    url: String,
    lot: LotNo,
    printed: i64,
}

async fn code(cx: Cx, ask: Ask<LotPath, (), Json<CodeForm>>) -> Result<Json<CodeAnswer>> {
    let labels = ask.body.0.labels.clamp(0, 1_000_000);
    let url = cx.house.public_url.clone();
    cx.act(move |act| {
        let code = codes::code_for(act, ask.path.no, labels)?;
        Ok(CodeAnswer {
            url: format!("{url}/t/{}", code.code),
            lot: code.lot,
            printed: code.printed + labels,
            code: code.code,
        })
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VoidForm {
    reason: String,
}

async fn void(cx: Cx, ask: Ask<CodePath, (), Json<VoidForm>>) -> Result<NoContent> {
    cx.act(move |act| codes::void(act, &ask.path.code, &ask.body.0.reason)).await?;
    Ok(NoContent)
}
