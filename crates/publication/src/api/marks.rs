//! Red marks for maps: of the console and of the public alike, for they tell published results only.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::marks::{Marks, marks};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/open/marks", Access::Public, "公示不合格的位置（地图红色标记）", list)]
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct Query {
    /// Prefix of divisions; empty: everywhere.
    division: Option<String>,
    /// Results that stood so many days back; 180 where it is not said.
    days: Option<i64>,
}

async fn list(cx: Cx, ask: Ask<(), Query>) -> Result<Json<Marks>> {
    let (places, now) = (parties::divisions::today(&cx.house), cx.now());
    let read = cx.read(move |tx, _| {
        marks(tx, &places, ask.query.division.as_deref().unwrap_or(""), ask.query.days, now)
    });
    read.await.map(Json)
}
