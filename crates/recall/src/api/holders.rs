//! What holders see and do, and the notice that they got.

use findings::evidence::{self, LARGEST};
use kit_base::{Error, Result};
use kit_docs::pdf::{self, Official};
use kit_flow::papers::fill::Content;
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Raw, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{IdPath, SUPERVISE};
use crate::actions::{business, look, photos, report, task, unknown, visited};
use crate::model::{Accept, Confirm, Holding, Mine, NewReport, Photo, Recall, Taken, Visits};
use crate::store;

const HOLD: Access = Access::Needs("recall.hold");

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/recalls/mine", HOLD, "本企业有关的召回", mine),
        Route::get("/api/recall-visits", SUPERVISE, "辖区内有持有单位的召回", visits),
        Route::get("/api/recall-visits/{id}", SUPERVISE, "一次召回在辖区内的持有单位", visits_of),
        Route::get("/api/recalls/{id}/tasks/{party}", Access::SignedIn, "一个持有单位的召回任务", holding),
        Route::get("/api/recalls/{id}/tasks/{party}/notice", Access::SignedIn, "召回通知书（PDF）", notice),
        Route::post("/api/recalls/{id}/tasks/{party}/seen", HOLD, "确认已看到召回通知", "recall.seen", seen),
        Route::post(
            "/api/recalls/{id}/tasks/{party}/report",
            Access::SignedIn,
            "报告现存、已售、销毁、退回",
            "recall.report",
            add,
        ),
        Route::post(
            "/api/recalls/{id}/tasks/{party}/accept",
            SUPERVISE,
            "核定去向不明的原因",
            "recall.accept",
            accept,
        ),
        Route::post("/api/recalls/{id}/photos", Access::SignedIn, "召回照片（五定）", "recall.photo", photo),
        Route::get("/api/recalls/{id}/photos/{photo}/file", Access::SignedIn, "召回照片原件", file),
        Route::post(
            "/api/recalls/{id}/returns",
            Access::SignedIn,
            "生产者确认收到退货",
            "recall.confirm",
            confirm,
        ),
    ]
}

async fn mine(cx: Cx, _: Ask) -> Result<Json<Vec<Mine>>> {
    let read = cx.read(move |tx, cx| {
        let party = business(&cx.who, "recall.hold", None)?;
        look::mine(tx, &party)
    });
    read.await.map(Json)
}

async fn visits(cx: Cx, _: Ask) -> Result<Json<Vec<Visits>>> {
    cx.read(look::visits).await.map(Json)
}

async fn visits_of(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Visits>> {
    cx.read(move |tx, cx| look::visits_of(tx, cx, &ask.path.id)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct TaskPath {
    id: String,
    /// Id of the business; `mine` is the asker's own.
    party: String,
}

impl TaskPath {
    fn party(&self, cx: &Cx) -> Result<String> {
        match self.party.as_str() {
            "mine" => business(&cx.who, "recall.hold", None),
            other => Ok(other.to_owned()),
        }
    }
}

async fn holding(cx: Cx, ask: Ask<TaskPath>) -> Result<Json<Holding>> {
    let read = cx.read(move |tx, cx| {
        let party = ask.path.party(cx)?;
        look::holding(tx, cx, &ask.path.id, &party)
    });
    read.await.map(Json)
}

async fn notice(cx: Cx, ask: Ask<TaskPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| {
        let party = ask.path.party(cx)?;
        let (recall, task) = task(tx, &cx.who, &ask.path.id, &party)?;
        let paper = store::tasks::paper(tx, &recall.id, &party)?.ok_or_else(unknown)?;
        Ok((recall, task.number, paper))
    });
    let (recall, number, (paper, hash)) = read.await?;
    let content: Content = serde_json::from_str(&paper).map_err(Error::internal)?;
    paper_of(&cx, &recall, content, number, hash).await
}

/// Sets a letter as PDF: `NAME-NUMBER.pdf`.
pub async fn paper_of(
    cx: &Cx,
    recall: &Recall,
    content: Content,
    number: String,
    hash: String,
) -> Result<Download> {
    let name = format!("{}-{number}.pdf", content.title);
    // the kept parts and those that are set have one shape
    let blocks = serde_json::to_value(&content.blocks).and_then(serde_json::from_value);
    let look = serde_json::to_value(content.look).and_then(serde_json::from_value);
    let official = Official {
        look: look.map_err(Error::internal)?,
        organ: content.organ,
        title: content.title,
        number: content.number,
        addressee: content.addressee,
        blocks: blocks.map_err(Error::internal)?,
        remedies: content.remedies,
        date: content.date,
        signs: content.signs,
        seal: None,
        void: recall.outcome == "void",
        url: format!("{}/recalls/{}", cx.house.public_url, recall.code),
        verify: recall.code.clone(),
        hash,
        simulated: content.simulated,
    };
    let set = tokio::task::spawn_blocking(move || pdf::official(&official));
    let bytes = set.await.map_err(Error::internal)??;
    Ok(Download::bytes(bytes, "application/pdf", name))
}

async fn seen(cx: Cx, ask: Ask<TaskPath>) -> Result<NoContent> {
    let done = cx.act(move |act| {
        let party = ask.path.party(act.cx)?;
        report::opened(act, &ask.path.id, &party)
    });
    done.await.map(|()| NoContent)
}

async fn add(cx: Cx, ask: Ask<TaskPath, (), Json<NewReport>>) -> Result<NoContent> {
    let done = cx.act(move |act| {
        let party = ask.path.party(act.cx)?;
        report::report(act, &ask.path.id, &party, &ask.body.0)
    });
    done.await.map(|()| NoContent)
}

async fn accept(cx: Cx, ask: Ask<TaskPath, (), Json<Accept>>) -> Result<NoContent> {
    let done = cx.act(move |act| report::accept(act, &ask.path.id, &ask.path.party, &ask.body.0));
    done.await.map(|()| NoContent)
}

async fn photo(cx: Cx, ask: Ask<IdPath, Taken, Raw>) -> Result<Json<Photo>> {
    let (id, taken) = (ask.path.id, ask.query);
    let party = business(&cx.who, "recall.hold", taken.party.as_deref())?;
    // who may not is refused before a byte is kept
    let (which, whose) = (id.clone(), party.clone());
    cx.read(move |tx, cx| visited(tx, &cx.who, &which, &whose).map(drop)).await?;
    photos::check(&taken)?;
    let kept = kit_uploads::given(&cx, ask.body, taken.upload.as_deref(), LARGEST).await?.kept;
    let files = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || evidence::look(&files, kept)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| photos::add(act, &id, &party, &taken, &looked)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct PhotoPath {
    id: String,
    photo: String,
}

async fn file(cx: Cx, ask: Ask<PhotoPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| {
        let found = store::reports::photo(tx, &ask.path.id, &ask.path.photo)?.ok_or_else(unknown)?;
        task(tx, &cx.who, &ask.path.id, &found.party)?;
        Ok(found)
    });
    let found = read.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "audio/mp4" => ("audio/mp4", "m4a"),
        "video/webm" => ("video/webm", "webm"),
        _ => ("video/mp4", "mp4"),
    };
    Ok(Download::file(file, media, format!("{}.{ending}", found.id)))
}

async fn confirm(cx: Cx, ask: Ask<IdPath, (), Json<Confirm>>) -> Result<NoContent> {
    cx.act(move |act| report::confirm(act, &ask.path.id, &ask.body.0)).await.map(|()| NoContent)
}
