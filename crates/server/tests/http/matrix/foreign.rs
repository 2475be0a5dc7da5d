//! Ids of another county and another business, in every id field of every write and of every question with a body.

use std::collections::BTreeSet;

use axum::http::Method;
use kit_web::Route;
use serde_json::{Value, json};

use super::plain::{FILTERS, PLAIN};
use super::rows;
use super::scene::{Scene, send};
use crate::world::each;

const CASES: &str = include_str!("foreign.txt");

struct Case {
    line: usize,
    method: String,
    path: String,
    field: String,
    role: String,
    value: String,
    answer: String,
}

fn cases() -> Vec<Case> {
    let lines = CASES.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|(i, l)| {
            let cells: Vec<&str> = l.splitn(4, '|').map(str::trim).collect();
            let words: Vec<&str> = cells[0].split_whitespace().collect();
            Case {
                line: i + 1,
                method: words[0].into(),
                path: words[1].into(),
                field: words[2].into(),
                role: cells[1].into(),
                value: cells[2].into(),
                answer: cells[3].into(),
            }
        })
        .collect()
}

/// Every leaf of a schema as a path, `*` for an element.
fn leaves(document: &Value, schema: &Value, path: &str, depth: usize, out: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        if depth < 12 {
            leaves(document, &document["components"]["schemas"][name], path, depth + 1, out);
        }
        return;
    }
    let mut branched = false;
    for part in ["anyOf", "oneOf", "allOf"].iter().filter_map(|k| schema[*k].as_array()).flatten() {
        branched |= part.get("const").is_none() && part["type"] != "null" && part.get("enum").is_none();
        if part.get("const").is_none() && part["type"] != "null" {
            leaves(document, part, path, depth + 1, out);
        }
    }
    let under = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    if let Some(properties) = schema["properties"].as_object() {
        for (name, schema) in properties {
            leaves(document, schema, &under(name), depth + 1, out);
        }
    } else if schema["items"].is_object() {
        leaves(document, &schema["items"], &under("*"), depth + 1, out);
    } else if schema["additionalProperties"].is_object() {
        leaves(document, &schema["additionalProperties"], path, depth + 1, out);
    } else if !branched && !path.is_empty() {
        out.insert(path.to_owned());
    }
}

/// Fields of a request that may be ids.
fn ids_of(document: &Value, route: &Route) -> BTreeSet<String> {
    let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
    let mut found = BTreeSet::new();
    if let Some(body) = operation["requestBody"]["content"]["application/json"].as_object() {
        leaves(document, &body["schema"], "", 0, &mut found);
    }
    for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
        found.insert(format!("?{}", parameter["name"].as_str().unwrap()));
    }
    found.retain(|path| {
        let words: Vec<&str> = path.trim_start_matches('?').split('/').collect();
        let last = words[words.len() - 1];
        let name =
            if last == "*" { words[words.len().saturating_sub(2)..].join("/") } else { last.to_owned() };
        !PLAIN.contains(&name.as_str()) && !FILTERS.iter().any(|f| path.starts_with(f))
    });
    found
}

#[test]
fn every_id_field_of_every_write_has_its_case() {
    let document: Value = serde_json::from_str(&server::rooms::contract()).unwrap();
    let cases = cases();
    let mut without = Vec::new();
    let mut used = BTreeSet::new();
    for route in server::rooms::routes().iter().filter(|r| r.method != Method::GET) {
        for field in ids_of(&document, route) {
            let is =
                |c: &&Case| c.method == route.method.as_str() && c.path == route.path && c.field == field;
            match cases.iter().find(is) {
                Some(case) => _ = used.insert(case.line),
                None => without.push(format!("{} {} {field}", route.method, route.path)),
            }
        }
    }
    assert!(without.is_empty(), "id fields without a case in matrix/foreign.txt: {without:#?}");
    let idle: Vec<usize> = cases.iter().map(|c| c.line).filter(|l| !used.contains(l)).collect();
    assert!(idle.is_empty(), "lines of foreign.txt that no field of the contract has: {idle:?}");
}

/// Puts a value at a path of a body, making what is missing.
fn put(body: &mut Value, path: &str, value: &Value) {
    let Some((first, rest)) = path.split_once('/') else {
        match (path, body.as_array_mut()) {
            ("*", Some(list)) => *list = vec![value.clone()],
            ("*", None) => *body = json!([value]),
            _ => body[path] = value.clone(),
        }
        return;
    };
    if first == "*" {
        if body.get(0).is_none() {
            *body = json!([{}]);
        }
        put(&mut body[0], rest, value);
    } else {
        if !body.is_object() {
            *body = json!({});
        }
        if body.get(first).is_none() {
            body[first] = Value::Null;
        }
        put(&mut body[first], rest, value);
    }
}

fn typed(text: &str) -> Value {
    let number = text.parse::<i64>().ok().filter(|n| *n < 100_000 && !text.starts_with('0'));
    if text == "[]" {
        return json!([]);
    }
    if text == "null" { Value::Null } else { number.map_or_else(|| json!(text), |n| json!(n)) }
}

#[test]
fn an_id_from_elsewhere_is_refused_and_changes_nothing() {
    each(async |w| {
        let scene = Scene::new(w).await;
        let (routes, rows) = (server::rooms::routes(), rows());
        let mut wrong = Vec::new();
        for case in cases().iter().filter(|c| !c.answer.starts_with("open:")) {
            let row = rows.iter().find(|r| {
                let route = r.route(&routes);
                route.method.as_str() == case.method && route.path == case.path
            });
            let row = row.unwrap_or_else(|| panic!("line {}: no row in table.txt", case.line));
            let asker = scene.asker(&case.role, "own").unwrap();
            scene.begin();
            let whole = format!("{}\n{}\n{}", row.path, row.body, case.value);
            let filled = scene.fill(&whole, asker, &case.role, "own").await;
            let parts: Vec<&str> = filled.splitn(3, '\n').collect();
            let (value, more) = parts[2].split_once(' ').unwrap_or((parts[2], ""));
            let body = match case.field.strip_prefix('?') {
                Some(name) => {
                    let (query, rest) = match parts[1].strip_prefix('?') {
                        Some(text) => text.split_once(' ').unwrap_or((text, "")),
                        None => ("", parts[1]),
                    };
                    let kept: Vec<&str> = query
                        .split('&')
                        .filter(|p| !p.is_empty() && !p.starts_with(&format!("{name}=")))
                        .collect();
                    let mut query = kept.join("&");
                    query.push_str(&format!("&{name}={value}"));
                    format!("?{query} {rest}")
                }
                None => {
                    let mut body: Value = serde_json::from_str(parts[1]).unwrap();
                    put(&mut body, &case.field, &typed(value));
                    for (name, value) in more.split_whitespace().filter_map(|m| m.split_once('=')) {
                        put(&mut body, name, &typed(value));
                    }
                    body.to_string()
                }
            };
            let before = scene.trail().await;
            let reply = send(&asker.client, &row.method, parts[0], &body).await;
            let answer = reply.json();
            let code = answer["code"].as_str().or(answer["refused"][0]["code"].as_str()).unwrap_or("");
            let found = format!("{} {code}", reply.status.as_u16());
            let place = format!("line {}: {} {} {}", case.line, case.method, case.path, case.field);
            if found != case.answer {
                let said: String = reply.text().chars().take(160).collect();
                wrong.push(format!("{place}: {found}, not {}: {said}", case.answer));
            }
            if reply.status.is_client_error() && scene.trail().await != before {
                wrong.push(format!("{place}: something was written"));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} foreign ids were not refused as they should:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    });
}
