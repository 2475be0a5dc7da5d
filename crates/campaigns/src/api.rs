//! The room's route table.

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    Vec::new()
}
