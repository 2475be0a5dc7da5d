//! Photos of tests.

use kit_base::Result;
use kit_db::{Tx, params};

use crate::model::Photo;

kit_db::statements! {
    ADD_PHOTO = "INSERT INTO rapid_photos (id, test, file, media, size, user_id, user_name, taken_at, received_at, in_app, doubts, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    PHOTOS = "SELECT id, test, file, media, size, user_name, taken_at, received_at, in_app, doubts, hash FROM rapid_photos
        WHERE test = $1 ORDER BY received_at, id LIMIT 50";
    PHOTO = "SELECT id, test, file, media, size, user_name, taken_at, received_at, in_app, doubts, hash FROM rapid_photos
        WHERE test = $1 AND id = $2";
    COUNT = "SELECT COUNT(*) FROM rapid_photos WHERE test = $1";
    REUSED = "SELECT test FROM rapid_photos WHERE file = $1 AND test <> $2 LIMIT 1";
    FILES = "SELECT DISTINCT file FROM rapid_photos ORDER BY file";
}

pub fn add(tx: &mut Tx, p: &Photo, user: &str) -> Result<()> {
    let doubts = p.doubts.join(",");
    let row = params![
        &p.id,
        &p.test,
        &p.file,
        &p.media,
        p.size,
        user,
        &p.user_name,
        p.taken_at,
        p.received_at,
        p.in_app,
        &doubts,
        &p.hash
    ];
    tx.exec(ADD_PHOTO, row).map(drop)
}

pub fn of_test(tx: &mut Tx, test: &str) -> Result<Vec<Photo>> {
    tx.all(PHOTOS, params![test])
}

pub fn photo(tx: &mut Tx, test: &str, id: &str) -> Result<Option<Photo>> {
    tx.one(PHOTO, params![test, id])
}

pub fn count(tx: &mut Tx, test: &str) -> Result<i64> {
    Ok(tx.one(COUNT, params![test])?.unwrap_or(0))
}

/// Another test that has the same file.
pub fn reused(tx: &mut Tx, file: &str, test: &str) -> Result<Option<String>> {
    tx.one(REUSED, params![file, test])
}

/// Content of all photos, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
