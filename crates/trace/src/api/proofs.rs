//! Proofs of events for those who may see them.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Download, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::proofs;
use crate::store::records;

pub fn routes() -> Vec<Route> {
    vec![Route::get(
        "/api/ledger/proofs/{event}",
        Access::Needs("trace.read"),
        "一条记录的账本凭证",
        of_event,
    )]
}

#[derive(Deserialize, JsonSchema)]
struct EventPath {
    /// public id of the event
    event: String,
}

async fn of_event(cx: Cx, ask: Ask<EventPath>) -> Result<Download> {
    let id = ask.path.event;
    let name = format!("账本凭证-{id}.json");
    let proof = cx
        .read(move |tx, cx| {
            let unknown = || Error::not_found("没有这条记录");
            let (no, party, division, other, other_division) =
                records::sides(tx, &id)?.ok_or_else(unknown)?;
            let scope = &cx.who.scope;
            let seen = scope.covers(&division, Some(&party))
                || other_division.is_some_and(|d| scope.covers(&d, other.as_deref()));
            if !seen {
                return Err(unknown());
            }
            proofs::of_event(tx, no)
        })
        .await?;
    let bytes = serde_json::to_vec_pretty(&proof).map_err(Error::internal)?;
    Ok(Download::bytes(bytes, "application/json", name))
}
