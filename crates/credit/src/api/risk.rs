//! Risk grades: lists, a business point by point, adjustments.

use kit_base::Result;
use kit_base::clock::china_day;
use kit_web::{Access, Ask, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::{adjust, look};
use crate::model::{Adjustment, CountyRow, Decision, NewAdjustment, RiskQuery, RiskRow, RiskView};
use crate::rules::tables::{RuleSet, tables};
use crate::store::{adjustments, grades};

pub fn routes() -> Vec<Route> {
    const LIST: Access = Access::Needs("credit.list");
    vec![
        Route::get("/api/risk", LIST, "风险等级列表", list),
        Route::get("/api/risk/counties", LIST, "各县区风险与信用等级数", counties),
        Route::get("/api/risk/rules", LIST, "风险分级规则：因素、分值与依据", in_force),
        Route::get("/api/risk/adjustments", LIST, "待审核的等级调整", waiting),
        Route::post(
            "/api/risk/adjustments/{id}/decide",
            Access::Needs("credit.adjust_decide"),
            "审核等级调整",
            "credit.adjust_decide",
            decide,
        ),
        Route::get("/api/parties/{id}/risk", Access::Needs("credit.read"), "主体的风险等级", open),
        Route::post(
            "/api/parties/{id}/risk/adjust",
            Access::Needs("credit.adjust"),
            "提出等级调整",
            "credit.adjust",
            propose,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

async fn list(cx: Cx, ask: Ask<(), RiskQuery>) -> Result<Json<Page<RiskRow>>> {
    let read = cx.read(move |tx, cx| {
        let found = grades::list(tx, &cx.who.scope, &ask.query)?;
        let mut items = look::named(tx, found.items)?;
        let places = parties::divisions::today(&cx.house);
        for row in &mut items {
            row.division_name = places.full_name(&row.division);
        }
        Ok(Page { items, ..found })
    });
    read.await.map(Json)
}

async fn counties(cx: Cx, ask: Ask<(), RiskQuery>) -> Result<Json<Vec<CountyRow>>> {
    let read = cx.read(move |tx, cx| {
        let mut rows = grades::counties(tx, &cx.who.scope, &ask.query)?;
        let places = parties::divisions::today(&cx.house);
        for row in &mut rows {
            row.division_name = places.full_name(&row.division);
        }
        Ok(rows)
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    /// Division whose rules are asked for; the country's where it is not said.
    division: Option<String>,
}

/// The rules that hold today.
async fn in_force(cx: Cx, ask: Ask<(), Place>) -> Result<Json<RuleSet>> {
    let today = china_day(cx.now()).to_string();
    RuleSet::of(tables()?, ask.query.division.as_deref().unwrap_or_default(), &today).map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct Paging {
    page: Option<i64>,
    size: Option<i64>,
}

async fn waiting(cx: Cx, ask: Ask<(), Paging>) -> Result<Json<Page<Adjustment>>> {
    let read = cx.read(move |tx, cx| {
        let mut found = adjustments::waiting(tx, &cx.who.scope, ask.query.page, ask.query.size)?;
        let ids: Vec<String> = found.items.iter().map(|a| a.party.clone()).collect();
        let briefs = parties::briefs(tx, &ids)?;
        for item in &mut found.items {
            item.party_name = briefs.get(&item.party).map(|b| b.name.clone()).unwrap_or_default();
        }
        Ok(found)
    });
    read.await.map(Json)
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<RiskView>> {
    let read = cx.read(move |tx, cx| {
        let party = look::party(tx, &cx.who, "credit.read", &ask.path.id)?;
        let view = look::risk(tx, party)?;
        let division_name = parties::divisions::today(&cx.house).full_name(&view.division);
        Ok(RiskView { division_name, ..view })
    });
    read.await.map(Json)
}

async fn propose(cx: Cx, ask: Ask<IdPath, (), Json<NewAdjustment>>) -> Result<Json<Adjustment>> {
    cx.act(move |act| adjust::propose(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn decide(cx: Cx, ask: Ask<IdPath, (), Json<Decision>>) -> Result<Json<Adjustment>> {
    cx.act(move |act| adjust::decide(act, &ask.path.id, &ask.body.0)).await.map(Json)
}
