//! The room's route table.

mod ledgers;
mod lots;
mod moves;
mod products;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [moves::routes(), products::routes(), lots::routes(), ledgers::routes()].into_iter().flatten().collect()
}
