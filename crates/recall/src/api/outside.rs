//! Buyers outside of the platform: who they are, the letter to each, that they were told.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::IdPath;
use super::holders::paper_of;
use crate::actions::{business, outside};
use crate::model::{NewTold, Outside};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/recalls/{id}/outside", Access::SignedIn, "召回食品在平台以外的买家", list),
        Route::get(
            "/api/recalls/{id}/outside/{no}/letter",
            Access::SignedIn,
            "给平台以外买家的召回告知函（PDF）",
            letter,
        ),
        Route::post(
            "/api/recalls/{id}/outside/{no}",
            Access::SignedIn,
            "登记已告知平台以外的买家",
            "recall.told",
            told,
        ),
    ]
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Of {
    /// Those that this business sent it to; `mine` is the asker's own; all where it is not said.
    party: String,
}

async fn list(cx: Cx, ask: Ask<IdPath, Of>) -> Result<Json<Vec<Outside>>> {
    let read = cx.read(move |tx, cx| {
        let party = match ask.query.party.as_str() {
            "mine" => business(&cx.who, "recall.hold", None)?,
            other => other.to_owned(),
        };
        outside::list(tx, &cx.who, &ask.path.id, &party)
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct NoPath {
    id: String,
    no: i64,
}

async fn letter(cx: Cx, ask: Ask<NoPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| {
        let (recall, of) = outside::seen(tx, &cx.who, &ask.path.id, ask.path.no)?;
        let content = outside::letter(tx, cx, &recall, &of)?;
        Ok((recall, of.number, content))
    });
    let (recall, number, content) = read.await?;
    let text = serde_json::to_string(&content).map_err(Error::internal)?;
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    paper_of(&cx, &recall, content, number, hash).await
}

async fn told(cx: Cx, ask: Ask<NoPath, (), Json<NewTold>>) -> Result<NoContent> {
    cx.act(move |act| outside::told(act, &ask.path.id, ask.path.no, &ask.body.0)).await.map(|()| NoContent)
}
