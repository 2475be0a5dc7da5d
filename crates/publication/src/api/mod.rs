//! The room's route table.

mod files;
mod notices;
mod papers;
mod scan;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [scan::routes(), files::routes(), notices::routes(), papers::routes()].into_iter().flatten().collect()
}
