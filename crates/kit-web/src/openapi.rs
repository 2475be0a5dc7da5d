//! The contract: OpenAPI 3.1 out of the route table.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::problem::Problem;
use crate::route::{Access, Route};

/// The whole document, in a stable order.
pub fn document(routes: &[Route], version: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut types = settings.into_generator();
    let problem = types.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    let mut sorted: Vec<&Route> = routes.iter().collect();
    sorted.sort_by_key(|r| (r.path, r.method.as_str().to_owned()));
    for route in sorted {
        let shapes = (route.shapes)(&mut types);
        let mut parameters = Vec::new();
        parameters.extend(shapes.path.iter().flat_map(|s| params(s.as_value(), "path")));
        parameters.extend(shapes.query.iter().flat_map(|s| params(s.as_value(), "query")));
        let mut operation = json!({
            "operationId": operation_id(route),
            "summary": route.summary,
            "tags": [tag(route.path)],
            "parameters": parameters,
            "x-access": access(route.access),
        });
        if !route.audit.is_empty() {
            operation["x-audit"] = json!(route.audit);
        }
        if let Some((media, schema)) = shapes.body {
            operation["requestBody"] =
                json!({ "required": true, "content": { media: { "schema": schema } } });
        }
        let (status, media, schema) = shapes.answer;
        let done = match (media, schema) {
            ("", _) => json!({ "description": "done" }),
            (media, Some(schema)) => {
                json!({ "description": "done", "content": { media: { "schema": schema } } })
            }
            (media, None) => json!({ "description": "done", "content": { media: {} } }),
        };
        let mut refusal = json!({ "application/problem+json": { "schema": problem } });
        // a page says to people what is wrong as a page
        if media == "*/*" && !route.path.starts_with("/api/") {
            refusal["text/html"] = json!({});
        }
        operation["responses"] = json!({
            status.to_string(): done,
            "default": { "description": "refusal", "content": refusal },
        });
        let path = paths.entry(route.path.replace("{*", "{")).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let mut schemas = types.take_definitions(true);
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "shian 食安", "version": version },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn access(access: Access) -> Value {
    match access {
        Access::Public => json!("public"),
        Access::SignedIn => json!("signed-in"),
        Access::Needs(permission) => json!(permission),
    }
}

/// `GET /api/parties/{id}/card` is `get_parties_id_card`.
fn operation_id(route: &Route) -> String {
    let path =
        route.path.trim_start_matches("/api").replace(['{', '}', '*', '.'], "").replace(['/', '-'], "_");
    format!("{}{path}", route.method.as_str().to_lowercase())
}

fn tag(path: &str) -> &str {
    path.trim_start_matches("/api").trim_start_matches('/').split('/').next().unwrap_or("")
}

fn params(schema: &Value, place: &str) -> Vec<Value> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|r| r.iter().any(|v| v == name));
    let Some(properties) = schema["properties"].as_object() else {
        // a bare value: Path<String> with one parameter
        return Vec::new();
    };
    properties
        .iter()
        .map(|(name, schema)| {
            json!({ "name": name, "in": place, "required": place == "path" || required(name), "schema": schema })
        })
        .collect()
}
