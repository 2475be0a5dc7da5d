//! The room's route table.

mod epcis;
mod epcis_query;
mod exports;
mod imports;
pub(crate) mod ledgers;
mod lots;
mod moves;
pub(crate) mod named;
mod products;
mod proofs;
mod subscriptions;

use kit_web::Route;

pub use products::send_file;

pub fn routes() -> Vec<Route> {
    let parts = [
        moves::routes(),
        products::routes(),
        lots::routes(),
        ledgers::routes(),
        exports::routes(),
        imports::routes(),
        epcis::routes(),
        epcis_query::routes(),
        subscriptions::routes(),
        proofs::routes(),
    ];
    parts.into_iter().flatten().collect()
}
