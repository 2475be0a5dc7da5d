//! Capture over HTTP.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::{correct, moves};
use crate::model::{Captured, Mode, NewMove};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/moves",
            Access::Needs("trace.capture"),
            "登记生产、发货、收货、销售等",
            "trace.capture",
            capture,
        ),
        Route::post(
            "/api/events/{id}/correction",
            Access::Needs("trace.capture"),
            "声明一条记录有误",
            "trace.correct",
            declare_wrong,
        ),
    ]
}

/// A batch of moves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Capture {
    /// `each` where it is not said
    mode: Option<Mode>,
    items: Vec<NewMove>,
    /// form or api (default)
    channel: Option<String>,
}

async fn capture(cx: Cx, ask: Ask<(), (), Json<Capture>>) -> Result<Json<Captured>> {
    let Capture { mode, items, channel } = ask.body.0;
    let channel = if channel.as_deref() == Some("form") { "form" } else { "api" };
    cx.act(move |act| moves::capture(act, mode.unwrap_or(Mode::Each), channel, &items)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct EventPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    reason: String,
}

async fn declare_wrong(cx: Cx, ask: Ask<EventPath, (), Json<Correction>>) -> Result<NoContent> {
    cx.act(move |act| correct::declare_wrong(act, &ask.path.id, &ask.body.0.reason)).await?;
    Ok(NoContent)
}
