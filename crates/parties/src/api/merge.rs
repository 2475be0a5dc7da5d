//! Two records of one business made one.

use kit_base::Result;
use kit_web::{Access, Act, Ask, Cx, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::IdPath;
use crate::actions::{self, Merge, MergePreview};

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::ask(
            "/api/parties/{id}/merge/preview",
            Needs("parties.register"),
            "合并重复主体：预览",
            preview_merge,
        ),
        Route::post(
            "/api/parties/{id}/merge",
            Needs("parties.register"),
            "把重复的主体合并到另一主体",
            "parties.merge",
            merge,
        ),
        Route::post(
            "/api/parties/{id}/merge/undo",
            Needs("parties.register"),
            "撤销合并",
            "parties.merge_undo",
            undo_merge,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Id of the business that stays.
    into: String,
}

async fn preview_merge(cx: Cx, ask: Ask<IdPath, (), Json<MergeInto>>) -> Result<Json<MergePreview>> {
    cx.read(move |tx, cx| {
        actions::preview_merge(&mut Act::inside(tx, cx, cx.now()), &ask.path.id, &ask.body.0.into)
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMerge {
    /// Id of the business that stays.
    into: String,
    reason: String,
}

async fn merge(cx: Cx, ask: Ask<IdPath, (), Json<NewMerge>>) -> Result<Json<Merge>> {
    let NewMerge { into, reason } = ask.body.0;
    cx.act(move |act| actions::merge(act, &ask.path.id, &into, &reason)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UndoMerge {
    reason: String,
}

async fn undo_merge(cx: Cx, ask: Ask<IdPath, (), Json<UndoMerge>>) -> Result<NoContent> {
    cx.act(move |act| actions::undo_merge(act, &ask.path.id, &ask.body.0.reason)).await?;
    Ok(NoContent)
}
