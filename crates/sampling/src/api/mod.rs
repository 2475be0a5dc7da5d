//! The room's route table. What a regulator does to a case beyond these goes over `/api/cases/{id}/acts`.

mod desk;
mod draw_exports;
mod draws;
mod lab;
mod listing;
mod own;
mod samples;
mod sides;
mod statistics;
mod targets;

use kit_web::{Access, Route};
use schemars::JsonSchema;
use serde::Deserialize;

pub const READ: Access = Access::Needs("sampling.read");

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}

pub fn routes() -> Vec<Route> {
    let mut routes = desk::routes();
    routes.extend(draw_exports::routes());
    routes.extend(draws::routes());
    routes.extend(lab::routes());
    routes.extend(listing::routes());
    routes.extend(own::routes());
    routes.extend(samples::routes());
    routes.extend(sides::routes());
    routes.extend(statistics::routes());
    routes.extend(targets::routes());
    routes
}
