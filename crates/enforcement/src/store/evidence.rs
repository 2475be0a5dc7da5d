//! Evidence of cases, and its reviews.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::model::{Evidence, NewReview, ReviewKind};

kit_db::statements! {
    INSERT = "INSERT INTO enforcement_evidence (id, case_id, kind, title, origin, camera, file, media, size, user_id, user_name,
            received_at, legal_user, legal_name, legal_at, legal_pass, legal_note, technical_user, technical_name, technical_at,
            technical_pass, technical_note, hash, by_party)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', NULL, NULL, '', '', '', NULL, NULL, '', $13, $14)";
    OF_CASE = "SELECT id, case_id, kind, title, origin, camera, file, media, size, user_id, user_name, received_at, legal_user, legal_name,
            legal_at, legal_pass, legal_note, technical_user, technical_name, technical_at, technical_pass, technical_note, hash, by_party,
            sent_at
        FROM enforcement_evidence WHERE case_id = $1 AND (by_party = 0 OR sent_at IS NOT NULL) ORDER BY received_at, id";
    OF_PARTY = "SELECT id, case_id, kind, title, origin, camera, file, media, size, user_id, user_name, received_at, legal_user, legal_name,
            legal_at, legal_pass, legal_note, technical_user, technical_name, technical_at, technical_pass, technical_note, hash, by_party,
            sent_at
        FROM enforcement_evidence WHERE case_id = $1 AND by_party = 1 ORDER BY received_at, id";
    BY_ID = "SELECT id, case_id, kind, title, origin, camera, file, media, size, user_id, user_name, received_at, legal_user, legal_name,
            legal_at, legal_pass, legal_note, technical_user, technical_name, technical_at, technical_pass, technical_note, hash, by_party,
            sent_at
        FROM enforcement_evidence WHERE case_id = $1 AND id = $2 AND (by_party = 0 OR sent_at IS NOT NULL)";
    COUNT = "SELECT count(*) FROM enforcement_evidence WHERE case_id = $1 AND by_party = $2";
    SEND = "UPDATE enforcement_evidence SET sent_at = $3 WHERE case_id = $1 AND id = $2 AND by_party = 1 AND sent_at IS NULL";
    REVIEW_LEGAL = "UPDATE enforcement_evidence SET legal_user = $2, legal_name = $3, legal_at = $4, legal_pass = $5, legal_note = $6
        WHERE id = $1 AND legal_at IS NULL";
    REVIEW_TECHNICAL = "UPDATE enforcement_evidence SET technical_user = $2, technical_name = $3, technical_at = $4, technical_pass = $5,
            technical_note = $6
        WHERE id = $1 AND technical_at IS NULL";
    FILES = "SELECT DISTINCT file FROM enforcement_evidence WHERE file <> '' ORDER BY 1";
}

pub fn insert(tx: &mut Tx, e: &Evidence) -> Result<()> {
    let row = params![
        &e.id,
        &e.case,
        &e.kind,
        &e.title,
        &e.origin,
        e.camera,
        &e.file,
        &e.media,
        e.size,
        &e.user,
        &e.user_name,
        e.received_at,
        &e.hash,
        e.by_party
    ];
    tx.exec(INSERT, row).map(drop)
}

/// What the bureau has: its own, and what the business sent with an answer.
pub fn of_case(tx: &mut Tx, case: &str) -> Result<Vec<Evidence>> {
    tx.all(OF_CASE, params![case])
}

/// What the business handed in, sent or not.
pub fn of_party(tx: &mut Tx, case: &str) -> Result<Vec<Evidence>> {
    tx.all(OF_PARTY, params![case])
}

/// An answer of the business names it: from now on the bureau sees it.
pub fn send(tx: &mut Tx, case: &str, id: &str, at: Millis) -> Result<()> {
    tx.exec(SEND, params![case, id, at]).map(drop)
}

/// One that the bureau has.
pub fn by_id(tx: &mut Tx, case: &str, id: &str) -> Result<Option<Evidence>> {
    tx.one(BY_ID, params![case, id])
}

/// Pieces of the business, or of the bureau.
pub fn count(tx: &mut Tx, case: &str, by_party: bool) -> Result<i64> {
    Ok(tx.one(COUNT, params![case, by_party])?.unwrap_or(0))
}

/// Writes a review; `false` where there is one already.
pub fn review(tx: &mut Tx, id: &str, user: (&str, &str), at: Millis, r: &NewReview) -> Result<bool> {
    let statement = match r.review {
        ReviewKind::Legal => REVIEW_LEGAL,
        ReviewKind::Technical => REVIEW_TECHNICAL,
    };
    Ok(tx.exec(statement, params![id, user.0, user.1, at, r.pass, r.note.trim()])? == 1)
}

/// Content of all evidence, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
