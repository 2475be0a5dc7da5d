//! Pages of what is shown for a term: results, penalties, licences, lists.

use askama::Template;
use axum::http::StatusCode;
use kit_base::clock::china_day;
use kit_base::{Millis, Result};
use kit_web::Page;
use parties::reference::Reference;

use super::{Frame, Look, Rendered, page, percent};
use crate::model::Item;
use crate::rules;
use crate::rules::schedule::Term;

/// A kind and how many are shown of it.
struct Kind {
    name: &'static str,
    link: String,
    count: i64,
    source: String,
}

#[derive(Template)]
#[template(path = "open_index.html")]
struct IndexPage {
    frame: Frame,
    kinds: Vec<Kind>,
}

/// The kinds that are shown.
pub fn index(look: &Look, terms: &[Term], counts: &[(String, i64)]) -> Result<Rendered> {
    let count = |kind: &str| counts.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n);
    let keep = if look.care { "?care=1" } else { "" };
    let kind = |t: &Term| Kind {
        name: t.name,
        link: format!("/open/{}{keep}", t.kind),
        count: count(t.kind),
        source: format!("{}：{}", t.source, t.article),
    };
    let kinds = terms.iter().map(kind).collect();
    page(StatusCode::OK, &IndexPage { frame: look.frame("食品安全公示", false), kinds })
}

/// What was asked for.
pub struct Said<'a> {
    pub text: &'a str,
    /// Prefix of divisions; empty: everywhere.
    pub division: &'a str,
    /// fails, conforms; empty: both
    pub verdict: &'a str,
}

/// A county in the form of a list.
struct Choice {
    code: String,
    name: String,
    count: i64,
    chosen: bool,
}

/// An item as a list shows it.
struct Line {
    /// no, yes: a result that failed or conforms, with a mark beside the word; empty: neither
    mark: &'static str,
    name: String,
    title: String,
    number: String,
    place: String,
    decided: String,
    link: String,
}

#[derive(Template)]
#[template(path = "open_list.html")]
struct ListPage<'a> {
    frame: Frame,
    term: &'a Term,
    asked: &'a str,
    counties: Vec<Choice>,
    /// Results are of two kinds, and a list may be narrowed to one.
    results: bool,
    /// fails, conforms; empty: both
    verdict: &'a str,
    lines: Vec<Line>,
    total: i64,
    before: String,
    next: String,
}

fn day(at: Millis) -> String {
    rules::date_text(&china_day(at).to_string())
}

/// A page of a list.
pub fn list(
    look: &Look,
    term: &Term,
    found: Page<Item>,
    said: &Said,
    counties: &[(String, i64)],
    places: &Reference,
) -> Result<Rendered> {
    let keep = if look.care { "?care=1" } else { "" };
    let results = term.kind == "sample";
    let line = |i: &Item| Line {
        mark: match i.content.get("结论").and_then(|v| v.as_str()) {
            Some("不合格") if results => "no",
            Some("合格") if results => "yes",
            _ => "",
        },
        name: i.name.clone(),
        title: i.title.clone(),
        number: i.number.clone(),
        place: places.full_name(&i.division),
        decided: day(i.decided_at),
        link: format!("/open/item/{}{keep}", i.id),
    };
    let care = if look.care { "&care=1" } else { "" };
    let place: String = said.division.chars().filter(char::is_ascii_digit).collect();
    let to = |page: i64| {
        let verdict =
            if said.verdict.is_empty() { String::new() } else { format!("&verdict={}", said.verdict) };
        format!("/open/{}?q={}&division={place}{verdict}&page={page}{care}", term.kind, percent(said.text))
    };
    let before = if found.page > 1 { to(found.page - 1) } else { String::new() };
    let next = if found.page * found.size < found.total { to(found.page + 1) } else { String::new() };
    let simulated = found.items.iter().any(|i| i.simulated);
    let lines = found.items.iter().map(line).collect();
    let frame = look.frame(term.name, simulated);
    let choice = |(code, count): &(String, i64)| Choice {
        name: places.full_name(code),
        count: *count,
        chosen: *code == place,
        code: code.clone(),
    };
    let counties = counties.iter().map(choice).collect();
    let template = ListPage {
        frame,
        term,
        asked: said.text,
        counties,
        results,
        verdict: said.verdict,
        lines,
        total: found.total,
        before,
        next,
    };
    page(StatusCode::OK, &template)
}

#[derive(Template)]
#[template(path = "open_item.html")]
struct ItemPage<'a> {
    frame: Frame,
    term: &'a Term,
    item: &'a Item,
    place: String,
    decided: String,
    from: String,
    until: String,
    rows: Vec<(String, String)>,
}

/// One item.
pub fn item(look: &Look, term: &Term, item: Item, places: &Reference) -> Result<Rendered> {
    let text = |v: &serde_json::Value| match v {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let rows = item.content.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v))).collect();
    let template = ItemPage {
        frame: look.frame(format!("{} {}", item.name, term.name), item.simulated),
        term,
        place: places.full_name(&item.division),
        decided: day(item.decided_at),
        from: day(item.from_at),
        until: item.until_at.map(day).unwrap_or_default(),
        rows,
        item: &item,
    };
    page(StatusCode::OK, &template)
}
