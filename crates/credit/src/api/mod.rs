//! The room's route table: [`file`], [`lists`], [`risk`].

mod file;
mod lists;
mod risk;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [risk::routes(), file::routes(), lists::routes()].into_iter().flatten().collect()
}
