//! Results and verdicts of the laboratory that tests and of the one that rechecks; corrections.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Sql, Tx, params};

use crate::model::{Correction, Kept, TestResult};
use crate::rules::judge::Judged;

kit_db::statements! {
    REVISION = "SELECT max(revision) FROM sample_results WHERE sample = $1";
    ADD_RESULT = "INSERT INTO sample_results (sample, revision, item, method, result, unit, lod, reading, note, entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    RESULTS = "SELECT item, method, result, unit, lod, reading, note FROM sample_results WHERE sample = $1 AND revision = $2 ORDER BY item";
    ADD_VERDICT = "INSERT INTO sample_verdicts (sample, no, item, judged, outcome, decided_by, decided_why) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERDICTS = "SELECT item, judged, outcome, decided_by, decided_why FROM sample_verdicts WHERE sample = $1 ORDER BY no";
    AGAIN_REVISION = "SELECT max(revision) FROM recheck_results WHERE sample = $1";
    AGAIN_ADD_RESULT = "INSERT INTO recheck_results (sample, revision, item, method, result, unit, lod, reading, note, entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    AGAIN_RESULTS = "SELECT item, method, result, unit, lod, reading, note FROM recheck_results WHERE sample = $1 AND revision = $2 ORDER BY item";
    AGAIN_ADD_VERDICT = "INSERT INTO recheck_verdicts (sample, no, item, judged, outcome, decided_by, decided_why) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    AGAIN_VERDICTS = "SELECT item, judged, outcome, decided_by, decided_why FROM recheck_verdicts WHERE sample = $1 ORDER BY no";
    ADD_CORRECTION = "INSERT INTO sample_corrections (id, sample, item, before_result, after_result, unit, judged, outcome, reason, user_id,
            user_name, at, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    CORRECTIONS = "SELECT id, item, before_result, after_result, unit, judged, outcome, reason, user_name, at FROM sample_corrections
        WHERE sample = $1 ORDER BY at, id";
}

/// Whose test it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// The laboratory that tests.
    First,
    /// The laboratory that rechecks.
    Again,
}

impl Round {
    fn pick(self, first: Sql, again: Sql) -> Sql {
        match self {
            Self::First => first,
            Self::Again => again,
        }
    }
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            item: r.get(0)?,
            judged: r.get(1)?,
            outcome: r.get(2)?,
            decided_by: r.get(3)?,
            decided_why: r.get(4)?,
        })
    }
}

/// The newest revision; 0 none.
pub fn revision(tx: &mut Tx, round: Round, sample: &str) -> Result<i64> {
    Ok(tx.one::<Option<i64>>(round.pick(REVISION, AGAIN_REVISION), params![sample])?.flatten().unwrap_or(0))
}

pub fn add_results(
    tx: &mut Tx,
    round: Round,
    (sample, revision): (&str, i64),
    items: &[TestResult],
    user: &str,
    at: Millis,
) -> Result<()> {
    for r in items {
        let row = params![
            sample, revision, &r.item, &r.method, &r.result, &r.unit, &r.lod, &r.reading, &r.note, user, at
        ];
        tx.exec(round.pick(ADD_RESULT, AGAIN_ADD_RESULT), row)?;
    }
    Ok(())
}

/// The results of the newest revision.
pub fn results(tx: &mut Tx, round: Round, sample: &str) -> Result<Vec<TestResult>> {
    let revision = revision(tx, round, sample)?;
    tx.all(round.pick(RESULTS, AGAIN_RESULTS), params![sample, revision])
}

/// Freezes what the report says, in its order.
pub fn add_verdicts(tx: &mut Tx, round: Round, sample: &str, rows: &[Kept]) -> Result<()> {
    for (no, k) in (1i64..).zip(rows) {
        let row = params![sample, no, &k.item, &k.judged, &k.outcome, &k.decided_by, &k.decided_why];
        tx.exec(round.pick(ADD_VERDICT, AGAIN_ADD_VERDICT), row)?;
    }
    Ok(())
}

/// What was frozen when the report was issued.
pub fn verdicts(tx: &mut Tx, round: Round, sample: &str) -> Result<Vec<Judged>> {
    let rows: Vec<Kept> = tx.all(round.pick(VERDICTS, AGAIN_VERDICTS), params![sample])?;
    rows.iter().map(|k| serde_json::from_str(&k.judged).map_err(Error::internal)).collect()
}

/// `judged`: JSON of what the limits make of it.
pub fn add_correction(
    tx: &mut Tx,
    sample: &str,
    user: &str,
    c: &Correction,
    judged: &str,
    hash: &str,
) -> Result<()> {
    let row = params![
        &c.id,
        sample,
        &c.item,
        &c.before_result,
        &c.after_result,
        &c.unit,
        judged,
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
