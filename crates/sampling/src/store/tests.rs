//! Results, verdicts, corrections.

use kit_base::{Error, Millis, Result};
use kit_db::{Tx, params};

use crate::model::{Correction, TestResult};
use crate::rules::judge::Judged;

kit_db::statements! {
    REVISION = "SELECT max(revision) FROM sample_results WHERE sample = $1";
    ADD_RESULT = "INSERT INTO sample_results (sample, revision, item, method, result, unit, lod, entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    RESULTS = "SELECT item, method, result, unit, lod FROM sample_results WHERE sample = $1 AND revision = $2 ORDER BY item";
    ADD_VERDICT = "INSERT INTO sample_verdicts (sample, no, item, judged, outcome, decided_by, decided_why) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERDICTS = "SELECT judged FROM sample_verdicts WHERE sample = $1 ORDER BY no";
    ADD_CORRECTION = "INSERT INTO sample_corrections (id, sample, item, before_result, after_result, unit, judged, outcome, reason, user_id,
            user_name, at, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    CORRECTIONS = "SELECT id, item, before_result, after_result, unit, judged, outcome, reason, user_name, at FROM sample_corrections
        WHERE sample = $1 ORDER BY at, id";
}

/// The newest revision; 0 none.
pub fn revision(tx: &mut Tx, sample: &str) -> Result<i64> {
    Ok(tx.one::<Option<i64>>(REVISION, params![sample])?.flatten().unwrap_or(0))
}

pub fn add_results(
    tx: &mut Tx,
    sample: &str,
    revision: i64,
    items: &[TestResult],
    user: &str,
    at: Millis,
) -> Result<()> {
    for r in items {
        let row = params![sample, revision, &r.item, &r.method, &r.result, &r.unit, &r.lod, user, at];
        tx.exec(ADD_RESULT, row)?;
    }
    Ok(())
}

/// The results of the newest revision.
pub fn results(tx: &mut Tx, sample: &str) -> Result<Vec<TestResult>> {
    let revision = revision(tx, sample)?;
    tx.all(RESULTS, params![sample, revision])
}

pub fn add_verdict(
    tx: &mut Tx,
    sample: &str,
    no: i64,
    judged: &Judged,
    outcome: &str,
    decided: (&str, &str),
) -> Result<()> {
    let text = serde_json::to_string(judged).map_err(Error::internal)?;
    tx.exec(ADD_VERDICT, params![sample, no, &judged.item, &text, outcome, decided.0, decided.1]).map(drop)
}

/// What was frozen when the report was issued.
pub fn verdicts(tx: &mut Tx, sample: &str) -> Result<Vec<Judged>> {
    let texts: Vec<String> = tx.all(VERDICTS, params![sample])?;
    texts.iter().map(|t| serde_json::from_str(t).map_err(Error::internal)).collect()
}

pub fn add_correction(tx: &mut Tx, sample: &str, user: &str, c: &Correction, hash: &str) -> Result<()> {
    let judged = serde_json::to_string(&c.judged).map_err(Error::internal)?;
    let row = params![
        &c.id,
        sample,
        &c.item,
        &c.before_result,
        &c.after_result,
        &c.unit,
        &judged,
        &c.outcome,
        &c.reason,
        user,
        &c.user_name,
        c.at,
        hash
    ];
    tx.exec(ADD_CORRECTION, row).map(drop)
}

pub fn corrections(tx: &mut Tx, sample: &str) -> Result<Vec<Correction>> {
    tx.all(CORRECTIONS, params![sample])
}
