//! What anybody may read and take along: pages, JSON, CSV, and the schema of both.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Item;
use crate::pages::{self, Look, open};
use crate::rules::schedule;
use crate::store::schedule::{self as store, OpenAsked};

/// Rows of one answer of data.
const MOST: i64 = 1_000;

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/open", OPEN, "公示公开首页", index),
        Route::get("/open/{kind}", OPEN, "一类公示：网页、JSON 或 CSV", list),
        Route::get("/open/{kind}/schema", OPEN, "一类公示的数据结构（JSON Schema）", schema),
        Route::get("/open/item/{id}", OPEN, "一条公示", item),
    ]
}

/// How a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
struct Query {
    /// html, json or csv; a page where it is not said
    format: Option<String>,
    /// prefix of divisions
    division: Option<String>,
    /// words in name, number, title
    q: Option<String>,
    /// results of samples: fails, conforms
    verdict: Option<String>,
    page: Option<i64>,
    /// data: only items after this number
    after: Option<i64>,
    /// 1: large type
    care: Option<String>,
}

/// A shown item as data.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpenItem {
    /// Number: ask for those after it.
    pub no: i64,
    pub id: String,
    /// Name of the business, masked where it is like a person's.
    pub name: String,
    /// 统一社会信用代码; empty unknown
    pub uscc: String,
    /// 主体码
    pub code: String,
    /// 行政区划代码
    pub division: String,
    pub number: String,
    pub title: String,
    pub content: serde_json::Value,
    pub issuer: String,
    /// Day of the decision, `2026-03-01`.
    pub decided: String,
    pub shown_from: String,
    /// First day on which it is not shown; empty as long as it stands.
    pub shown_until: String,
    /// Made by the simulator: not real.
    pub simulated: bool,
}

impl From<Item> for OpenItem {
    fn from(i: Item) -> Self {
        let day = |at| kit_base::clock::china_day(at).to_string();
        Self {
            no: i.no,
            id: i.id,
            name: i.name,
            uscc: i.uscc,
            code: i.code,
            division: i.division,
            number: i.number,
            title: i.title,
            content: i.content,
            issuer: i.issuer,
            decided: day(i.decided_at),
            shown_from: day(i.from_at),
            shown_until: i.until_at.map(day).unwrap_or_default(),
            simulated: i.simulated,
        }
    }
}

/// A part of open data.
#[derive(Serialize, JsonSchema)]
struct OpenPart {
    kind: String,
    /// 食品安全公示数据；名称 of the kind
    name: String,
    items: Vec<OpenItem>,
    /// Ask with this as `after` for the next part; `null` at the end.
    next: Option<i64>,
}

/// A kind that is shown. Errors: not found.
fn term(kind: &str, cx: &Cx) -> Result<schedule::Term> {
    let today = kit_base::clock::china_day(cx.now()).to_string();
    let found = schedule::terms(&today).into_iter().find(|t| t.kind == kind);
    found.ok_or_else(|| Error::not_found("没有这类公示"))
}

fn look(query: &Query, path: &str) -> Look {
    Look { care: query.care.as_deref() == Some("1"), address: path.to_owned() }
}

async fn index(cx: Cx, ask: Ask<(), Query>) -> Result<Response> {
    let now = cx.now();
    let counts = cx.read(move |tx, _| store::count_shown(tx, now)).await?;
    let today = kit_base::clock::china_day(now).to_string();
    let kinds = schedule::terms(&today);
    html(open::index(&look(&ask.query, "/open"), &kinds, &counts)?)
}

#[derive(Deserialize, JsonSchema)]
struct KindPath {
    kind: String,
}

