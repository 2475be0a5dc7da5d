//! Routes of the room.

mod bench;
mod cases;
mod exports;
mod networks;

use kit_web::{Access, Route};
use schemars::JsonSchema;
use serde::Deserialize;

const READ: Access = Access::Needs("investigation.read");
const WRITE: Access = Access::Needs("investigation.write");

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

pub fn routes() -> Vec<Route> {
    let mut routes = cases::routes();
    routes.extend(bench::routes());
    routes.extend(exports::routes());
    routes.extend(networks::routes());
    routes
}
