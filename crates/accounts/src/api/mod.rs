//! The route table: parse, act, answer.

mod audit;
mod bureaus;
mod clerks;
mod keys;
mod one_time;
mod passkeys;
mod posts;
mod resume;
pub(crate) mod session;
mod users;

use kit_base::Result;
use kit_web::answer::paging;
use kit_web::{Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Vec<Route> {
    let mut all = session::routes();
    all.extend(passkeys::routes());
    all.extend(resume::routes());
    all.extend(users::routes());
    all.extend(keys::routes());
    all.extend(clerks::routes());
    all.extend(posts::routes());
    all.extend(bureaus::routes());
    all.extend(audit::routes());
    all
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

/// What was made.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Made {
    id: String,
}

fn page_of<T>((items, total): (Vec<T>, i64), page: Option<i64>, size: Option<i64>) -> Page<T> {
    let (page, size) = paging(page, size);
    Page { items, total, page, size }
}

/// The answer of a write that says nothing.
fn done(_: ()) -> Result<kit_web::NoContent> {
    Ok(kit_web::NoContent)
}