async fn list(cx: Cx, ask: Ask<KindPath, Query>) -> Result<Response> {
    let term = term(&ask.path.kind, &cx)?;
    let (now, q) = (cx.now(), ask.query);
    match q.format.as_deref().unwrap_or("html") {
        "html" => {
            let asked = OpenAsked {
                kind: term.kind.to_owned(),
                division: q.division.clone(),
                text: q.q.clone(),
                verdict: q.verdict.clone(),
                page: q.page,
                size: Some(20),
            };
            let divisions = parties::divisions::today(&cx.house);
            let kind = term.kind;
            let read = cx.read(move |tx, _| {
                Ok((store::shown(tx, &asked, now)?, store::counties_shown(tx, kind, now)?))
            });
            let (page, counties) = read.await?;
            let path = format!("/open/{}", term.kind);
            let said = open::Said {
                text: q.q.as_deref().unwrap_or("").trim(),
                division: q.division.as_deref().unwrap_or("").trim(),
                verdict: q.verdict.as_deref().filter(|v| ["fails", "conforms"].contains(v)).unwrap_or(""),
            };
            html(open::list(&look(&q, &path), &term, page, &said, &counties, &divisions)?)
        }
        "json" => {
            let after = q.after.unwrap_or(0);
            let items = cx.read(move |tx, _| store::shown_after(tx, term.kind, now, after, MOST)).await?;
            let next = (items.len() as i64 == MOST).then(|| items.last().map(|i| i.no)).flatten();
            let items = items.into_iter().map(OpenItem::from).collect();
            let part = OpenPart { kind: term.kind.into(), name: term.name.into(), items, next };
            Ok(kit_web::Answer::into_answer(Json(part)))
        }
        "csv" => {
            let after = q.after.unwrap_or(0);
            let items = cx.read(move |tx, _| store::shown_after(tx, term.kind, now, after, MOST)).await?;
            csv(items)
        }
        _ => Err(Error::invalid("format", "format_unknown", "格式应为网页、JSON 或 CSV")),
    }
}

const HEADINGS: [&str; 13] = [
    "no",
    "id",
    "name",
    "uscc",
    "code",
    "division",
    "number",
    "title",
    "content",
    "issuer",
    "decided",
    "shown_from",
    "shown_until",
];

fn csv(items: Vec<Item>) -> Result<Response> {
    let mut out = String::from("\u{feff}");
    out.push_str(&HEADINGS.join(","));
    out.push_str(",simulated\r\n");
    for i in items.into_iter().map(OpenItem::from) {
        let no = i.no.to_string();
        let content = i.content.to_string();
        let simulated = i.simulated.to_string();
        let cells = [
            &no,
            &i.id,
            &i.name,
            &i.uscc,
            &i.code,
            &i.division,
            &i.number,
            &i.title,
            &content,
            &i.issuer,
            &i.decided,
            &i.shown_from,
            &i.shown_until,
            &simulated,
        ];
        let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    let mut response = Response::new(Body::from(out));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    Ok(response)
}

/// A cell of CSV; never a formula.
fn cell(text: &str) -> String {
    let guarded =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    match guarded.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}

async fn schema(cx: Cx, ask: Ask<KindPath>) -> Result<Json<serde_json::Value>> {
    let term = term(&ask.path.kind, &cx)?;
    let mut schema = serde_json::to_value(schemars::schema_for!(OpenItem)).map_err(Error::internal)?;
    schema["title"] = term.name.into();
    schema["description"] = format!("{}；{}", term.source, term.article).into();
    Ok(Json(schema))
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

async fn item(cx: Cx, ask: Ask<IdPath, Query>) -> Result<Response> {
    let now = cx.now();
    let id = ask.path.id.clone();
    let found = cx.read(move |tx, _| store::by_id(tx, &id)).await?;
    let shown = |i: &Item| {
        i.from_at <= now
            && i.until_at.is_none_or(|u| u > now)
            && i.withdrawn_at.is_none()
            && i.hold_reason.is_empty()
    };
    // what is not shown yet, or not any more, is not there
    let found = found.filter(shown).ok_or_else(|| Error::not_found("没有这条公示，或已不再公示"))?;
    match ask.query.format.as_deref().unwrap_or("html") {
        "json" => Ok(kit_web::Answer::into_answer(Json(OpenItem::from(found)))),
        _ => {
            let term = term(&found.kind, &cx)?;
            let divisions = parties::divisions::today(&cx.house);
            html(open::item(
                &look(&ask.query, &format!("/open/item/{}", found.id)),
                &term,
                found,
                &divisions,
            )?)
        }
    }
}

fn html(page: pages::Rendered) -> Result<Response> {
    Ok(page.answer())
}
