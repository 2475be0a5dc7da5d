//! The query interface of EPCIS 2.0: events under the paths and with the parameters of the standard's OpenAPI.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Route};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::actions::epcis::view;
use crate::epcis::gs1::escaped;
use crate::epcis::query::{PARAMETERS, Params, Query, Shape, Wrong};
use crate::store::epcis_view::Part;

const LD_JSON: &str = "application/ld+json";
const PER_PAGE: usize = 30;
const MOST_PER_PAGE: usize = 1_000;

pub fn routes() -> Vec<Route> {
    let read = Access::Needs("trace.read");
    vec![
        Route::get("/epcis/events", read, "EPCIS 事件查询", events),
        Route::get("/epcis/eventTypes/{type}/events", read, "某类型的 EPCIS 事件", of_type),
        Route::get("/epcis/epcs/{epc}/events", read, "某编码的 EPCIS 事件", of_epc),
        Route::get("/epcis/bizSteps/{step}/events", read, "某业务步骤的 EPCIS 事件", of_step),
        Route::get("/epcis/bizLocations/{place}/events", read, "某业务地点的 EPCIS 事件", of_location),
        Route::get("/epcis/readPoints/{place}/events", read, "某读取点的 EPCIS 事件", of_read_point),
        Route::get("/epcis/dispositions/{disposition}/events", read, "某状态的 EPCIS 事件", of_disposition),
    ]
}

/// The query string: parameters of the standard by their names, and the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Asked(BTreeMap<String, String>);

impl JsonSchema for Asked {
    fn schema_name() -> Cow<'static, str> {
        "EpcisQuery".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        let page = [
            ("perPage", Shape::Count, "每页事件数，1 至 1000，默认 30"),
            ("nextPageToken", Shape::Word, "下一页标记"),
        ];
        for (name, shape, about) in PARAMETERS.iter().chain(&page) {
            let more = if *shape == Shape::List { "；多个值用 | 分隔" } else { "" };
            properties.insert(
                (*name).to_owned(),
                json!({ "type": "string", "description": format!("{about}{more}") }),
            );
        }
        let mut schema = Map::new();
        schema.insert("type".into(), json!("object"));
        schema.insert("properties".into(), Value::Object(properties));
        schema.into()
    }
}

/// A page asked for.
struct Page {
    size: usize,
    token: Option<String>,
}

impl Asked {
    fn page(&mut self) -> std::result::Result<Page, Wrong> {
        let size = match self.0.remove("perPage") {
            None => PER_PAGE,
            Some(text) => {
                text.parse().ok().filter(|n| (1..=MOST_PER_PAGE).contains(n)).ok_or_else(|| Wrong {
                    parameter: "perPage".into(),
                    message: format!("perPage 应为 1 至 {MOST_PER_PAGE} 的整数"),
                })?
            }
        };
        Ok(Page { size, token: self.0.remove("nextPageToken") })
    }
}

/// An exception of the standard in problem form (RFC 7807, as its OpenAPI asks).
pub fn exception(status: u16, exception: &str, field: &str, message: &str) -> Result<Response> {
    let problem = json!({
        "type": format!("epcisException:{exception}"), "title": message, "status": status, "code": exception, "field": field,
    });
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/problem+json")
        .body(Body::from(problem.to_string()))
        .map_err(Error::internal)
}

pub fn refuse(wrong: &Wrong) -> Result<Response> {
    exception(400, "QueryParameterException", &wrong.parameter, &wrong.message)
}

