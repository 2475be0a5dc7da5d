//! Cases: list, begin, open, end.

use std::fs::File;

use kit_base::{Error, Result};
use kit_uploads::Given;
use kit_web::{Ask, Cx, Json, Page, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, READ, WRITE};
use crate::actions::{self, cases, freeze, marks};
use crate::model::{Case, FrozenScope, MarkEntry, Marks, NewCase, OpenCase, ScopeLine, Seeds, View};
use crate::network::Network;
use crate::store;
use crate::store::cases::CaseQuery;
use crate::store::scopes::ScopeQuery;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/investigations", READ, "排查列表", list),
        Route::post("/api/investigations", WRITE, "新建排查", "investigation.create", create),
        Route::post(
            "/api/investigations/import",
            WRITE,
            "用网络文件新建排查（JSON）",
            "investigation.import",
            import,
        ),
        Route::get("/api/investigations/{id}", READ, "排查", open),
        Route::post("/api/investigations/{id}/seeds", WRITE, "添加起点", "investigation.seeds", seeds),
        Route::post("/api/investigations/{id}/close", WRITE, "结束排查", "investigation.close", close),
        Route::get("/api/investigations/{id}/marks", READ, "标记记录", log),
        Route::put("/api/investigations/{id}/marks", WRITE, "保存标记", "investigation.mark", save),
        Route::post(
            "/api/investigations/{id}/marks/undo",
            WRITE,
            "撤销最后一次标记",
            "investigation.unmark",
            undo,
        ),
        Route::post("/api/investigations/{id}/freeze", WRITE, "固定范围", "investigation.freeze", frozen),
        Route::get("/api/investigations/{id}/scopes", READ, "固定范围列表", scopes),
        Route::get("/api/investigations/scopes", READ, "全部固定范围", all_scopes),
        Route::get("/api/investigations/scopes/{id}", READ, "固定范围", scope),
    ]
}

async fn list(cx: Cx, ask: Ask<(), CaseQuery>) -> Result<Json<Page<Case>>> {
    cx.read(move |tx, cx| store::cases::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewCase>>) -> Result<Json<OpenCase>> {
    let new = ask.body.0;
    let asked = new.seeds.clone();
    // the long part is read only, so that other writers do not wait for it
    let prepared = cx.read(move |tx, cx| cases::prepare(tx, cx, &asked)).await?;
    cx.act(move |act| cases::create(act, &new, prepared)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct ImportQuery {
    /// what it is about; the file's name where it is not said
    title: Option<String>,
    /// a finished upload (`/api/uploads`) in the place of the body
    upload: Option<String>,
}

async fn import(cx: Cx, ask: Ask<(), ImportQuery, Raw>) -> Result<Json<OpenCase>> {
    let upload = ask.query.upload.as_deref();
    let Given { kept, name } = kit_uploads::given(&cx, ask.body, upload, cases::NETWORK_LIMIT).await?;
    let path = cx.house.files.path(&kept.hash);
    let network = tokio::task::spawn_blocking(move || Network::read(File::open(path)?))
        .await
        .map_err(Error::internal)??;
    let title = ask.query.title.unwrap_or_default();
    let name = if name.is_empty() { "网络文件".to_owned() } else { name };
    cx.act(move |act| cases::create_of_network(act, &title, &name, &kept.hash, &network)).await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<OpenCase>> {
    let read = cx.read(move |tx, cx| {
        let (case, marks) = marks::of_case(tx, cx, &cx.who.scope, &ask.path.id)?;
        Ok(OpenCase { case, marks, unresolved: Vec::new(), unresolved_count: 0 })
    });
    read.await.map(Json)
}

async fn seeds(cx: Cx, ask: Ask<IdPath, (), Json<Seeds>>) -> Result<Json<Case>> {
    cx.act(move |act| cases::add_seeds(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn close(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Case>> {
    cx.act(move |act| cases::close(act, &ask.path.id)).await.map(Json)
}

async fn log(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<MarkEntry>>> {
    let read = cx.read(move |tx, cx| {
        actions::case(tx, &cx.who.scope, &ask.path.id)?;
        store::marks::log(tx, &ask.path.id)
    });
    read.await.map(Json)
}

async fn save(cx: Cx, ask: Ask<IdPath, (), Json<Marks>>) -> Result<Json<Marks>> {
    let done = cx.act(move |act| {
        marks::save(act, &ask.path.id, &ask.body.0)?;
        Ok(ask.body.0)
    });
    done.await.map(Json)
}

async fn undo(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Marks>> {
    cx.act(move |act| marks::withdraw(act, &ask.path.id)).await.map(Json)
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
struct FreezeBody {
    /// grounds, who approved
    note: String,
    /// how the case is looked at: what the filters leave out is not in the scope
    view: View,
    /// the case goes on; otherwise it takes no more marks
    keep_open: bool,
}

async fn frozen(cx: Cx, ask: Ask<IdPath, (), Json<FreezeBody>>) -> Result<Json<OpenCase>> {
    let FreezeBody { note, view, keep_open } = ask.body.0;
    let id = ask.path.id;
    let written = cx.read(move |tx, cx| freeze::prepare(tx, cx, &id, &view)).await?;
    cx.act(move |act| freeze::freeze(act, written, &note, keep_open)).await.map(Json)
}

async fn scopes(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<FrozenScope>>> {
    let read = cx.read(move |tx, cx| {
        actions::case(tx, &cx.who.scope, &ask.path.id)?;
        store::scopes::of_case(tx, &ask.path.id)
    });
    read.await.map(Json)
}

async fn all_scopes(cx: Cx, ask: Ask<(), ScopeQuery>) -> Result<Json<Page<ScopeLine>>> {
    cx.read(move |tx, cx| store::scopes::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
}

async fn scope(cx: Cx, ask: Ask<IdPath>) -> Result<Json<FrozenScope>> {
    cx.read(move |tx, cx| actions::frozen_scope(tx, &cx.who.scope, &ask.path.id)).await.map(Json)
}
