//! All SQL of the queue.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::{Job, NewJob};

kit_db::statements! {
    INSERT = "INSERT INTO jobs (id, kind, input, title, owner, state, due_at, attempts, done, total, note, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, 0, NULL, '', $7, $7)";
    BY_ID = "SELECT id, kind, input, title, owner, state, attempts, done, total, note, result, error, error_code, error_place, created_at,
            updated_at
        FROM jobs WHERE id = $1";
    OF_OWNER = "SELECT id, kind, input, title, owner, state, attempts, done, total, note, result, error, error_code, error_place, created_at,
            updated_at
        FROM jobs WHERE owner = $1 ORDER BY created_at DESC LIMIT $2";
    WAITING = "SELECT count(*) FROM jobs WHERE kind = $1 AND state = 'queued'";
    /// Named `room.…import`: work that people wait for.
    IMPORTS = "SELECT id, kind, input, title, owner, state, attempts, done, total, note, result, error, error_code, error_place, created_at,
            updated_at
        FROM jobs WHERE state IN ('queued', 'running') AND attempts > 0 AND kind LIKE '%import' ORDER BY created_at LIMIT 50";
    STATES = "SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state";
    SWEEP = "DELETE FROM jobs WHERE state IN ('done', 'failed', 'cancelled') AND updated_at < $1";
    NEXT_DUE = "SELECT id FROM jobs WHERE state = 'queued' AND due_at <= $1 ORDER BY due_at LIMIT 1";
    CLAIM = "UPDATE jobs SET state = 'running', attempts = attempts + 1, updated_at = $2
        WHERE id = $1 AND state = 'queued'";
    PROGRESS = "UPDATE jobs SET done = $2, total = $3, note = $4, updated_at = $5 WHERE id = $1 AND state = 'running'";
    FINISH = "UPDATE jobs SET state = 'done', result = $2, note = '', updated_at = $3 WHERE id = $1 AND state = 'running'";
    FAIL = "UPDATE jobs SET state = 'failed', error = $2, updated_at = $3, error_code = $4, error_place = $5
        WHERE id = $1 AND state = 'running'";
    AGAIN = "UPDATE jobs SET state = 'queued', error = $2, updated_at = $3, error_code = $4, error_place = $5, due_at = $6
        WHERE id = $1 AND state = 'running'";
    PUT_BACK = "UPDATE jobs SET state = 'queued', updated_at = $1 WHERE state = 'running'";
    CANCEL = "UPDATE jobs SET state = 'cancelled', updated_at = $3
        WHERE id = $1 AND owner = $2 AND state IN ('queued', 'running')";
}

impl FromRow for Job {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            input: r.get(2)?,
            title: r.get(3)?,
            owner: r.get(4)?,
            state: r.get(5)?,
            attempts: r.get(6)?,
            done: r.get(7)?,
            total: r.get(8)?,
            note: r.get(9)?,
            result: r.get(10)?,
            error: r.get(11)?,
            error_code: r.get(12)?,
            error_place: r.get(13)?,
            created_at: r.get(14)?,
            updated_at: r.get(15)?,
        })
    }
}

pub fn insert(tx: &mut Tx, id: &str, now: Millis, job: &NewJob) -> Result<()> {
    tx.exec(INSERT, params![id, job.kind, job.input, job.title, job.owner, job.due_at, now]).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Job>> {
    tx.one(BY_ID, params![id])
}

/// Imports that began and have not ended.
pub fn imports_begun(tx: &mut Tx) -> Result<Vec<Job>> {
    tx.all(IMPORTS, &[])
}

pub fn of_owner(tx: &mut Tx, owner: &str, limit: i64) -> Result<Vec<Job>> {
    tx.all(OF_OWNER, params![owner, limit])
}

pub fn next_due(tx: &mut Tx, now: Millis) -> Result<Option<String>> {
    tx.one(NEXT_DUE, params![now])
}

pub fn claim(tx: &mut Tx, id: &str, now: Millis) -> Result<Option<Job>> {
    if tx.exec(CLAIM, params![id, now])? == 0 {
        return Ok(None);
    }
    by_id(tx, id)
}

/// Whether the job still runs (it was not cancelled).
pub fn progress(
    tx: &mut Tx,
    id: &str,
    done: i64,
    total: Option<i64>,
    note: &str,
    now: Millis,
) -> Result<bool> {
    Ok(tx.exec(PROGRESS, params![id, done, total, note, now])? == 1)
}

pub fn finish(tx: &mut Tx, id: &str, result: &str, now: Millis) -> Result<()> {
    tx.exec(FINISH, params![id, result, now]).map(drop)
}

pub fn fail(tx: &mut Tx, id: &str, error: &Error, again_at: Option<Millis>, now: Millis) -> Result<()> {
    let (text, code, place) = (&error.message, &*error.code, error.field.as_deref().unwrap_or_default());
    match again_at {
        Some(due) => tx.exec(AGAIN, params![id, text, now, code, place, due]),
        None => tx.exec(FAIL, params![id, text, now, code, place]),
    }
    .map(drop)
}

pub fn put_back(tx: &mut Tx, now: Millis) -> Result<()> {
    tx.exec(PUT_BACK, params![now]).map(drop)
}

pub fn cancel(tx: &mut Tx, owner: &str, id: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(CANCEL, params![id, owner, now])? == 1)
}

pub fn waiting(tx: &mut Tx, kind: &str) -> Result<bool> {
    Ok(tx.one::<i64>(WAITING, params![kind])?.unwrap_or(0) > 0)
}

pub fn sweep(tx: &mut Tx, before: Millis) -> Result<u64> {
    tx.exec(SWEEP, params![before])
}

pub fn states(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(STATES, &[])
}
