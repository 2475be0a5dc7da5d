//! The seven streams of disposal: forms, whose they are, what is attached to them.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;

use crate::model::{Given, GivenSample, Stream, StreamFile};

kit_db::statements! {
    FILL = "INSERT INTO sample_streams (sample, side, stream, state, form, filled_by, filled_name, filled_at, reviewed_by, reviewed_at, reason)
        VALUES ($1, $2, $3, 'filled', $4, $5, $6, $7, '', NULL, '')
        ON CONFLICT (sample, side, stream) DO UPDATE SET state = 'filled', form = $4, filled_by = $5, filled_name = $6, filled_at = $7,
            reviewed_by = '', reviewed_at = NULL, reason = ''";
    REVIEW = "UPDATE sample_streams SET state = $4, reviewed_by = $5, reviewed_at = $6, reason = $7
        WHERE sample = $1 AND side = $2 AND stream = $3 AND state = 'filled'";
    OF_SAMPLE = "SELECT side, stream, state, form, filled_by, filled_name, filled_at, reviewed_at, reason FROM sample_streams
        WHERE sample = $1 ORDER BY side DESC, filled_at, stream";
    GIVE = "INSERT INTO sample_stream_given (sample, side, stream, division, bureau, given_at, given_name) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (sample, side, stream) DO UPDATE SET division = $4, bureau = $5, given_at = $6, given_name = $7";
    GIVEN = "SELECT side, stream, division, bureau, given_at, given_name FROM sample_stream_given WHERE sample = $1 ORDER BY side DESC, stream";
    ATTACH = "INSERT INTO sample_stream_files (id, sample, side, stream, name, file, media, size, user_name, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ATTACHED = "SELECT id, side, stream, name, file, media, size, user_name, at FROM sample_stream_files WHERE sample = $1 ORDER BY at, id";
    PRODUCER_TOLD = "SELECT producer_told_at FROM samples WHERE id = $1";
    SET_PRODUCER_TOLD = "UPDATE samples SET producer_told_at = $2 WHERE id = $1 AND producer_told_at IS NULL";
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

/// It is theirs from now on.
pub fn give(tx: &mut Tx, sample: &str, given: &Given) -> Result<()> {
    let Given { side, stream, division, bureau, at, by_name } = given;
    tx.exec(GIVE, params![sample, side, stream, division, bureau, *at, by_name]).map(drop)
}

pub fn given(tx: &mut Tx, sample: &str) -> Result<Vec<Given>> {
    tx.all(GIVEN, params![sample])
}

pub fn attach(tx: &mut Tx, sample: &str, f: &StreamFile) -> Result<()> {
    let row =
        params![&f.id, sample, &f.side, &f.stream, &f.name, &f.file, &f.media, f.size, &f.user_name, f.at];
    tx.exec(ATTACH, row).map(drop)
}

pub fn attached(tx: &mut Tx, sample: &str) -> Result<Vec<StreamFile>> {
    tx.all(ATTACHED, params![sample])
}

/// When the producer was first sent its notice.
pub fn producer_told(tx: &mut Tx, sample: &str) -> Result<Option<Millis>> {
    let found: Option<(Option<i64>,)> = tx.one(PRODUCER_TOLD, params![sample])?;
    Ok(found.and_then(|(at,)| at))
}

pub fn set_producer_told(tx: &mut Tx, sample: &str, at: Millis) -> Result<()> {
    tx.exec(SET_PRODUCER_TOLD, params![sample, at]).map(drop)
}

/// Open samples of which streams were given to a place within a reach, the latest first.
pub fn given_within(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<GivenSample>> {
    let rows = scope
        .restrict(
            Filter::new(
                "SELECT s.id, s.sample_no, s.food, s.party_name, s.division, s.status, min(g.given_at), count(*),
                    CAST(sum(CASE WHEN t.state = 'passed' THEN 1 ELSE 0 END) AS BIGINT), s.simulated
                FROM sample_stream_given g JOIN samples s ON s.id = g.sample
                LEFT JOIN sample_streams t ON t.sample = g.sample AND t.side = g.side AND t.stream = g.stream",
            ),
            "g.division >= ? AND g.division < ?",
            "1 = 0 AND s.party = ?",
        )
        .and("s.closed_at IS NULL", &[])
        .then(
            "GROUP BY s.id, s.sample_no, s.food, s.party_name, s.division, s.status, s.simulated ORDER BY 7 DESC, s.id LIMIT ?",
            &[Param::Int(most)],
        );
    tx.list(&rows)
}
