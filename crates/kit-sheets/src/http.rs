//! What the routes of every import have in common.

use kit_base::{Defect, Error, Result};
use kit_docs::table::Table;
use kit_uploads::Given;
use kit_web::{Cx, Download, Raw};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{ImportResult, SHEET_LIMIT, XLSX};

/// A job that was put in the queue; follow it at `/api/jobs/{id}` or `/api/jobs/{id}/events`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Queued {
    pub job: String,
}

/// A sheet that was sent and is kept.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Hash of the kept file.
    pub file: String,
    /// File name as it was sent.
    pub name: String,
    /// The same without its ending; `otherwise` where there is none.
    pub stem: String,
}

/// Keeps a sheet that came as the body, or takes the finished upload that is named.
///
/// Errors: those of [`kit_uploads::given`].
pub async fn received(cx: &Cx, body: Raw, upload: Option<&str>, otherwise: &str) -> Result<Sent> {
    let Given { kept, name } = kit_uploads::given(cx, body, upload, SHEET_LIMIT).await?;
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let stem = if stem.is_empty() { otherwise } else { stem }.to_owned();
    Ok(Sent { file: kept.hash, name, stem })
}

/// The empty sheet that people fill, as xlsx or CSV.
pub fn template(table: &Table, csv: bool) -> Result<Download> {
    let name = table.name();
    if csv {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |cells: Vec<String>| cells.join(",") + "\r\n";
        let names = table.columns().iter().map(|c| quoted(&c.name)).collect();
        let examples = table.columns().iter().map(|c| quoted(&c.example)).collect();
        let text = format!("\u{feff}{}{}", line(names), line(examples));
        let name = format!("{name}导入模板.csv");
        return Ok(Download::bytes(text.into_bytes(), "text/csv; charset=utf-8", name));
    }
    let mut file = std::io::Cursor::new(Vec::new());
    kit_docs::table::template(table, &mut file)?;
    Ok(Download::bytes(file.into_inner(), XLSX, format!("{name}导入模板.xlsx")))
}

/// The result of the asker's own finished job.
///
/// Errors: `not_found` where it is not theirs or of another kind, `job_failed` with its reason, `job_running`.
pub async fn result<T: DeserializeOwned>(cx: &Cx, id: String, kind: &'static str) -> Result<T> {
    let job = cx.read(move |tx, cx| kit_jobs::find(tx, &cx.who.user, &id)).await?;
    let job = job.filter(|j| j.kind == kind).ok_or_else(|| Error::not_found("没有这个任务"))?;
    match (job.state.as_str(), &job.result) {
        ("done", Some(text)) => serde_json::from_str(text).map_err(Error::internal),
        ("failed", _) => Err(failed(job)),
        _ => Err(Error::conflict("job_running", "任务还没有完成，请稍候")),
    }
}

/// Why a job failed, with the code and place of the fault as its one defect.
fn failed(job: kit_jobs::Job) -> Error {
    let message = job.error.unwrap_or_default();
    let error = Error::conflict("job_failed", message.clone());
    if job.error_code.is_empty() {
        return error;
    }
    let defect = Defect { place: job.error_place, code: job.error_code.into(), message };
    error.with_defects(vec![defect])
}

/// The rows of an import that did not go in, as a file to mend.
pub async fn rejected(cx: &Cx, id: String, kind: &'static str) -> Result<Download> {
    let left: ImportResult = result(cx, id, kind).await?;
    if left.file.is_empty() {
        return Err(Error::not_found("所有行都已导入，没有未导入的行"));
    }
    stored(cx, &left.file, left.file_name)
}

/// A file that a job left, sent in pieces.
pub fn stored(cx: &Cx, hash: &str, name: String) -> Result<Download> {
    let gone = || Error::not_found("文件已清理，请重新导入或导出");
    let file = cx.house.files.get(hash)?.ok_or_else(gone)?;
    let media = if name.ends_with(".csv") { "text/csv; charset=utf-8" } else { XLSX };
    Ok(Download::file(file, media, name))
}
