//! Businesses follow their divisions.

use kit_base::{Error, Result};
use kit_jobs::{Kind, Running};
use kit_web::House;
use serde_json::json;

use crate::actions::divisions;

pub const FOLLOW: Kind<House> = Kind { name: divisions::FOLLOW, run };

fn run(house: &House, job: &Running) -> Result<String> {
    let mut step = |done| job.progress(done, None, "正在按新区划归属主体");
    let moved = divisions::follow(house, &mut step)?;
    serde_json::to_string(&json!({ "moved": moved })).map_err(Error::internal)
}
