//! Network files into the ledger over HTTP.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_docs::table::out::{CsvOut, OutColumn};
use kit_sheets::Reach;
use kit_sheets::http::{self, Queued};
use kit_uploads::Given;
use kit_web::{Access, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::IdPath;
use crate::jobs::network::{IMPORT, LIMIT, NetworkAccount, NetworkInput};

pub fn routes() -> Vec<Route> {
    const DECLARE: Access = Access::Needs("trace.declare");
    vec![
        Route::post(
            "/api/networks/imports",
            DECLARE,
            "导入溯源网络到账本",
            "investigation.network_import",
            import,
        ),
        Route::get("/api/networks/imports/{id}", DECLARE, "溯源网络的导入结果", imported),
        Route::get("/api/networks/imports/{id}/rejected", DECLARE, "溯源网络中的错误（CSV）", rejected),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct NetworkQuery {
    /// County (6 digits) that its businesses are put under; that of the importer's own post where it is not said.
    division: Option<String>,
    /// 1: say exactly what the import would do, keep nothing.
    dry_run: Option<u8>,
    /// A finished upload (`/api/uploads`) in the place of the body.
    upload: Option<String>,
}

async fn import(cx: Cx, ask: Ask<(), NetworkQuery, Raw>) -> Result<Json<Queued>> {
    let NetworkQuery { division, dry_run, upload } = ask.query;
    if division.as_deref().is_some_and(|d| !cx.who.scope.covers(d, None)) {
        return Err(Error::forbidden("out_of_scope", "归口区划不在您的辖区内").at("division"));
    }
    let Given { kept, name } = kit_uploads::given(&cx, ask.body, upload.as_deref(), LIMIT).await?;
    let name = if name.is_empty() { "溯源网络".to_owned() } else { name };
    let job = cx.act(move |act| {
        let input = NetworkInput {
            file: kept.hash,
            name,
            division,
            dry_run: dry_run == Some(1),
            asked_at: act.now,
            user: act.who().user.clone(),
            actor: act.who().name.clone(),
            reach: Reach::from(&act.who().scope),
        };
        let text = serde_json::to_string(&input).map_err(Error::internal)?;
        let what = if input.dry_run { "试导入溯源网络" } else { "导入溯源网络" };
        let job = act.enqueue(IMPORT.name, &text, &format!("{what}：{}", input.name))?;
        act.subject("job", &job, input.division.as_deref().unwrap_or_default());
        act.note(json!({ "file": input.file, "name": input.name, "dry_run": input.dry_run }));
        Ok(job)
    });
    Ok(Json(Queued { job: job.await? }))
}

async fn imported(cx: Cx, ask: Ask<IdPath>) -> Result<Json<NetworkAccount>> {
    http::result(&cx, ask.path.id, IMPORT.name).await.map(Json)
}

async fn rejected(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let account: NetworkAccount = http::result(&cx, ask.path.id, IMPORT.name).await?;
    if account.defects.is_empty() {
        return Err(Error::not_found("网络文件没有错误"));
    }
    let mut file = Vec::new();
    let mut csv = CsvOut::new(&mut file, &["位置", "错误", "代码"].map(OutColumn::text))?;
    for d in &account.defects {
        csv.row([d.place.as_str().into(), d.message.as_str().into(), d.code.as_str().into()])?;
    }
    csv.finish()?;
    let name = format!("溯源网络-错误-{}.csv", china_day(cx.now()));
    Ok(Download::bytes(file, "text/csv; charset=utf-8", name))
}
