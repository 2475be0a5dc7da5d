//! EPCIS over HTTP: capture, one event again as it was told, and the codes of businesses.

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::{Access, Act, Ask, Cx, Download, Json, Raw, Route};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::epcis::{self as act_epcis, Capture, Order, view};
use crate::live::LiveGraph;
use crate::store::{epcis as store, epcis_view};

/// The largest document that is taken over HTTP; the command takes any.
const DOCUMENT_LIMIT: u64 = 1 << 30;
const LD_JSON: &str = "application/ld+json";

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs("trace.read"), Access::Needs("trace.capture"));
    vec![
        Route::post(
            "/epcis/capture",
            write,
            "EPCIS 文件导入（JSON-LD、NDJSON、XML）",
            "trace.epcis_capture",
            capture,
        ),
        Route::get("/epcis/events/{event}", read, "EPCIS 事件", event),
        Route::get("/api/parties/{id}/keys", read, "主体的外部编码（GLN）", keys),
        Route::post(
            "/api/parties/{id}/keys",
            write,
            "登记主体的外部编码（GLN）",
            "trace.party_key",
            name_party,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct CaptureQuery {
    /// Business that declares; the only one of the person where it is not said.
    party: Option<String>,
    /// 1: national numbers in place of EPC URIs pass.
    lenient: Option<u8>,
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
    /// 1: say exactly what the capture would do, keep nothing.
    dry_run: Option<u8>,
}

async fn capture(cx: Cx, ask: Ask<(), CaptureQuery, Raw>) -> Result<Json<Capture>> {
    let proceed = match ask.body.header("gs1-capture-error-behaviour") {
        "" | "rollback" => false,
        "proceed" => true,
        other => {
            let text = format!("GS1-Capture-Error-Behaviour 应为 rollback 或 proceed，不是“{other}”");
            return Err(Error::invalid("gs1-capture-error-behaviour", "capture_behaviour", text));
        }
    };
    let media = ask.body.media.clone();
    if !(media.is_empty()
        || media.contains("json")
        || media.contains("xml")
        || media == "application/octet-stream")
    {
        let text =
            format!("不支持 {media}，请发送 application/ld+json、application/x-ndjson 或 application/xml");
        return Err(Error::invalid("content-type", "body_media", text));
    }
    let order = Order { party: ask.query.party, lenient: ask.query.lenient == Some(1), proceed };
    let kept = kit_uploads::given(&cx, ask.body, ask.query.upload.as_deref(), DOCUMENT_LIMIT).await?.kept;
    let (house, checked) = (cx.house.clone(), order.clone());
    let hash = kept.hash.clone();
    // every fault is found before the writer is held
    tokio::task::spawn_blocking(move || act_epcis::check(document(&house.files, &hash)?, &checked).map(drop))
        .await
        .map_err(Error::internal)??;
    if ask.query.dry_run == Some(1) {
        return tried(cx, order, kept.hash).await.map(Json);
    }
    let done = cx.act(move |act| capture_kept(act, &order, &kept.hash)).await?;
    cx.read(|tx, cx| cx.house.held::<LiveGraph>().catch_up(tx)).await?;
    Ok(Json(done))
}

/// What a capture would do: done, and undone with its transaction; the answer travels beside it.
async fn tried(cx: Cx, order: Order, hash: String) -> Result<Capture> {
    let slot: Arc<Mutex<Option<Capture>>> = Arc::default();
    let told = Arc::clone(&slot);
    let undone = cx.act(move |act| -> Result<()> {
        *told.lock() = Some(capture_kept(act, &order, &hash)?);
        Err(Error::conflict("dry_run", "试导入，未保存"))
    });
    match undone.await {
        Err(e) if e.code != "dry_run" => Err(e),
        _ => slot.lock().take().ok_or_else(|| Error::internal("a dry run without an answer")),
    }
}

fn capture_kept(act: &mut Act, order: &Order, hash: &str) -> Result<Capture> {
    let file = document(&act.cx.house.files, hash)?;
    act_epcis::capture(act, order, file)
}

fn document(files: &kit_files::Files, hash: &str) -> Result<std::fs::File> {
    files.get(hash)?.ok_or_else(|| Error::internal("a document just kept is gone"))
}

#[derive(Deserialize, JsonSchema)]
struct EventPath {
    /// eventID, percent-encoded
    event: String,
}

async fn event(cx: Cx, ask: Ask<EventPath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这个 EPCIS 事件");
    view::ready(&cx.house).await?;
    let document = cx
        .read(move |tx, cx| {
            if let Some((party, division, doc)) = store::doc(tx, &ask.path.event)? {
                let seen = cx.who.scope.covers(&division, Some(&party));
                return doc.filter(|_| seen).ok_or_else(unknown);
            }
            recorded_here(tx, cx, &ask.path.event)?.ok_or_else(unknown)
        })
        .await?;
    Ok(Download::bytes(document.into_bytes(), LD_JSON, ""))
}

/// An event recorded by a form, a sheet or the like, in the words of EPCIS.
fn recorded_here(tx: &mut kit_db::Tx, cx: &Cx, id: &str) -> Result<Option<String>> {
    let Some((found, party, counterpart)) = epcis_view::by_id(tx, id)? else { return Ok(None) };
    let scope = &cx.who.scope;
    let other = counterpart.filter(|_| matches!(scope, kit_web::Scope::Businesses(_)));
    let seen = scope.covers(&found.division, Some(&party))
        || other.is_some_and(|o| scope.covers(&found.division, Some(&o)));
    let base = &cx.house.public_url;
    let event = if seen { view::event_of(tx, &found, base)? } else { None };
    Ok(event.map(|mut event| {
        event["@context"] = crate::epcis::native::context(base);
        event.to_string()
    }))
}

#[derive(Deserialize, JsonSchema)]
struct PartyPath {
    id: String,
}

/// Codes by which other systems name a business.
#[derive(Serialize, JsonSchema)]
struct Keys {
    codes: Vec<String>,
}

async fn keys(cx: Cx, ask: Ask<PartyPath>) -> Result<Json<Keys>> {
    cx.read(move |tx, cx| {
        let unknown = || Error::not_found("没有这个主体，或不在您的辖区内");
        let party = parties::brief(tx, &ask.path.id)?.ok_or_else(unknown)?;
        if !cx.who.scope.covers(&party.division, Some(&party.id)) {
            return Err(unknown());
        }
        Ok(Keys { codes: store::keys_of(tx, &party.id)? })
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    /// 13-digit GLN, its EPC URI or Digital Link, or another code
    code: String,
}

async fn name_party(cx: Cx, ask: Ask<PartyPath, (), Json<KeyForm>>) -> Result<Json<String>> {
    let unknown = |e: Error| {
        if e.code == "party_unknown" {
            Error::not_found("没有这个主体，或不在您的辖区内")
        } else {
            e
        }
    };
    cx.act(move |act| act_epcis::name_party(act, &ask.body.0.code, &ask.path.id).map_err(unknown))
        .await
        .map(Json)
}
