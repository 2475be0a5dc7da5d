//! The room's route table.

mod files;
mod list;
mod members;
mod merge;
mod reference;

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, NoContent, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::{self, Dossier, Written, missing};
use crate::model::{NewParty, NewSite, Party, Person, Site, Status};
use crate::store;

pub(crate) use list::ListQuery;

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    let own = vec![
        Route::post("/api/parties", Needs("parties.register"), "登记主体", "parties.create", create),
        Route::get("/api/parties/{id}", Needs("parties.read"), "主体全景画像", one),
        Route::put("/api/parties/{id}", Needs("parties.write"), "修改主体", "parties.update", update),
        Route::post(
            "/api/parties/{id}/status",
            Needs("parties.register"),
            "变更主体状态",
            "parties.status",
            set_status,
        ),
        Route::get(
            "/api/parties/{id}/people",
            Needs("parties.personal"),
            "主体人员（完整信息，记入审计）",
            people,
        ),
        Route::post(
            "/api/parties/{id}/sites",
            Needs("parties.write"),
            "新增场所",
            "parties.site_add",
            add_site,
        ),
        Route::delete(
            "/api/parties/{id}/sites/{site}",
            Needs("parties.write"),
            "停用场所",
            "parties.site_close",
            close_site,
        ),
    ];
    let others = [list::routes(), merge::routes(), members::routes(), files::routes(), reference::routes()];
    own.into_iter().chain(others.into_iter().flatten()).collect()
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct IdPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
struct SitePath {
    id: String,
    site: String,
}

/// The business, where the asker may see it.
fn seen(tx: &mut kit_db::Tx, cx: &Cx, id: &str) -> Result<Party> {
    let party = store::by_id(tx, id)?.ok_or_else(missing)?;
    if cx.who.scope.covers(&party.division, Some(id)) {
        return Ok(party);
    }
    Err(missing())
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Dossier>> {
    let id = ask.path.id;
    cx.read(move |tx, cx| {
        let party = seen(tx, cx, &id)?;
        actions::dossier(tx, cx, party)
    })
    .await
    .map(Json)
}

async fn people(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Person>>> {
    let id = ask.path.id;
    let (party, people) = cx
        .read(move |tx, cx| {
            let party = seen(tx, cx, &id)?;
            let people = store::people(tx, &party.id)?;
            Ok((party, people))
        })
        .await?;
    cx.looked("parties.people", &format!("party:{}", party.id), &party.division, "人员姓名和电话").await?;
    Ok(Json(people))
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewParty>>) -> Result<Json<Written>> {
    cx.act(move |act| actions::create(act, ask.body.0)).await.map(Json)
}

/// An update: the business as it is to be, and the change number the writer has seen.
#[derive(Deserialize, JsonSchema)]
struct UpdateParty {
    seq: i64,
    #[serde(flatten)]
    party: NewParty,
}

async fn update(cx: Cx, ask: Ask<IdPath, (), Json<UpdateParty>>) -> Result<Json<Written>> {
    let UpdateParty { seq, party } = ask.body.0;
    cx.act(move |act| actions::update(act, &ask.path.id, seq, party)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct NewStatus {
    seq: i64,
    status: Status,
    reason: String,
}

async fn set_status(cx: Cx, ask: Ask<IdPath, (), Json<NewStatus>>) -> Result<Json<Written>> {
    let NewStatus { seq, status, reason } = ask.body.0;
    cx.act(move |act| actions::set_status(act, &ask.path.id, seq, status, &reason)).await.map(Json)
}

async fn add_site(cx: Cx, ask: Ask<IdPath, (), Json<NewSite>>) -> Result<Json<Site>> {
    cx.act(move |act| actions::add_site(act, &ask.path.id, ask.body.0)).await.map(Json)
}

async fn close_site(cx: Cx, ask: Ask<SitePath>) -> Result<NoContent> {
    cx.act(move |act| actions::close_site(act, &ask.path.id, &ask.path.site)).await?;
    Ok(NoContent)
}
