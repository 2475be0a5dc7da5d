//! The room's route table.

mod files;
mod limits;
mod links;
mod marks;
mod notices;
mod open;
mod papers;
mod scan;
mod schedule;
mod suspicions;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [
        scan::routes(),
        files::routes(),
        limits::routes(),
        links::routes(),
        marks::routes(),
        notices::routes(),
        open::routes(),
        papers::routes(),
        schedule::routes(),
        suspicions::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
