//! Who belongs to whom: markets, chains and platforms with their members.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_sheets::lists::{self, Wanted};
use kit_sheets::{ImportResult, Reach};
use kit_web::{Access, Ask, Cx, Download, Json, Page, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::IdPath;
use crate::actions::members as actions;
use crate::jobs::members as jobs;
use crate::model::members::{EndMember, Member, MemberQuery, NewMember};

const READ: Access = Access::Needs("parties.members");
const WRITE: Access = Access::Needs("parties.members_write");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/members", READ, "市场、连锁、平台的成员", list),
        Route::post("/api/members", WRITE, "登记或申报成员", "parties.member_add", create),
        Route::post("/api/members/{id}/end", WRITE, "结束成员关系", "parties.member_end", end),
        Route::post(
            "/api/members/{id}/confirm",
            WRITE,
            "确认申报的成员关系",
            "parties.member_confirm",
            confirm,
        ),
        Route::get("/api/members/template", WRITE, "成员关系导入模板", template),
        Route::post(
            "/api/members/imports",
            WRITE,
            "导入成员关系（XLSX、CSV）",
            "parties.member_import",
            import,
        ),
        Route::get("/api/members/imports/{id}", WRITE, "成员关系导入结果", imported),
        Route::get("/api/members/imports/{id}/rejected", WRITE, "未导入的成员关系", rejected),
        Route::post("/api/members/exports", READ, "导出成员关系", "parties.member_export", export),
        Route::get("/api/members/exports/{id}/file", READ, "导出的成员关系", exported),
    ]
}

async fn list(cx: Cx, ask: Ask<(), MemberQuery>) -> Result<Json<Page<Member>>> {
    let places = crate::divisions::today(&cx.house);
    cx.read(move |tx, cx| actions::list(tx, cx, &places, &ask.query)).await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewMember>>) -> Result<Json<Member>> {
    cx.act(move |act| actions::create(act, &ask.body.0)).await.map(Json)
}

async fn end(cx: Cx, ask: Ask<IdPath, (), Json<EndMember>>) -> Result<Json<Member>> {
    cx.act(move |act| actions::end(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn confirm(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Member>> {
    cx.act(move |act| actions::confirm(act, &ask.path.id)).await.map(Json)
}

async fn template(_: Cx, _: Ask) -> Result<Download> {
    http::template(&jobs::table(), false)
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
    /// 1: say exactly what the import would do, keep nothing.
    dry_run: Option<u8>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let sent = http::received(&cx, ask.body, ask.query.upload.as_deref(), "成员关系").await?;
    let name = sent.name;
    let input = jobs::ImportInput {
        file: sent.file,
        name: sent.stem,
        actor: cx.who.name.clone(),
        reach: Reach::from(&cx.who.scope),
        dry_run: ask.query.dry_run == Some(1),
    };
    let job = cx
        .act(move |act| {
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let title = format!("{}导入成员关系：{name}", if input.dry_run { "试" } else { "" });
            let job = act.enqueue(jobs::IMPORT.name, &text, &title)?;
            act.subject("job", &job, "");
            act.note(json!({ "file": input.file, "name": name }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

async fn imported(cx: Cx, ask: Ask<IdPath>) -> Result<Json<ImportResult>> {
    http::result(&cx, ask.path.id, jobs::IMPORT.name).await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    http::rejected(&cx, ask.path.id, jobs::IMPORT.name).await
}

async fn export(cx: Cx, ask: Ask<(), (), Json<Wanted<MemberQuery>>>) -> Result<Json<Queued>> {
    lists::export(&cx, jobs::EXPORT.name, "导出成员关系", ask.body.0).await
}

async fn exported(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    lists::exported(&cx, ask.path.id, jobs::EXPORT.name).await
}
