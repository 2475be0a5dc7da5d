//! The two ledgers and the list of all events.

use kit_base::Result;
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, Page, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::Names;
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
    /// registered address of the other side; of one outside the platform see `papers`
    pub other_address: String,
    pub division_name: String,
}

async fn ledger(cx: Cx, ledger: Ledger, query: EventQuery) -> Result<Json<Page<LedgerRow>>> {
    cx.read(move |tx, cx| {
        let meant = crate::search::meant(tx, &cx.house, query.q.as_deref())?;
        let page = lists::events(tx, &cx.who.scope, ledger, &query, meant.as_ref())?;
        let mut names = Names::of_house(&cx.house);
        let items =
            page.items.into_iter().map(|e| named(tx, &mut names, &cx.who.scope, e)).collect::<Result<_>>()?;
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    })
    .await
    .map(Json)
}

/// Adds the names of both sides; persons are shown as the asker may see them.
pub fn named(tx: &mut Tx, names: &mut Names, scope: &Scope, mut event: EventRow) -> Result<LedgerRow> {
    event.papers = event.papers.map(|p| p.seen_by(scope, &event.party));
    let other_address = match &event.counterpart {
        Some(id) => names.address_of(tx, id)?,
        None => event.papers.as_ref().map(|p| p.supplier_address.clone()).unwrap_or_default(),
    };
    let other_name = match &event.counterpart {
        Some(id) => names.of(tx, id)?,
        None => event.counterpart_name.clone(),
    };
    Ok(LedgerRow {
        party_name: names.of(tx, &event.party)?,
        other_name,
        other_address,
        division_name: names.division(&event.division, &event.at, event.recorded_at),
        event,
    })
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
