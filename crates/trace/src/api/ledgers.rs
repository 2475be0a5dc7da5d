//! The two ledgers and the list of all events.

use kit_base::Result;
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::lists::{self, EventQuery, EventRow, Ledger};

const READ: Access = Access::Needs("trace.read");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/events", READ, "全部流转记录", all),
        Route::get("/api/ledgers/purchases", READ, "进货查验台账", purchases),
        Route::get("/api/ledgers/sales", READ, "销售台账", sales),
    ]
}

/// A ledger line with the names of both sides.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LedgerRow {
    #[serde(flatten)]
    pub event: EventRow,
    pub party_name: String,
    pub other_name: String,
}

async fn ledger(cx: Cx, ledger: Ledger, query: EventQuery) -> Result<Json<Page<LedgerRow>>> {
    cx.read(move |tx, cx| {
        let page = lists::events(tx, &cx.who.scope, ledger, &query)?;
        let mut items = Vec::with_capacity(page.items.len());
        for event in page.items {
            items.push(named(tx, event)?);
        }
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    })
    .await
    .map(Json)
}

/// Adds the names of both sides.
pub fn named(tx: &mut Tx, event: EventRow) -> Result<LedgerRow> {
    let name = |tx: &mut Tx, id: &str| -> Result<String> {
        Ok(parties::brief(tx, id)?.map(|b| b.name).unwrap_or_default())
    };
    let party_name = name(tx, &event.party)?;
    let other_name = match &event.counterpart {
        Some(id) => name(tx, id)?,
        None => event.counterpart_name.clone(),
    };
    Ok(LedgerRow { event, party_name, other_name })
}

async fn all(cx: Cx, ask: Ask<(), EventQuery>) -> Result<Json<Page<LedgerRow>>> {
    ledger(cx, Ledger::All, ask.query).await
}

async fn purchases(cx: Cx, ask: Ask<(), EventQuery>) -> Result<Json<Page<LedgerRow>>> {
    ledger(cx, Ledger::Purchases, ask.query).await
}

async fn sales(cx: Cx, ask: Ask<(), EventQuery>) -> Result<Json<Page<LedgerRow>>> {
    ledger(cx, Ledger::Sales, ask.query).await
}
