//! The room's route table. What is done to a visit beside its record goes over its case: `/api/cases/{id}/acts`.

mod checklists;
mod draw_exports;
mod draws;
mod photos;
mod plans;
mod recusals;
mod visits;

use kit_web::{Access, Route};
use schemars::JsonSchema;
use serde::Deserialize;

pub use visits::RECORD_ROUTE;

const READ: Access = Access::Needs("inspection.read");
const VISIT: Access = Access::Needs("inspection.visit");

pub fn routes() -> Vec<Route> {
    let mut routes = visits::routes();
    routes.extend(photos::routes());
    routes.extend(checklists::routes());
    routes.extend(recusals::routes());
    routes.extend(draw_exports::routes());
    routes.extend(draws::routes());
    routes.extend(plans::routes());
    routes
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}
