//! Evidence: keep, list, and photos that show the same.

use kit_base::Result;
use kit_db::{Tx, params};

use super::alike::{self, parts};
use crate::model::Evidence;

kit_db::statements! {
    INSERT = "INSERT INTO finding_evidence (id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat,
            accuracy, distance, camera_app, exif, width, height, look0, look1, look2, look3, doubts, reused, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
    OF_FINDING = "SELECT id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, exif, width, height, doubts, reused, hash
        FROM finding_evidence WHERE finding = $1 ORDER BY received_at, id";
    BY_ID = "SELECT id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, exif, width, height, doubts, reused, hash
        FROM finding_evidence WHERE finding = $1 AND id = $2";
    IDS = "SELECT id FROM finding_evidence WHERE finding = $1 AND stage = $2";
    COUNT = "SELECT count(*) FROM finding_evidence WHERE finding = $1";
    SAME_FILE = "SELECT id FROM finding_evidence WHERE file = $1 AND finding <> $2 ORDER BY received_at LIMIT 1";
    FINDING_OF = "SELECT finding FROM finding_evidence WHERE id = $1";
    FILES = "SELECT DISTINCT file FROM finding_evidence ORDER BY 1";
    NEAR0 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look0 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR1 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look1 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR2 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look2 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR3 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look3 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
}

pub fn insert(tx: &mut Tx, e: &Evidence, look: Option<u64>) -> Result<()> {
    let [l0, l1, l2, l3] = parts(look);
    let doubts = match e.doubts.is_empty() {
        true => String::new(),
        false => format!(",{},", e.doubts.join(",")),
    };
    let row = params![
        &e.id,
        &e.finding,
        &e.stage,
        &e.file,
        &e.media,
        e.size,
        &e.user,
        &e.user_name,
        e.taken_at,
        e.received_at,
        e.lon,
        e.lat,
        e.accuracy,
        e.distance,
        e.in_app,
        &e.exif,
        e.width,
        e.height,
        l0,
        l1,
        l2,
        l3,
        &doubts,
        &e.reused,
        &e.hash
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn of_finding(tx: &mut Tx, finding: &str) -> Result<Vec<Evidence>> {
    tx.all(OF_FINDING, params![finding])
}

pub fn by_id(tx: &mut Tx, finding: &str, id: &str) -> Result<Option<Evidence>> {
    tx.one(BY_ID, params![finding, id])
}

/// Ids of a stage.
pub fn ids(tx: &mut Tx, finding: &str, stage: &str) -> Result<Vec<String>> {
    tx.all(IDS, params![finding, stage])
}

pub fn count(tx: &mut Tx, finding: &str) -> Result<i64> {
    Ok(tx.one(COUNT, params![finding])?.unwrap_or(0))
}

/// Content of all evidence, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}

/// Evidence of another finding with the same content, or that shows the same; the earliest found.
pub fn shows_the_same(tx: &mut Tx, finding: &str, file: &str, look: Option<u64>) -> Result<Option<String>> {
    if let Some(id) = tx.one(SAME_FILE, params![file, finding])? {
        return Ok(Some(id));
    }
    alike::first(tx, [NEAR0, NEAR1, NEAR2, NEAR3], finding, look)
}

/// The finding that a piece of evidence belongs to.
pub fn finding_of(tx: &mut Tx, evidence: &str) -> Result<Option<String>> {
    tx.one(FINDING_OF, params![evidence])
}