/// What a path adds to the parameters.
enum About {
    All,
    Parameter(&'static str, String),
    Code(String),
}

async fn events(cx: Cx, ask: Ask<(), Asked>) -> Result<Response> {
    answer(cx, "/epcis/events".to_owned(), ask.query, About::All).await
}

macro_rules! narrowed {
    ($($handler:ident, $path:ident { $field:ident }, $address:literal, $parameter:literal;)*) => {$(
        #[derive(Deserialize, JsonSchema)]
        struct $path {
            #[serde(alias = "type")]
            $field: String,
        }

        async fn $handler(cx: Cx, ask: Ask<$path, Asked>) -> Result<Response> {
            let path = format!($address, escaped(&ask.path.$field));
            answer(cx, path, ask.query, About::Parameter($parameter, ask.path.$field)).await
        }
    )*};
}
narrowed! {
    of_step, StepPath { step }, "/epcis/bizSteps/{}/events", "EQ_bizStep";
    of_location, LocationPath { place }, "/epcis/bizLocations/{}/events", "EQ_bizLocation";
    of_read_point, ReadPointPath { place }, "/epcis/readPoints/{}/events", "EQ_readPoint";
    of_disposition, DispositionPath { disposition }, "/epcis/dispositions/{}/events", "EQ_disposition";
}

#[derive(Deserialize, JsonSchema)]
struct TypePath {
    #[serde(rename = "type")]
    kind: String,
}

async fn of_type(cx: Cx, ask: Ask<TypePath, Asked>) -> Result<Response> {
    let path = format!("/epcis/eventTypes/{}/events", escaped(&ask.path.kind));
    answer(cx, path, ask.query, About::Parameter("eventType", ask.path.kind)).await
}

#[derive(Deserialize, JsonSchema)]
struct EpcPath {
    epc: String,
}

async fn of_epc(cx: Cx, ask: Ask<EpcPath, Asked>) -> Result<Response> {
    let path = format!("/epcis/epcs/{}/events", escaped(&ask.path.epc));
    answer(cx, path, ask.query, About::Code(ask.path.epc)).await
}

fn read(asked: &Asked, about: &About) -> std::result::Result<(Params, Query), Wrong> {
    let (params, query) = Query::of_pairs(asked.0.iter().map(|(n, v)| (n.as_str(), v.as_str())))?;
    match about {
        About::All => Ok((params, query)),
        About::Parameter(name, value) => Ok((params.clone(), Query::narrowed(&params, name, value)?.1)),
        About::Code(code) => Ok((params, query.about(code)?)),
    }
}

async fn answer(cx: Cx, path: String, mut asked: Asked, about: About) -> Result<Response> {
    let page = match asked.page() {
        Ok(page) => page,
        Err(wrong) => return refuse(&wrong),
    };
    match read(&asked, &about) {
        Ok((params, query)) => page_of(cx, path, "SimpleEventQuery", params, query, page).await,
        Err(wrong) => refuse(&wrong),
    }
}

/// The events of a named query.
pub async fn events_of(cx: Cx, name: &str, params: Params, mut asked: Asked) -> Result<Response> {
    let page = match asked.page() {
        Ok(page) => page,
        Err(wrong) => return refuse(&wrong),
    };
    if let Some(odd) = asked.0.keys().next() {
        let message = format!("命名查询只接受 perPage 和 nextPageToken，不接受“{odd}”");
        return exception(400, "QueryParameterException", odd, &message);
    }
    let query = match Query::read(&params) {
        Ok(query) => query,
        Err(wrong) => return refuse(&wrong),
    };
    let path = format!("/epcis/queries/{}/events", escaped(name));
    page_of(cx, path, name, Params::new(), query, page).await
}

/// Where an answer stands: made by the first page, carried by the token, so that pages stay what they are while new
/// events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    /// Events up to this number are in the answer.
    upto: i64,
    last: Option<(i64, i64)>,
    /// Events given so far.
    given: u64,
}

impl Stand {
    fn token(self, mark: &str) -> String {
        let (key, no) = self.last.unwrap_or_default();
        hex::encode(format!("{mark} {} {key} {no} {}", self.upto, self.given))
    }

