//! Routes of the room. What is done to an application goes over its case: `/api/cases/{id}/acts`, and for those who act with
//! a mandate `/api/permits/{id}/acts`.

mod licences;
mod page;
mod permits;
mod registers;

use kit_web::{Access, Route};

const READ: Access = Access::Needs("permits.read");
const APPLY: Access = Access::Needs("permits.apply");

pub fn routes() -> Vec<Route> {
    [permits::routes(), licences::routes(), registers::routes()].into_iter().flatten().collect()
}
