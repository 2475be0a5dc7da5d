//! Reports, labels and pictures that the public may see, under the code they belong to.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Answer as _, Ask, Cx, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::scan::{ByGtin, Pace, gtin_data, scan_data};
use crate::model::Answer;

pub fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::get("/t/{code}/files/{id}", OPEN, "批次的公开文件", of_code),
        Route::get("/01/{gtin}/10/{batch}/files/{id}", OPEN, "批次的公开文件（商品条码）", of_batch),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct CodeFile {
    code: String,
    id: String,
}

#[derive(Deserialize, JsonSchema)]
struct BatchFile {
    gtin: String,
    batch: String,
    id: String,
}

#[derive(Deserialize, JsonSchema)]
struct From {
    from: Option<String>,
}

async fn of_code(cx: Cx, ask: Ask<CodeFile>) -> Result<Response> {
    let CodeFile { code, id } = ask.path;
    send(&cx, id, move |tx, cx| scan_data(tx, &cx.house, &code)).await
}

async fn of_batch(cx: Cx, ask: Ask<BatchFile, From>) -> Result<Response> {
    let BatchFile { gtin, batch, id } = ask.path;
    let asked = ByGtin { gtin, batch: Some(batch), made: None, from: ask.query.from, pace: Pace::Whole };
    send(&cx, id, move |tx, cx| gtin_data(tx, &cx.house, &asked)).await
}

/// Sends a file that the page of this code lists, and no other.
async fn send<F>(cx: &Cx, id: String, find: F) -> Result<Response>
where
    F: FnOnce(&mut Tx, &Cx) -> Result<Answer> + Send + 'static,
{
    let unknown = || Error::not_found("没有这个文件，或该文件不公开");
    let answer = cx.read(find).await?;
    let Answer::Batch(scan) = answer else { return Err(unknown()) };
    let file = scan.files.into_iter().find(|f| f.id == id).ok_or_else(unknown)?;
    let mut response = trace::send_file(cx, &file).await?.into_answer();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    let tag = HeaderValue::from_str(&format!("\"{}\"", &file.hash)).map_err(Error::internal)?;
    headers.insert(header::ETAG, tag);
    Ok(response)
}
