//! Reference data for forms: the same for all who are signed in; divisions as of a day, and lists of what changed.

use jiff::civil::Date;
use kit_base::{Error, Result};
use kit_sheets::http;
use kit_web::{Access, Act, Ask, Cx, Download, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::divisions as actions;
use crate::actions::divisions::DivisionPlan;
use crate::divisions::{self, DivisionChange, Divisions};
use crate::model::{PERSON_ROLES, SITE_KINDS, Status};
use crate::reference::{self, BusinessKind, Category, Coded, Division, FormerName, Reference};

pub fn routes() -> Vec<Route> {
    const CHANGE: Access = Access::Needs("parties.divisions");
    vec![
        Route::get("/api/reference", Access::SignedIn, "业态、品类等代码表", all),
        Route::get("/api/reference/divisions", Access::SignedIn, "下一级行政区划", children),
        Route::get("/api/reference/divisions/{code}", Access::SignedIn, "一个行政区划", division),
        Route::get("/api/division-changes", CHANGE, "已导入的区划变更", changes),
        Route::get("/api/division-changes/template", CHANGE, "区划变更清单模板", template),
        Route::ask("/api/division-changes/preview", CHANGE, "导入区划变更：预览", preview),
        Route::post("/api/division-changes", CHANGE, "导入区划变更清单", "parties.divisions", import),
    ]
}

/// Every short list of codes.
#[derive(Serialize, JsonSchema)]
struct All {
    business_kinds: Vec<BusinessKind>,
    categories: Vec<Category>,
    trade_items: Vec<Coded>,
    licence_kinds: Vec<Coded>,
    person_roles: Vec<Coded>,
    site_kinds: Vec<Coded>,
    statuses: Vec<Coded>,
}

async fn all(_: Cx, _: Ask) -> Result<Json<All>> {
    let r = reference::get();
    let coded = |pairs: &[(&'static str, &'static str)]| {
        pairs.iter().map(|(code, name)| Coded { code, name, part: "" }).collect()
    };
    Ok(Json(All {
        business_kinds: r.business_kinds.clone(),
        categories: r.categories.clone(),
        trade_items: r.trade_items.clone(),
        licence_kinds: r.licence_kinds.clone(),
        person_roles: coded(&PERSON_ROLES),
        site_kinds: coded(&SITE_KINDS),
        statuses: coded(&Status::ALL.map(|s| (s.as_str(), s.name()))),
    }))
}

/// Divisions of today, or of the day that is asked for.
fn known(cx: &Cx, on: Option<&str>) -> Result<std::sync::Arc<Reference>> {
    let Some(on) = on else { return Ok(divisions::today(&cx.house)) };
    let day: Date = on.parse().map_err(|_| Error::invalid("on", "date_form", "日期应写成 2026-03-01"))?;
    Ok(std::sync::Arc::new(cx.house.held::<Divisions>().on(day)))
}

#[derive(Deserialize, JsonSchema)]
struct DivisionsQuery {
    /// Code of the division above; left out: the provinces.
    parent: Option<String>,
    /// As of this day (`2026-03-01`), past or to come; today where it is left out.
    on: Option<String>,
}

async fn children(cx: Cx, ask: Ask<(), DivisionsQuery>) -> Result<Json<Vec<Division>>> {
    let parent = ask.query.parent.unwrap_or_default();
    let known = known(&cx, ask.query.on.as_deref())?;
    Ok(Json(known.children(&parent).into_iter().cloned().collect()))
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
struct OnQuery {
    /// As of this day (`2026-03-01`), past or to come; today where it is left out.
    on: Option<String>,
}

/// A division with its full name, what it lies in, and what became of it.
#[derive(Serialize, JsonSchema)]
struct Placed {
    #[serde(flatten)]
    division: Division,
    full_name: String,
    /// From the province down, itself last.
    path: Vec<Division>,
    /// Whether it is there on the day.
    valid: bool,
    /// Names that it had before, oldest first.
    former_names: Vec<FormerName>,
    /// Codes that it came after.
    predecessors: Vec<String>,
    /// Where its place lies on the day: its own code while it is valid; nothing where it was divided or ended.
    now: Option<String>,
}

async fn division(cx: Cx, ask: Ask<CodePath, OnQuery>) -> Result<Json<Placed>> {
    let r = known(&cx, ask.query.on.as_deref())?;
    let code = ask.path.code;
    let found = r.nearest(&code).ok_or_else(|| Error::not_found("没有这个行政区划"))?;
    let path =
        [2, 4, 6, 9].into_iter().filter_map(|n| found.code.get(..n)).filter_map(|c| r.division(c)).cloned();
    Ok(Json(Placed {
        full_name: r.full_name(&found.code),
        path: path.collect(),
        valid: r.is_valid(found),
        former_names: r.former_names(&found.code).to_vec(),
        predecessors: r.predecessors(&found.code),
        now: r.now(&found.code),
        division: found.clone(),
    }))
}

/// Changes that were taken in, the latest day first.
async fn changes(cx: Cx, _: Ask) -> Result<Json<Vec<DivisionChange>>> {
    cx.read(|tx, _| actions::taken_in(tx)).await.map(Json)
}

async fn template(_: Cx, _: Ask) -> Result<Download> {
    http::template(&actions::table(), false)
}

async fn preview(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<DivisionPlan>> {
    let sent = http::received(&cx, ask.body, None, "区划变更").await?;
    cx.read(move |tx, cx| Ok(actions::plan(&mut Act::inside(tx, cx, cx.now()), &sent.file)?.0))
        .await
        .map(Json)
}

async fn import(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<DivisionPlan>> {
    let sent = http::received(&cx, ask.body, None, "区划变更").await?;
    cx.act(move |act| actions::import(act, &sent.file, &sent.name)).await.map(Json)
}
