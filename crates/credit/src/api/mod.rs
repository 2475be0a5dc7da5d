//! The room's route table: [`file`], [`risk`].

mod file;
mod risk;

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    [risk::routes(), file::routes()].into_iter().flatten().collect()
}
