//! Reference data for forms: the same for all who are signed in.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{PERSON_ROLES, SITE_KINDS, Status};
use crate::reference::{self, BusinessKind, Category, Coded, Division};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/reference", Access::SignedIn, "业态、品类等代码表", all),
        Route::get("/api/reference/divisions", Access::SignedIn, "下一级行政区划", divisions),
        Route::get("/api/reference/divisions/{code}", Access::SignedIn, "一个行政区划", division),
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

#[derive(Deserialize, JsonSchema)]
struct DivisionsQuery {
    /// Code of the division above; left out: the provinces.
    parent: Option<String>,
}

async fn divisions(_: Cx, ask: Ask<(), DivisionsQuery>) -> Result<Json<Vec<Division>>> {
    let parent = ask.query.parent.unwrap_or_default();
    Ok(Json(reference::get().children(&parent).into_iter().cloned().collect()))
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

/// A division with its full name and what it lies in.
#[derive(Serialize, JsonSchema)]
struct Placed {
    #[serde(flatten)]
    division: Division,
    full_name: String,
    /// From the province down, itself last.
    path: Vec<Division>,
}

async fn division(_: Cx, ask: Ask<CodePath>) -> Result<Json<Placed>> {
    let r = reference::get();
    let code = ask.path.code;
    let found = r.nearest(&code).ok_or_else(|| kit_base::Error::not_found("没有这个行政区划"))?;
    let path =
        [2, 4, 6, 9].into_iter().filter_map(|n| found.code.get(..n)).filter_map(|c| r.division(c)).cloned();
    Ok(Json(Placed { full_name: r.full_name(found.code), path: path.collect(), division: found.clone() }))
}
