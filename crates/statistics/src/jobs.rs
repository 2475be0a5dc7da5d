//! What comes round by itself, and what people do not wait for.

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_jobs::Running;
use kit_sheets::out::{Export, Format};
use kit_web::House;
use serde::{Deserialize, Serialize};

use crate::actions::behind::{self, Wanted};
use crate::actions::{make as making, schedule, sheet};
use crate::store;

/// The job that makes what waits.
pub const MAKE: &str = "statistics.make";

/// The job that writes the cases behind a figure.
pub const EXPORT: &str = "statistics.export";

/// Cases read in one go, and how many an export has at most.
const READ: i64 = 500;
const MOST: i64 = 100_000;

/// Reports of one part of a round.
const PART: i64 = 20;

/// Notes what the schedule wants by now and makes what waits. For the duty of the house; answers how many were made.
pub fn tick(house: &House, job: &Running) -> Result<u64> {
    let (now, ids) = (house.clock.now(), house.ids.clone());
    house.db.write_blocking(move |tx| schedule::due(tx, &ids, now))?;
    all(house, job)
}

/// Makes what waits: the job behind what people ask for.
pub fn make(house: &House, job: &Running) -> Result<String> {
    all(house, job).map(|n| format!("生成报表 {n} 份"))
}

fn all(house: &House, job: &Running) -> Result<u64> {
    let house = Arc::new(house.clone());
    let mut done = 0;
    loop {
        let now = house.clock.now();
        let waiting = house.db.read_blocking(move |tx| store::waiting(tx, now, PART))?;
        if waiting.is_empty() {
            return Ok(done);
        }
        for kept in &waiting {
            making::one(&house, kept)?;
            done += 1;
            job.progress(done, None, "正在生成报表")?;
        }
    }
}

/// An export as it was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportInput {
    pub format: Format,
    pub wanted: Wanted,
    pub actor: String,
}

/// Writes the cases behind a figure, as they are when the job runs.
pub fn export(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let mut out = Export::begin(house, input.format, "案卷", &input.actor, &sheet::case_heads())?;
    for page in 1..=MOST / READ {
        let found = house.db.read_blocking(|tx| behind::page(tx, house, &input.wanted, (page, READ)))?;
        for row in &found.items {
            out.row(sheet::case_row(row))?;
        }
        job.progress(out.rows(), u64::try_from(found.total).ok(), "正在导出")?;
        if page * READ >= found.total {
            break;
        }
    }
    out.end()
}
