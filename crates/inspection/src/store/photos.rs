//! Photos, videos, voice and signatures of visits.

use findings::evidence::alike;
use kit_base::Result;
use kit_db::{Tx, params};

use crate::model::VisitPhoto;

kit_db::statements! {
    INSERT = "INSERT INTO visit_photos (visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy,
            distance, camera_app, doubts, hash, look0, look1, look2, look3, reused)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    BY_FILE = "SELECT visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, doubts, hash, reused
        FROM visit_photos WHERE visit = $1 AND file = $2";
    OF_VISIT = "SELECT visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, doubts, hash, reused
        FROM visit_photos WHERE visit = $1 ORDER BY received_at, file";
    COUNT = "SELECT count(*) FROM visit_photos WHERE visit = $1";
    ELSEWHERE = "SELECT visit FROM visit_photos WHERE file = $1 AND visit <> $2 ORDER BY visit LIMIT 1";
    NEAR0 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look0 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND visit <> $18";
    NEAR1 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look1 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND visit <> $18";
    NEAR2 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look2 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND visit <> $18";
    NEAR3 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look3 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND visit <> $18";
    BESIDE = "SELECT visit FROM visit_photos WHERE file = $1
        AND visit NOT IN (SELECT visit FROM visit_findings WHERE finding = $2) ORDER BY visit LIMIT 1";
    BESIDE0 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look0 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        AND visit NOT IN (SELECT visit FROM visit_findings WHERE finding = $18)";
    BESIDE1 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look1 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        AND visit NOT IN (SELECT visit FROM visit_findings WHERE finding = $18)";
    BESIDE2 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look2 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        AND visit NOT IN (SELECT visit FROM visit_findings WHERE finding = $18)";
    BESIDE3 = "SELECT visit, look0, look1, look2, look3 FROM visit_photos WHERE look3 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        AND visit NOT IN (SELECT visit FROM visit_findings WHERE finding = $18)";
    FILES = "SELECT DISTINCT file FROM visit_photos ORDER BY file";
}

pub fn insert(tx: &mut Tx, p: &VisitPhoto, look: Option<u64>) -> Result<()> {
    let [l0, l1, l2, l3] = alike::parts(look);
    let doubts = match p.doubts.is_empty() {
        true => String::new(),
        false => format!(",{},", p.doubts.join(",")),
    };
    let row = params![
        &p.visit,
        &p.sha256,
        &p.media,
        p.size,
        &p.item,
        &p.user,
        &p.user_name,
        p.taken_at,
        p.received_at,
        p.lon,
        p.lat,
        p.accuracy,
        p.distance,
        p.in_app,
        &doubts,
        &p.hash,
        l0,
        l1,
        l2,
        l3,
        &p.reused
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_file(tx: &mut Tx, visit: &str, file: &str) -> Result<Option<VisitPhoto>> {
    tx.one(BY_FILE, params![visit, file])
}

pub fn of_visit(tx: &mut Tx, visit: &str) -> Result<Vec<VisitPhoto>> {
    tx.all(OF_VISIT, params![visit])
}

pub fn count(tx: &mut Tx, visit: &str) -> Result<i64> {
    Ok(tx.one(COUNT, params![visit])?.unwrap_or(0))
}

/// Another visit that a photo with the same content, or one that shows the same, was handed in for; the earliest.
pub fn elsewhere(tx: &mut Tx, visit: &str, file: &str, look: Option<u64>) -> Result<Option<String>> {
    if let Some(found) = tx.one(ELSEWHERE, params![file, visit])? {
        return Ok(Some(found));
    }
    alike::first(tx, [NEAR0, NEAR1, NEAR2, NEAR3], visit, look)
}

/// The same over the visits that did not open a finding.
pub fn beside(tx: &mut Tx, finding: &str, file: &str, look: Option<u64>) -> Result<Option<String>> {
    if let Some(found) = tx.one(BESIDE, params![file, finding])? {
        return Ok(Some(found));
    }
    alike::first(tx, [BESIDE0, BESIDE1, BESIDE2, BESIDE3], finding, look)
}

/// Content of all photos.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
