//! The room's route table.

mod files;
mod limits;
mod links;
mod notices;
mod papers;
mod scan;
mod suspicions;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [
        scan::routes(),
        files::routes(),
        limits::routes(),
        links::routes(),
        notices::routes(),
        papers::routes(),
        suspicions::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
