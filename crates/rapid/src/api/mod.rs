//! The room's route table. What is done to a positive beyond these goes over `/api/cases/{id}/acts`.

mod board;
mod points;
mod positives;
mod sheets;
mod tests;

use kit_base::Millis;
use kit_web::{Access, Route};
use schemars::JsonSchema;
use serde::Deserialize;

const READ: Access = Access::Needs("rapid.read");
const OPEN: Access = Access::Public;
const DAY: Millis = 86_400_000;

pub fn routes() -> Vec<Route> {
    let all = [points::routes(), tests::routes(), sheets::routes(), positives::routes(), board::routes()];
    all.into_iter().flatten().collect()
}

#[derive(Deserialize, JsonSchema)]
pub struct IdPath {
    pub id: String,
}
