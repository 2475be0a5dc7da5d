//! Visits and their records.

use findings::evidence;
use kit_base::{Error, Millis, Result};
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{IdPath, READ, VISIT};
use crate::actions::look;
use crate::actions::print::{Paper, paper};
use crate::actions::record::{Seen, hand_in, repeated, wanted};
use crate::actions::visits::{self, From, named, seen};
use crate::model::{
    LockState, MineQuery, NewRecord, NewVisit, Officer, Pack, Recorded, Visit, VisitQuery, VisitView,
};
use crate::rules::escpos;
use crate::store;

/// Records come in here only: the definition's form has the hash of what was handed in.
pub const RECORD_ROUTE: &str = "/api/visits/{id}/record";

pub fn routes() -> Vec<Route> {
    let plan = Access::Needs("inspection.plan");
    vec![
        Route::get("/api/visits", READ, "监督检查列表", list),
        Route::post("/api/visits", plan, "安排检查", "inspection.plan", create),
        Route::get("/api/visits/mine", VISIT, "今日检查（按路线）", mine),
        Route::get("/api/visits/officers", plan, "可派往一处的检查人员", officers),
        Route::get("/api/visits/code/{code}", READ, "扫检查记录上的码找到检查", by_code),
        Route::get("/api/visits/{id}", READ, "监督检查", open),
        Route::get("/api/visits/{id}/pack", VISIT, "离线办理所需的全部资料", pack),
        Route::post("/api/visits/{id}/arrive", VISIT, "到达现场", "inspection.arrive", arrive),
        Route::post("/api/visits/{id}/lock", VISIT, "离线办理锁定", "inspection.lock", lock),
        Route::post("/api/visits/{id}/unlock", READ, "解除离线办理锁定", "inspection.unlock", unlock),
        Route::post(RECORD_ROUTE, VISIT, "提交检查记录", "inspection.record", record),
        Route::get("/api/visits/{id}/record.pdf", READ, "监督检查结果记录表（PDF）", pdf),
        Route::get("/api/visits/{id}/record.escpos", READ, "检查记录（小票打印机字节流）", receipt),
    ]
}

