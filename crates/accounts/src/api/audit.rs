//! Reading the audit.

use kit_base::clock::day_start;
use kit_base::{Error, Millis, Result};
use kit_sheets::lists::{self, Wanted};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{IdPath, page_of};
use crate::jobs::ExportInput;
use crate::model::{AuditRow, Role};
use crate::store;
use crate::store::audit::{AuditQuery, Check, Narrow};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/audit", Access::Needs("audit.read"), "审计日志", list),
        Route::post(
            "/api/audit/exports",
            Access::Needs("audit.read"),
            "导出审计日志",
            "audit.export",
            export,
        ),
        Route::get("/api/audit/exports/{id}/file", Access::Needs("audit.read"), "审计日志文件", exported),
        Route::get("/api/audit/verify", Access::Needs("audit.verify"), "最近一次审计链校验", checked),
        Route::post("/api/audit/verify", Access::Needs("audit.verify"), "校验审计链", "audit.verify", check),
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

/// What belongs to no division (unknown names at sign-in, commands) is for the 审计管理员, not for leaders.
fn house_too(cx: &Cx) -> bool {
    cx.who.roles.iter().any(|r| r == Role::AuditAdmin.code())
}

fn period(q: &AuditQuery) -> Result<(Option<Millis>, Option<Millis>)> {
    Ok((bound("at_from", &q.at_from, false)?, bound("at_to", &q.at_to, true)?))
}

async fn list(cx: Cx, ask: Ask<(), AuditQuery>) -> Result<Json<Page<AuditRow>>> {
    let q = ask.query;
    let period = period(&q)?;
    cx.read(move |tx, cx| {
        let narrow = Narrow { q: &q, period, scope: &cx.who.scope, house_too: house_too(cx) };
        let found = store::audit::list(tx, &narrow)?;
        Ok(page_of(found, q.page, q.size))
    })
    .await
    .map(Json)
}

/// A job that was put in the queue; follow it at `/api/jobs/{id}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Queued {
    job: String,
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<AuditQuery>>>) -> Result<Json<Queued>> {
    let Wanted { format, list } = ask.body.0;
    let period = period(&list)?;
    let input = ExportInput {
        format,
        list,
        period,
        scope: cx.who.scope.clone(),
        house_too: house_too(&cx),
        actor: cx.who.name.clone(),
    };
    let job = cx
        .act(move |act| {
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue("accounts.audit_export", &text, "导出审计日志")?;
            act.subject("job", &job, "");
            act.note(json!({ "format": input.format, "filter": input.list }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, "accounts.audit_export").await
}

/// The last check of the chain.
#[derive(Serialize, JsonSchema)]
struct Verdict {
    /// `null` where nothing was checked yet.
    last: Option<Check>,
    /// Who asked for it, by name.
    by: Option<String>,
    /// Rows the chain has now.
    rows_now: i64,
}

async fn checked(cx: Cx, _: Ask) -> Result<Json<Verdict>> {
    cx.read(|tx, _| {
        let last = store::audit::last_check(tx)?;
        let by = match &last {
            Some(check) => store::users::name_of(tx, &check.asked_by)?,
            None => None,
        };
        Ok(Verdict { by, rows_now: kit_web::audit::end(tx)?.0, last })
    })
    .await
    .map(Json)
}

async fn check(cx: Cx, _: Ask) -> Result<Json<Queued>> {
    let job = cx
        .act(|act| {
            let job = act.enqueue("accounts.audit_check", "", "校验审计链")?;
            act.subject("job", &job, "");
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}
