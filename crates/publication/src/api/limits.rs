//! The limits from which a code looks copied, for the 系统管理员.

use std::collections::BTreeMap;

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::limits::{self, Limit};

pub fn routes() -> Vec<Route> {
    const LIMITS: Access = Access::Needs("publication.limits");
    vec![
        Route::get("/api/publication/limits", LIMITS, "疑似复制码的判断限值", all),
        Route::put("/api/publication/limits", LIMITS, "设定疑似复制码的判断限值", "publication.limits", set),
    ]
}

async fn all(cx: Cx, _: Ask) -> Result<Json<Vec<Limit>>> {
    cx.read(|tx, _| limits::all(tx)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LimitsForm {
    /// Numbers by the names of the limits; null brings the default back. Limits that are left out stay.
    values: BTreeMap<String, Option<i64>>,
}

async fn set(cx: Cx, ask: Ask<(), (), Json<LimitsForm>>) -> Result<Json<Vec<Limit>>> {
    cx.act(move |act| limits::set(act, &ask.body.0.values)).await.map(Json)
}