async fn list(cx: Cx, ask: Ask<(), VisitQuery>) -> Result<Json<Page<Visit>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::visits::list(tx, &cx.who.scope, &ask.query, cx.now())?;
        Ok(Page { items: named(tx, page.items)?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewVisit>>) -> Result<Json<Visit>> {
    cx.act(move |act| visits::plan(act, &ask.body.0, From::default())).await.map(Json)
}

async fn mine(cx: Cx, ask: Ask<(), MineQuery>) -> Result<Json<Vec<Visit>>> {
    cx.read(move |tx, cx| look::mine(tx, cx, &ask.query)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct PlaceQuery {
    /// Where the visit goes: 6 to 12 digits.
    division: String,
}

async fn officers(cx: Cx, ask: Ask<(), PlaceQuery>) -> Result<Json<Vec<Officer>>> {
    let read = cx.read(move |tx, cx| {
        let division = &ask.query.division;
        if !cx.who.scope.covers(division, None) {
            return Ok(Vec::new());
        }
        let found = accounts::officers_at(tx, division, cx.now())?;
        Ok(found.into_iter().map(|(user, name)| Officer { user, name }).collect())
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

async fn by_code(cx: Cx, ask: Ask<CodePath>) -> Result<Json<VisitView>> {
    let read = cx.read(move |tx, cx| {
        let code = ask.path.code.trim().to_uppercase();
        let id = store::visits::id_of_code(tx, &code)?;
        let id = id.ok_or_else(|| Error::not_found("没有这次检查，或不在您的范围内"))?;
        look::whole(tx, cx, &cx.who, &id)
    });
    read.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<VisitView>> {
    cx.read(move |tx, cx| look::whole(tx, cx, &cx.who, &ask.path.id)).await.map(Json)
}

async fn pack(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Pack>> {
    cx.read(move |tx, cx| look::pack(tx, cx, &ask.path.id)).await.map(Json)
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arrival {
    /// The device's own key: a repeat is answered and not done again.
    client_key: String,
    /// When, by the device, ms UTC; now where it is not said.
    #[serde(default)]
    at: Option<Millis>,
    #[serde(default)]
    note: String,
}

async fn arrive(cx: Cx, ask: Ask<IdPath, (), Json<Arrival>>) -> Result<Json<Visit>> {
    let Arrival { client_key, at, note } = ask.body.0;
    let id = ask.path.id;
    cx.act(move |act| visits::arrive(act, &id, &client_key, at, Value::String(note))).await.map(Json)
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LockAsk {
    /// Names the device to others: `张三的手机`.
    device: String,
    /// 24 where it is not said, 48 at most.
    #[serde(default)]
    hours: Option<i64>,
}

async fn lock(cx: Cx, ask: Ask<IdPath, (), Json<LockAsk>>) -> Result<Json<LockState>> {
    let LockAsk { device, hours } = ask.body.0;
    cx.act(move |act| visits::lock(act, &ask.path.id, &device, hours)).await.map(Json)
}

async fn unlock(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| visits::unlock(act, &ask.path.id)).await.map(|()| NoContent)
}

async fn record(cx: Cx, ask: Ask<IdPath, (), Json<NewRecord>>) -> Result<Json<Recorded>> {
    let (id, record) = (ask.path.id, ask.body.0);
    let (of, key) = (id.clone(), record.client_key.clone());
    let told = cx.read(move |tx, cx| {
        let visit = seen(tx, &cx.who, "inspection.visit", &of)?;
        let photos = store::photos::of_visit(tx, &visit.id)?;
        Ok((repeated(tx, &cx.who, &visit.id, &key)?, photos))
    });
    let (_, photos) = told.await?;
    // photos are looked at before the transaction: none is held while a picture is decoded
    let wanted = wanted(&record);
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let mut out = Seen::new();
        for photo in photos.into_iter().filter(|p| wanted.contains(&p.sha256)) {
            let size = u64::try_from(photo.size).map_err(Error::internal)?;
            let kept = kit_files::Kept { hash: photo.sha256.clone(), size };
            out.insert(photo.sha256, evidence::look(&files, kept)?);
        }
        Ok::<Seen, Error>(out)
    });
    let looked = looked.await.map_err(Error::internal)??;
    cx.act(move |act| hand_in(act, &id, &record, &looked)).await.map(Json)
}

/// The record with the name of the bureau in charge.
async fn on_paper(cx: &Cx, id: String) -> Result<(Paper, String)> {
    let read = cx.read(move |tx, cx| {
        let view = look::whole(tx, cx, &cx.who, &id)?;
        let bureau =
            accounts::bureau_of(tx, &view.visit.division)?.unwrap_or_else(|| "市场监督管理局".into());
        Ok((paper(tx, view)?, bureau))
    });
    read.await
}

async fn pdf(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let (paper, bureau) = on_paper(&cx, ask.path.id).await?;
    let name = format!("{}.pdf", paper.view.visit.record_no);
    let made = tokio::task::spawn_blocking(move || kit_docs::pdf::visit_record(&paper.form(&bureau)?)).await;
    Ok(Download::bytes(made.map_err(Error::internal)??, "application/pdf", name))
}

#[derive(Deserialize, JsonSchema)]
struct PaperQuery {
    /// 58 or 80 mm; 58 where it is not given.
    width: Option<i64>,
}

async fn receipt(cx: Cx, ask: Ask<IdPath, PaperQuery>) -> Result<Download> {
    let width = escpos::Paper::of(ask.query.width.unwrap_or(58))?;
    let (paper, _) = on_paper(&cx, ask.path.id).await?;
    let bytes = escpos::print(&paper.receipt(), width)?;
    let name = format!("{}.bin", paper.view.visit.record_no);
    Ok(Download::bytes(bytes, "application/octet-stream", name))
}
