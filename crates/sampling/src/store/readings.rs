//! What instruments and programs read, and files of rows that did not fit.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{AssayReading, Run, TestResult};

kit_db::statements! {
    ADD_RUN = "INSERT INTO assay_runs (id, lab, shape, name, file, rows_read, rows_taken, rejected_file, added_by, added_name, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SET_RUN = "UPDATE assay_runs SET rows_taken = $2, rejected_file = $3 WHERE id = $1";
    RUNS = "SELECT id, lab, shape, name, file, rows_read, rows_taken, rejected_file, added_name, added_at FROM assay_runs WHERE lab = $1
        ORDER BY added_at DESC, id DESC LIMIT 100";
    RUN = "SELECT id, lab, shape, name, file, rows_read, rows_taken, rejected_file, added_name, added_at FROM assay_runs WHERE id = $1";
    ADD = "INSERT INTO assay_readings (id, run, line, sample, lab, item, method, result, unit, lod, read_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    OF_SAMPLE = "SELECT r.id, r.run, n.name, r.line, r.item, r.method, r.result, r.unit, r.lod, r.read_at
        FROM assay_readings r JOIN assay_runs n ON n.id = r.run WHERE r.sample = $1 AND r.lab = $2
        ORDER BY r.item, r.read_at, r.run, r.line";
    ADD_FILE = "INSERT INTO limit_files (id, name, rejected_file, added_by, added_at) VALUES ($1, $2, $3, $4, $5)";
    FILE = "SELECT name, rejected_file FROM limit_files WHERE id = $1";
}

impl FromRow for Run {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            lab: r.get(1)?,
            shape: r.get(2)?,
            name: r.get(3)?,
            file: r.get(4)?,
            read: r.get(5)?,
            taken: r.get(6)?,
            rejected_file: r.get(7)?,
            by_name: r.get(8)?,
            at: r.get(9)?,
        })
    }
}

impl FromRow for AssayReading {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            run: r.get(1)?,
            run_name: r.get(2)?,
            line: r.get(3)?,
            item: r.get(4)?,
            method: r.get(5)?,
            result: r.get(6)?,
            unit: r.get(7)?,
            lod: r.get(8)?,
            at: r.get(9)?,
        })
    }
}

pub fn add_run(tx: &mut Tx, r: &Run, user: &str) -> Result<()> {
    let row = params![
        &r.id,
        &r.lab,
        &r.shape,
        &r.name,
        &r.file,
        r.read,
        r.taken,
        &r.rejected_file,
        user,
        &r.by_name,
        r.at
    ];
    tx.exec(ADD_RUN, row).map(drop)
}

/// How much of it fitted, and the file of what did not.
pub fn set_run(tx: &mut Tx, id: &str, taken: i64, rejected_file: &str) -> Result<()> {
    tx.exec(SET_RUN, params![id, taken, rejected_file]).map(drop)
}

/// The latest hundred of a laboratory.
pub fn runs(tx: &mut Tx, lab: &str) -> Result<Vec<Run>> {
    tx.all(RUNS, params![lab])
}

pub fn run(tx: &mut Tx, id: &str) -> Result<Option<Run>> {
    tx.one(RUN, params![id])
}

/// `place`: run and line; `of`: sample and laboratory.
pub fn add(
    tx: &mut Tx,
    id: &str,
    place: (&str, i64),
    of: (&str, &str),
    r: &TestResult,
    at: Millis,
) -> Result<()> {
    let row = params![id, place.0, place.1, of.0, of.1, &r.item, &r.method, &r.result, &r.unit, &r.lod, at];
    tx.exec(ADD, row).map(drop)
}

/// All readings of a sample in a laboratory, by item, the latest of each last; within a file the lower line is the later.
pub fn of_sample(tx: &mut Tx, sample: &str, lab: &str) -> Result<Vec<AssayReading>> {
    tx.all(OF_SAMPLE, params![sample, lab])
}

/// Rows of a table of limits that did not go in.
pub fn add_file(tx: &mut Tx, id: &str, name: &str, file: &str, user: &str, at: Millis) -> Result<()> {
    tx.exec(ADD_FILE, params![id, name, file, user, at]).map(drop)
}

/// Name and file of rejected rows.
pub fn file(tx: &mut Tx, id: &str) -> Result<Option<(String, String)>> {
    tx.one(FILE, params![id])
}
