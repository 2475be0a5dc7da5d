//! The seven streams of disposal.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::model::Stream;

kit_db::statements! {
    FILL = "INSERT INTO sample_streams (sample, side, stream, state, form, filled_by, filled_name, filled_at, reviewed_by, reviewed_at, reason)
        VALUES ($1, $2, $3, 'filled', $4, $5, $6, $7, '', NULL, '')
        ON CONFLICT (sample, side, stream) DO UPDATE SET state = 'filled', form = $4, filled_by = $5, filled_name = $6, filled_at = $7,
            reviewed_by = '', reviewed_at = NULL, reason = ''";
    REVIEW = "UPDATE sample_streams SET state = $4, reviewed_by = $5, reviewed_at = $6, reason = $7
        WHERE sample = $1 AND side = $2 AND stream = $3 AND state = 'filled'";
    OF_SAMPLE = "SELECT side, stream, state, form, filled_by, filled_name, filled_at, reviewed_at, reason FROM sample_streams
        WHERE sample = $1 ORDER BY side DESC, filled_at, stream";
}

pub fn fill(
    tx: &mut Tx,
    sample: &str,
    (side, stream): (&str, &str),
    form: &str,
    by: (&str, &str),
    at: Millis,
) -> Result<()> {
    tx.exec(FILL, params![sample, side, stream, form, by.0, by.1, at]).map(drop)
}

/// Whether there was one to review.
pub fn review(
    tx: &mut Tx,
    sample: &str,
    (side, stream): (&str, &str),
    state: &str,
    by: &str,
    at: Millis,
    reason: &str,
) -> Result<bool> {
    Ok(tx.exec(REVIEW, params![sample, side, stream, state, by, at, reason])? > 0)
}

pub fn of_sample(tx: &mut Tx, sample: &str) -> Result<Vec<Stream>> {
    tx.all(OF_SAMPLE, params![sample])
}
