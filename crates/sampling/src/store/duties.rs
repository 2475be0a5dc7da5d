//! What a conclusion brings with it, also where its case has ended.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

kit_db::statements! {
    BEGIN = "INSERT INTO sample_duties (sample, code, began_at, last_day, late_from, done_at, done_name, told_to, late_said)
        VALUES ($1, $2, $3, $4, $5, NULL, '', '', 0)
        ON CONFLICT (sample, code) DO UPDATE SET began_at = $3, last_day = $4, late_from = $5, done_at = NULL, done_name = '', told_to = '', late_said = 0";
    DONE = "UPDATE sample_duties SET done_at = $3, done_name = $4, told_to = $5 WHERE sample = $1 AND code = $2 AND done_at IS NULL";
    OF_SAMPLE = "SELECT code, began_at, last_day, late_from, done_at, done_name, told_to FROM sample_duties WHERE sample = $1 ORDER BY began_at, code";
    LATE = "SELECT sample, code FROM sample_duties WHERE late_said = 0 AND late_from <= $1 AND done_at IS NULL ORDER BY late_from, sample LIMIT $2";
    SAID = "UPDATE sample_duties SET late_said = 1 WHERE sample = $1 AND code = $2";
}

/// Code, began, last day, late from, done, by whom, to whom.
pub type DutyRow = (String, Millis, String, Millis, Option<Millis>, String, String);

pub fn begin(
    tx: &mut Tx,
    sample: &str,
    code: &str,
    now: Millis,
    (last_day, late_from): (&str, Millis),
) -> Result<()> {
    tx.exec(BEGIN, params![sample, code, now, last_day, late_from]).map(drop)
}

/// Whether there was one to do.
pub fn done(tx: &mut Tx, sample: &str, code: &str, now: Millis, (by, to): (&str, &str)) -> Result<bool> {
    Ok(tx.exec(DONE, params![sample, code, now, by, to])? > 0)
}

pub fn of_sample(tx: &mut Tx, sample: &str) -> Result<Vec<DutyRow>> {
    tx.all(OF_SAMPLE, params![sample])
}

/// Those that are late and of which nobody was told: sample and code.
pub fn late(tx: &mut Tx, now: Millis, most: i64) -> Result<Vec<(String, String)>> {
    tx.all(LATE, params![now, most])
}

pub fn said(tx: &mut Tx, sample: &str, code: &str) -> Result<()> {
    tx.exec(SAID, params![sample, code]).map(drop)
}
