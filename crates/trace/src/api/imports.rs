//! Sheets of moves and products over HTTP.

use kit_base::{Error, Result};
use kit_sheets::http::{self, Queued};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::actions::acting_party;
use crate::import::{ImportInput, ImportResult, Reach, SheetKind, table};

pub fn routes() -> Vec<Route> {
    let write = Access::Needs("trace.capture");
    vec![
        Route::get("/api/imports/template", write, "台账导入模板", template),
        Route::post(
            "/api/imports",
            write,
            "导入进货、销售、生产台账和产品（XLSX、CSV）",
            "trace.import",
            import,
        ),
        Route::get("/api/imports/{id}", write, "台账导入结果", imported),
        Route::get("/api/imports/{id}/rejected", write, "台账中未导入的行", rejected),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct TemplateQuery {
    kind: SheetKind,
    /// xlsx (by default) or csv
    format: Option<String>,
}

async fn template(_: Cx, ask: Ask<(), TemplateQuery>) -> Result<Download> {
    http::template(&table(ask.query.kind), ask.query.format.as_deref() == Some("csv"))
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    kind: SheetKind,
    /// Business whose ledger it is; the only one of the person where it is not said.
    party: Option<String>,
    /// 1: products that are not known are made out of name and unit.
    create_products: Option<u8>,
    /// 1: products (`kind=products`) that are known are written over; refused else.
    update: Option<u8>,
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
    /// 1: say exactly what the import would do, keep nothing.
    dry_run: Option<u8>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let ImportQuery { kind, party, create_products, update, upload, dry_run } = ask.query;
    let sent = http::received(&cx, ask.body, upload.as_deref(), kind.name()).await?;
    let job = cx
        .act(move |act| {
            let party = acting_party(act.tx, act.who(), party.as_deref())?;
            let input = ImportInput {
                file: sent.file,
                name: sent.stem,
                kind,
                party: party.id.clone(),
                create_products: create_products == Some(1),
                update: update == Some(1),
                user: act.who().user.clone(),
                actor: act.who().name.clone(),
                reach: Reach::from(&act.who().scope),
                declare: act.who().may("trace.declare"),
                dry_run: dry_run == Some(1),
            };
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue(
                "trace.import",
                &text,
                &format!("{}导入{}：{}", if input.dry_run { "试" } else { "" }, kind.name(), sent.name),
            )?;
            act.subject("job", &job, &party.division);
            act.note(json!({ "file": input.file, "name": sent.name, "kind": kind }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

#[derive(Deserialize, JsonSchema)]
struct JobPath {
    id: String,
}

async fn imported(cx: Cx, ask: Ask<JobPath>) -> Result<Json<ImportResult>> {
    http::result(&cx, ask.path.id, "trace.import").await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<JobPath>) -> Result<Download> {
    http::rejected(&cx, ask.path.id, "trace.import").await
}
