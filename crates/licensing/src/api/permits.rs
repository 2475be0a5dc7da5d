//! Applications: matters and forms, drafts, papers, handing in, following.

use kit_base::{Error, Result};
use kit_flow::answers::CaseView;
use kit_flow::{Flows, engine};
use kit_web::{Access, Ask, Cx, Download, Json, NoContent, Page, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{APPLY, READ};
use crate::actions::apply::{self, named, seen};
use crate::actions::{course, drafts, files};
use crate::model::forms::Form;
use crate::model::matters::Matter;
use crate::model::{Asked, Draft, Handed, Permit, PermitFile, PermitView};
use crate::rules::forms::masked;
use crate::rules::reference;
use crate::store::licences;
use crate::store::permits::{self as store, PermitQuery};

pub fn routes() -> Vec<Route> {
    let personal = Access::Needs("permits.personal");
    vec![
        Route::get("/api/permits/matters", READ, "办理事项和申请表", matters),
        Route::get("/api/permits", READ, "申请列表", list),
        Route::post("/api/permits", APPLY, "提交申请", "permits.apply", hand_in),
        Route::get("/api/permits/drafts", APPLY, "我的申请草稿", drafts),
        Route::post("/api/permits/drafts", APPLY, "保存申请草稿", "permits.draft", add_draft),
        Route::put("/api/permits/drafts/{id}", APPLY, "更新申请草稿", "permits.draft", set_draft),
        Route::delete("/api/permits/drafts/{id}", APPLY, "删除申请草稿", "permits.draft_drop", drop_draft),
        Route::post("/api/permits/files", APPLY, "上传申请材料或照片", "permits.file", add_file),
        Route::get("/api/permits/files/{id}", READ, "申请材料原件", file),
        Route::get("/api/permits/{id}", READ, "申请", open),
        Route::get("/api/permits/{id}/whole", personal, "申请（含完整个人信息，记入审计）", whole),
        Route::get("/api/permits/{id}/submissions/{submission}", personal, "申请表原始字节（记入审计）", raw),
        Route::post("/api/permits/{id}/mend", APPLY, "补正申请", "permits.mend", mend),
        Route::post("/api/permits/{id}/acts", APPLY, "代办人办理申请", "permits.act", act),
    ]
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

/// Everything that may be applied for, and the forms for it.
#[derive(Serialize, JsonSchema)]
struct Offer {
    matters: Vec<Matter>,
    forms: Vec<Form>,
    lists: Vec<List>,
}

/// A list that forms choose from.
#[derive(Serialize, JsonSchema)]
struct List {
    code: String,
    /// Code and name.
    items: Vec<(String, String)>,
}

async fn matters(_: Cx, _: Ask) -> Result<Json<Offer>> {
    let list = |code: &str| List { code: code.to_owned(), items: reference::list(code) };
    Ok(Json(Offer {
        matters: reference::matters().to_vec(),
        forms: reference::forms().to_vec(),
        lists: ["trade_items", "food_classes", "sc_classes"].map(list).to_vec(),
    }))
}

impl Clone for List {
    fn clone(&self) -> Self {
        Self { code: self.code.clone(), items: self.items.clone() }
    }
}

async fn list(cx: Cx, ask: Ask<(), PermitQuery>) -> Result<Json<Page<Permit>>> {
    let read = cx.read(move |tx, cx| {
        let page = store::list(tx, &cx.who.scope, &ask.query, cx.now())?;
        let items = page.items.into_iter().map(named).collect();
        Ok(Page { items, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn hand_in(cx: Cx, ask: Ask<(), Asked, Raw>) -> Result<Json<Handed>> {
    // who may not is refused before a byte is kept
    let asked = ask.query.clone();
    cx.read(move |tx, cx| apply::look(tx, cx, &asked).map(drop)).await?;
    let (kept, bytes) = keep(&cx, ask.body).await?;
    let handed = cx.act(move |act| apply::hand_in(act, &ask.query, &kept, &bytes)).await?;
    answered(handed)
}

/// Keeps the bytes as they come, and reads them back.
async fn keep(cx: &Cx, body: Raw) -> Result<(kit_files::Kept, Vec<u8>)> {
    let kept = body.keep(&cx.house.files, apply::LARGEST).await?;
    let (files, hash) = (cx.house.files.clone(), kept.hash.clone());
    let bytes = tokio::task::spawn_blocking(move || apply::bytes_of(&files, &hash)).await;
    Ok((kept, bytes.map_err(Error::internal)??))
}

/// Defects are a refusal, although what was handed in is kept.
fn answered(handed: Handed) -> Result<Json<Handed>> {
    let Some(first) = handed.defects.first() else { return Ok(Json(handed)) };
    let text = match handed.defects.len() {
        1 => first.message.clone(),
        n => format!("申请表有 {n} 处需要修改：{}", first.message),
    };
    let error = Error::invalid(first.place.clone(), "form_defects", text);
    Err(error.with_defects(handed.defects.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize, JsonSchema)]
struct MendQuery {
    /// Version of the form that was filled in.
    version: i64,
}

async fn mend(cx: Cx, ask: Ask<IdPath, MendQuery, Raw>) -> Result<Json<Handed>> {
    let id = ask.path.id.clone();
    let open = move |tx: &mut kit_db::Tx, cx: &Cx| {
        let (permit, _) = seen(tx, cx, "permits.apply", &id)?;
        let text = "这件申请现在不需要补正";
        if permit.status == "mending" { Ok(()) } else { Err(Error::conflict("action_not_here", text)) }
    };
    cx.read(open).await?;
    let (kept, bytes) = keep(&cx, ask.body).await?;
    let done = cx.act(move |act| apply::mend(act, &ask.path.id, ask.query.version, &kept, &bytes)).await?;
    answered(done)
}

async fn act(cx: Cx, ask: Ask<IdPath, (), Json<kit_flow::Ask>>) -> Result<Json<CaseView>> {
    let done = cx.act(move |act| {
        let (permit, cx) = seen(act.tx, act.cx, "permits.apply", &ask.path.id)?;
        let flows = act.cx.house.held::<Flows>();
        act.subject("case", &permit.id, &permit.division);
        engine::take(&mut kit_web::Act::inside(act.tx, &cx, act.now), &flows, &permit.id, &ask.body.0)?;
        kit_flow::view(act.tx, &cx, &permit.id)
    });
    done.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PermitView>> {
    cx.read(move |tx, cx| view(tx, cx, "permits.read", &ask.path.id, false)).await.map(Json)
}

async fn whole(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PermitView>> {
    let shown = cx.read(move |tx, cx| view(tx, cx, "permits.personal", &ask.path.id, true)).await?;
    let subject = format!("case:{}", shown.permit.id);
    cx.looked("permits.whole", &subject, &shown.permit.division, "申请材料中的个人信息").await?;
    Ok(Json(shown))
}

fn view(tx: &mut kit_db::Tx, cx: &Cx, permission: &'static str, id: &str, whole: bool) -> Result<PermitView> {
    let (permit, cx) = seen(tx, cx, permission, id)?;
    let case = kit_flow::view(tx, &cx, id)?;
    let content = apply::content(tx, id)?;
    let matter = reference::matter(&permit.matter)?;
    let form = reference::form_version(&permit.form, permit.form_version)?;
    let mut files = store::files_of(tx, &permit.party)?;
    let shots = match permit.mode == "remote"
        || case.flags.iter().any(|f| f.code == "shots_asked")
        || case.data.get("method").and_then(Value::as_str) == Some("remote")
    {
        true => course::shots(matter, &permit, &content, &files),
        false => Vec::new(),
    };
    let text = serde_json::to_string(&content).map_err(Error::internal)?;
    files.retain(|f| text.contains(&f.id) || !f.shot.is_empty() && f.received_at >= permit.received_at);
    let submissions = store::submissions(tx, id)?;
    let check = match permit.issued.is_empty() {
        true => None,
        false => licences::last_check(tx, &permit.issued)?,
    };
    Ok(PermitView {
        content: if whole { content } else { masked(form, &content) },
        permit,
        case,
        files,
        shots,
        submissions,
        visits: crate::store::visits::of_case(tx, id)?,
        check: check.unwrap_or_default(),
    })
}

#[derive(Deserialize, JsonSchema)]
struct SubmissionPath {
    id: String,
    submission: String,
}

async fn raw(cx: Cx, ask: Ask<SubmissionPath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这份申请表，或不在您的范围内");
    let (permit, hash) = cx
        .read(move |tx, cx| {
            let (permit, _) = seen(tx, cx, "permits.personal", &ask.path.id)?;
            let hash = store::submission_file(tx, &permit.id, &ask.path.submission)?;
            Ok((permit, hash.ok_or_else(unknown)?))
        })
        .await?;
    cx.looked("permits.raw", &format!("case:{}", permit.id), &permit.division, "申请表原始字节").await?;
    let file = cx.house.files.get(&hash)?.ok_or_else(unknown)?;
    Ok(Download::file(file, "application/octet-stream", format!("{}.json", permit.number)))
}

/// A form as far as it is filled in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DraftForm {
    matter: String,
    /// new, change, renew, reissue, cancel
    act: String,
    /// commitment, remote; ordinary where left out
    #[serde(default)]
    mode: Option<String>,
    /// Applicant; the asker's own business where it is the only one.
    #[serde(default)]
    party: Option<String>,
    /// Number of the licence that it is about.
    #[serde(default)]
    licence: Option<String>,
    version: i64,
    content: Map<String, Value>,
}

impl DraftForm {
    fn split(self) -> (Asked, Map<String, Value>) {
        let Self { matter, act, mode, party, licence, version, content } = self;
        (Asked { matter, act, mode, party, licence, version, draft: None }, content)
    }
}

async fn drafts(cx: Cx, _: Ask) -> Result<Json<Vec<Draft>>> {
    cx.read(|tx, cx| store::drafts(tx, &cx.who.user)).await.map(Json)
}

async fn add_draft(cx: Cx, ask: Ask<(), (), Json<DraftForm>>) -> Result<Json<Draft>> {
    let (asked, content) = ask.body.0.split();
    cx.act(move |act| drafts::save(act, None, &asked, &content)).await.map(Json)
}

async fn set_draft(cx: Cx, ask: Ask<IdPath, (), Json<DraftForm>>) -> Result<Json<Draft>> {
    let (asked, content) = ask.body.0.split();
    cx.act(move |act| drafts::save(act, Some(&ask.path.id), &asked, &content)).await.map(Json)
}

async fn drop_draft(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    let dropped = cx.act(move |act| {
        act.subject("draft", &ask.path.id, "");
        match store::drop_draft(act.tx, &act.cx.who.user, &ask.path.id)? {
            true => Ok(()),
            false => Err(Error::not_found("没有这份草稿")),
        }
    });
    dropped.await.map(|()| NoContent)
}

async fn add_file(cx: Cx, ask: Ask<(), files::Came, Raw>) -> Result<Json<PermitFile>> {
    let came = ask.query.clone();
    let may = move |tx: &mut kit_db::Tx, cx: &Cx| {
        let matter = came.matter.clone().unwrap_or_default();
        findings::fixed::check_taken(&came.taken())?;
        crate::actions::mandates::acting(tx, cx, came.party.as_deref(), &matter).map(drop)
    };
    cx.read(may).await?;
    let name = ask.body.name.clone();
    let kept = ask.body.keep(&cx.house.files, files::LARGEST).await?;
    let store = cx.house.files.clone();
    let looked = tokio::task::spawn_blocking(move || store.look(kept, &files::TAKES)).await;
    let looked = looked.map_err(Error::internal)??;
    cx.act(move |act| files::add(act, &ask.query, &name, &looked)).await.map(Json)
}

async fn file(cx: Cx, ask: Ask<IdPath>) -> Result<Download> {
    let unknown = || Error::not_found("没有这份材料，或不在您的范围内");
    let found = cx.read(move |tx, cx| {
        let file = store::file(tx, &ask.path.id)?.ok_or_else(unknown)?;
        let party = parties::brief(tx, &file.party)?.ok_or_else(unknown)?;
        let own = cx.who.scope.covers(&party.division, Some(&party.id));
        if own || crate::actions::mandates::acting(tx, cx, Some(&party.id), "").is_ok() {
            return Ok(file);
        }
        Err(unknown())
    });
    let found = found.await?;
    let file = cx.house.files.get(&found.file)?.ok_or_else(unknown)?;
    let (media, ending) = match found.media.as_str() {
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/png" => ("image/png", "png"),
        "image/webp" => ("image/webp", "webp"),
        "application/pdf" => ("application/pdf", "pdf"),
        _ => ("video/mp4", "mp4"),
    };
    let name = if found.name.is_empty() { format!("{}.{ending}", found.id) } else { found.name };
    Ok(Download::file(file, media, name))
}
