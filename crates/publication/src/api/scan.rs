//! The public pages.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kit_base::{Error, Kind, Result, codes};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Download, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::links;
use crate::actions::scan::{ByGtin, CHAIN_LONG, Pace, gtin_data, scan_data_at};
use crate::model::Answer;
use crate::pages::{self, Look, Rendered, percent};
use crate::scans::{self, Scans};
use crate::store;

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/t", OPEN, "公众查询页", search),
        Route::get("/t/", OPEN, "公众查询页", search),
        Route::get("/t/{code}", OPEN, "扫码页：追溯码或主体码", code),
        Route::get("/t/{code}/proof", OPEN, "追溯码的账本凭证", proof),
        Route::get("/doc/{code}", OPEN, "扫码页：文书真伪", document),
        Route::get("/01/{gtin}", OPEN, "扫码页：商品条码", gtin),
        Route::get("/01/{gtin}/21/{serial}", OPEN, "扫码页：商品条码和序列号", gtin_serial),
        Route::get("/01/{gtin}/10/{batch}", OPEN, "扫码页：商品条码和批号", gtin_batch),
        Route::get(
            "/01/{gtin}/10/{batch}/21/{serial}",
            OPEN,
            "扫码页：商品条码、批号和序列号",
            gtin_batch_serial,
        ),
        Route::get("/public/{file}", OPEN, "公众页样式", style),
    ]
}

/// What a public page is asked with; anything else in the address is passed over.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Query {
    /// 1: large type
    care: Option<String>,
    /// production date, YYYY-MM-DD
    made: Option<String>,
    /// code of the business at which the batch was recorded
    from: Option<String>,
    /// division of 4 or 6 digits in which it is scanned, if the page tells; counted, nothing else
    place: Option<String>,
    /// all: every link of the key as a linkset; gs1:pip, gs1:traceability, gs1:epcis …: on to that one
    #[serde(rename = "linkType")]
    pub link_type: Option<String>,
    /// a code that was typed
    code: Option<String>,
}

impl Query {
    /// The look of the page at this path; its parameters but `care` stay in its links.
    pub fn look(&self, path: String) -> Look {
        let mut address = path;
        for (name, value) in [("made", &self.made), ("from", &self.from)] {
            if let Some(value) = value {
                let joint = if address.contains('?') { '&' } else { '?' };
                address.push_str(&format!("{joint}{name}={}", percent(value)));
            }
        }
        Look { care: self.care.as_deref() == Some("1"), address }
    }
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
struct GtinPath {
    gtin: String,
}

#[derive(Deserialize, JsonSchema)]
struct SerialPath {
    gtin: String,
    serial: String,
}

#[derive(Deserialize, JsonSchema)]
struct BatchPath {
    gtin: String,
    batch: String,
}

#[derive(Deserialize, JsonSchema)]
struct BatchSerialPath {
    gtin: String,
    batch: String,
    serial: String,
}

/// The form, or, with a typed code, on to its page.
async fn search(cx: Cx, ask: Ask<(), Query>) -> Result<Response> {
    let keep = if ask.query.care.as_deref() == Some("1") { "?care=1" } else { "" };
    if let Some(typed) = ask.query.code.as_deref().map(codes::tidy).filter(|t| !t.is_empty()) {
        let barcode = matches!(typed.len(), 8 | 12 | 13 | 14) && typed.bytes().all(|b| b.is_ascii_digit());
        let short: String = typed.chars().take(60).collect();
        let path =
            if barcode { format!("/01/{short}{keep}") } else { format!("/t/{}{keep}", percent(&short)) };
        return see_other(&path);
    }
    let look = ask.query.look("/t/".to_owned());
    show(&cx, look, None::<fn(&mut Tx, &Cx, Pace) -> Result<Answer>>).await
}

pub fn see_other(path: &str) -> Result<Response> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let value = HeaderValue::from_str(path).map_err(Error::internal)?;
    response.headers_mut().insert(header::LOCATION, value);
    Ok(response)
}

