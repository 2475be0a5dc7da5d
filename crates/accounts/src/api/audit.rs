//! Reading the audit.

use kit_base::clock::day_start;
use kit_base::{Error, Millis, Result};
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::Serialize;

use super::page_of;
use crate::model::{AuditRow, Role};
use crate::store;
use crate::store::audit::AuditQuery;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/audit", Access::Needs("audit.read"), "审计日志", list),
        Route::get("/api/audit/verify", Access::Needs("audit.verify"), "校验审计链", verify),
    ]
}

/// The first millisecond of a day, or of the day after.
fn bound(field: &str, day: &Option<String>, after: bool) -> Result<Option<Millis>> {
    let Some(text) = day.as_deref().map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let wrong = || Error::invalid(field, "date_form", "日期应写作 2026-03-01");
    let day: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let day = if after { day.tomorrow().map_err(|_| wrong())? } else { day };
    Ok(Some(day_start(day)))
}

async fn list(cx: Cx, ask: Ask<(), AuditQuery>) -> Result<Json<Page<AuditRow>>> {
    let q = ask.query;
    let period = (bound("at_from", &q.at_from, false)?, bound("at_to", &q.at_to, true)?);
    cx.read(move |tx, cx| {
        // what belongs to no division (unknown names at sign-in, commands) is for the 审计管理员, not for leaders
        let house_too = cx.who.roles.iter().any(|r| r == Role::AuditAdmin.code());
        let found = store::audit::list(tx, &q, period, &cx.who.scope, house_too)?;
        Ok(page_of(found, q.page, q.size))
    })
    .await
    .map(Json)
}

/// Whether the chain is whole.
#[derive(Serialize, JsonSchema)]
struct Verdict {
    whole: bool,
    /// Rows that were walked; `null` where it is broken.
    rows: Option<i64>,
    /// The first row that does not fit.
    broken_at: Option<i64>,
}

async fn verify(cx: Cx, _: Ask) -> Result<Json<Verdict>> {
    let walked = cx.read(|tx, _| kit_web::audit::verify(tx)).await;
    match walked {
        Ok(rows) => Ok(Json(Verdict { whole: true, rows: Some(rows), broken_at: None })),
        Err(e) if e.code == "audit_broken" => {
            let broken_at = e.field.and_then(|no| no.parse().ok());
            Ok(Json(Verdict { whole: false, rows: None, broken_at }))
        }
        Err(e) => Err(e),
    }
}
