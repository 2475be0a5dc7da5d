//! What belongs to no room: health, and the figures of the first page.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/health", Access::Public, "服务是否可用", health)]
}

/// Whether the house stands.
#[derive(Serialize, JsonSchema)]
struct Health {
    /// `ok`
    state: &'static str,
    version: &'static str,
}

async fn health(cx: Cx, _: Ask) -> Result<Json<Health>> {
    cx.read(|tx, _| trace::store::events::numbers(tx)).await?;
    Ok(Json(Health { state: "ok", version: env!("CARGO_PKG_VERSION") }))
}
