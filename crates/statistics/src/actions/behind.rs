//! The cases behind a figure.

use kit_base::{Millis, Result};
use kit_db::{Tx, prefix_range};
use kit_flow::Flows;
use kit_flow::store::tally::{self, Of, Span, What};
use kit_web::{Actor, House, Page};
use parties::asked;
use serde::{Deserialize, Serialize};

use super::place;
use crate::model::{BehindQuery, BehindRow};

/// Which cases, within what the asker may see.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    pub range: [String; 2],
    pub kinds: Vec<String>,
    /// '' all
    pub business: String,
    pub what: What,
    pub span: Span,
}

/// Errors: not found beyond the asker's own place; those of a period.
pub fn wanted(who: &Actor, house: &House, q: &BehindQuery, now: Millis) -> Result<Wanted> {
    let division = asked::division(q.division.as_deref(), &who.scope_for("statistics.read"))?;
    let span = place::period(q.from.as_deref(), q.to.as_deref(), now)?.span(now)?;
    let flows = house.held::<Flows>();
    let kind = q.kind.as_deref().filter(|k| !k.is_empty());
    let kinds = flows
        .kinds()
        .map(|k| &k.definition)
        .filter(|d| who.may(&d.read) && kind.is_none_or(|k| k == d.kind))
        .map(|d| d.kind.clone())
        .collect();
    Ok(Wanted {
        range: if q.direct == Some(true) { asked::direct_range(&division) } else { prefix_range(&division) },
        kinds,
        business: q.business.clone().unwrap_or_default(),
        what: q.what.unwrap_or_default(),
        span,
    })
}

/// A page of them, with names.
pub fn page(
    tx: &mut Tx,
    house: &House,
    wanted: &Wanted,
    (page, size): (i64, i64),
) -> Result<Page<BehindRow>> {
    let kinds: Vec<&str> = wanted.kinds.iter().map(String::as_str).collect();
    let business = Some(wanted.business.as_str()).filter(|b| !b.is_empty());
    let of = Of { range: &wanted.range, kinds: &kinds, business };
    let (found, total) = tally::behind(tx, of, wanted.what, wanted.span, (page, size))?;
    let ids: Vec<String> = found.iter().map(|c| c.business.clone()).filter(|b| !b.is_empty()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let (flows, places) = (house.held::<Flows>(), parties::divisions::today(house));
    let row = |mut case: tally::Behind| {
        if let Ok(pinned) = flows.latest(&case.kind) {
            case.kind_name.clone_from(&pinned.definition.name);
            let status = pinned.definition.status(&case.status);
            case.status_name = status.map_or_else(|| case.status.clone(), |s| s.name.clone());
        }
        BehindRow {
            business_name: briefs.get(&case.business).map(|b| b.name.clone()).unwrap_or_default(),
            division_name: places.full_name(&case.division),
            case,
        }
    };
    Ok(Page { items: found.into_iter().map(row).collect(), total, page, size })
}
