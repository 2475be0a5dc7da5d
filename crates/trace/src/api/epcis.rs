//! EPCIS over HTTP: capture, and the events again as they were told. (Full queries are of the next issue.)

use kit_base::{Error, Result};
use kit_web::{Access, Act, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::actions::epcis::{self as act_epcis, Capture, Order};
use crate::epcis::key_of;
use crate::epcis::time::Time;
use crate::live::LiveGraph;
use crate::store::epcis::{self as store, EpcisFilter};

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
        Route::get("/epcis/events", read, "EPCIS 事件查询", events),
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
    let kept = ask.body.keep(&cx.house.files, DOCUMENT_LIMIT).await?;
    let (house, checked) = (cx.house.clone(), order.clone());
    let hash = kept.hash.clone();
    // every fault is found before the writer is held
    tokio::task::spawn_blocking(move || act_epcis::check(document(&house.files, &hash)?, &checked).map(drop))
        .await
        .map_err(Error::internal)??;
    let done = cx.act(move |act| capture_kept(act, &order, &kept.hash)).await?;
    cx.read(|tx, cx| cx.house.held::<LiveGraph>().catch_up(tx)).await?;
    Ok(Json(done))
}

fn capture_kept(act: &mut Act, order: &Order, hash: &str) -> Result<Capture> {
    let file = document(&act.cx.house.files, hash)?;
    act_epcis::capture(act, order, file)
}

fn document(files: &kit_files::Files, hash: &str) -> Result<std::fs::File> {
    files.get(hash)?.ok_or_else(|| Error::internal("a document just kept is gone"))
}

/// The simple event query: those parameters of GS1 EPCIS 2.0 that are known here.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventQuery {
    /// ObjectEvent …; several with `|`
    #[serde(rename = "eventType")]
    event_type: Option<String>,
    /// RFC 3339, that moment included
    #[serde(rename = "GE_eventTime")]
    ge_event_time: Option<String>,
    /// RFC 3339, that moment not included
    #[serde(rename = "LT_eventTime")]
    lt_event_time: Option<String>,
    /// EPCs or classes in any writing; several with `|`
    #[serde(rename = "MATCH_anyEPC")]
    match_any_epc: Option<String>,
    page: Option<i64>,
    #[serde(rename = "perPage")]
    per_page: Option<i64>,
}

impl EventQuery {
    fn filter(&self) -> Result<EpcisFilter> {
        let each = |text: &Option<String>| -> Vec<String> {
            let text = text.as_deref().unwrap_or_default();
            text.split('|').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
        };
        let time = |field: &str, text: &Option<String>| -> Result<Option<i64>> {
            let Some(text) = text.as_deref() else { return Ok(None) };
            let wrong = || {
                Error::invalid(
                    field,
                    "time_syntax",
                    format!("“{text}”不是时间，请写成 2026-03-01T08:30:00+08:00"),
                )
            };
            let read = Time::read(text).map_err(|_| wrong())?;
            read.offset.map(|_| Some(read.ms)).ok_or_else(wrong)
        };
        let (page, size) = kit_web::answer::paging(self.page, self.per_page);
        Ok(EpcisFilter {
            kinds: each(&self.event_type),
            from: time("GE_eventTime", &self.ge_event_time)?,
            before: time("LT_eventTime", &self.lt_event_time)?,
            codes: each(&self.match_any_epc).iter().map(|code| key_of(code)).collect(),
            page,
            size,
        })
    }
}

async fn events(cx: Cx, ask: Ask<(), EventQuery>) -> Result<Download> {
    let filter = ask.query.filter()?;
    let page = filter.page;
    let size = usize::try_from(filter.size).unwrap_or(20);
    let mut documents = cx.read(move |tx, cx| store::list(tx, &cx.who.scope, &filter)).await?;
    let more = documents.len() > size;
    documents.truncate(size);
    let events: Vec<Value> =
        documents.iter().map(|d| serde_json::from_str(d).map_err(Error::internal)).collect::<Result<_>>()?;
    let now = jiff::Timestamp::from_millisecond(cx.now()).map_err(Error::internal)?;
    let mut answer = json!({
        "@context": [crate::epcis::context::STANDARD],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now.to_string(),
        "epcisBody": { "queryResults": { "queryName": "SimpleEventQuery", "resultsBody": { "eventList": events } } },
    });
    if more {
        answer["shian:nextPage"] = json!(page + 1);
        answer["@context"] =
            json!([crate::epcis::context::STANDARD, { "shian": format!("{}/epcis#", cx.house.public_url) }]);
    }
    Ok(Download::bytes(answer.to_string().into_bytes(), LD_JSON, ""))
}

#[derive(Deserialize, JsonSchema)]
struct EventPath {
    /// eventID, percent-encoded
    event: String,
}

async fn event(cx: Cx, ask: Ask<EventPath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这个 EPCIS 事件");
    let document = cx
        .read(move |tx, cx| {
            let found = store::doc(tx, &ask.path.event)?;
            let seen = found.filter(|(party, division, _)| cx.who.scope.covers(division, Some(party)));
            seen.and_then(|(_, _, doc)| doc).ok_or_else(unknown)
        })
        .await?;
    Ok(Download::bytes(document.into_bytes(), LD_JSON, ""))
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
    cx.act(move |act| act_epcis::name_party(act, &ask.body.0.code, &ask.path.id)).await.map(Json)
}
