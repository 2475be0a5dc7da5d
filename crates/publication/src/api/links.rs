//! The resolver beside the pages: what links there are for a GS1 key (RFC 9264 linkset), places, parties and logistic units.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use trace::epcis::gs1::digital::DigitalLink;
use trace::store::{codes, epcis};

use super::scan::{Query, see_other, show};
use crate::actions::scan::{Pace, scan_data_at};
use crate::model::Answer;
use crate::pages::percent;

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/414/{gln}", OPEN, "扫码页：地点（GLN）", place),
        Route::get("/414/{gln}/254/{extension}", OPEN, "扫码页：地点（GLN 与扩展）", place_within),
        Route::get("/417/{gln}", OPEN, "扫码页：主体（GLN）", party),
        Route::get("/00/{sscc}", OPEN, "扫码：物流单元（SSCC）", unit),
    ]
}

/// Media type of a linkset.
const LINKSET: &str = "application/linkset+json";
const VOC: &str = "https://gs1.org/voc/";

/// A kind of link, by its word in the GS1 vocabulary, with a title and where it leads.
type Link = (&'static str, &'static str, String);

/// What links a key has: the page first, which is the default.
fn links(base: &str, link: &DigitalLink) -> Vec<Link> {
    let page = link.make(base);
    let gs1 = percent(&page);
    let events = format!("{base}/epcis/epcs/{gs1}/events");
    match link.scheme.ai() {
        "01" => vec![
            ("pip", "产品与批次信息", page.clone()),
            ("traceability", "来源与去向", page.clone()),
            ("recallStatus", "召回信息", page),
            ("epcis", "EPCIS 事件（需登录）", events),
        ],
        "00" => vec![("traceability", "物流单元", page), ("epcis", "EPCIS 事件（需登录）", events)],
        _ => {
            let events = format!("{base}/epcis/bizLocations/{gs1}/events");
            vec![("locationInfo", "主体信息", page), ("epcis", "EPCIS 事件（需登录）", events)]
        }
    }
}

/// Answers what was asked of the links of a key: all of them as a linkset, or on to the one of a type. `None`: nothing of
/// the kind was asked, the page is to be shown.
///
/// Errors: those of [`DigitalLink::parse`]; not found for a type that the key has no link of.
pub fn resolved(cx: &Cx, path: &str, query: &Query) -> Result<Option<Response>> {
    let wanted = query.link_type.as_deref().unwrap_or_default();
    let all = matches!(wanted, "all" | "linkset") || (wanted.is_empty() && cx.accept.contains(LINKSET));
    if !all && matches!(wanted, "" | "gs1:defaultLink" | "defaultLink") {
        return Ok(None);
    }
    let base = &cx.house.public_url;
    let link = DigitalLink::parse(&format!("{base}{path}"))?;
    let links = links(base, &link);
    if all {
        return linkset(&link.make(base), &links).map(Some);
    }
    let word = wanted.strip_prefix("gs1:").or_else(|| wanted.strip_prefix(VOC)).unwrap_or(wanted);
    let Some((_, _, href)) = links.iter().find(|(known, ..)| *known == word) else {
        return Err(
            Error::not_found(format!("没有“{wanted}”类型的链接，可用 linkType=all 查看全部")).at("linkType")
        );
    };
    // a page that is its own target is shown
    if *href == link.make(base) { Ok(None) } else { see_other(href).map(Some) }
}

fn linkset(anchor: &str, links: &[Link]) -> Result<Response> {
    let target = |title: &str, href: &str| json!([{ "href": href, "title": title, "hreflang": ["zh-CN"] }]);
    let mut set = Map::new();
    set.insert("anchor".into(), json!(anchor));
    if let Some((_, title, href)) = links.first() {
        set.insert(format!("{VOC}defaultLink"), target(title, href));
    }
    for (word, title, href) in links {
        set.insert(format!("{VOC}{word}"), target(title, href));
    }
    let body = json!({ "linkset": [Value::Object(set)] });
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(LINKSET));
    Ok(response)
}

#[derive(Deserialize, JsonSchema)]
struct GlnPath {
    gln: String,
}

#[derive(Deserialize, JsonSchema)]
struct WithinPath {
    gln: String,
    extension: String,
}

#[derive(Deserialize, JsonSchema)]
struct SsccPath {
    sscc: String,
}

async fn place(cx: Cx, ask: Ask<GlnPath, Query>) -> Result<Response> {
    let path = format!("/414/{}", percent(&ask.path.gln));
    business(cx, path, ask.path.gln, ask.query).await
}

async fn place_within(cx: Cx, ask: Ask<WithinPath, Query>) -> Result<Response> {
    let path = format!("/414/{}/254/{}", percent(&ask.path.gln), percent(&ask.path.extension));
    business(cx, path, ask.path.gln, ask.query).await
}

async fn party(cx: Cx, ask: Ask<GlnPath, Query>) -> Result<Response> {
    let path = format!("/417/{}", percent(&ask.path.gln));
    business(cx, path, ask.path.gln, ask.query).await
}

/// The card of the business that a GLN stands for.
async fn business(cx: Cx, path: String, gln: String, query: Query) -> Result<Response> {
    if let Some(answer) = resolved(&cx, &path, &query)? {
        return Ok(answer);
    }
    let look = query.look(path);
    let find = move |tx: &mut kit_db::Tx, cx: &Cx, pace: Pace| {
        let known = epcis::party_of(tx, &gln)?.map(|id| parties::brief(tx, &id)).transpose()?.flatten();
        match known {
            Some(party) => scan_data_at(tx, &cx.house, &party.code, pace),
            None => Ok(Answer::Unknown { code: gln.clone() }),
        }
    };
    show(&cx, look, Some(find)).await
}

/// A logistic unit is business between businesses: whoever scans it signs in to see the shipment.
async fn unit(cx: Cx, ask: Ask<SsccPath, Query>) -> Result<Response> {
    let path = format!("/00/{}", percent(&ask.path.sscc));
    if let Some(answer) = resolved(&cx, &path, &ask.query)? {
        return Ok(answer);
    }
    let sscc = ask.path.sscc;
    let key = format!("00:{sscc}");
    if let Some(lot) = cx.read(move |tx, _| codes::epc_lot(tx, &key)).await? {
        return see_other(&format!("/console/lots/{lot}"));
    }
    let look = ask.query.look(path);
    let find = move |_: &mut kit_db::Tx, _: &Cx, _| Ok(Answer::Unknown { code: sscc.clone() });
    let mut answer = show(&cx, look, Some(find)).await?;
    *answer.status_mut() = StatusCode::NOT_FOUND;
    Ok(answer)
}
