//! Photos, videos, voice and signatures of visits.

use kit_base::Result;
use kit_db::{Tx, params};

use crate::model::VisitPhoto;

kit_db::statements! {
    INSERT = "INSERT INTO visit_photos (visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy,
            distance, camera_app, doubts, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    BY_FILE = "SELECT visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, doubts, hash
        FROM visit_photos WHERE visit = $1 AND file = $2";
    OF_VISIT = "SELECT visit, file, media, size, item, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, doubts, hash
        FROM visit_photos WHERE visit = $1 ORDER BY received_at, file";
    COUNT = "SELECT count(*) FROM visit_photos WHERE visit = $1";
    ELSEWHERE = "SELECT visit FROM visit_photos WHERE file = $1 AND visit <> $2 LIMIT 1";
    FILES = "SELECT DISTINCT file FROM visit_photos ORDER BY file";
}

pub fn insert(tx: &mut Tx, p: &VisitPhoto) -> Result<()> {
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
        &p.hash
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

/// Whether the same bytes were handed in for another visit.
pub fn elsewhere(tx: &mut Tx, visit: &str, file: &str) -> Result<bool> {
    Ok(tx.one::<String>(ELSEWHERE, params![file, visit])?.is_some())
}

/// Content of all photos.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