async fn code(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Response> {
    let code = ask.path.code;
    count(&cx, scans::of_code(&code), &ask.query);
    let look = ask.query.look(format!("/t/{}", percent(&code)));
    let find = move |tx: &mut Tx, cx: &Cx, pace| scan_data_at(tx, &cx.house, &code, pace);
    show(&cx, look, Some(find)).await
}

/// Whether a document of a bureau is genuine; nothing of what it says.
async fn document(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Response> {
    let code = ask.path.code;
    let look = ask.query.look(format!("/doc/{}", percent(&code)));
    let find = move |tx: &mut Tx, cx: &Cx, _: Pace| {
        let flows = cx.house.held::<kit_flow::Flows>();
        let found = kit_flow::verified(tx, &flows, &code)?;
        Ok(found.map_or_else(|| Answer::NoDocument { code: code.clone() }, Answer::Document))
    };
    show(&cx, look, Some(find)).await
}

/// The proof as a file that is checked without us.
async fn proof(cx: Cx, ask: Ask<CodePath>) -> Result<Download> {
    let code = codes::tidy(&ask.path.code);
    let name = format!("账本凭证-{code}.json");
    let proof = cx.read(move |tx, _| trace::proofs::of_code(tx, &code)).await?;
    let bytes = serde_json::to_vec_pretty(&proof).map_err(Error::internal)?;
    Ok(Download::bytes(bytes, "application/json", name))
}

/// Counts a scan: in memory, without waiting.
fn count(cx: &Cx, code: Option<String>, query: &Query) {
    if let (Some(code), Some(scans)) = (code, cx.house.try_held::<Scans>()) {
        scans.note(&code, scans::place_of(query.place.as_deref()), cx.now());
    }
}

async fn gtin(cx: Cx, ask: Ask<GtinPath, Query>) -> Result<Response> {
    by_gtin(cx, ask.path.gtin, None, None, ask.query).await
}

async fn gtin_serial(cx: Cx, ask: Ask<SerialPath, Query>) -> Result<Response> {
    by_gtin(cx, ask.path.gtin, None, Some(ask.path.serial), ask.query).await
}

async fn gtin_batch(cx: Cx, ask: Ask<BatchPath, Query>) -> Result<Response> {
    by_gtin(cx, ask.path.gtin, Some(ask.path.batch), None, ask.query).await
}

async fn gtin_batch_serial(cx: Cx, ask: Ask<BatchSerialPath, Query>) -> Result<Response> {
    by_gtin(cx, ask.path.gtin, Some(ask.path.batch), Some(ask.path.serial), ask.query).await
}

/// The path with its serial number, which the page itself passes over.
fn whole_path(path: &str, serial: Option<&str>) -> String {
    serial.map_or_else(|| path.to_owned(), |serial| format!("{path}/21/{}", percent(serial)))
}

async fn by_gtin(
    cx: Cx,
    gtin: String,
    batch: Option<String>,
    serial: Option<String>,
    query: Query,
) -> Result<Response> {
    count(&cx, scans::of_gtin(&gtin, batch.as_deref(), serial.as_deref()), &query);
    let path = match &batch {
        Some(batch) => format!("/01/{}/10/{}", percent(&gtin), percent(batch)),
        None => format!("/01/{}", percent(&gtin)),
    };
    if let Some(answer) = links::resolved(&cx, &whole_path(&path, serial.as_deref()), &query)? {
        return Ok(answer);
    }
    let look = query.look(path);
    let asked = ByGtin { gtin, batch, made: query.made, from: query.from, pace: Pace::Glance };
    let find = move |tx: &mut Tx, cx: &Cx, pace| gtin_data(tx, &cx.house, &ByGtin { pace, ..asked.clone() });
    show(&cx, look, Some(find)).await
}

/// A page, kept or new.
struct Made {
    page: Arc<Rendered>,
    /// Number of the notices it was made with; none: it was kept already.
    stops: Option<i64>,
}

/// Makes the page of an answer, or takes the one that was kept where the notices stand as they did. Their number is read first: what is
/// set while the page is made leaves it with a number that is over.
fn made<F>(tx: &mut Tx, cx: &Cx, look: &Look, pace: Pace, find: &F) -> Result<Made>
where
    F: Fn(&mut Tx, &Cx, Pace) -> Result<Answer>,
{
    let stops = store::stops(tx)?;
    let kept = pages::kept(&cx.house).and_then(|k| k.get(&address_of(look), cx.now(), stops));
    match kept {
        Some(page) => Ok(Made { page, stops: None }),
        None => {
            let page = pages::render(&find(tx, cx, pace)?, look, cx.now())?;
            Ok(Made { page: Arc::new(page), stops: Some(stops) })
        }
    }
}

fn address_of(look: &Look) -> String {
    format!("{}{}", u8::from(look.care), look.address)
}

/// Shows the page of an answer; the search form where nothing is asked. A fault of ours is a page too: whoever scans must not see a
/// program's text. Most pages are made in a glance; that of a long chain on a thread that may wait.
pub async fn show<F>(cx: &Cx, look: Look, find: Option<F>) -> Result<Response>
where
    F: Fn(&mut Tx, &Cx, Pace) -> Result<Answer> + Clone + Send + 'static,
{
    let Some(find) = find else { return Ok(pages::search_page(&look)?.answer()) };
    let (quick, at) = (find.clone(), look.clone());
    let glanced = cx.glance(move |tx, cx| made(tx, cx, &at, Pace::Glance, &quick)).await;
    let found = match glanced {
        Err(e) if e.code == CHAIN_LONG => {
            let at = look.clone();
            cx.read(move |tx, cx| made(tx, cx, &at, Pace::Whole, &find)).await
        }
        other => other,
    };
    match found {
        Ok(Made { page, stops }) => {
            if let (Some(kept), Some(stops)) = (pages::kept(&cx.house), stops) {
                kept.keep(&address_of(&look), cx.now(), stops, &page);
            }
            Ok(page.answer())
        }
        Err(e) if matches!(e.kind, Kind::Internal | Kind::Unavailable) => {
            tracing::error!(error = %e, address = %look.address, "public page failed");
            Ok(pages::fault_page(&look, cx.now())?.answer())
        }
        Err(e) => Err(e),
    }
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    file: String,
}

async fn style(_: Cx, ask: Ask<FilePath>) -> Result<Response> {
    let own = pages::STYLE_PATH.rsplit('/').next().unwrap_or("");
    if ask.path.file != own {
        return Err(Error::not_found("没有这个文件"));
    }
    let mut response = Response::new(Body::from(pages::STYLE));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
