//! Sheets of moves over HTTP.

use kit_base::{Error, Kind, Result};
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::acting_party;
use crate::import::{ImportInput, ImportResult, Reach, SHEET_LIMIT, SheetKind, table};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes() -> Vec<Route> {
    let write = Access::Needs("trace.capture");
    vec![
        Route::get("/api/imports/template", write, "台账导入模板", template),
        Route::post("/api/imports", write, "导入进货、销售、生产台账（XLSX、CSV）", "trace.import", import),
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
    let (kind, csv) = (ask.query.kind, ask.query.format.as_deref() == Some("csv"));
    let table = table(kind);
    if csv {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |cells: Vec<String>| cells.join(",") + "\r\n";
        let names = table.columns().iter().map(|c| quoted(&c.name)).collect();
        let examples = table.columns().iter().map(|c| quoted(&c.example)).collect();
        let text = format!("\u{feff}{}{}", line(names), line(examples));
        return Ok(Download::bytes(
            text.into_bytes(),
            "text/csv; charset=utf-8",
            format!("{}导入模板.csv", kind.name()),
        ));
    }
    let mut file = std::io::Cursor::new(Vec::new());
    kit_docs::table::template(&table, &mut file)?;
    Ok(Download::bytes(file.into_inner(), XLSX, format!("{}导入模板.xlsx", kind.name())))
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    kind: SheetKind,
    /// Business whose ledger it is; the only one of the person where it is not said.
    party: Option<String>,
    /// 1: products that are not known are made out of name and unit.
    create_products: Option<u8>,
}

/// A job that was put in the queue; follow it at `/api/jobs/{id}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Queued {
    job: String,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<Queued>> {
    let ImportQuery { kind, party, create_products } = ask.query;
    let name = ask.body.name.clone();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
    let kept = ask.body.keep(&cx.house.files, SHEET_LIMIT).await?;
    if kept.size == 0 {
        return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
    }
    let job = cx
        .act(move |act| {
            let party = acting_party(act.tx, act.who(), party.as_deref())?;
            let input = ImportInput {
                file: kept.hash,
                name: if stem.is_empty() { kind.name().to_owned() } else { stem },
                kind,
                party: party.id.clone(),
                create_products: create_products == Some(1),
                user: act.who().user.clone(),
                actor: act.who().name.clone(),
                reach: Reach::from(&act.who().scope),
                declare: act.who().may("trace.declare"),
            };
            let text = serde_json::to_string(&input).map_err(Error::internal)?;
            let job = act.enqueue("trace.import", &text, &format!("导入{}台账：{name}", kind.name()))?;
            act.subject("job", &job, &party.division);
            act.note(json!({ "file": input.file, "name": name, "kind": kind }));
            Ok(job)
        })
        .await?;
    Ok(Json(Queued { job }))
}

#[derive(Deserialize, JsonSchema)]
struct JobPath {
    id: String,
}

async fn result(cx: &Cx, id: String) -> Result<ImportResult> {
    let job = cx.read(move |tx, cx| kit_jobs::find(tx, &cx.who.user, &id)).await?;
    let job = job.filter(|j| j.kind == "trace.import").ok_or_else(|| Error::not_found("没有这个任务"))?;
    match (job.state.as_str(), job.result) {
        ("done", Some(text)) => serde_json::from_str(&text).map_err(Error::internal),
        ("failed", _) => Err(Error::conflict("job_failed", job.error.unwrap_or_default())),
        _ => Err(Error::conflict("job_running", "任务还没有完成，请稍候")),
    }
}

async fn imported(cx: Cx, ask: Ask<JobPath>) -> Result<Json<ImportResult>> {
    result(&cx, ask.path.id).await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<JobPath>) -> Result<Download> {
    let left = result(&cx, ask.path.id).await?;
    if left.file.is_empty() {
        return Err(Error::not_found("所有行都已导入，没有未导入的行"));
    }
    let file = cx.house.files.get(&left.file)?.ok_or_else(|| Error::not_found("文件已清理，请重新导入"))?;
    Ok(Download::file(file, XLSX, left.file_name))
}
