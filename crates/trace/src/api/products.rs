//! Products over HTTP.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Download, Json, Page, Raw, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;

use super::named::{NamedProduct, Names};
use crate::actions::products::{self as act, FileForm, ProductForm, Stored};
use crate::search::ProductSearch;
use crate::store::lists::{self, ProductQuery};
use crate::store::products::{self as store, Product, TraceFile};

const READ: Access = Access::Needs("trace.read");
const WRITE: Access = Access::Needs("trace.capture");
/// Largest picture or report.
const FILE_LIMIT: u64 = 20 * 1024 * 1024;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/products", READ, "产品列表", list),
        Route::post("/api/products", WRITE, "新增产品", "trace.product_create", create),
        Route::get("/api/products/{id}", READ, "产品", one),
        Route::put("/api/products/{id}", WRITE, "修改产品", "trace.product_update", update),
        Route::post("/api/products/{id}/files", WRITE, "上传资质、标签、检验报告", "trace.file_add", attach),
        Route::get("/api/trace-files/{id}", READ, "下载资质、标签、检验报告", file),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct Id {
    id: String,
}

async fn list(cx: Cx, ask: Ask<(), ProductQuery>) -> Result<Json<Page<NamedProduct>>> {
    cx.read(move |tx, cx| {
        let page = listed(tx, cx, &ask.query)?;
        let mut names = Names::of_house(&cx.house);
        let items = page.items.into_iter().map(|p| names.product(tx, p)).collect::<Result<_>>()?;
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    })
    .await
    .map(Json)
}

/// What somebody looks for is found by the search; what only filters and sorts, by the table.
fn listed(tx: &mut Tx, cx: &Cx, query: &ProductQuery) -> Result<Page<Product>> {
    let search = cx.house.held::<ProductSearch>();
    let only_text =
        query.party.is_none() && query.gtin.is_none() && query.category.is_none() && query.sort.is_none();
    let (Scope::Divisions(jurisdiction), Some(text), true) =
        (&cx.who.scope, &query.q, only_text && search.is_whole())
    else {
        return lists::products(tx, &cx.who.scope, query);
    };
    search.catch_up(tx)?;
    let (page, size) = kit_web::answer::paging(query.page, query.size);
    let (ids, total) = search.find(&kit_find::Query {
        text: text.clone(),
        jurisdiction: jurisdiction.clone(),
        division: query.division.clone(),
        statuses: query.status.clone().into_iter().collect(),
        skip: ((page - 1) * size) as usize,
        take: size as usize,
        ..Default::default()
    });
    let found: Result<Vec<Option<Product>>> = ids.iter().map(|id| store::by_id(tx, id)).collect();
    Ok(Page { items: found?.into_iter().flatten().collect(), total: total as i64, page, size })
}

async fn create(cx: Cx, ask: Ask<(), (), Json<ProductForm>>) -> Result<Json<Product>> {
    cx.act(move |a| act::create(a, &ask.body.0)).await.map(Json)
}

async fn update(cx: Cx, ask: Ask<Id, (), Json<ProductForm>>) -> Result<Json<Product>> {
    cx.act(move |a| act::update(a, &ask.path.id, &ask.body.0)).await.map(Json)
}

/// A product with its files.
#[derive(Serialize, JsonSchema)]
struct ProductPage {
    product: NamedProduct,
    files: Vec<TraceFile>,
}

fn unknown() -> Error {
    Error::not_found("没有这个产品")
}

async fn one(cx: Cx, ask: Ask<Id>) -> Result<Json<ProductPage>> {
    cx.read(move |tx, cx| {
        let product = store::by_id(tx, &ask.path.id)?.ok_or_else(unknown)?;
        // a barcode's product may be looked up by any business that buys it
        let open = product.gtin.is_some() || cx.who.scope.covers(&product.division, Some(&product.party));
        if !open {
            return Err(unknown());
        }
        let files = store::files(tx, &product.id, None)?;
        Ok(ProductPage { product: Names::of_house(&cx.house).product(tx, product)?, files })
    })
    .await
    .map(Json)
}

async fn attach(cx: Cx, ask: Ask<Id, FileForm, Raw>) -> Result<Json<TraceFile>> {
    let (media, name) = (ask.body.media.clone(), ask.body.name.clone());
    let kept = ask.body.keep(&cx.house.files, FILE_LIMIT).await?;
    what_it_says(&cx, &kept.hash, &media).await?;
    let stored = Stored { hash: kept.hash, size: kept.size, media, name };
    cx.act(move |a| act::attach(a, &ask.path.id, &ask.query, &stored)).await.map(Json)
}

/// That a file begins as its media type does: what says it is a picture and is a page is not taken.
///
/// Errors: `file_media`.
async fn what_it_says(cx: &Cx, hash: &str, media: &str) -> Result<()> {
    let mut head = Vec::new();
    let file = tokio::fs::File::open(cx.house.files.path(hash)).await?;
    file.take(12).read_to_end(&mut head).await?;
    let begins = match media {
        "image/png" => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => head.starts_with(b"\xff\xd8\xff"),
        "image/webp" => head.starts_with(b"RIFF") && head.ends_with(b"WEBP"),
        "application/pdf" => head.starts_with(b"%PDF-"),
        _ => false,
    };
    if begins {
        return Ok(());
    }
    Err(Error::invalid("file", "file_media", "只接受 JPG、PNG、WebP 图片和 PDF，且文件内容应与类型一致"))
}

async fn file(cx: Cx, ask: Ask<Id>) -> Result<Download> {
    let unknown = || Error::not_found("没有这个文件");
    let found = cx
        .read(move |tx, cx| {
            let file = store::file(tx, &ask.path.id)?.ok_or_else(unknown)?;
            let product = store::by_id(tx, &file.product)?.ok_or_else(unknown)?;
            let covered = cx.who.scope.covers(&product.division, Some(&product.party));
            if covered { Ok(file) } else { Err(unknown()) }
        })
        .await?;
    send_file(&cx, &found).await
}

/// Sends a stored file: pictures are shown in place, documents saved under their title, because browsers show none where
/// nothing may run.
pub async fn send_file(cx: &Cx, found: &TraceFile) -> Result<Download> {
    let (media, name) = match found.media.as_str() {
        "image/png" => ("image/png", String::new()),
        "image/webp" => ("image/webp", String::new()),
        "application/pdf" => ("application/pdf", format!("{}.pdf", found.title)),
        _ => ("image/jpeg", String::new()),
    };
    let file = tokio::fs::File::open(cx.house.files.path(&found.hash)).await?.into_std().await;
    Ok(Download::file(file, media, name))
}
