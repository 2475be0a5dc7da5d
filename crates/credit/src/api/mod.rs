//! The room's route table: [`file`], [`lists`], [`platforms`], [`risk`].

mod file;
mod lists;
mod platforms;
mod risk;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [risk::routes(), file::routes(), lists::routes(), platforms::routes()].into_iter().flatten().collect()
}
