//! Licences: list, sheet, paper, signed form; what anybody may ask by the QR code; checks after the grant.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_docs::table::out::{CsvOut, Field, OutColumn};
use kit_web::{Access, Ask, Cx, Download, Html, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::READ;
use super::permits::IdPath;
use crate::actions::{checks, issue};
use crate::model::{Check, Licence, PublicLicence};
use crate::rules::reference;
use crate::store::licences::{self as store, LicenceQuery};

/// Lines of a sheet; the filter makes it shorter.
const MOST_LINES: i64 = 50_000;

pub fn routes() -> Vec<Route> {
    let check = Access::Needs("permits.check");
    vec![
        Route::get("/api/licences", READ, "证照列表", list),
        Route::get("/api/licences/export", READ, "证照列表（CSV）", export),
        Route::get("/api/licences/{id}", READ, "证照", open),
        Route::get("/api/licences/{id}/pdf", READ, "证照（PDF）", paper),
        Route::get("/api/licences/{id}/signed", READ, "证照签名文件（可离线核验）", signed),
        Route::post("/api/licences/{id}/checks", check, "立项核查证照", "permits.check", suspect),
        Route::get("/api/public/licences/{code}", Access::Public, "按二维码核验证照", public),
        Route::get("/l/{code}", Access::Public, "证照核验页", page),
    ]
}

fn named(mut l: Licence) -> Licence {
    l.matter_name = reference::matter(&l.matter).map(|m| m.name.clone()).unwrap_or_default();
    l
}

/// A licence that the asker may see.
fn seen(tx: &mut kit_db::Tx, cx: &Cx, id: &str) -> Result<Licence> {
    let unknown = || Error::not_found("没有这份证照，或不在您的范围内");
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    match cx.who.scope.covers(&found.division, Some(&found.party)) {
        true => Ok(named(found)),
        false => Err(unknown()),
    }
}

async fn list(cx: Cx, ask: Ask<(), LicenceQuery>) -> Result<Json<Page<Licence>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::list(tx, &cx.who.scope, &ask.query, &china_day(cx.now()).to_string())?;
        let items = page.items.into_iter().map(named).collect();
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn export(cx: Cx, ask: Ask<(), LicenceQuery>) -> Result<Download> {
    let today = china_day(cx.now()).to_string();
    let day = today.clone();
    let rows = cx.read(move |tx, cx| store::first(tx, &cx.who.scope, &ask.query, &day, MOST_LINES)).await?;
    let heads = ["证号", "种类", "持证人", "发证机关", "发证日期", "有效期至", "状态"];
    let columns: Vec<OutColumn> = heads.into_iter().map(OutColumn::text).collect();
    let mut bytes = Vec::new();
    let mut out = CsvOut::new(&mut bytes, &columns)?;
    for l in rows.into_iter().map(named) {
        let status = issue::status_name(&l.status);
        let cells = [
            l.number.as_str(),
            &l.matter_name,
            &l.party_name,
            &l.issuer,
            &l.issued,
            if l.expires.is_empty() { "长期" } else { &l.expires },
            status,
        ];
        out.row(cells.map(Field::from))?;
    }
    out.finish()?;
    Ok(Download::bytes(bytes, "text/csv; charset=utf-8", format!("证照-{today}.csv")))
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Licence>> {
    cx.read(move |tx, cx| seen(tx, cx, &ask.path.id)).await.map(Json)
}

async fn paper(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let licence = cx.read(move |tx, cx| seen(tx, cx, &ask.path.id)).await?;
    let (house, name) = (cx.house.clone(), format!("{}.pdf", licence.number));
    let pdf = tokio::task::spawn_blocking(move || issue::pdf(&house, &licence)).await;
    Ok(Download::bytes(pdf.map_err(Error::internal)??, "application/pdf", name))
}

async fn signed(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let licence = cx.read(move |tx, cx| seen(tx, cx, &ask.path.id)).await?;
    let name = format!("{}.licence", licence.number);
    Ok(Download::bytes(licence.note.into_bytes(), "text/plain; charset=utf-8", name))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Suspicion {
    /// Why it is checked.
    what: String,
}

async fn suspect(cx: Cx, ask: Ask<IdPath, (), Json<Suspicion>>) -> Result<Json<Check>> {
    cx.act(move |act| checks::suspect(act, &ask.path.id, &ask.body.0.what)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

async fn public(cx: Cx, ask: Ask<CodePath>) -> Result<Json<PublicLicence>> {
    cx.glance(move |tx, _| issue::public(tx, &ask.path.code)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CareQuery {
    /// 1: 关怀版
    care: Option<i64>,
}

async fn page(cx: Cx, ask: Ask<CodePath, CareQuery>) -> Result<Html> {
    let (code, care) = (ask.path.code.trim().to_uppercase(), ask.query.care == Some(1));
    let asked = code.clone();
    let found = cx.glance(move |tx, _| issue::public(tx, &asked)).await?;
    super::page::shown(&found, &code, care).map(Html)
}
