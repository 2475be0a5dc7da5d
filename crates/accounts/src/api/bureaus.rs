//! Bureaus and grids.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};

use super::{IdPath, Made, done};
use crate::actions::bureaus::{self, BureauInput, GridInput, NameInput};
use crate::model::{Bureau, Grid};
use crate::store;
use crate::store::bureaus::PlaceQuery;

pub fn routes() -> Vec<Route> {
    const READ: Access = Access::Needs("accounts.read");
    const WRITE: Access = Access::Needs("accounts.bureaus");
    vec![
        Route::get("/api/bureaus", READ, "机构（以 parent 成树）", list),
        Route::post("/api/bureaus", WRITE, "新建机构", "bureaus.create", create),
        Route::put("/api/bureaus/{id}", WRITE, "机构改名", "bureaus.rename", rename),
        Route::get("/api/grids", READ, "网格", list_grids),
        Route::post("/api/grids", WRITE, "新建网格", "grids.create", create_grid),
        Route::put("/api/grids/{id}", WRITE, "修改网格", "grids.update", update_grid),
        Route::delete("/api/grids/{id}", WRITE, "删除网格", "grids.delete", delete_grid),
    ]
}

fn page_of<T>((items, total): (Vec<T>, i64), q: &PlaceQuery) -> Page<T> {
    let (page, size) = q.paging();
    Page { items, total, page, size }
}

async fn list(cx: Cx, ask: Ask<(), PlaceQuery>) -> Result<Json<Page<Bureau>>> {
    let q = ask.query;
    cx.read(move |tx, cx| Ok(page_of(store::bureaus::list_bureaus(tx, &q, &cx.who.scope)?, &q)))
        .await
        .map(Json)
}

async fn create(cx: Cx, ask: Ask<(), (), Json<BureauInput>>) -> Result<Json<Made>> {
    let id = cx.act(move |act| bureaus::create_bureau(act, &ask.body.0)).await?;
    Ok(Json(Made { id }))
}

async fn rename(cx: Cx, ask: Ask<IdPath, (), Json<NameInput>>) -> Result<NoContent> {
    cx.act(move |act| bureaus::rename_bureau(act, &ask.path.id, &ask.body.0)).await.and_then(done)
}

async fn list_grids(cx: Cx, ask: Ask<(), PlaceQuery>) -> Result<Json<Page<Grid>>> {
    let q = ask.query;
    cx.read(move |tx, cx| Ok(page_of(store::bureaus::list_grids(tx, &q, &cx.who.scope)?, &q))).await.map(Json)
}

async fn create_grid(cx: Cx, ask: Ask<(), (), Json<GridInput>>) -> Result<Json<Made>> {
    let id = cx.act(move |act| bureaus::create_grid(act, &ask.body.0)).await?;
    Ok(Json(Made { id }))
}

async fn update_grid(cx: Cx, ask: Ask<IdPath, (), Json<GridInput>>) -> Result<NoContent> {
    cx.act(move |act| bureaus::update_grid(act, &ask.path.id, &ask.body.0)).await.and_then(done)
}

async fn delete_grid(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| bureaus::delete_grid(act, &ask.path.id)).await.and_then(done)
}