    fn of_token(token: &str, mark: &str) -> Option<Self> {
        let text = String::from_utf8(hex::decode(token).ok()?).ok()?;
        let mut parts = text.split(' ');
        let mut number = |first: bool| -> Option<i64> {
            if first && parts.next()? != mark {
                return None;
            }
            parts.next()?.parse().ok()
        };
        let (upto, key, no, given) = (number(true)?, number(false)?, number(false)?, number(false)?);
        Some(Self { upto, last: Some((key, no)), given: u64::try_from(given).ok()? })
    }
}

async fn page_of(
    cx: Cx,
    path: String,
    name: &str,
    params: Params,
    query: Query,
    page: Page,
) -> Result<Response> {
    view::ready(&cx.house).await?;
    let mark = hex::encode(&Sha256::digest(format!("{path} {params:?} {query:?}"))[..6]);
    let stand = match page.token.as_deref().map(|token| Stand::of_token(token, &mark)) {
        None => None,
        Some(Some(stand)) => Some(stand),
        Some(None) => {
            return exception(
                400,
                "QueryParameterException",
                "nextPageToken",
                "下一页标记无效，或不属于这个查询",
            );
        }
    };
    let base = cx.house.public_url.clone();
    let asked = query.clone();
    let found = cx
        .read(move |tx, cx| {
            let stand = match stand {
                Some(stand) => stand,
                None => Stand { upto: crate::store::epcis_view::mark(tx)?, last: None, given: 0 },
            };
            let left = asked.limit.map_or(u64::MAX, |limit| limit.saturating_sub(stand.given));
            let size = page.size.min(usize::try_from(left).unwrap_or(usize::MAX));
            let part = Part { after: 0, upto: stand.upto, last: stand.last };
            if let (Some(most), None) = (asked.most, stand.last)
                && more_than(tx, cx, &asked, part, most)?
            {
                return Ok(None);
            }
            let answer = view::ask(tx, &cx.who.scope, &asked, &cx.house.public_url, part, size)?;
            let given = stand.given + answer.events.len() as u64;
            let next = answer.next.filter(|_| asked.limit.is_none_or(|limit| given < limit));
            let next = next.map(|last| Stand { last: Some(last), given, ..stand });
            Ok(Some((answer.events, next)))
        })
        .await?;
    let Some((events, next)) = found else {
        return exception(413, "QueryTooLargeException", "maxEventCount", "符合条件的事件超过 maxEventCount");
    };
    let events = events.into_iter().map(|(_, event)| event).collect();
    let document = view::document(&base, cx.now(), name, None, events);
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, LD_JSON)
        .header(header::CACHE_CONTROL, "no-store")
        .header("GS1-EPCIS-Version", "2.0.0")
        .header("GS1-CBV-Version", "2.0.0");
    if let Some(next) = next {
        let link = next_link(&base, &path, &params, page.size, &next.token(&mark));
        response = response.header(header::LINK, link);
    }
    response.body(Body::from(document.to_string())).map_err(Error::internal)
}

/// Whether the whole answer has more events than that.
fn more_than(tx: &mut kit_db::Tx, cx: &Cx, query: &Query, part: Part, most: u64) -> Result<bool> {
    let (mut part, mut seen) = (part, 0);
    loop {
        let answer = view::ask(tx, &cx.who.scope, query, &cx.house.public_url, part, MOST_PER_PAGE)?;
        seen += answer.events.len() as u64;
        match answer.next {
            _ if seen > most => return Ok(true),
            Some(last) => part.last = Some(last),
            None => return Ok(false),
        }
    }
}

fn next_link(base: &str, path: &str, params: &Params, size: usize, token: &str) -> String {
    let mut link = format!("{base}{path}?perPage={size}&nextPageToken={token}");
    for (name, values) in params {
        let values: Vec<String> = values.iter().map(|v| escaped(v)).collect();
        link.push_str(&format!("&{name}={}", values.join("%7C")));
    }
    format!("<{link}>; rel=\"next\"")
}
